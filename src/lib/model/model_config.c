/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_config.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "model/model_config_json.h"

/* ---- sizes --------------------------------------------------------------- */

static alkfw_status read_architecture(struct config_reader *reader, struct model_config *config) {
    const char *type = json_string_value(json_object_get(reader->json, "model_type"));
    char known[512];

    if (type == NULL)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT, "%s: \"model_type\" is absent",
                               reader->name);
    config->architecture = (uint32_t)architecture_find(type);
    if (config->architecture == architecture_count()) {
        (void)architecture_list(known, sizeof known);
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: the architecture \"%.64s\" is not known; this version runs: %s",
                               reader->name, type, known);
    }
    reader->architecture = architecture_at(config->architecture);
    const char *inner = reader->architecture->text_config;
    if (inner != NULL) {
        reader->json = json_object_get(reader->json, inner);
        if (!json_is_object(reader->json))
            return alkfw_error_set(reader->error, ALKFW_E_FORMAT, "%s: \"%s\" is no object",
                                   reader->name, inner);
    }
    return ALKFW_OK;
}

static alkfw_status read_sizes(const struct config_reader *reader, struct model_config *config) {
    const struct architecture *architecture = reader->architecture;
    const struct {
        const char *key;
        uint32_t ceiling;
        uint32_t *result;
    } sizes[] = {
        {architecture->keys.hidden_size, MODEL_MAX_HIDDEN, &config->hidden_size},
        {architecture->keys.n_heads, MODEL_MAX_HIDDEN, &config->n_heads},
        {architecture->keys.n_layers, MODEL_MAX_LAYERS, &config->n_layers},
        {"vocab_size", MODEL_MAX_VOCABULARY, &config->vocabulary_size},
        {architecture->keys.n_positions, MODEL_MAX_POSITIONS, &config->n_positions},
    };
    alkfw_status status = ALKFW_OK;

    for (size_t i = 0; status == ALKFW_OK && i < sizeof sizes / sizeof sizes[0]; i++)
        status = config_size(reader, sizes[i].key, 1, sizes[i].ceiling, sizes[i].result);
    config->intermediate_size = architecture->keys.intermediate_ratio * config->hidden_size;
    if (status == ALKFW_OK && (config->intermediate_size == 0 ||
                               config_has(reader, architecture->keys.intermediate_size)))
        status = config_size(reader, architecture->keys.intermediate_size, 1,
                             MODEL_MAX_INTERMEDIATE, &config->intermediate_size);
    if (status == ALKFW_OK && architecture->keys.n_types != NULL)
        status = config_size(reader, architecture->keys.n_types,
                             architecture->positions == POSITIONS_RELATIVE ? 0 : 1, MODEL_MAX_TYPES,
                             &config->n_types);
    return status;
}

static alkfw_status read_heads(const struct config_reader *reader, struct model_config *config) {
    const struct architecture *architecture = reader->architecture;
    const char *key_heads = architecture->keys.n_key_heads;
    const char *head_size = architecture->keys.head_size;
    alkfw_status status = ALKFW_OK;

    config->n_key_heads = config->n_heads;
    if (config_has(reader, key_heads))
        status = config_size(reader, key_heads, 1, MODEL_MAX_HIDDEN, &config->n_key_heads);
    if (status != ALKFW_OK)
        return status;
    if (config->n_heads % config->n_key_heads != 0)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: \"%s\" %u is not a multiple of \"%s\" %u", reader->name,
                               architecture->keys.n_heads, config->n_heads, key_heads,
                               config->n_key_heads);
    if (config_has(reader, head_size))
        return config_size(reader, head_size, 1, MODEL_MAX_HEAD, &config->head_size);
    if (config->hidden_size % config->n_heads != 0)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: \"%s\" %u is not a multiple of \"%s\" %u", reader->name,
                               architecture->keys.hidden_size, config->hidden_size,
                               architecture->keys.n_heads, config->n_heads);
    config->head_size = config->hidden_size / config->n_heads;
    return ALKFW_OK;
}

/* ---- functions and switches ---------------------------------------------- */

