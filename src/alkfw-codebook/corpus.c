/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/corpus.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/line_reader.h"
#include "codebook/format.h"
#include "support/utf8.h"

enum { MAX_LINE_BYTES = 64 << 20, MAX_NAMES = 10000 };

struct place {
    const char *file;
    size_t index; /* of corpus.files */
    uint32_t line;
};

/* ---- names ----------------------------------------------------------------- */

size_t name_list_add(struct name_list *list, const char *name) {
    for (size_t i = 0; i < list->n_names; i++) {
        if (strcmp(list->names[i], name) == 0)
            return i;
    }
    char **names = realloc(list->names, (list->n_names + 1) * sizeof *names);
    if (names == NULL)
        return CORPUS_NONE;
    list->names = names;
    names[list->n_names] = strdup(name);
    if (names[list->n_names] == NULL)
        return CORPUS_NONE;
    return list->n_names++;
}

void name_list_free(struct name_list *list) {
    for (size_t i = 0; i < list->n_names; i++)
        free(list->names[i]);
    free(list->names);
    memset(list, 0, sizeof *list);
}

void corpus_free(struct corpus *corpus) {
    for (size_t i = 0; i < corpus->n_rows; i++) {
        free(corpus->rows[i].text);
        free(corpus->rows[i].id);
        free(corpus->rows[i].pair);
        free(corpus->rows[i].twin);
    }
    free(corpus->rows);
    free(corpus->by_id);
    name_list_free(&corpus->sources);
    name_list_free(&corpus->categories);
    name_list_free(&corpus->files);
    memset(corpus, 0, sizeof *corpus);
}

/* ---- one row --------------------------------------------------------------- */

static alkfw_status bad_row(struct place place, const char *problem, alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_RECORD, "%s:%u: %s", place.file, place.line, problem);
}

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the corpus");
}

/* A name goes on as a C string: two that differ behind a NUL would become one. */
static bool is_name(const json_t *value) {
    return json_is_string(value) && strlen(json_string_value(value)) == json_string_length(value);
}

/* Copies an optional identifier, a string or a whole number; *value stays NULL when it is absent or
 * null. */
static alkfw_status copy_identifier(const json_t *object, const char *key, char **value,
                                    struct place place, alkfw_error *error) {
    const json_t *member = json_object_get(object, key);
    char number[32];

    if (member == NULL || json_is_null(member))
        return ALKFW_OK;
    if (json_is_integer(member)) {
        (void)snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(member));
        *value = strdup(number);
    } else if (is_name(member)) {
        *value = strdup(json_string_value(member));
    } else {
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "%s:%u: \"%s\" is neither a string nor a whole number", place.file,
                               place.line, key);
    }
    return *value == NULL ? out_of_memory(error) : ALKFW_OK;
}

static alkfw_status read_text(const json_t *object, struct row *row, struct place place,
                              alkfw_error *error) {
    const json_t *text = json_object_get(object, "text");

    if (!json_is_string(text))
        return bad_row(place, "the row has no \"text\" (a string)", error);
    row->n_bytes = json_string_length(text);
    if (row->n_bytes == 0)
        return bad_row(place, "\"text\" is empty", error);
    row->text = malloc(row->n_bytes + 1);
    if (row->text == NULL)
        return out_of_memory(error);
    memcpy(row->text, json_string_value(text), row->n_bytes);
    row->text[row->n_bytes] = '\0';
    return ALKFW_OK;
}

static alkfw_status read_label(const json_t *object, struct row *row, struct place place,
                               alkfw_error *error) {
    const json_t *label = json_object_get(object, "label");

    if (!json_is_integer(label) || json_integer_value(label) < 0 || json_integer_value(label) > 1)
        return bad_row(place, "\"label\" is not 0 (benign) or 1 (hostile)", error);
    row->hostile = json_integer_value(label) == 1;
    return ALKFW_OK;
}

