/* SPDX-License-Identifier: Apache-2.0
 *
 * Passages: stretches of a window's content that are scored on their own, so that an instruction
 * in a long document is not averaged away. For the codebook and for alkfw-codebook. */
#ifndef ALKFW_CODEBOOK_PASSAGE_H
#define ALKFW_CODEBOOK_PASSAGE_H

#include <stddef.h>

/* A passage has 32 tokens and the next begins 16 later; the last one ends with the content. Content
 * of up to 32 tokens is one passage. Of 24 to 64 tokens, 32 found most on left-out sources. */
enum { PASSAGE_TOKENS = 32, PASSAGE_STEP = 16 };

/* At least 1. */
size_t passage_count(size_t n_content);

/* Tokens [first, end) of the content. */
void passage_range(size_t n_content, size_t index, size_t *first, size_t *end);

#endif
