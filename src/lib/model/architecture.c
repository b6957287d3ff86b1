/* SPDX-License-Identifier: Apache-2.0 */
#include "model/architecture.h"

#include <stdio.h>
#include <string.h>

#define NORM_TENSOR(place) [TENSOR_BLOCK_NORMS + (place)]
#define ALWAYS                                                                                     \
    { NULL, true }
#define NEVER                                                                                      \
    { NULL, false }

/* ---- what several have in common ----------------------------------------- */

#define BERT_SIZES                                                                                 \
    .hidden_size = "hidden_size", .n_layers = "num_hidden_layers",                                 \
    .n_heads = "num_attention_heads", .intermediate_size = "intermediate_size",                    \
    .n_positions = "max_position_embeddings"

#define BERT_KEYS                                                                                  \
    BERT_SIZES, .n_types = "type_vocab_size", .activation = "hidden_act",                          \
                .default_activation = "gelu", .norm_epsilon = "layer_norm_eps",                    \
                .default_epsilon = 1e-12f

#define BERT_SWITCHES                                                                              \
    .qkv_bias = ALWAYS, .output_bias = ALWAYS, .mlp_bias = ALWAYS, .norm_bias = ALWAYS,            \
    .is_bidirectional = ALWAYS

#define BERT_TENSORS                                                                               \
    [TENSOR_WORDS] = "embeddings.word_embeddings",                                                 \
    [TENSOR_POSITIONS] = "embeddings.position_embeddings",                                         \
    [TENSOR_TYPES] = "embeddings.token_type_embeddings",                                           \
    [TENSOR_EMBEDDING_NORM] = "embeddings.LayerNorm",                                              \
    [TENSOR_ATTENTION_OUTPUT] = "attention.output.dense",                                          \
    NORM_TENSOR(NORM_AFTER_ATTENTION) = "attention.output.LayerNorm",                              \
    [TENSOR_UP] = "intermediate.dense", [TENSOR_DOWN] = "output.dense",                            \
    NORM_TENSOR(NORM_AFTER_MLP) = "output.LayerNorm"

#define BERT_QKV                                                                                   \
    [TENSOR_QUERY] = "attention.self.query", [TENSOR_KEY] = "attention.self.key",                  \
    [TENSOR_VALUE] = "attention.self.value"

#define LLAMA_KEYS                                                                                 \
    BERT_SIZES, .n_key_heads = "num_key_value_heads", .head_size = "head_dim",                     \
                .norm_epsilon = "rms_norm_eps", .default_epsilon = 1e-6f,                          \
                .rope_theta = "rope_theta"

#define LLAMA_ACTIVATION                                                                           \
    .activation = "hidden_act", .default_activation = "silu", .default_theta = 10000.0f

#define LLAMA_TENSORS                                                                              \
    [TENSOR_WORDS] = "embed_tokens", [TENSOR_TIED_WORDS] = "lm_head",                              \
    [TENSOR_FINAL_NORM] = "norm", [TENSOR_QUERY] = "self_attn.q_proj",                             \
    [TENSOR_KEY] = "self_attn.k_proj", [TENSOR_VALUE] = "self_attn.v_proj",                        \
    [TENSOR_ATTENTION_OUTPUT] = "self_attn.o_proj", [TENSOR_GATE] = "mlp.gate_proj",               \
    [TENSOR_UP] = "mlp.up_proj", [TENSOR_DOWN] = "mlp.down_proj",                                  \
    NORM_TENSOR(NORM_BEFORE_ATTENTION) = "input_layernorm"

#define QK_NORM_TENSORS                                                                            \
    [TENSOR_QUERY_NORM] = "self_attn.q_norm", [TENSOR_KEY_NORM] = "self_attn.k_norm"

#define QWEN_WINDOW                                                                                \
    .window = "sliding_window", .needs_window = "use_sliding_window",                              \
    .pattern = "max_window_layers", .default_pattern = 28

