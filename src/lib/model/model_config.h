/* SPDX-License-Identifier: Apache-2.0
 *
 * The config.json of a Hugging Face model: all that a forward pass must know of one model beside
 * its weights. Used by the backends. */
#ifndef ALKFW_MODEL_CONFIG_H
#define ALKFW_MODEL_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "alkfw.h"
#include "model/architecture.h"
#include "model/kernels/kernels.h"
#include "model/rope.h"

/* Ceilings that keep every product of two sizes far inside 64 bits. */
enum {
    MODEL_MAX_HIDDEN = 8192,
    MODEL_MAX_LAYERS = 128,
    MODEL_MAX_HEAD = 1024,
    MODEL_MAX_INTERMEDIATE = 65536, /* of a block; the heads side by side too */
    MODEL_MAX_VOCABULARY = 1 << 24,
    MODEL_MAX_POSITIONS = 1 << 20,
    MODEL_MAX_TYPES = 64,
    MODEL_MAX_TOKENS = 8192 /* of a window, whatever the model allows */
};

/* Fixed-size members only and no padding: this struct is part of the packed file. */
struct model_config {
    uint32_t architecture; /* architecture_at() */
    uint32_t hidden_size;
    uint32_t n_heads;
    uint32_t n_key_heads; /* of keys and values; n_heads is a multiple of it */
    uint32_t head_size;
    uint32_t n_layers;
    uint32_t intermediate_size;
    uint32_t vocabulary_size;
    uint32_t n_positions;    /* rows of the table, or what the model was trained for */
    uint32_t first_position; /* of a window; what is before it belongs to the pad token */
    uint32_t pad_id;         /* when first_position > 0: such a token takes no position */
    uint32_t max_tokens;     /* of a window */
    uint32_t n_types;
    uint32_t activation; /* enum activation */
    float norm_epsilon;
    float embedding_scale;
    float attention_scale; /* of the scores, before softmax */

    uint32_t has_qkv_bias; /* 0 or 1, as the next ones */
    uint32_t has_output_bias;
    uint32_t has_mlp_bias;
    uint32_t has_norm_bias;
    uint32_t has_learned_positions;
    uint32_t is_parallel;
    uint32_t is_causal;

    uint32_t reach;                     /* a windowed block sees tokens at most this far away */
    uint8_t windowed[MODEL_MAX_LAYERS]; /* [n_layers] 0 or 1 */

    uint32_t rotary_size;      /* of each head: what is rotated, an even number */
    struct rope rope;          /* of full blocks */
    struct rope windowed_rope; /* of windowed ones */

    uint32_t relative_span;    /* relative embeddings are [2 * span, hidden_size] */
    uint32_t relative_buckets; /* 0: a row for each distance; otherwise logarithmic ones */
    uint32_t relative_ceiling; /* distances beyond it share a row */
    uint32_t has_content_to_position;
    uint32_t has_position_to_content;
    uint32_t shares_relative_projections; /* with query and key */
    uint32_t has_relative_norm;
};

/* ALKFW_E_UNSUPPORTED: an architecture or a setting that this version cannot run, named in the
 * message with those that it can. `name` is the file's name for messages. */
ALKFW_MUST_CHECK alkfw_status model_config_parse(const void *json, size_t n_bytes, const char *name,
                                                 struct model_config *config, alkfw_error *error);

/* Whether all sizes keep to the ceilings and fit each other. */
bool model_config_is_sound(const struct model_config *config);

/* The rows of the relative embeddings for distances of query - key in (-n_tokens, n_tokens):
 * rows[distance + n_tokens - 1] in [0, 2 * relative_span), never falling (He et al., 2021,
 * equation 3; buckets: the code of DeBERTa v2, make_log_bucket_position). */
void model_config_relative_rows(const struct model_config *config, uint32_t n_tokens,
                                uint32_t *rows /* [2 * n_tokens - 1] */);

#endif