static alkfw_status read_activation(const struct config_reader *reader,
                                    struct model_config *config) {
    static const struct {
        const char *name;
        enum activation activation;
    } known[] = {
        {"gelu", ACTIVATION_GELU},
        {"gelu_new", ACTIVATION_GELU_TANH},
        {"gelu_pytorch_tanh", ACTIVATION_GELU_TANH},
        {"relu", ACTIVATION_RELU},
        {"silu", ACTIVATION_SILU},
        {"swish", ACTIVATION_SILU},
    };
    const char *key = reader->architecture->keys.activation;
    const char *wanted = config_has(reader, key)
                             ? json_string_value(json_object_get(reader->json, key))
                             : reader->architecture->keys.default_activation;

    for (size_t i = 0; wanted != NULL && i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(wanted, known[i].name) == 0) {
            config->activation = known[i].activation;
            return ALKFW_OK;
        }
    }
    return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                           "%s: the activation function \"%.64s\" is not known; this version runs: "
                           "gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish",
                           reader->name, wanted != NULL ? wanted : "");
}

static void read_switches(const struct config_reader *reader, struct model_config *config) {
    const struct architecture *architecture = reader->architecture;

    config->has_qkv_bias = config_flag(reader, &architecture->qkv_bias);
    config->has_output_bias = config_flag(reader, &architecture->output_bias);
    config->has_mlp_bias = config_flag(reader, &architecture->mlp_bias);
    config->has_norm_bias = config_flag(reader, &architecture->norm_bias);
    config->is_parallel = config_flag(reader, &architecture->is_parallel);
    config->is_causal = !config_flag(reader, &architecture->is_bidirectional);
}

static alkfw_status read_scales(const struct config_reader *reader, struct model_config *config) {
    const struct architecture *architecture = reader->architecture;
    float attention_size = (float)config->head_size;
    alkfw_status status =
        config_real(reader, architecture->keys.norm_epsilon, architecture->keys.default_epsilon,
                    0.0, 1.0, &config->norm_epsilon);

    if (status == ALKFW_OK)
        status = config_real(reader, architecture->keys.attention_size, attention_size, 0.0, 1e6,
                             &attention_size);
    config->attention_scale = 1.0f / sqrtf(attention_size);
    config->embedding_scale =
        architecture->scales_embeddings ? sqrtf((float)config->hidden_size) : 1.0f;
    return status;
}

/* Settings that models of these architectures have in theory, and that would change every value. */
static alkfw_status refuse_settings(const struct config_reader *reader) {
    static const char *const refused[] = {
        "add_cross_attention",
        "attn_logit_softcapping",
        "conv_kernel_size",
        "scale_attn_by_inverse_layer_idx",
    };
    const json_t *scaled = json_object_get(reader->json, "scale_attn_weights");
    const char *position =
        json_string_value(json_object_get(reader->json, "position_embedding_type"));

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const json_t *value = json_object_get(reader->json, refused[i]);
        if (json_is_true(value) || json_number_value(value) != 0.0)
            return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                                   "%s: this version runs no model with \"%s\"", reader->name,
                                   refused[i]);
    }
    if (json_is_false(scaled))
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: this version runs no model without \"scale_attn_weights\"",
                               reader->name);
    if (!reader->architecture->has_absolute_key)
        return ALKFW_OK;
    if (position != NULL && strcmp(position, "absolute") != 0)
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: the position embeddings \"%.64s\" are not known; this version "
                               "runs: absolute",
                               reader->name, position);
    if (json_is_true(json_object_get(reader->json, "is_decoder")))
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: \"is_decoder\" is set; this version runs \"%s\" as an encoder",
                               reader->name, reader->architecture->name);
    return ALKFW_OK;
}

/* ---- positions ----------------------------------------------------------- */

