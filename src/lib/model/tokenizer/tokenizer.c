/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/encoder.h"
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

static bool is_in_template(const struct tokenizer_template *template, int32_t id) {
    bool found = false;

    for (size_t i = 0; i < template->n_prefix; i++)
        found = found || template->prefix[i] == id;
    for (size_t i = 0; i < template->n_suffix; i++)
        found = found || template->suffix[i] == id;
    return found;
}

/* Tokens of the vocabulary proper, and those around every text, stay: a model without rows for them
 * is not this tokenizer's. */
static void leave_out_added(struct tokenizer_spec *spec, size_t n_rows) {
    size_t n_kept = 0, size = 0;

    for (size_t i = 0; i < spec->n_added_tokens; i++) {
        const struct added_token_spec *added = &spec->added_tokens[i];
        size_t id = (size_t)added->id;
        if (id >= n_rows && spec->tokens[id] == NULL && !is_in_template(&spec->template, added->id))
            continue;
        size = id >= size ? id + 1 : size;
        spec->added_tokens[n_kept++] = *added;
    }
    spec->n_added_tokens = n_kept;
    while (spec->vocabulary_size > size && spec->tokens[spec->vocabulary_size - 1] == NULL)
        spec->vocabulary_size--;
}

alkfw_status tokenizer_parse(const char *json, size_t n_bytes, const char *name,
                             struct tokenizer **result, alkfw_error *error) {
    return tokenizer_parse_for(json, n_bytes, name, SIZE_MAX, result, error);
}

alkfw_status tokenizer_parse_for(const char *json, size_t n_bytes, const char *name, size_t n_rows,
                                 struct tokenizer **result, alkfw_error *error) {
    struct tokenizer_document document;
    void *image = NULL;
    size_t n_image_bytes = 0;

    *result = NULL;
    alkfw_status status = tokenizer_json_read(json, n_bytes, name, &document, error);
    if (status == ALKFW_OK && document.spec.vocabulary_size > n_rows)
        leave_out_added(&document.spec, n_rows);
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
    image_close(tokenizer);
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

/* Encodes record[start, end), which has no raw added token, in a stream. */
static bool stream_stretch(struct encoder *encoder, size_t start, size_t end) {
    const struct tokenizer *tokenizer = encoder->tokenizer;
    struct word *word = &encoder->word;
    struct token_list *tokens = encoder->tokens;
    struct normalizer reader;
    struct added_token_scan scan;
    struct added_token_match match;
    size_t position = 0; /* the reader's, in characters */

    normalizer_init(&reader, &tokenizer->characters, tokenizer->normalizer_rules, encoder->record,
                    start, end);
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

static bool encode_stretch(struct encoder *encoder, size_t start, size_t end) {
    if (start >= end)
        return true;
    return encoder->tokenizer->pre_tokenizer == PRE_TOKENIZER_STEPS
               ? encoder_stretch(encoder, start, end)
               : stream_stretch(encoder, start, end);
}

static bool encode_record(struct encoder *encoder) {
    const struct tokenizer *tokenizer = encoder->tokenizer;
    struct normalizer_rules as_it_is = {0};
    struct normalizer reader;
    struct added_token_scan scan;
    struct added_token_match match;
    size_t at = 0;

    normalizer_init(&reader, &tokenizer->characters, as_it_is, encoder->record, 0,
                    encoder->n_bytes);
    added_token_scan_init(&scan, &tokenizer->raw_tokens, &reader, true);
    while (added_token_scan_next(&scan, &match)) {
        if (!encode_stretch(encoder, at, match.first) ||
            !encoder_push_added(encoder, match.id, match.start, match.end,
                                encoder->record + match.first, match.last - match.first))
            return false;
        at = match.last > at ? match.last : at;
    }
    return encode_stretch(encoder, at, encoder->n_bytes);
}

static alkfw_status report(const struct encoder *encoder, alkfw_error *error) {
    switch (encoder->failure) {
    case ENCODER_TEXT_SWELLS:
        return alkfw_error_set(error, ALKFW_E_LIMIT,
                               "a text of %zu bytes swells too much when it is normalised",
                               encoder->n_bytes);
    case ENCODER_PATTERN_TOO_LONG:
        return alkfw_error_set(error, ALKFW_E_LIMIT,
                               "the tokenizer's regular expression takes too long on a text of %zu "
                               "bytes",
                               encoder->n_bytes);
    case ENCODER_NO_UNKNOWN:
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "the tokenizer's unknown token is not in its vocabulary, and the "
                               "text has an unknown character");
    case ENCODER_NO_MEMORY:
        break;
    }
    return alkfw_error_set(error, ALKFW_E_MEMORY, "no memory for the tokens of a text");
}

alkfw_status tokenizer_encode(const struct tokenizer *tokenizer, const char *text, size_t n_bytes,
                              struct token_list *tokens, alkfw_error *error) {
    struct encoder encoder;

    tokens->n_tokens = 0;
    if (n_bytes > INT32_MAX)
        return alkfw_error_set(error, ALKFW_E_LIMIT,
                               "a text of %zu bytes is longer than a tokenizer takes (%d)", n_bytes,
                               INT32_MAX);
    if (n_bytes == 0) /* text may be NULL */
        return ALKFW_OK;
    encoder_init(&encoder, tokenizer, text, n_bytes, tokens);
    alkfw_status status = encode_record(&encoder) ? ALKFW_OK : report(&encoder, error);
    encoder_free(&encoder);
    return status;
}
