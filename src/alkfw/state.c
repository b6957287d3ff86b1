/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "json_writer.h"
#include "support/atomic_file.h"
#include "support/mapped_file.h"
#include "support/number.h"

#define STATE_FORMAT "alkfw-state/1"

enum {
    MAX_STATE_BYTES = 64 << 20,
    N_MEMBERS = 9, /* of a file's object */
    NO_INODE = 0,
    HEXADECIMAL_DIGEST = 2 * LOG_DIGEST_BYTES
};

static const char *const stages[] = {"current", "rotated", "finished", "ignored",
                                     "compressed"}; /* enum log_stage */

static const char hexadecimal[] = "0123456789abcdef";

/* ---- in memory ------------------------------------------------------------ */

static void free_mark(struct log_mark *mark) {
    free(mark->name);
    free(mark);
}

void state_free(struct state *state) {
    for (size_t i = 0; i < state->n_marks; i++)
        free_mark(state->marks[i]);
    free(state->marks);
    memset(state, 0, sizeof *state);
}

struct log_mark *state_find(const struct state *state, uint64_t device, uint64_t inode) {
    for (size_t i = 0; i < state->n_marks && inode != NO_INODE; i++)
        if (state->marks[i]->inode == inode && state->marks[i]->device == device)
            return state->marks[i];
    return NULL;
}

void state_move(const struct state *state, struct log_mark *mark, uint64_t device, uint64_t inode) {
    struct log_mark *before = state_find(state, device, inode);

    if (before != NULL) {
        before->device = 0;
        before->inode = NO_INODE;
    }
    mark->device = device;
    mark->inode = inode;
}

void state_remove(struct state *state, struct log_mark *mark) {
    for (size_t i = 0; i < state->n_marks; i++) {
        if (state->marks[i] != mark)
            continue;
        free_mark(mark);
        state->marks[i] = state->marks[--state->n_marks];
        return;
    }
}

struct log_mark *state_add(struct state *state, const char *name, uint64_t device, uint64_t inode) {
    static const struct log_print nothing;

    if (state->n_marks == state->capacity) {
        size_t capacity = state->capacity == 0 ? 16 : 2 * state->capacity;
        struct log_mark **marks = reallocarray(state->marks, capacity, sizeof *marks);
        if (marks == NULL)
            return NULL;
        state->marks = marks;
        state->capacity = capacity;
    }
    struct log_mark *mark = calloc(1, sizeof *mark);
    if (mark == NULL)
        return NULL;
    mark->name = strdup(name);
    if (mark->name == NULL) {
        free(mark);
        return NULL;
    }
    state_move(state, mark, device, inode);
    mark->print = &nothing;
    log_mark_settle(mark);
    mark->print = NULL;
    state->marks[state->n_marks++] = mark;
    return mark;
}

/* ---- to a file ------------------------------------------------------------ */

/* A name is bytes, JSON has characters: all but printable ASCII is %XX, and % too. */
static bool write_name(struct buffer *out, const char *name) {
    static const char digits[] = "0123456789ABCDEF";
    bool fits = json_write_raw(out, "\"");

    for (; *name != '\0' && fits; name++) {
        unsigned char byte = (unsigned char)*name;
        bool is_plain = byte > 0x20 && byte < 0x7F && byte != '%' && byte != '"' && byte != '\\';
        char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
        fits = is_plain ? buffer_append(out, name, 1) : buffer_append(out, escape, sizeof escape);
    }
    return fits && json_write_raw(out, "\"");
}

static bool write_digest(struct buffer *out, const unsigned char digest[LOG_DIGEST_BYTES]) {
    char text[HEXADECIMAL_DIGEST];

    for (size_t i = 0; i < LOG_DIGEST_BYTES; i++) {
        text[2 * i] = hexadecimal[digest[i] >> 4];
        text[2 * i + 1] = hexadecimal[digest[i] & 15];
    }
    return buffer_append(out, text, sizeof text);
}