static alkfw_status read_learned(const struct config_reader *reader, struct model_config *config) {
    config->has_learned_positions = 1;
    if (!reader->architecture->positions_skip_pad)
        return ALKFW_OK;
    config->pad_id = 1; /* of RobertaConfig */
    alkfw_status status = ALKFW_OK;
    if (config_has(reader, "pad_token_id"))
        status = config_size(reader, "pad_token_id", 0, MODEL_MAX_VOCABULARY, &config->pad_id);
    config->first_position = config->pad_id + 1;
    if (status == ALKFW_OK && config->first_position >= config->n_positions)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: \"pad_token_id\" %u leaves none of %u positions", reader->name,
                               config->pad_id, config->n_positions);
    return status;
}

static alkfw_status read_positions(const struct config_reader *reader,
                                   struct model_config *config) {
    alkfw_status status = ALKFW_OK;

    switch (reader->architecture->positions) {
    case POSITIONS_LEARNED:
        status = read_learned(reader, config);
        break;
    case POSITIONS_ROTARY:
        status = config_read_rope(reader, config);
        break;
    case POSITIONS_RELATIVE:
        status = config_read_relative(reader, config);
        break;
    }
    if (status == ALKFW_OK)
        status = config_read_windows(reader, config);
    config->max_tokens = config->n_positions - config->first_position;
    if (config->max_tokens > MODEL_MAX_TOKENS)
        config->max_tokens = MODEL_MAX_TOKENS;
    return status;
}

/* ---- all of it ----------------------------------------------------------- */

static alkfw_status read_config(struct config_reader *reader, struct model_config *config) {
    alkfw_status status = read_architecture(reader, config);

    if (status == ALKFW_OK)
        status = refuse_settings(reader);
    if (status == ALKFW_OK)
        status = read_sizes(reader, config);
    if (status == ALKFW_OK)
        status = read_heads(reader, config);
    if (status == ALKFW_OK)
        status = read_activation(reader, config);
    if (status == ALKFW_OK)
        status = read_scales(reader, config);
    if (status != ALKFW_OK)
        return status;
    read_switches(reader, config);
    status = read_positions(reader, config);
    if (status == ALKFW_OK && !model_config_is_sound(config))
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: %u heads of %u values are more than this version runs",
                               reader->name, config->n_heads, config->head_size);
    return status;
}

alkfw_status model_config_parse(const void *json, size_t n_bytes, const char *name,
                                struct model_config *config, alkfw_error *error) {
    json_error_t problem;

    memset(config, 0, sizeof *config);
    json_t *root = json_loadb(n_bytes > 0 ? json : "", n_bytes, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: line %d: %s", name, problem.line,
                               problem.text);
    struct config_reader reader = {.json = root, .name = name, .error = error};
    alkfw_status status = read_config(&reader, config);
    json_decref(root);
    return status;
}

static bool is_between(uint64_t value, uint64_t least, uint64_t most) {
    return value >= least && value <= most;
}

bool model_config_is_sound(const struct model_config *config) {
    return config->architecture < architecture_count() &&
           is_between(config->hidden_size, 1, MODEL_MAX_HIDDEN) &&
           is_between(config->n_heads, 1, MODEL_MAX_HIDDEN) &&
           is_between(config->n_key_heads, 1, config->n_heads) &&
           config->n_heads % config->n_key_heads == 0 &&
           is_between(config->head_size, 1, MODEL_MAX_HEAD) &&
           (uint64_t)config->n_heads * config->head_size <= MODEL_MAX_INTERMEDIATE &&
           is_between(config->n_layers, 1, MODEL_MAX_LAYERS) &&
           is_between(config->intermediate_size, 1, MODEL_MAX_INTERMEDIATE) &&
           is_between(config->vocabulary_size, 1, MODEL_MAX_VOCABULARY) &&
           is_between(config->n_positions, 1, MODEL_MAX_POSITIONS) &&
           config->first_position < config->n_positions &&
           (config->first_position == 0 || config->pad_id < config->first_position) &&
           is_between(config->max_tokens, 1, MODEL_MAX_TOKENS) &&
           config->max_tokens <= config->n_positions - config->first_position &&
           config->n_types <= MODEL_MAX_TYPES && config->rotary_size <= config->head_size &&
           config->rotary_size % 2 == 0 && config->relative_span <= MODEL_MAX_POSITIONS / 2;
}
