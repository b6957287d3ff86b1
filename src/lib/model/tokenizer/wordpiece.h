/* SPDX-License-Identifier: Apache-2.0
 *
 * The WordPiece model: a word to the tokens of its longest known pieces, from left to right. For
 * the pre-tokenizer. */
#ifndef ALKFW_WORDPIECE_H
#define ALKFW_WORDPIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/image.h"
#include "model/tokenizer/normalizer.h"
#include "model/tokenizer/tokenizer.h"

enum { WORD_INLINE_CHARACTERS = 128 };

/* A word being collected. Its memory does not grow with a word that is too long for the model. */
struct word {
    size_t max_characters; /* a longer word is unknown as a whole */
    size_t n_characters;
    bool is_too_long;
    bool
        is_contiguous; /* byte i stands for the byte start + i of the text; else see starts, ends */
    uint32_t start;    /* bytes of the text that the word spans */
    uint32_t end;
    size_t n_bytes;
    size_t capacity;      /* bytes; of `hashes` one more */
    unsigned char *bytes; /* [n_bytes] */
    uint32_t *starts;     /* [n_bytes] bytes of the text that each byte stands for */
    uint32_t *ends;       /* [n_bytes] */
    uint32_t *hashes;     /* scratch of wordpiece_encode */
    void *grown;          /* what to free, if the inline arrays were too small */
    unsigned char inline_bytes[WORD_INLINE_CHARACTERS * 4];
    uint32_t inline_starts[WORD_INLINE_CHARACTERS * 4];
    uint32_t inline_ends[WORD_INLINE_CHARACTERS * 4];
    uint32_t inline_hashes[WORD_INLINE_CHARACTERS * 4 + 1];
};

void word_init(struct word *word, size_t max_characters);
void word_free(struct word *word);
void word_clear(struct word *word);

/* Adds a character; false when memory is out. */
bool word_append(struct word *word, const struct character *character);

/* Appends the tokens of a word that is not empty; false when memory is out. */
bool wordpiece_encode(const struct tokenizer *tokenizer, struct word *word,
                      struct token_list *tokens);

#endif