static bool write_mark(struct buffer *out, const struct log_mark *mark) {
    return json_write_raw(out, "\n  {\"name\":") && write_name(out, mark->name) &&
           json_write_raw(out, ",\"device\":\"") && json_write_unsigned(out, mark->device) &&
           json_write_raw(out, "\",\"inode\":\"") && json_write_unsigned(out, mark->inode) &&
           json_write_raw(out, "\",\"offset\":") && json_write_unsigned(out, mark->offset) &&
           json_write_raw(out, ",\"records\":") && json_write_unsigned(out, mark->n_rows) &&
           json_write_raw(out, ",\"lines\":") && json_write_unsigned(out, mark->n_lines) &&
           json_write_raw(out, ",\"head\":\"") && write_digest(out, mark->head) &&
           json_write_raw(out, "\",\"tail\":\"") && write_digest(out, mark->tail) &&
           json_write_raw(out, "\",\"stage\":\"") && json_write_raw(out, stages[mark->stage]) &&
           json_write_raw(out, "\"}");
}

static bool write_state(struct buffer *out, const struct state *state) {
    bool fits = json_write_raw(out, "{\"format\":\"" STATE_FORMAT "\",\n \"files\":[");

    for (size_t i = 0; i < state->n_marks && fits; i++) {
        log_mark_settle(state->marks[i]);
        fits = (i == 0 || json_write_raw(out, ",")) && write_mark(out, state->marks[i]);
    }
    return fits && json_write_raw(out, "]}\n");
}

alkfw_status state_save(const struct state *state, const char *path, alkfw_error *error) {
    struct atomic_file file;
    struct buffer text;
    alkfw_status status;

    buffer_init(&text, MAX_STATE_BYTES);
    if (!write_state(&text, state)) {
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for state %s", path);
        goto out;
    }
    status = atomic_file_begin_alone(&file, path, "state", S_IRUSR | S_IWUSR, error);
    if (status != ALKFW_OK)
        goto out;
    status = atomic_file_write(&file, text.bytes, text.length, error);
    if (status == ALKFW_OK)
        status = atomic_file_commit(&file, error);
    else
        atomic_file_abort(&file);
out:
    buffer_free(&text);
    return status;
}

/* ---- from a file ---------------------------------------------------------- */

static int digit_of(char character) {
    const char *found = character == '\0' ? NULL : strchr(hexadecimal, character);

    return found == NULL ? -1 : (int)(found - hexadecimal);
}