static alkfw_status read_names(const json_t *object, struct corpus *corpus, struct row *row,
                               struct place place, alkfw_error *error) {
    const json_t *category = json_object_get(object, "category");
    const json_t *source = json_object_get(object, "source");

    if (!is_name(source) || json_string_length(source) == 0)
        return bad_row(place, "the row has no \"source\" (a string)", error);
    if (json_is_string(category) && !is_name(category))
        return bad_row(place, "\"category\" has a NUL in it", error);
    if (row->hostile && !json_is_string(category))
        return bad_row(place, "a hostile row needs a \"category\" (a string)", error);
    if (row->hostile && !codebook_name_is_valid(json_string_value(category)))
        return bad_row(place,
                       "\"category\" of a hostile row must be 1 to 32 of a-z, 0-9, '_' and '-': it "
                       "names a signal",
                       error);
    if (corpus->sources.n_names > MAX_NAMES || corpus->categories.n_names > MAX_NAMES)
        return bad_row(place, "too many different sources or categories", error);
    row->category = CORPUS_NONE;
    row->source = name_list_add(&corpus->sources, json_string_value(source));
    if (json_is_string(category)) {
        row->category = name_list_add(&corpus->categories, json_string_value(category));
        if (row->category == CORPUS_NONE)
            return out_of_memory(error);
    }
    return row->source == CORPUS_NONE ? out_of_memory(error) : ALKFW_OK;
}

static alkfw_status read_span(const json_t *object, struct row *row, struct place place,
                              alkfw_error *error) {
    const json_t *span = json_object_get(object, "span");

    if (span == NULL || json_is_null(span))
        return ALKFW_OK;
    if (!row->hostile)
        return bad_row(place, "a benign row has a \"span\"", error);
    const json_t *start = json_array_get(span, 0);
    const json_t *end = json_array_get(span, 1);
    if (json_array_size(span) != 2 || !json_is_integer(start) || !json_is_integer(end))
        return bad_row(place, "\"span\" is not [start, end]", error);
    if (json_integer_value(start) < 0 || json_integer_value(start) >= json_integer_value(end) ||
        (uint64_t)json_integer_value(end) > row->n_bytes)
        return bad_row(place, "\"span\" is not inside the text (byte offsets, start < end)", error);
    row->has_span = true;
    row->span_start = (size_t)json_integer_value(start);
    row->span_end = (size_t)json_integer_value(end);
    return ALKFW_OK;
}

static alkfw_status read_row(const json_t *object, struct corpus *corpus, struct row *row,
                             struct place place, alkfw_error *error) {
    if (!json_is_object(object))
        return bad_row(place, "the line is not a JSON object", error);
    alkfw_status status = read_text(object, row, place, error);
    if (status == ALKFW_OK)
        status = read_label(object, row, place, error);
    if (status == ALKFW_OK)
        status = read_names(object, corpus, row, place, error);
    if (status == ALKFW_OK)
        status = read_span(object, row, place, error);
    if (status == ALKFW_OK)
        status = copy_identifier(object, "id", &row->id, place, error);
    if (status == ALKFW_OK)
        status = copy_identifier(object, "pair", &row->pair, place, error);
    if (status == ALKFW_OK)
        status = copy_identifier(object, "twin", &row->twin, place, error);
    return status;
}

/* ---- files ----------------------------------------------------------------- */

static alkfw_status add_line(struct corpus *corpus, const char *bytes, size_t n_bytes,
                             struct place place, alkfw_error *error) {
    json_error_t problem;

    if (corpus->n_rows == corpus->capacity) {
        size_t capacity = corpus->capacity == 0 ? 1024 : corpus->capacity * 2;
        struct row *rows = realloc(corpus->rows, capacity * sizeof *rows);
        if (rows == NULL)
            return out_of_memory(error);
        corpus->rows = rows;
        corpus->capacity = capacity;
    }
    struct row *row = &corpus->rows[corpus->n_rows++];
    memset(row, 0, sizeof *row);
    row->file = (uint32_t)place.index;
    row->line = place.line;
    json_t *object = json_loadb(bytes, n_bytes, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &problem);
    if (object == NULL)
        return alkfw_error_set(error, ALKFW_E_RECORD, "%s:%u: not JSON: %s", place.file, place.line,
                               problem.text);
    alkfw_status status = read_row(object, corpus, row, place, error);
    json_decref(object);
    return status;
}

