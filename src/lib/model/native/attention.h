/* SPDX-License-Identifier: Apache-2.0
 *
 * Scaled dot-product attention over one window (Vaswani et al., 2017, section 3.2), with grouped
 * heads, masks, rotary and relative positions. Used by forward.c. */
#ifndef ALKFW_ATTENTION_H
#define ALKFW_ATTENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/kernels/kernels.h"
#include "model/native/pack.h"

/* Rows of attention scores that are held at once: enough for the matrix product, few enough for
 * the second-level cache. */
enum { SCORE_ROWS = 84 };

/* Working memory for windows of up to n_tokens tokens. Parts that a model does not need are
 * empty. */
struct attention_memory {
    size_t n_tokens;
    float *keys;   /* panels of the keys of one head of one window */
    float *values; /* and of its values */
    float *scores; /* [SCORE_ROWS, n_tokens rounded up to PANEL_WIDTH] */

    /* Rotary positions: [n_tokens, rotary_size / 2] each; [1] of blocks with a window. */
    float *cosines[2];
    float *sines[2];

    /* Relative positions. A row of `rows` for each distance, [2 * n_tokens - 1]. */
    uint32_t *rows;
    float *row_panels;      /* panels of up to n_rows projected embeddings of one head */
    float *row_scores;      /* [SCORE_ROWS, n_rows rounded up to PANEL_WIDTH] of queries */
    float *row_scores_keys; /* [n_tokens, the same] of keys */
};

/* With memory->keys == NULL only counts; `memory` begins at a multiple of 64 bytes. Returns the
 * number of bytes. */
size_t attention_lay_out(struct attention_memory *memory, unsigned char *bytes,
                         const struct model_config *config, size_t n_tokens);
/* Fills the tables, once the memory is there. */
void attention_prepare(struct attention_memory *memory, const struct model_config *config);

/* out[n_tokens, n_heads * head_size] = what each token gathers. qkv: [n_tokens, (n_heads + 2 *
 * n_key_heads) * head_size], changed in place. */
void attention_apply(const struct pack *pack, const struct kernels *kernels,
                     struct attention_memory *memory, uint32_t block, float *qkv, size_t n_tokens,
                     float *out);

/* The tokens that token i may look at: first ... end - 1. */
struct attention_range {
    size_t first;
    size_t end;
};
struct attention_range attention_range(const struct model_config *config, uint32_t block, size_t i,
                                       size_t n_tokens);

#endif