/* A Gemma 3 of text alone, and the language half of one that also reads images. */
#define GEMMA3                                                                                     \
    .keys = {LLAMA_KEYS,                                                                           \
             .activation = "hidden_activation",                                                    \
             .default_activation = "gelu_pytorch_tanh",                                            \
             .default_theta = 1000000.0f,                                                          \
             .attention_size = "query_pre_attn_scalar",                                            \
             .local_theta = "rope_local_base_freq",                                                \
             .default_local_theta = 10000.0f,                                                      \
             .pattern = "sliding_window_pattern",                                                  \
             .default_pattern = 6,                                                                 \
             .window = "sliding_window"},                                                          \
    .qkv_bias = {"attention_bias", false}, .output_bias = {"attention_bias", false},               \
    .is_bidirectional = {"use_bidirectional_attention", false}, .norm = NORM_RMS,                  \
    .positions = POSITIONS_ROTARY, .mlp = MLP_GATED, .pattern = PATTERN_LAST_OF_N_FULL,            \
    .scales_embeddings = true, .norm_adds_one = true, .rope_scaling_is_full = true,                \
    .blocks = "layers.",                                                                           \
    .tensors = {LLAMA_TENSORS, QK_NORM_TENSORS,                                                    \
                NORM_TENSOR(NORM_OF_ATTENTION) = "post_attention_layernorm",                       \
                NORM_TENSOR(NORM_BEFORE_MLP) = "pre_feedforward_layernorm",                        \
                NORM_TENSOR(NORM_OF_MLP) = "post_feedforward_layernorm"}

/* ---- the table ----------------------------------------------------------- */