static bool read_digest(const json_t *value, unsigned char digest[LOG_DIGEST_BYTES]) {
    const char *text = json_string_value(value);

    if (text == NULL || json_string_length(value) != HEXADECIMAL_DIGEST)
        return false;
    for (size_t i = 0; i < LOG_DIGEST_BYTES; i++) {
        int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        digest[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

/* Undoes write_name in place. */
static bool decode_name(char *name) {
    char *out = name;

    for (const char *at = name; *at != '\0'; at++) {
        if (*at != '%') {
            *out++ = *at;
            continue;
        }
        int high = digit_of(at[1] >= 'A' && at[1] <= 'F' ? (char)(at[1] + 32) : at[1]);
        int low =
            high < 0 ? -1 : digit_of(at[2] >= 'A' && at[2] <= 'F' ? (char)(at[2] + 32) : at[2]);
        if (low < 0 || (high == 0 && low == 0))
            return false;
        *out++ = (char)(unsigned char)(high << 4 | low);
        at += 2;
    }
    *out = '\0';
    return name[0] == '/';
}

/* What needs all 64 bits is a string of decimal digits: JSON readers have 53 or 63. */
static bool read_identity(const json_t *value, uint64_t *number) {
    const char *text = json_string_value(value);

    return text != NULL && strlen(text) == json_string_length(value) &&
           number_parse_unsigned(text, number);
}

static bool read_count(const json_t *value, uint64_t *number) {
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *number = (uint64_t)json_integer_value(value);
    return true;
}

static bool read_stage(const json_t *value, enum log_stage *stage) {
    const char *text = json_string_value(value);

    for (size_t i = 0; text != NULL && i < sizeof stages / sizeof stages[0]; i++) {
        if (strcmp(text, stages[i]) != 0)
            continue;
        *stage = (enum log_stage)i;
        return true;
    }
    return false;
}

/* What is wrong, or NULL. */
static const char *read_mark(struct state *state, const json_t *file) {
    const json_t *name = json_object_get(file, "name");
    uint64_t device, inode;

    if (!json_is_object(file) || json_object_size(file) != N_MEMBERS)
        return "wrong members";
    if (!json_is_string(name) || strlen(json_string_value(name)) != json_string_length(name))
        return "wrong name";
    if (!read_identity(json_object_get(file, "device"), &device))
        return "wrong device";
    if (!read_identity(json_object_get(file, "inode"), &inode))
        return "wrong inode";
    if (state_find(state, device, inode) != NULL)
        return "an inode that is there twice";
    struct log_mark *mark = state_add(state, json_string_value(name), device, inode);
    if (mark == NULL)
        return "out of memory";
    if (!decode_name(mark->name))
        return "wrong name";
    if (!read_count(json_object_get(file, "offset"), &mark->offset))
        return "wrong offset";
    if (!read_count(json_object_get(file, "records"), &mark->n_rows))
        return "wrong records";
    if (!read_count(json_object_get(file, "lines"), &mark->n_lines))
        return "wrong lines";
    if (!read_digest(json_object_get(file, "head"), mark->head))
        return "wrong head";
    if (!read_digest(json_object_get(file, "tail"), mark->tail))
        return "wrong tail";
    if (!read_stage(json_object_get(file, "stage"), &mark->stage))
        return "wrong stage";
    return NULL;
}

#define REMEDY "; remove it to scan its logs from the beginning"

static alkfw_status read_state(struct state *state, const json_t *root, const char *path,
                               alkfw_error *error) {
    const char *format = json_string_value(json_object_get(root, "format"));
    const json_t *files = json_object_get(root, "files");
    static const char family[] = "alkfw-state/";

    if (format == NULL || strncmp(format, family, strlen(family)) != 0)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s is not a state file of alkfw", path);
    if (strcmp(format, STATE_FORMAT) != 0)
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "state %s is %s, this alkfw reads " STATE_FORMAT REMEDY, path,
                               format);
    if (!json_is_array(files))
        return alkfw_error_set(error, ALKFW_E_FORMAT, "state %s is damaged: it has no files" REMEDY,
                               path);
    for (size_t i = 0; i < json_array_size(files); i++) {
        const char *wrong = read_mark(state, json_array_get(files, i));
        if (wrong != NULL)
            return alkfw_error_set(error, ALKFW_E_FORMAT,
                                   "state %s is damaged: its file %zu: %s" REMEDY, path, i + 1,
                                   wrong);
    }
    return ALKFW_OK;
}

alkfw_status state_parse(struct state *state, const char *bytes, size_t n_bytes, const char *path,
                         alkfw_error *error) {
    json_error_t reason;

    memset(state, 0, sizeof *state);
    if (n_bytes == 0)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "state %s is empty" REMEDY, path);
    json_t *root = json_loadb(bytes, n_bytes, JSON_REJECT_DUPLICATES, &reason);
    if (root == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "state %s is damaged or no state file: line %d: %s; if it is one, "
                               "remove it to scan its logs from the beginning",
                               path, reason.line, reason.text);
    alkfw_status status = read_state(state, root, path, error);
    json_decref(root);
    return status;
}

alkfw_status state_load(struct state *state, const char *path, alkfw_error *error) {
    struct mapped_file file;

    memset(state, 0, sizeof *state);
    alkfw_status status = mapped_file_open(&file, path, "state", error);
    if (status == ALKFW_E_MISSING)
        return ALKFW_OK;
    if (status != ALKFW_OK)
        return status;
    if (file.n_bytes > MAX_STATE_BYTES)
        status = alkfw_error_set(error, ALKFW_E_LIMIT, "%s is too large for a state file", path);
    else
        status = state_parse(state, (const char *)file.bytes, file.n_bytes, path, error);
    mapped_file_close(&file);
    return status;
}
