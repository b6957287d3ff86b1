/* SPDX-License-Identifier: Apache-2.0
 *
 * The image of a tokenizer: everything that encoding needs in one block of memory without
 * pointers, little-endian, so that it can be mapped from a file and used as it is. Built from a
 * tokenizer_spec, checked as a whole when it is opened. For the parts of the tokenizer. */
#ifndef ALKFW_TOKENIZER_IMAGE_H
#define ALKFW_TOKENIZER_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "model/tokenizer/added_tokens.h"
#include "model/tokenizer/characters.h"
#include "model/tokenizer/normalizer.h"
#include "model/tokenizer/tokenizer.h"
#include "model/tokenizer/vocabulary.h"

/* The kinds of parts that are known (a normalizer is its rules). A further kind is a value here, a
 * reader in tokenizer_json.c, a case in pre_tokenizer.c, and a file. The values are in images: a
 * new one is added at the end. */
enum pre_tokenizer_kind { PRE_TOKENIZER_NONE = 0, PRE_TOKENIZER_BERT };
enum model_kind { MODEL_WORDPIECE = 1 };

struct wordpiece_settings {
    int32_t unknown_id;
    uint32_t max_input_chars_per_word;
    uint32_t continuing_prefix_at; /* in the strings */
    uint32_t n_continuing_prefix;  /* bytes */
};

/* A tokenizer.json as read, before an image is made of it. Strings are not owned. */
struct tokenizer_spec {
    struct normalizer_rules normalizer_rules;
    enum pre_tokenizer_kind pre_tokenizer;
    enum model_kind model;
    const char **tokens;     /* [vocabulary_size] by id; NULL where an id is not used */
    uint32_t *n_token_bytes; /* [vocabulary_size] */
    size_t vocabulary_size;  /* largest id + 1, added tokens included */
    const char *continuing_prefix;
    size_t n_continuing_prefix;
    int32_t unknown_id;
    uint32_t max_input_chars_per_word;
    struct added_token_spec *added_tokens; /* [n_added_tokens] as in the file */
    size_t n_added_tokens;
    struct tokenizer_template template;
};

/* An opened image: pointers into it. This is all that a tokenizer is. */
struct tokenizer {
    const void *image;
    size_t n_bytes;
    void *owned; /* the image, when the tokenizer is to free it */
    struct character_table characters;
    struct normalizer_rules normalizer_rules;
    enum pre_tokenizer_kind pre_tokenizer;
    enum model_kind model;
    struct vocabulary vocabulary;
    struct wordpiece_settings wordpiece;
    uint32_t continuing_prefix_hash;       /* state of the hash after the prefix */
    struct added_tokens raw_tokens;        /* matched in the text as it is */
    struct added_tokens normalized_tokens; /* matched in the normalised text */
    struct tokenizer_template template;
    uint8_t ascii_kinds[256]; /* enum ascii_kind of pre_tokenizer.h */
};

/* Makes the image; *image is aligned_alloc'ed, the caller's to free. */
ALKFW_MUST_CHECK alkfw_status image_build(const struct tokenizer_spec *spec, const char *name,
                                          void **image, size_t *n_bytes, alkfw_error *error);

/* Checks the image and fills the tokenizer, but for `owned`. */
ALKFW_MUST_CHECK alkfw_status image_open(const void *image, size_t n_bytes,
                                         struct tokenizer *tokenizer, alkfw_error *error);

/* Sets the checksum to what the bytes are. For image_build, and for tests that damage an image
 * beyond what the checksum would let through. */
void image_seal(void *image, size_t n_bytes);

#endif