static const struct architecture architectures[] = {
    /* Devlin et al., 2019: also MiniLM, BGE, E5, arctic-embed */
    {.name = "bert",
     .keys = {BERT_KEYS},
     BERT_SWITCHES,
     .has_absolute_key = true,
     .blocks = "encoder.layer.",
     .tensors = {BERT_TENSORS, BERT_QKV}},

    {.name = "roberta",
     .keys = {BERT_KEYS},
     BERT_SWITCHES,
     .positions_skip_pad = true,
     .has_absolute_key = true,
     .blocks = "encoder.layer.",
     .tensors = {BERT_TENSORS, BERT_QKV}},

    {.name = "xlm-roberta",
     .keys = {BERT_KEYS},
     BERT_SWITCHES,
     .positions_skip_pad = true,
     .has_absolute_key = true,
     .blocks = "encoder.layer.",
     .tensors = {BERT_TENSORS, BERT_QKV}},

    {.name = "distilbert",
     .keys = {.hidden_size = "dim",
              .n_layers = "n_layers",
              .n_heads = "n_heads",
              .intermediate_size = "hidden_dim",
              .n_positions = "max_position_embeddings",
              .activation = "activation",
              .default_activation = "gelu",
              .default_epsilon = 1e-12f},
     BERT_SWITCHES,
     .blocks = "transformer.layer.",
     .tensors = {[TENSOR_WORDS] = "embeddings.word_embeddings",
                 [TENSOR_POSITIONS] = "embeddings.position_embeddings",
                 [TENSOR_EMBEDDING_NORM] = "embeddings.LayerNorm",
                 [TENSOR_QUERY] = "attention.q_lin",
                 [TENSOR_KEY] = "attention.k_lin",
                 [TENSOR_VALUE] = "attention.v_lin",
                 [TENSOR_ATTENTION_OUTPUT] = "attention.out_lin",
                 NORM_TENSOR(NORM_AFTER_ATTENTION) = "sa_layer_norm",
                 [TENSOR_UP] = "ffn.lin1",
                 [TENSOR_DOWN] = "ffn.lin2",
                 NORM_TENSOR(NORM_AFTER_MLP) = "output_layer_norm"}},

    /* He et al., 2021; without the convolution of its largest models */
    {.name = "deberta-v2",
     .keys = {BERT_SIZES, .n_types = "type_vocab_size", .activation = "hidden_act",
              .default_activation = "gelu", .norm_epsilon = "layer_norm_eps",
              .default_epsilon = 1e-7f},
     BERT_SWITCHES,
     .positions = POSITIONS_RELATIVE,
     .blocks = "encoder.layer.",
     .tensors =
         {BERT_TENSORS, [TENSOR_QUERY] = "attention.self.query_proj",
          [TENSOR_KEY] = "attention.self.key_proj", [TENSOR_VALUE] = "attention.self.value_proj",
          [TENSOR_RELATIVE] = "encoder.rel_embeddings",
          [TENSOR_RELATIVE_NORM] = "encoder.LayerNorm",
          [TENSOR_RELATIVE_QUERY] = "attention.self.pos_query_proj",
          [TENSOR_RELATIVE_KEY] = "attention.self.pos_key_proj"}},

    /* Warner et al., 2024 */
    {.name = "modernbert",
     .keys = {BERT_SIZES, .activation = "hidden_activation", .default_activation = "gelu",
              .norm_epsilon = "norm_eps", .default_epsilon = 1e-5f,
              .rope_theta = "global_rope_theta", .default_theta = 160000.0f,
              .local_theta = "local_rope_theta", .default_local_theta = 10000.0f,
              .pattern = "global_attn_every_n_layers", .default_pattern = 3,
              .window = "local_attention"},
     .qkv_bias = {"attention_bias", false},
     .output_bias = {"attention_bias", false},
     .mlp_bias = {"mlp_bias", false},
     .norm_bias = {"norm_bias", false},
     .is_bidirectional = ALWAYS,
     .positions = POSITIONS_ROTARY,
     .qkv = QKV_STACKED,
     .mlp = MLP_GATED_STACKED,
     .pattern = PATTERN_FIRST_OF_N_FULL,
     .window_is_centred = true,
     .first_has_no_norm = true,
     .blocks = "layers.",
     .tensors = {[TENSOR_WORDS] = "embeddings.tok_embeddings",
                 [TENSOR_EMBEDDING_NORM] = "embeddings.norm",
                 [TENSOR_FINAL_NORM] = "final_norm",
                 NORM_TENSOR(NORM_BEFORE_ATTENTION) = "attn_norm",
                 [TENSOR_QKV] = "attn.Wqkv",
                 [TENSOR_ATTENTION_OUTPUT] = "attn.Wo",
                 NORM_TENSOR(NORM_BEFORE_MLP) = "mlp_norm",
                 [TENSOR_UP] = "mlp.Wi",
                 [TENSOR_DOWN] = "mlp.Wo"}},

    /* Radford et al., 2019 */
    {.name = "gpt2",
     .keys = {.hidden_size = "n_embd",
              .n_layers = "n_layer",
              .n_heads = "n_head",
              .intermediate_size = "n_inner",
              .intermediate_ratio = 4,
              .n_positions = "n_positions",
              .activation = "activation_function",
              .default_activation = "gelu_new",
              .norm_epsilon = "layer_norm_epsilon",
              .default_epsilon = 1e-5f},
     .qkv_bias = ALWAYS,
     .output_bias = ALWAYS,
     .mlp_bias = ALWAYS,
     .norm_bias = ALWAYS,
     .qkv = QKV_STACKED,
     .inputs_first = true,
     .blocks = "h.",
     .tensors = {[TENSOR_WORDS] = "wte",
                 [TENSOR_TIED_WORDS] = "lm_head",
                 [TENSOR_POSITIONS] = "wpe",
                 [TENSOR_FINAL_NORM] = "ln_f",
                 NORM_TENSOR(NORM_BEFORE_ATTENTION) = "ln_1",
                 [TENSOR_QKV] = "attn.c_attn",
                 [TENSOR_ATTENTION_OUTPUT] = "attn.c_proj",
                 NORM_TENSOR(NORM_BEFORE_MLP) = "ln_2",
                 [TENSOR_UP] = "mlp.c_fc",
                 [TENSOR_DOWN] = "mlp.c_proj"}},

    /* Black et al., 2022: Pythia */
    {.name = "gpt_neox",
     .keys = {BERT_SIZES, .activation = "hidden_act", .default_activation = "gelu",
              .norm_epsilon = "layer_norm_eps", .default_epsilon = 1e-5f,
              .rope_theta = "rotary_emb_base", .default_theta = 10000.0f,
              .rotary_fraction = "rotary_pct", .default_rotary_fraction = 0.25f},
     .qkv_bias = {"attention_bias", true},
     .output_bias = {"attention_bias", true},
     .mlp_bias = ALWAYS,
     .norm_bias = ALWAYS,
     .is_parallel = {"use_parallel_residual", true},
     .positions = POSITIONS_ROTARY,
     .qkv = QKV_BY_HEAD,
     .blocks = "layers.",
     .tensors = {[TENSOR_WORDS] = "embed_in",
                 [TENSOR_TIED_WORDS] = "embed_out",
                 [TENSOR_FINAL_NORM] = "final_layer_norm",
                 NORM_TENSOR(NORM_BEFORE_ATTENTION) = "input_layernorm",
                 [TENSOR_QKV] = "attention.query_key_value",
                 [TENSOR_ATTENTION_OUTPUT] = "attention.dense",
                 NORM_TENSOR(NORM_BEFORE_MLP) = "post_attention_layernorm",
                 [TENSOR_UP] = "mlp.dense_h_to_4h",
                 [TENSOR_DOWN] = "mlp.dense_4h_to_h"}},

    /* Touvron et al., 2023: also SmolLM2 */
    {.name = "llama",
     .keys = {LLAMA_KEYS, LLAMA_ACTIVATION},
     .qkv_bias = {"attention_bias", false},
     .output_bias = {"attention_bias", false},
     .mlp_bias = {"mlp_bias", false},
     .norm = NORM_RMS,
     .positions = POSITIONS_ROTARY,
     .mlp = MLP_GATED,
     .blocks = "layers.",
     .tensors = {LLAMA_TENSORS, NORM_TENSOR(NORM_BEFORE_MLP) = "post_attention_layernorm"}},

    {.name = "qwen2",
     .keys = {LLAMA_KEYS, QWEN_WINDOW, LLAMA_ACTIVATION},
     .qkv_bias = ALWAYS,
     .norm = NORM_RMS,
     .positions = POSITIONS_ROTARY,
     .mlp = MLP_GATED,
     .pattern = PATTERN_FIRST_N_FULL,
     .blocks = "layers.",
     .tensors = {LLAMA_TENSORS, NORM_TENSOR(NORM_BEFORE_MLP) = "post_attention_layernorm"}},

    {.name = "qwen3",
     .keys = {LLAMA_KEYS, QWEN_WINDOW, LLAMA_ACTIVATION},
     .qkv_bias = {"attention_bias", false},
     .output_bias = {"attention_bias", false},
     .norm = NORM_RMS,
     .positions = POSITIONS_ROTARY,
     .mlp = MLP_GATED,
     .pattern = PATTERN_FIRST_N_FULL,
     .blocks = "layers.",
     .tensors = {LLAMA_TENSORS, QK_NORM_TENSORS,
                 NORM_TENSOR(NORM_BEFORE_MLP) = "post_attention_layernorm"}},

    {.name = "gemma3_text", GEMMA3},
    {.name = "gemma3", .text_config = "text_config", GEMMA3},
};

