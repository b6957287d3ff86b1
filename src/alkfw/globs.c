/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "globs.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "support/mapped_file.h"

enum { MATCH_LIMIT = 100000, MAX_FILE_BYTES = 1 << 20, MAX_PATTERN_BYTES = 4096 };

struct glob {
    pcre2_code *code;
    bool negated;
    bool folders_only;
    bool whole_path;
};

struct globs {
    struct glob *items;
    size_t n_items;
    pcre2_match_data *match;
    pcre2_match_context *context;
};

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for patterns");
}

static alkfw_status compile(const char *pattern, size_t length, pcre2_code **code,
                            alkfw_error *error) {
    PCRE2_UCHAR *expression = NULL;
    PCRE2_UCHAR text[128];
    PCRE2_SIZE n_expression = 0;
    PCRE2_SIZE offset = 0;

    int outcome = pcre2_pattern_convert((PCRE2_SPTR)pattern, length, PCRE2_CONVERT_GLOB,
                                        &expression, &n_expression, NULL);
    if (outcome == 0) {
        *code = pcre2_compile(expression, n_expression, 0, &outcome, &offset, NULL);
        pcre2_converted_pattern_free(expression);
    }
    if (*code != NULL)
        return ALKFW_OK;
    (void)pcre2_get_error_message(outcome, text, sizeof text);
    return alkfw_error_set(error, ALKFW_E_ARGUMENT, "pattern '%.*s': %s",
                           (int)(length < 64 ? length : 64), pattern, (const char *)text);
}

static alkfw_status make(struct globs **globs, alkfw_error *error) {
    if (*globs != NULL)
        return ALKFW_OK;
    struct globs *made = calloc(1, sizeof *made);
    if (made != NULL) {
        made->match = pcre2_match_data_create(1, NULL);
        made->context = pcre2_match_context_create(NULL);
    }
    if (made == NULL || made->match == NULL || made->context == NULL) {
        globs_free(made);
        return out_of_memory(error);
    }
    (void)pcre2_set_match_limit(made->context, MATCH_LIMIT);
    *globs = made;
    return ALKFW_OK;
}

static alkfw_status add(struct globs **globs, const char *pattern, size_t length,
                        alkfw_error *error) {
    struct glob glob = {0};

    if (length > 0 && *pattern == '!') {
        glob.negated = true;
        pattern++;
        length--;
    }
    if (length > 0 && pattern[length - 1] == '/') {
        glob.folders_only = true;
        length--;
    }
    glob.whole_path = memchr(pattern, '/', length) != NULL;
    if (length > 0 && *pattern == '/') {
        pattern++;
        length--;
    }
    if (length == 0 || length > MAX_PATTERN_BYTES)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "a pattern of file names is %s",
                               length == 0 ? "empty" : "too long");
    alkfw_status status = make(globs, error);
    if (status == ALKFW_OK)
        status = compile(pattern, length, &glob.code, error);
    if (status != ALKFW_OK)
        return status;
    struct glob *items =
        realloc((*globs)->items, ((*globs)->n_items + 1) * sizeof *(*globs)->items);
    if (items == NULL) {
        pcre2_code_free(glob.code);
        return out_of_memory(error);
    }
    (*globs)->items = items;
    items[(*globs)->n_items++] = glob;
    return ALKFW_OK;
}

alkfw_status globs_add(struct globs **globs, const char *pattern, alkfw_error *error) {
    return add(globs, pattern, strlen(pattern), error);
}

/* A line without its end and the spaces before it, as .gitignore has it. */
static size_t trim(const char *line, size_t length) {
    while (length > 0 &&
           (line[length - 1] == '\r' || line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    return length;
}

static alkfw_status add_lines(struct globs **globs, const char *bytes, size_t n_bytes,
                              alkfw_error *error) {
    alkfw_status status = ALKFW_OK;

    while (status == ALKFW_OK && n_bytes > 0) {
        const char *end = memchr(bytes, '\n', n_bytes);
        size_t n_line = end != NULL ? (size_t)(end - bytes) : n_bytes;
        size_t length = trim(bytes, n_line);
        if (length > 0 && *bytes != '#')
            status = add(globs, bytes, length, error);
        n_line += end != NULL;
        bytes += n_line;
        n_bytes -= n_line;
    }
    return status;
}

alkfw_status globs_load(struct globs **globs, const char *path, alkfw_error *error) {
    struct mapped_file file;

    alkfw_status status = mapped_file_open(&file, path, "list of patterns", error);
    if (status != ALKFW_OK)
        return status;
    if (file.n_bytes > MAX_FILE_BYTES)
        status = alkfw_error_set(error, ALKFW_E_LIMIT, "is longer than 1 MiB");
    else
        status = add_lines(globs, (const char *)file.bytes, file.n_bytes, error);
    mapped_file_close(&file);
    return status;
}

void globs_free(struct globs *globs) {
    if (globs == NULL)
        return;
    for (size_t i = 0; i < globs->n_items; i++)
        pcre2_code_free(globs->items[i].code);
    free(globs->items);
    pcre2_match_data_free(globs->match);
    pcre2_match_context_free(globs->context);
    free(globs);
}

enum globs_answer globs_match(const struct globs *globs, const char *path, bool is_folder) {
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    for (size_t i = globs != NULL ? globs->n_items : 0; i-- > 0;) {
        const struct glob *glob = &globs->items[i];
        const char *subject = glob->whole_path ? path : name;
        if (glob->folders_only && !is_folder)
            continue;
        if (pcre2_match(glob->code, (PCRE2_SPTR)subject, strlen(subject), 0, 0, globs->match,
                        globs->context) >= 0)
            return glob->negated ? GLOBS_TAKEN_BACK : GLOBS_MATCH;
    }
    return GLOBS_NO_MATCH;
}
