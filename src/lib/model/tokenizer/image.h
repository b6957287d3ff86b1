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
#include "model/tokenizer/bpe.h"
#include "model/tokenizer/characters.h"
#include "model/tokenizer/normalizer.h"
#include "model/tokenizer/step.h"
#include "model/tokenizer/tokenizer.h"
#include "model/tokenizer/unigram.h"
#include "model/tokenizer/vocabulary.h"

/* How a text comes to the model: in a stream, character by character and without a copy, when the
 * normalizer is BertNormalizer or none and the pre-tokenizer BertPreTokenizer or none, for
 * WordPiece; else in steps. The values are in images: a new one is added at the end. */
enum pre_tokenizer_kind { PRE_TOKENIZER_NONE = 0, PRE_TOKENIZER_BERT, PRE_TOKENIZER_STEPS };
enum model_kind { MODEL_WORDPIECE = 1, MODEL_BPE, MODEL_UNIGRAM };

/* Offsets as the post-processors ByteLevel and RobertaProcessing change them. */
enum trimming { TRIM_OFFSETS = 1, TRIM_PREFIX_SPACE = 2, TRIM_ALL_FLAGS = 3 };

struct wordpiece_settings {
    int32_t unknown_id;
    uint32_t max_input_chars_per_word;
    uint32_t continuing_prefix_at; /* in the strings */
    uint32_t n_continuing_prefix;  /* bytes */
};

/* A merge of BPE: tokens by id. */
struct merge_spec {
    int32_t left;
    int32_t right;
    int32_t id;
};

/* A tokenizer.json as read, before an image is made of it. Strings are not owned. */
struct tokenizer_spec {
    struct normalizer_rules normalizer_rules; /* when it is a stream */
    enum pre_tokenizer_kind pre_tokenizer;
    struct step *steps; /* [n_steps] compiled; the first n_normalizers make the normalised text */
    size_t n_steps;
    size_t n_normalizers;
    enum model_kind model;
    const char **tokens;     /* [vocabulary_size] by id; NULL where an id is not used */
    uint32_t *n_token_bytes; /* [vocabulary_size] */
    size_t vocabulary_size;  /* largest id + 1, added tokens included */
    int32_t unknown_id;      /* or of enum BPE_NO_UNKNOWN */
    const char *continuing_prefix;
    size_t n_continuing_prefix;
    uint32_t max_input_chars_per_word; /* of WordPiece */
    const char *suffix;                /* of BPE, as what follows */
    size_t n_suffix;
    uint32_t bpe_flags;
    struct merge_spec *merges; /* [n_merges] by rank */
    size_t n_merges;
    double *scores; /* [n_scores] of Unigram */
    size_t n_scores;
    uint32_t unigram_flags;
    struct added_token_spec *added_tokens; /* [n_added_tokens] as in the file */
    size_t n_added_tokens;
    struct tokenizer_template template;
    uint32_t trimming; /* enum trimming */
};

/* An opened image: pointers into it. This is all that a tokenizer is. */
struct tokenizer {
    const void *image;
    size_t n_bytes;
    void *owned; /* the image, when the tokenizer is to free it */
    struct character_table characters;
    struct normalizer_rules normalizer_rules;
    enum pre_tokenizer_kind pre_tokenizer;
    struct step *steps; /* [n_steps] owned, because their patterns are */
    size_t n_steps;
    size_t n_normalizers;
    enum model_kind model;
    struct vocabulary vocabulary;
    struct wordpiece_settings wordpiece;
    struct bpe bpe;
    struct unigram unigram;
    uint32_t trimming;                     /* enum trimming */
    uint32_t continuing_prefix_hash;       /* state of the hash after the prefix */
    struct added_tokens raw_tokens;        /* matched in the text as it is */
    struct added_tokens normalized_tokens; /* matched in the normalised text */
    struct tokenizer_template template;
    uint8_t ascii_kinds[256]; /* enum ascii_kind of pre_tokenizer.h */
};

/* Makes the image; *image is aligned_alloc'ed, the caller's to free. */
ALKFW_MUST_CHECK alkfw_status image_build(const struct tokenizer_spec *spec, const char *name,
                                          void **image, size_t *n_bytes, alkfw_error *error);

/* Checks the image and fills the tokenizer, but for `owned`. image_close frees what it filled. */
ALKFW_MUST_CHECK alkfw_status image_open(const void *image, size_t n_bytes,
                                         struct tokenizer *tokenizer, alkfw_error *error);

void image_close(struct tokenizer *tokenizer);

/* Sets the checksum to what the bytes are. For image_build, and for tests that damage an image
 * beyond what the checksum would let through. */
void image_seal(void *image, size_t n_bytes);

#endif
