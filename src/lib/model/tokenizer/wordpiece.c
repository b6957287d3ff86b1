/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/wordpiece.h"

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/token_list.h"

void word_init(struct word *word, size_t max_characters) {
    word->max_characters = max_characters;
    word->capacity = sizeof word->inline_bytes;
    word->bytes = word->inline_bytes;
    word->starts = word->inline_starts;
    word->ends = word->inline_ends;
    word->hashes = word->inline_hashes;
    word->grown = NULL;
    word_clear(word);
}

void word_free(struct word *word) {
    free(word->grown);
}

void word_clear(struct word *word) {
    word->n_characters = 0;
    word->n_bytes = 0;
    word->is_too_long = false;
    word->is_contiguous = true;
}

static bool grow(struct word *word) {
    size_t capacity = word->capacity * 2;
    uint32_t *memory = malloc((3 * capacity + 1) * sizeof *memory + capacity);

    if (memory == NULL)
        return false;
    uint32_t *starts = memory;
    uint32_t *ends = starts + capacity;
    uint32_t *hashes = ends + capacity;
    unsigned char *bytes = (unsigned char *)(hashes + capacity + 1);
    memcpy(starts, word->starts, word->n_bytes * sizeof *starts);
    memcpy(ends, word->ends, word->n_bytes * sizeof *ends);
    memcpy(bytes, word->bytes, word->n_bytes);
    free(word->grown);
    word->grown = memory;
    word->starts = starts;
    word->ends = ends;
    word->hashes = hashes;
    word->bytes = bytes;
    word->capacity = capacity;
    return true;
}

/* Writes out the offsets that a contiguous word leaves implied. */
static void spell_out_offsets(struct word *word) {
    for (size_t i = 0; i < word->n_bytes; i++) {
        word->starts[i] = word->start + (uint32_t)i;
        word->ends[i] = word->start + (uint32_t)i + 1;
    }
    word->is_contiguous = false;
}

bool word_append(struct word *word, const struct character *character) {
    unsigned char bytes[4];

    if (word->n_characters == 0)
        word->start = character->start;
    word->end = character->end;
    if (word->n_characters == word->max_characters) {
        word->n_characters = 1; /* not empty, even if the limit is 0 */
        word->is_too_long = true;
    }
    if (word->is_too_long)
        return true;
    if (word->is_contiguous)
        spell_out_offsets(word);
    if (word->capacity - word->n_bytes < sizeof bytes && !grow(word))
        return false;
    size_t n_bytes = character_encode(character->code_point, bytes);
    for (size_t i = 0; i < n_bytes; i++) {
        word->bytes[word->n_bytes] = bytes[i];
        word->starts[word->n_bytes] = character->start;
        word->ends[word->n_bytes++] = character->end;
    }
    word->n_characters++;
    return true;
}

/* ---- the model ----------------------------------------------------------- */

static bool push_piece(struct token_list *tokens, const struct word *word, int32_t id, size_t first,
                       size_t end) {
    if (word->is_contiguous)
        return token_list_push(tokens, id, word->start + (uint32_t)first,
                               word->start + (uint32_t)end);
    return token_list_push(tokens, id, word->starts[first], word->ends[end - 1]);
}

/* The longest token that the word goes on with at byte `first`; *length is its bytes. */
static int32_t longest_piece(const struct tokenizer *tokenizer, struct word *word, size_t first,
                             size_t *length) {
    const struct vocabulary *vocabulary = &tokenizer->vocabulary;
    const struct wordpiece_settings *settings = &tokenizer->wordpiece;
    const char *bytes = (const char *)word->bytes + first;
    const char *prefix = vocabulary->strings + settings->continuing_prefix_at;
    size_t n_prefix = first > 0 ? settings->n_continuing_prefix : 0;
    uint32_t hash = first > 0 ? tokenizer->continuing_prefix_hash : VOCABULARY_HASH_START;

    if (vocabulary->longest < n_prefix)
        return VOCABULARY_NOT_FOUND;
    size_t n_most = vocabulary->longest - n_prefix;
    if (n_most > word->n_bytes - first)
        n_most = word->n_bytes - first;
    for (size_t i = 0; i < n_most; i++) {
        hash = vocabulary_hash_byte(hash, (unsigned char)bytes[i]);
        word->hashes[i + 1] = hash;
    }
    for (size_t n = n_most; n > 0; n--) {
        if (first + n < word->n_bytes && ((unsigned char)bytes[n] & 0xC0) == 0x80)
            continue; /* a piece ends where a character does */
        int32_t id = vocabulary_find(vocabulary, word->hashes[n], prefix, n_prefix, bytes, n);
        if (id != VOCABULARY_NOT_FOUND) {
            *length = n;
            return id;
        }
    }
    return VOCABULARY_NOT_FOUND;
}

bool wordpiece_encode(const struct tokenizer *tokenizer, struct word *word,
                      struct token_list *tokens) {
    size_t n_before = tokens->n_tokens;
    bool is_unknown = word->is_too_long;

    for (size_t at = 0; at < word->n_bytes && !is_unknown;) {
        size_t length = 0;
        int32_t id = longest_piece(tokenizer, word, at, &length);
        is_unknown = id == VOCABULARY_NOT_FOUND;
        if (!is_unknown && !push_piece(tokens, word, id, at, at + length))
            return false;
        at += length;
    }
    if (!is_unknown)
        return true;
    tokens->n_tokens = n_before;
    return token_list_push(tokens, tokenizer->wordpiece.unknown_id, word->start, word->end);
}
