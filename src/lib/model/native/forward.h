/* SPDX-License-Identifier: Apache-2.0
 *
 * The forward pass over a chunk of whole windows: embeddings, then blocks of attention and MLP
 * whose parts the architecture chooses. Used by native.c. */
#ifndef ALKFW_FORWARD_H
#define ALKFW_FORWARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/kernels/kernels.h"
#include "model/native/attention.h"
#include "model/native/pack.h"

/* Working memory for chunks of up to n_tokens tokens. Parts that a model does not need are empty.
 */
struct workspace {
    size_t n_tokens;
    float *x;           /* [n_tokens, hidden_size] the states */
    float *qkv;         /* [n_tokens, (n_heads + 2 * n_key_heads) * head_size] */
    float *hidden;      /* [n_tokens, hidden_size] the output of a sub-layer */
    float *normed;      /* [n_tokens, hidden_size] its input, where a norm comes before it */
    float *inner;       /* [n_tokens, the wider of intermediate_size and all heads] */
    float *gated;       /* [n_tokens, intermediate_size] of a gated MLP */
    uint8_t *bytes;     /* [n_tokens, widest input rounded up to INT8_GROUP]; int8 only */
    float *row_scales;  /* [n_tokens]; int8 only */
    int32_t *row_zeros; /* [n_tokens]; int8 only */
    struct attention_memory attention;
    unsigned char *memory; /* all of the above */
};

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

/* workspace->x = what a block makes of it; blocks are counted from 0. */
void forward_block(const struct pack *pack, const struct kernels *kernels,
                   struct workspace *workspace, const struct chunk *chunk, uint32_t block);

/* out[n_tokens, hidden_size] = the states of a layer as the model shows them: those of the last one
 * pass a final norm where there is one. */
void forward_show(const struct pack *pack, const struct kernels *kernels,
                  const struct workspace *workspace, uint32_t layer, size_t n_tokens, float *out);

#endif
