/* SPDX-License-Identifier: Apache-2.0
 *
 * One encoding at work: the way of a stretch of text (between raw added tokens) through the
 * normalizers, normalised added tokens, the pre-tokenizers and the model. For tokenizer.c and the
 * models. */
#ifndef ALKFW_TOKENIZER_ENCODER_H
#define ALKFW_TOKENIZER_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/aligned_text.h"
#include "model/tokenizer/bpe.h"
#include "model/tokenizer/image.h"
#include "model/tokenizer/step.h"
#include "model/tokenizer/unigram.h"
#include "model/tokenizer/wordpiece.h"

enum encoder_failure {
    ENCODER_NO_MEMORY = 0,
    ENCODER_TEXT_SWELLS,
    ENCODER_PATTERN_TOO_LONG,
    ENCODER_NO_UNKNOWN
};

struct encoder {
    const struct tokenizer *tokenizer;
    const char *record; /* [n_bytes] */
    size_t n_bytes;
    struct token_list *tokens;
    struct step_scratch scratch;
    struct aligned_text texts[2];
    struct piece_list lists[2];
    struct bpe_scratch bpe;
    struct unigram_scratch unigram;
    struct word word;
    enum encoder_failure failure;
};

void encoder_init(struct encoder *encoder, const struct tokenizer *tokenizer, const char *record,
                  size_t n_bytes, struct token_list *tokens);
void encoder_free(struct encoder *encoder);

/* Appends the tokens of record[start, end); false: see failure. */
bool encoder_stretch(struct encoder *encoder, size_t start, size_t end);

/* Appends an added token for record[start, end), whose surface (what of the text it was found in)
 * is given for the trimming of offsets. */
bool encoder_push_added(struct encoder *encoder, int32_t id, uint32_t start, uint32_t end,
                        const char *surface, size_t n_surface);

/* Appends a token for bytes [first, last) of a piece of n_piece bytes; `surface` is its string. */
bool encoder_push(struct encoder *encoder, const struct aligned_text *text,
                  const struct piece *piece, int32_t id, size_t first, size_t last,
                  const char *surface, size_t n_surface);

/* The token of a byte for byte_fallback ("<0x0A>"), by what finds a string; or
 * VOCABULARY_NOT_FOUND. */
void encoder_spell_byte(unsigned char byte, char name[6]);

#endif
