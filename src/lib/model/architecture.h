/* SPDX-License-Identifier: Apache-2.0
 *
 * What tells one architecture of transformers from another, as data: the names of its keys in
 * config.json and of its tensors, and where its blocks put norms, biases and positions. A new
 * architecture is an entry of the table in architecture.c. What depends on the single model is in
 * model_config.h. Used by the backends. */
#ifndef ALKFW_ARCHITECTURE_H
#define ALKFW_ARCHITECTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum norm_kind {
    NORM_LAYER = 0, /* (x - mean) / sqrt(variance + epsilon) * weight + bias */
    NORM_RMS        /* x / sqrt(mean of x^2 + epsilon) * weight */
};

enum position_kind {
    POSITIONS_LEARNED = 0, /* a row of a table is added to each token's embedding */
    POSITIONS_ROTARY,      /* query and key are rotated (Su et al., 2021) */
    POSITIONS_RELATIVE     /* disentangled attention (He et al., 2021) */
};

enum qkv_layout {
    QKV_SEPARATE = 0, /* three tensors */
    QKV_STACKED,      /* one: the rows of query, of key, of value */
    QKV_BY_HEAD       /* one: for each head its rows of query, of key, of value */
};

enum mlp_layout {
    MLP_PLAIN = 0,    /* down(activation(up(x))) */
    MLP_GATED,        /* down(activation(gate(x)) * up(x)) */
    MLP_GATED_STACKED /* the same; one tensor has the rows of gate, then those of up */
};

/* Which blocks see only a window of neighbours, when config.json has no "layer_types". */
enum layer_pattern {
    PATTERN_ALL_FULL = 0,
    PATTERN_LAST_OF_N_FULL,  /* blocks n-1, 2n-1, ... see all; n is at keys.pattern */
    PATTERN_FIRST_OF_N_FULL, /* blocks 0, n, 2n, ... see all */
    PATTERN_FIRST_N_FULL     /* the first n blocks see all */
};

/* Where a block can have a norm:
 *   a = attention(before_attention(x));     x = after_attention(x + of_attention(a));
 *   m = mlp(before_mlp(x));                 x = after_mlp(x + of_mlp(m)).
 * A parallel block gives both sub-layers the same x and adds a and m at once. */
enum block_norm {
    NORM_BEFORE_ATTENTION = 0,
    NORM_OF_ATTENTION,
    NORM_AFTER_ATTENTION,
    NORM_BEFORE_MLP,
    NORM_OF_MLP,
    NORM_AFTER_MLP,
    N_BLOCK_NORMS
};

/* Parts of a model that are tensors, without ".weight" and ".bias". */
enum tensor_role {
    TENSOR_WORDS = 0,  /* [vocabulary, hidden] */
    TENSOR_TIED_WORDS, /* the same, where only the output has kept its name */
    TENSOR_POSITIONS,  /* [positions, hidden] */
    TENSOR_TYPES,      /* [types, hidden] */
    TENSOR_RELATIVE,   /* [2 * relative_span, hidden] */
    TENSOR_EMBEDDING_NORM,
    TENSOR_RELATIVE_NORM,
    TENSOR_FINAL_NORM,
    /* of each block */
    TENSOR_QKV,
    TENSOR_QUERY,
    TENSOR_KEY,
    TENSOR_VALUE,
    TENSOR_QUERY_NORM, /* of each head, [head] */
    TENSOR_KEY_NORM,
    TENSOR_RELATIVE_QUERY, /* projections of the relative embeddings */
    TENSOR_RELATIVE_KEY,
    TENSOR_ATTENTION_OUTPUT,
    TENSOR_GATE,
    TENSOR_UP,
    TENSOR_DOWN,
    TENSOR_BLOCK_NORMS, /* TENSOR_BLOCK_NORMS + enum block_norm */
    N_TENSOR_ROLES = TENSOR_BLOCK_NORMS + N_BLOCK_NORMS
};

/* A switch: the value of the key in config.json; without a key, or when it is absent, `otherwise`.
 */
struct architecture_flag {
    const char *key;
    bool otherwise;
};

struct architecture {
    const char *name; /* "model_type" in config.json */

    /* The object of config.json that has the keys; NULL: config.json itself. */
    const char *text_config;

    /* Names of keys in config.json. NULL: there is none, and the value is the default. */
    struct {
        const char *hidden_size;
        const char *n_layers;
        const char *n_heads;
        const char *n_key_heads; /* n_heads when absent */
        const char *head_size;   /* hidden_size / n_heads when absent */
        const char *intermediate_size;
        uint32_t intermediate_ratio; /* times hidden_size, when absent; 0: must be there */
        const char *n_positions;
        const char *n_types;
        const char *activation;
        const char *default_activation;
        const char *norm_epsilon;
        float default_epsilon;
        const char *attention_size; /* scores are divided by its root; the head's size when NULL */
        const char *rope_theta;
        float default_theta;
        const char *local_theta; /* of blocks with a window; as rope_theta when NULL */
        float default_local_theta;
        const char *rotary_fraction; /* of a head that is rotated; all when NULL */
        float default_rotary_fraction;
        const char *pattern; /* n of enum layer_pattern */
        uint32_t default_pattern;
        const char *window;       /* tokens that a block with a window sees */
        const char *needs_window; /* a switch without which there are no windows */
    } keys;

    struct architecture_flag qkv_bias, output_bias, mlp_bias, norm_bias;
    struct architecture_flag is_parallel;
    struct architecture_flag is_bidirectional;

    enum norm_kind norm;
    enum position_kind positions;
    enum qkv_layout qkv;
    enum mlp_layout mlp;
    enum layer_pattern pattern;
    bool window_is_centred;    /* half of it on each side of the token, else all of it before */
    bool positions_skip_pad;   /* the first position is the pad token's id + 1 */
    bool inputs_first;         /* matrices are [inputs, outputs] */
    bool scales_embeddings;    /* by the root of hidden_size */
    bool norm_adds_one;        /* to its weight */
    bool first_has_no_norm;    /* the first block lacks NORM_BEFORE_ATTENTION */
    bool rope_scaling_is_full; /* "rope_scaling" is for blocks without a window */
    bool has_absolute_key;     /* "position_embedding_type" must be "absolute" if it is there */

    const char *blocks;                  /* before a block's number: "encoder.layer." */
    const char *tensors[N_TENSOR_ROLES]; /* NULL: there is none */
};

size_t architecture_count(void);
const struct architecture *architecture_at(size_t index);

/* The index of a "model_type"; architecture_count() when it is not known. */
size_t architecture_find(const char *name);

/* All names with commas between, for messages. Returns the length; cut when out_size is small. */
size_t architecture_list(char *out, size_t out_size);

/* Whether a block (or, for other roles, the model) has a tensor. */
bool architecture_has_tensor(const struct architecture *architecture, enum tensor_role role,
                             uint32_t block);

enum { TENSOR_NAME_SIZE = 128 };

/* The name of a tensor as a bare model has it ("encoder.layer.3.output.dense.bias"; weights_find
 * also looks for it behind the prefixes of larger models). `what` is "weight" or "bias"; `block`
 * counts for roles of blocks only. False when the architecture has no such tensor. */
bool architecture_tensor_name(const struct architecture *architecture, enum tensor_role role,
                              uint32_t block, const char *what, char out[TENSOR_NAME_SIZE]);

#endif
