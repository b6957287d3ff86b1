/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/image.h"
#include "model/tokenizer/pre_tokenizer.h"
#include "model/tokenizer/token_list.h"
#include "model/tokenizer/tokenizer_json.h"

/* ---- making one ---------------------------------------------------------- */

alkfw_status tokenizer_from_image(const void *image, size_t n_bytes, struct tokenizer **result,
                                  alkfw_error *error) {
    struct tokenizer *tokenizer = malloc(sizeof *tokenizer);

    *result = NULL;
    if (tokenizer == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "no memory for a tokenizer");
    alkfw_status status = image_open(image, n_bytes, tokenizer, error);
    if (status != ALKFW_OK)
        free(tokenizer);
    else
        *result = tokenizer;
    return status;
}

alkfw_status tokenizer_parse(const char *json, size_t n_bytes, const char *name,
                             struct tokenizer **result, alkfw_error *error) {
    struct tokenizer_document document;
    void *image = NULL;
    size_t n_image_bytes = 0;

    *result = NULL;
    alkfw_status status = tokenizer_json_read(json, n_bytes, name, &document, error);
    if (status == ALKFW_OK)
        status = image_build(&document.spec, name, &image, &n_image_bytes, error);
    if (status == ALKFW_OK)
        status = tokenizer_from_image(image, n_image_bytes, result, error);
    if (status == ALKFW_OK)
        (*result)->owned = image;
    else
        free(image);
    tokenizer_json_free(&document);
    return status;
}

const void *tokenizer_image(const struct tokenizer *tokenizer, size_t *n_bytes) {
    *n_bytes = tokenizer->n_bytes;
    return tokenizer->image;
}

void tokenizer_free(struct tokenizer *tokenizer) {
    if (tokenizer == NULL)
        return;
    free(tokenizer->owned);
    free(tokenizer);
}

const struct tokenizer_template *tokenizer_get_template(const struct tokenizer *tokenizer) {
    return &tokenizer->template;
}

size_t tokenizer_vocabulary_size(const struct tokenizer *tokenizer) {
    return tokenizer->vocabulary.size;
}

/* ---- encoding ------------------------------------------------------------ */

bool token_list_grow(struct token_list *tokens) {
    size_t capacity = tokens->capacity == 0 ? 256 : tokens->capacity * 2;

    if (capacity > SIZE_MAX / sizeof *tokens->ids)
        return false;
    /* Each is kept as soon as it has moved: a failure half-way leaves a list that can be freed. */
    int32_t *ids = realloc(tokens->ids, capacity * sizeof *ids);
    if (ids == NULL)
        return false;
    tokens->ids = ids;
    uint32_t *starts = realloc(tokens->starts, capacity * sizeof *starts);
    if (starts == NULL)
        return false;
    tokens->starts = starts;
    uint32_t *ends = realloc(tokens->ends, capacity * sizeof *ends);
    if (ends == NULL)
        return false;
    tokens->ends = ends;
    tokens->capacity = capacity;
    return true;
}

void token_list_free(struct token_list *tokens) {
    free(tokens->ids);
    free(tokens->starts);
    free(tokens->ends);
    memset(tokens, 0, sizeof *tokens);
}

/* Moves the reader on by n_characters. */
static void pass(struct normalizer *reader, size_t n_characters) {
    struct character character;

    while (n_characters > 0 && normalizer_next(reader, &character))
        n_characters--;
}

/* Encodes text[start, end), which has no raw added token. */
static bool encode_stretch(const struct tokenizer *tokenizer, const char *text, size_t start,
                           size_t end, struct word *word, struct token_list *tokens) {
    struct normalizer reader;
    struct added_token_scan scan;
    struct added_token_match match;
    size_t position = 0; /* the reader's, in characters */

    normalizer_init(&reader, &tokenizer->characters, tokenizer->normalizer_rules, text, start, end);
    added_token_scan_init(&scan, &tokenizer->normalized_tokens, &reader, false);
    while (added_token_scan_next(&scan, &match)) {
        if (match.first > position) {
            if (!pre_tokenize(tokenizer, &reader, match.first - position, word, tokens))
                return false;
            position = match.first;
        }
        if (!token_list_push(tokens, match.id, match.start, match.end))
            return false;
        if (match.last > position) {
            pass(&reader, match.last - position);
            position = match.last;
        }
    }
    return pre_tokenize(tokenizer, &reader, SIZE_MAX, word, tokens);
}

static bool encode_text(const struct tokenizer *tokenizer, const char *text, size_t n_bytes,
                        struct word *word, struct token_list *tokens) {
    struct normalizer_rules as_it_is = {0};
    struct normalizer reader;
    struct added_token_scan scan;
    struct added_token_match match;
    size_t at = 0;

    normalizer_init(&reader, &tokenizer->characters, as_it_is, text, 0, n_bytes);
    added_token_scan_init(&scan, &tokenizer->raw_tokens, &reader, true);
    while (added_token_scan_next(&scan, &match)) {
        if (match.first > at && !encode_stretch(tokenizer, text, at, match.first, word, tokens))
            return false;
        if (!token_list_push(tokens, match.id, match.start, match.end))
            return false;
        at = match.last > at ? match.last : at;
    }
    return at == n_bytes || encode_stretch(tokenizer, text, at, n_bytes, word, tokens);
}

alkfw_status tokenizer_encode(const struct tokenizer *tokenizer, const char *text, size_t n_bytes,
                              struct token_list *tokens, alkfw_error *error) {
    struct word word;

    tokens->n_tokens = 0;
    if (n_bytes > INT32_MAX)
        return alkfw_error_set(error, ALKFW_E_LIMIT,
                               "a text of %zu bytes is longer than a tokenizer takes (%d)", n_bytes,
                               INT32_MAX);
    if (n_bytes == 0) /* text may be NULL */
        return ALKFW_OK;
    word_init(&word, tokenizer->wordpiece.max_input_chars_per_word);
    bool done = encode_text(tokenizer, text, n_bytes, &word, tokens);
    word_free(&word);
    if (!done)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "no memory for the tokens of a text");
    return ALKFW_OK;
}
