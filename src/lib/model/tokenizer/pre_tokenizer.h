/* SPDX-License-Identifier: Apache-2.0
 *
 * Splits a stream of normalised text into words and hands each to WordPiece, without a copy of the
 * text. Other models and splits are steps (step.h). For tokenizer.c. */
#ifndef ALKFW_PRE_TOKENIZER_H
#define ALKFW_PRE_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/image.h"
#include "model/tokenizer/normalizer.h"
#include "model/tokenizer/tokenizer.h"
#include "model/tokenizer/wordpiece.h"

/* What an ASCII byte comes to after normalisation, so that most text need not go through it. */
enum ascii_kind {
    ASCII_LETTER = 0, /* part of a word */
    ASCII_SPACE,
    ASCII_PUNCTUATION,
    ASCII_REMOVED,
    ASCII_NOT /* first byte of something else */
};

/* Fills tokenizer->ascii_kinds from its rules. */
void pre_tokenizer_index(struct tokenizer *tokenizer);

/* Appends the tokens of the next n_characters of the reader (SIZE_MAX: of all); false when memory
 * is out. `word` is empty before and after. */
bool pre_tokenize(const struct tokenizer *tokenizer, struct normalizer *reader, size_t n_characters,
                  struct word *word, struct token_list *tokens);

#endif