static alkfw_status read_lines(struct corpus *corpus, int descriptor, struct place place,
                               alkfw_error *error) {
    struct line_reader reader;
    alkfw_status status = ALKFW_OK;

    line_reader_init(&reader, descriptor, '\n', MAX_LINE_BYTES);
    while (status == ALKFW_OK) {
        const char *bytes;
        uint64_t n_bytes;
        bool terminated;
        enum line_result result = line_reader_next(&reader, &bytes, &n_bytes, &terminated, NULL);
        place.line++;
        if (result == LINE_END)
            break;
        if (result == LINE_FAILED)
            status = alkfw_error_set(error, ALKFW_E_IO, "%s: cannot read: %s", place.file,
                                     strerror(errno));
        else if (result == LINE_TOO_LONG)
            status = bad_row(place, "the line is over 64 MiB", error);
        else {
            size_t start = place.line == 1 ? utf8_bom(bytes, (size_t)n_bytes) : 0;
            if (n_bytes > start)
                status = add_line(corpus, bytes + start, (size_t)n_bytes - start, place, error);
        }
    }
    line_reader_free(&reader);
    return status;
}

static alkfw_status read_file(struct corpus *corpus, const char *path, alkfw_error *error) {
    bool standard_input = strcmp(path, "-") == 0;
    struct place place = {.file = standard_input ? "standard input" : path};
    struct stat information;

    place.index = name_list_add(&corpus->files, place.file);
    if (place.index == CORPUS_NONE)
        return out_of_memory(error);
    if (standard_input)
        return read_lines(corpus, STDIN_FILENO, place, error);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return alkfw_error_set(error, errno == ENOENT ? ALKFW_E_MISSING : ALKFW_E_IO,
                               "%s: cannot open: %s", path, strerror(errno));
    if (fstat(descriptor, &information) == 0 && information.st_mtime > corpus->newest)
        corpus->newest = information.st_mtime;
    alkfw_status status = read_lines(corpus, descriptor, place, error);
    (void)close(descriptor);
    return status;
}

/* ---- what rows say of each other ------------------------------------------- */

static struct place place_of(const struct corpus *corpus, const struct row *row) {
    return (struct place){corpus->files.names[row->file], row->file, row->line};
}

static int by_id(const void *left, const void *right) {
    const struct row *const *a = left;
    const struct row *const *b = right;

    return strcmp((*a)->id, (*b)->id);
}

static int by_twin(const void *left, const void *right) {
    const struct row *const *a = left;
    const struct row *const *b = right;

    if ((*a)->source != (*b)->source)
        return (*a)->source < (*b)->source ? -1 : 1;
    int order = strcmp((*a)->twin, (*b)->twin);
    return order != 0 ? order : ((*a)->hostile > (*b)->hostile) - ((*a)->hostile < (*b)->hostile);
}

static alkfw_status index_ids(struct corpus *corpus, alkfw_error *error) {
    corpus->by_id = calloc(corpus->n_rows, sizeof *corpus->by_id);
    if (corpus->by_id == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < corpus->n_rows; i++) {
        if (corpus->rows[i].id != NULL)
            corpus->by_id[corpus->n_ids++] = &corpus->rows[i];
    }
    qsort(corpus->by_id, corpus->n_ids, sizeof *corpus->by_id, by_id);
    for (size_t i = 1; i < corpus->n_ids; i++) {
        const struct row *row = corpus->by_id[i];
        if (strcmp(corpus->by_id[i - 1]->id, row->id) == 0)
            return alkfw_error_set(error, ALKFW_E_RECORD, "%s:%u: the id \"%.100s\" is used twice",
                                   place_of(corpus, row).file, row->line, row->id);
    }
    return ALKFW_OK;
}

const struct row *corpus_pair(const struct corpus *corpus, const struct row *row) {
    const struct row key = {.id = row->pair};
    const struct row *wanted = &key;

    if (row->pair == NULL)
        return NULL;
    const struct row **found =
        bsearch(&wanted, corpus->by_id, corpus->n_ids, sizeof *corpus->by_id, by_id);
    return found == NULL ? NULL : *found;
}

const struct row **corpus_twins(const struct corpus *corpus, size_t *n_rows) {
    const struct row **rows = calloc(corpus->n_rows + 1, sizeof *rows);

    *n_rows = 0;
    if (rows == NULL)
        return NULL;
    for (size_t i = 0; i < corpus->n_rows; i++) {
        if (corpus->rows[i].twin != NULL)
            rows[(*n_rows)++] = &corpus->rows[i];
    }
    qsort(rows, *n_rows, sizeof *rows, by_twin);
    return rows;
}