enum { N_ARCHITECTURES = sizeof architectures / sizeof architectures[0] };

/* ---- looking up ---------------------------------------------------------- */

size_t architecture_count(void) {
    return N_ARCHITECTURES;
}

const struct architecture *architecture_at(size_t index) {
    return &architectures[index];
}

size_t architecture_find(const char *name) {
    size_t index = 0;

    while (index < N_ARCHITECTURES && strcmp(architectures[index].name, name) != 0)
        index++;
    return index;
}

size_t architecture_list(char *out, size_t out_size) {
    size_t length = 0;

    for (size_t i = 0; i < N_ARCHITECTURES; i++) {
        size_t room = length < out_size ? out_size - length : 0;
        int n = snprintf(room > 0 ? out + length : NULL, room, "%s%s", i > 0 ? ", " : "",
                         architectures[i].name);
        length += (size_t)n;
    }
    return length;
}

bool architecture_has_tensor(const struct architecture *architecture, enum tensor_role role,
                             uint32_t block) {
    if (role == TENSOR_BLOCK_NORMS + NORM_BEFORE_ATTENTION && block == 0 &&
        architecture->first_has_no_norm)
        return false;
    return architecture->tensors[role] != NULL;
}

bool architecture_tensor_name(const struct architecture *architecture, enum tensor_role role,
                              uint32_t block, const char *what, char out[TENSOR_NAME_SIZE]) {
    const char *name = architecture->tensors[role];

    if (!architecture_has_tensor(architecture, role, block))
        return false;
    if (role >= TENSOR_QKV)
        (void)snprintf(out, TENSOR_NAME_SIZE, "%s%u.%s.%s", architecture->blocks, block, name,
                       what);
    else
        (void)snprintf(out, TENSOR_NAME_SIZE, "%s.%s", name, what);
    return true;
}
