/* SPDX-License-Identifier: Apache-2.0
 *
 * What `tokenizers` knows about a character: its class, from one table of two stages that lies in
 * the tokenizer's image, and its mappings, from utf8proc. For the parts of the tokenizer. */
#ifndef ALKFW_CHARACTERS_H
#define ALKFW_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum character_class {
    CHARACTER_REMOVED = 1,     /* clean_text drops it */
    CHARACTER_SPACE = 2,       /* White_Space */
    CHARACTER_PUNCTUATION = 4, /* a word of its own */
    CHARACTER_MARK = 8,        /* strip_accents drops it */
    CHARACTER_NFD = 16,        /* decomposes, or has a combining class other than 0 */
    CHARACTER_LOWER = 32,      /* has another lower case */
    CHARACTER_IDEOGRAPH = 64,  /* handle_chinese_chars puts spaces around it */
    CHARACTER_WORD = 128       /* \w of a regular expression */
};

enum {
    CHARACTER_BLOCK = 128,                           /* code points of a block */
    CHARACTER_N_BLOCKS = 0x110000 / CHARACTER_BLOCK, /* 8704 */
    CHARACTER_MAX_DECOMPOSITION = 8,
    CHARACTER_MAX_COMPATIBLE = 18, /* U+FDFA */
    CHARACTER_MAX_LOWER = 2
};

struct character_table {
    const uint16_t *blocks; /* [CHARACTER_N_BLOCKS] each less than n_distinct */
    const uint8_t *classes; /* [n_distinct * CHARACTER_BLOCK] */
    size_t n_distinct;
};

static inline uint8_t character_class(const struct character_table *table, uint32_t code_point) {
    size_t block = table->blocks[code_point / CHARACTER_BLOCK];
    return table->classes[block * CHARACTER_BLOCK + code_point % CHARACTER_BLOCK];
}

/* Computes the table. *blocks and *classes are the caller's to free; false when memory is out. */
bool character_table_new(uint16_t **blocks, uint8_t **classes, size_t *n_distinct);

/* Full canonical decomposition, not yet ordered. Returns how many code points, at least 1. */
size_t character_decompose(uint32_t code_point, uint32_t parts[CHARACTER_MAX_DECOMPOSITION]);

/* Full compatibility decomposition, not yet ordered. Returns how many code points, at least 1. */
size_t character_decompose_compatibly(uint32_t code_point,
                                      uint32_t parts[CHARACTER_MAX_COMPATIBLE]);

/* The character that two others compose to in NFC, or 0. */
uint32_t character_compose(uint32_t first, uint32_t second);

/* Whether it begins an emoji that U+200D may join another one to. */
bool character_is_pictographic(uint32_t code_point);

/* Canonical combining class of a character that CHARACTER_NFD is set for, else 0. */
unsigned character_combining_class(const struct character_table *table, uint32_t code_point);

size_t character_lower(uint32_t code_point, uint32_t lower[CHARACTER_MAX_LOWER]);

/* Encodes a scalar value; returns the number of bytes. */
size_t character_encode(uint32_t code_point, unsigned char bytes[4]);

#endif