bool corpus_are_twins(const struct row *a, const struct row *b) {
    return a->source == b->source && strcmp(a->twin, b->twin) == 0;
}

/* Twins differ in intent. A row alone may carry a twin id (its twin was left out); two hostile or
 * two benign rows under one id are a mistake. */
static alkfw_status check_twins(const struct corpus *corpus, alkfw_error *error) {
    alkfw_status status = ALKFW_OK;
    size_t n;
    const struct row **rows = corpus_twins(corpus, &n);

    if (rows == NULL)
        return out_of_memory(error);
    for (size_t i = 1; status == ALKFW_OK && i < n; i++) {
        const struct row *a = rows[i - 1];
        const struct row *b = rows[i];
        if (corpus_are_twins(a, b) && a->hostile == b->hostile)
            status = alkfw_error_set(error, ALKFW_E_RECORD,
                                     "%s:%u: a row with the twin id \"%.100s\" has the same label "
                                     "as the one on line %u; twins differ in intent",
                                     place_of(corpus, b).file, b->line, b->twin, a->line);
    }
    free(rows);
    return status;
}

/* ---- spans ----------------------------------------------------------------- */

/* A shorter document could be at a text's beginning and end by chance. */
enum { MIN_CARRIER_BYTES = 64, MAX_LOST_BYTES = 3 };

static bool find_insertion(const struct row *carrier, const struct row *row, size_t *start,
                           size_t *end) {
    size_t n = carrier->n_bytes;
    size_t n_before = 0;
    size_t n_after = 0;

    if (n < MIN_CARRIER_BYTES || n >= row->n_bytes)
        return false;
    while (n_before < n && carrier->text[n_before] == row->text[n_before])
        n_before++;
    while (n_after < n - n_before &&
           carrier->text[n - 1 - n_after] == row->text[row->n_bytes - 1 - n_after])
        n_after++;
    /* Some white space at the seam may have gone. */
    if (n_before + n_after + MAX_LOST_BYTES < n)
        return false;
    *start = n_before;
    *end = row->n_bytes - n_after;
    return true;
}

size_t corpus_find_spans(struct corpus *corpus) {
    size_t n_found = 0;

    for (size_t i = 0; i < corpus->n_rows; i++) {
        struct row *row = &corpus->rows[i];
        if (!row->hostile || row->has_span)
            continue;
        for (size_t j = 0; j < corpus->n_rows && !row->has_span; j++) {
            const struct row *carrier = &corpus->rows[j];
            if (!carrier->hostile && carrier->source == row->source)
                row->has_span = find_insertion(carrier, row, &row->span_start, &row->span_end);
        }
        n_found += row->has_span;
    }
    return n_found;
}

static void update_number(struct sha256_ctx *context, uint64_t number) {
    uint8_t bytes[8];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(number >> (8 * i));
    sha256_update(context, sizeof bytes, bytes);
}

void corpus_digest(const struct corpus *corpus, char hex[65]) {
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_init(&context);
    for (size_t i = 0; i < corpus->n_rows; i++) {
        const struct row *row = &corpus->rows[i];
        update_number(&context, row->n_bytes);
        sha256_update(&context, row->n_bytes, (const uint8_t *)row->text);
        update_number(&context, row->hostile);
        update_number(&context, row->has_span ? row->span_start : UINT64_MAX);
        update_number(&context, row->has_span ? row->span_end : UINT64_MAX);
    }
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

alkfw_status corpus_read(struct corpus *corpus, char *const *paths, size_t n_paths,
                         alkfw_error *error) {
    memset(corpus, 0, sizeof *corpus);
    for (size_t i = 0; i < n_paths; i++) {
        alkfw_status status = read_file(corpus, paths[i], error);
        if (status != ALKFW_OK)
            return status;
    }
    if (corpus->n_rows == 0)
        return alkfw_error_set(error, ALKFW_E_RECORD, "%s: the corpus has no rows",
                               corpus->files.names[corpus->files.n_names - 1]);
    alkfw_status status = index_ids(corpus, error);
    return status == ALKFW_OK ? check_twins(corpus, error) : status;
}
