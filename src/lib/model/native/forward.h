/* SPDX-License-Identifier: Apache-2.0
 *
 * The forward pass of the BERT family over a chunk of whole windows (Devlin et al., 2019; the
 * encoder of Vaswani et al., 2017, section 3.1). Used by native.c. */
#ifndef ALKFW_FORWARD_H
#define ALKFW_FORWARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/kernels/kernels.h"
#include "model/native/pack.h"

/* Working memory for chunks of up to n_tokens tokens. */
struct workspace {
    size_t n_tokens;
    float *x;              /* [n_tokens, hidden_size] the states */
    float *qkv;            /* [n_tokens, 3 * hidden_size] */
    float *hidden;         /* [n_tokens, hidden_size] the output of a sub-layer */
    float *inner;          /* [n_tokens, intermediate_size] */
    float *keys;           /* panels of the keys of one head of one window */
    float *values;         /* and of its values */
    float *scores;         /* [SCORE_ROWS, n_tokens rounded up to PANEL_WIDTH] */
    uint8_t *bytes;        /* [n_tokens, widest input rounded up to INT8_GROUP]; int8 only */
    float *row_scales;     /* [n_tokens]; int8 only */
    int32_t *row_zeros;    /* [n_tokens]; int8 only */
    unsigned char *memory; /* all of the above */
};

/* Rows of attention scores that are held at once: enough for the matrix product, few enough for
 * the second-level cache. */
enum { SCORE_ROWS = 84 };

/* One allocation; false when memory is out. */
bool workspace_init(struct workspace *workspace, const struct pack_header *header, size_t n_tokens);
void workspace_free(struct workspace *workspace);

/* Tokens offsets[0] ... offsets[n_windows] - 1 of ids, at most workspace->n_tokens of them. */
struct chunk {
    const int32_t *ids;
    const uint32_t *offsets; /* [n_windows + 1] */
    size_t n_windows;
};

/* workspace->x = the states of layer 0. */
void forward_embed(const struct pack *pack, const struct kernels *kernels,
                   struct workspace *workspace, const struct chunk *chunk);

/* workspace->x = what the block makes of it. */
void forward_block(const struct pack *pack, const struct kernels *kernels,
                   struct workspace *workspace, const struct chunk *chunk,
                   const struct pack_layer *layer);

#endif
