/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_config.h"

#include <jansson.h>
#include <string.h>

static alkfw_status read_size(const json_t *root, const char *name, const char *key,
                              uint32_t ceiling, uint32_t *result, alkfw_error *error) {
    const json_t *value = json_object_get(root, key);

    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > (json_int_t)ceiling)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: \"%s\" is not a number from 1 to %u",
                               name, key, ceiling);
    *result = (uint32_t)json_integer_value(value);
    return ALKFW_OK;
}

static alkfw_status check_architecture(const json_t *root, const char *name, alkfw_error *error) {
    const char *type = json_string_value(json_object_get(root, "model_type"));
    const char *position = json_string_value(json_object_get(root, "position_embedding_type"));

    if (type == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: \"model_type\" is absent", name);
    if (strcmp(type, "bert") != 0)
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "%s: the architecture \"%.64s\" is not known; this version runs: "
                               "bert",
                               name, type);
    if (position != NULL && strcmp(position, "absolute") != 0)
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "%s: the position embeddings \"%.64s\" are not known; this version "
                               "runs: absolute",
                               name, position);
    if (json_is_true(json_object_get(root, "is_decoder")))
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "%s: the model is a decoder; this version runs encoders", name);
    return ALKFW_OK;
}

static alkfw_status read_activation(const json_t *root, const char *name, uint32_t *activation,
                                    alkfw_error *error) {
    static const struct {
        const char *name;
        enum activation activation;
    } known[] = {
        {"gelu", ACTIVATION_GELU},
        {"gelu_new", ACTIVATION_GELU_TANH},
        {"gelu_pytorch_tanh", ACTIVATION_GELU_TANH},
        {"relu", ACTIVATION_RELU},
    };
    const json_t *value = json_object_get(root, "hidden_act");
    const char *wanted = value == NULL ? "gelu" : json_string_value(value);

    for (size_t i = 0; wanted != NULL && i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(wanted, known[i].name) == 0) {
            *activation = known[i].activation;
            return ALKFW_OK;
        }
    }
    return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                           "%s: the activation function \"%.64s\" is not known; this version runs: "
                           "gelu, gelu_new, gelu_pytorch_tanh, relu",
                           name, wanted != NULL ? wanted : "");
}

static alkfw_status read_config(const json_t *root, const char *name, struct model_config *config,
                                alkfw_error *error) {
    const struct {
        const char *key;
        uint32_t ceiling;
        uint32_t *result;
    } sizes[] = {
        {"hidden_size", MODEL_MAX_HIDDEN, &config->hidden_size},
        {"num_attention_heads", MODEL_MAX_HIDDEN, &config->n_heads},
        {"num_hidden_layers", MODEL_MAX_LAYERS, &config->n_layers},
        {"intermediate_size", MODEL_MAX_INTERMEDIATE, &config->intermediate_size},
        {"vocab_size", MODEL_MAX_VOCABULARY, &config->vocabulary_size},
        {"max_position_embeddings", MODEL_MAX_POSITIONS, &config->n_positions},
        {"type_vocab_size", MODEL_MAX_TYPES, &config->n_types},
    };
    alkfw_status status = check_architecture(root, name, error);

    for (size_t i = 0; status == ALKFW_OK && i < sizeof sizes / sizeof sizes[0]; i++)
        status = read_size(root, name, sizes[i].key, sizes[i].ceiling, sizes[i].result, error);
    if (status == ALKFW_OK)
        status = read_activation(root, name, &config->activation, error);
    if (status != ALKFW_OK)
        return status;
    if (config->hidden_size % config->n_heads != 0)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: \"hidden_size\" %u is not a multiple of "
                               "\"num_attention_heads\" %u",
                               name, config->hidden_size, config->n_heads);
    const json_t *epsilon = json_object_get(root, "layer_norm_eps");
    config->layer_norm_epsilon = epsilon == NULL ? 1e-12f : (float)json_number_value(epsilon);
    if (!(config->layer_norm_epsilon > 0.0f && config->layer_norm_epsilon < 1.0f))
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: \"layer_norm_eps\" is not a number between 0 and 1", name);
    return ALKFW_OK;
}

alkfw_status model_config_parse(const void *json, size_t n_bytes, const char *name,
                                struct model_config *config, alkfw_error *error) {
    json_error_t problem;

    memset(config, 0, sizeof *config);
    json_t *root = json_loadb(n_bytes > 0 ? json : "", n_bytes, JSON_REJECT_DUPLICATES, &problem);
    if (root == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: line %d: %s", name, problem.line,
                               problem.text);
    alkfw_status status = read_config(root, name, config, error);
    json_decref(root);
    return status;
}
