/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_tensors.h"

#include <string.h>

static const struct architecture *architecture_of(const struct model_config *config) {
    return architecture_at(config->architecture);
}

/* ---- one tensor ---------------------------------------------------------- */

/* Outputs and inputs of a matrix; false for what is none. */
static bool matrix_shape(const struct model_config *config, enum tensor_role role,
                         size_t *n_outputs, size_t *n_inputs) {
    size_t queries = (size_t)config->n_heads * config->head_size;
    size_t keys = (size_t)config->n_key_heads * config->head_size;
    size_t inner = config->intermediate_size;

    *n_inputs = config->hidden_size;
    switch (role) {
    case TENSOR_QKV:
        *n_outputs = queries + 2 * keys;
        return true;
    case TENSOR_QUERY:
    case TENSOR_RELATIVE_QUERY:
    case TENSOR_RELATIVE_KEY:
        *n_outputs = queries;
        return true;
    case TENSOR_KEY:
    case TENSOR_VALUE:
        *n_outputs = keys;
        return true;
    case TENSOR_ATTENTION_OUTPUT:
        *n_outputs = config->hidden_size;
        *n_inputs = queries;
        return true;
    case TENSOR_GATE:
        *n_outputs = inner;
        return true;
    case TENSOR_UP:
        *n_outputs = architecture_of(config)->mlp == MLP_GATED_STACKED ? 2 * inner : inner;
        return true;
    case TENSOR_DOWN:
        *n_outputs = config->hidden_size;
        *n_inputs = inner;
        return true;
    default:
        return false;
    }
}

static bool is_wanted(const struct model_config *config, enum tensor_role role) {
    switch (role) {
    case TENSOR_POSITIONS:
        return config->has_learned_positions;
    case TENSOR_TYPES:
        return config->n_types > 0;
    case TENSOR_RELATIVE_NORM:
        return config->has_relative_norm;
    case TENSOR_RELATIVE_QUERY:
        return config->has_position_to_content && !config->shares_relative_projections;
    case TENSOR_RELATIVE_KEY:
        return config->has_content_to_position && !config->shares_relative_projections;
    default:
        return true;
    }
}

static void table_shape(const struct model_config *config, enum tensor_role role,
                        struct model_tensor *tensor) {
    tensor->n_rows = config->hidden_size; /* of a norm */
    tensor->n_columns = 0;
    if (role == TENSOR_QUERY_NORM || role == TENSOR_KEY_NORM) {
        tensor->n_rows = config->head_size;
        return;
    }
    if (role > TENSOR_RELATIVE)
        return;
    tensor->n_columns = config->hidden_size;
    if (role == TENSOR_POSITIONS)
        tensor->n_rows = config->n_positions;
    else if (role == TENSOR_TYPES)
        tensor->n_rows = config->n_types;
    else if (role == TENSOR_RELATIVE)
        tensor->n_rows = 2 * (size_t)config->relative_span;
    else
        tensor->n_rows = config->vocabulary_size;
}

bool model_tensor_weight(const struct model_config *config, enum tensor_role role, uint32_t block,
                         struct model_tensor *tensor) {
    const struct architecture *architecture = architecture_of(config);
    size_t n_outputs, n_inputs;

    if (!is_wanted(config, role) ||
        !architecture_tensor_name(architecture, role, block, "weight", tensor->name))
        return false;
    if (!matrix_shape(config, role, &n_outputs, &n_inputs)) {
        table_shape(config, role, tensor);
        return true;
    }
    tensor->n_rows = architecture->inputs_first ? n_inputs : n_outputs;
    tensor->n_columns = architecture->inputs_first ? n_outputs : n_inputs;
    return true;
}

/* Embeddings and norms of the root mean square never have one. */
static bool has_bias(const struct model_config *config, enum tensor_role role) {
    switch (role) {
    case TENSOR_QKV:
    case TENSOR_QUERY:
    case TENSOR_KEY:
    case TENSOR_VALUE:
    case TENSOR_RELATIVE_QUERY:
    case TENSOR_RELATIVE_KEY:
        return config->has_qkv_bias;
    case TENSOR_ATTENTION_OUTPUT:
        return config->has_output_bias;
    case TENSOR_GATE:
    case TENSOR_UP:
    case TENSOR_DOWN:
        return config->has_mlp_bias;
    case TENSOR_QUERY_NORM:
    case TENSOR_KEY_NORM:
        return false;
    default:
        return role >= TENSOR_EMBEDDING_NORM && config->has_norm_bias;
    }
}

bool model_tensor_bias(const struct model_config *config, enum tensor_role role, uint32_t block,
                       struct model_tensor *tensor) {
    size_t n_outputs, n_inputs;

    if (!has_bias(config, role) || !is_wanted(config, role) ||
        !architecture_tensor_name(architecture_of(config), role, block, "bias", tensor->name))
        return false;
    tensor->n_rows =
        matrix_shape(config, role, &n_outputs, &n_inputs) ? n_outputs : config->hidden_size;
    tensor->n_columns = 0;
    return true;
}

/* ---- all of them --------------------------------------------------------- */

static alkfw_status check_shape(const struct weights *weights, const struct model_tensor *tensor,
                                alkfw_error *error) {
    const struct safetensors *file;
    const struct safetensors_tensor *found;

    return weights_find(weights, tensor->name, tensor->n_rows, tensor->n_columns, &file, &found,
                        error);
}

/* A bias that the configuration does not know would be left out of every value. */
static alkfw_status check_no_bias(const struct model_config *config, const struct weights *weights,
                                  enum tensor_role role, uint32_t block, alkfw_error *error) {
    char name[TENSOR_NAME_SIZE];

    if (!architecture_tensor_name(architecture_of(config), role, block, "bias", name) ||
        !weights_have(weights, name))
        return ALKFW_OK;
    return alkfw_error_set(error, ALKFW_E_FORMAT,
                           "%s: there is a tensor \"%s\" that config.json does not know of: the "
                           "weights do not fit config.json",
                           safetensors_name(weights->files[0]), name);
}

static alkfw_status check_role(const struct model_config *config, const struct weights *weights,
                               enum tensor_role role, uint32_t block, alkfw_error *error) {
    struct model_tensor tensor;

    if (!model_tensor_weight(config, role, block, &tensor))
        return ALKFW_OK;
    alkfw_status status = check_shape(weights, &tensor, error);
    if (status != ALKFW_OK)
        return status;
    return model_tensor_bias(config, role, block, &tensor)
               ? check_shape(weights, &tensor, error)
               : check_no_bias(config, weights, role, block, error);
}

enum tensor_role model_tensors_words(const struct model_config *config,
                                     const struct weights *weights) {
    struct model_tensor own, tied;

    if (model_tensor_weight(config, TENSOR_WORDS, 0, &own) && !weights_have(weights, own.name) &&
        model_tensor_weight(config, TENSOR_TIED_WORDS, 0, &tied) &&
        weights_have(weights, tied.name))
        return TENSOR_TIED_WORDS;
    return TENSOR_WORDS;
}

alkfw_status model_tensors_check(const struct model_config *config, const struct weights *weights,
                                 uint32_t n_blocks, alkfw_error *error) {
    alkfw_status status =
        check_role(config, weights, model_tensors_words(config, weights), 0, error);

    for (int role = TENSOR_POSITIONS; status == ALKFW_OK && role < TENSOR_QKV; role++)
        status = check_role(config, weights, (enum tensor_role)role, 0, error);
    for (uint32_t block = 0; status == ALKFW_OK && block < n_blocks; block++) {
        for (int role = TENSOR_QKV; status == ALKFW_OK && role < N_TENSOR_ROLES; role++)
            status = check_role(config, weights, (enum tensor_role)role, block, error);
    }
    return status;
}

/* ---- adapters -------------------------------------------------------------- */

static bool is_block_matrix(const struct model_config *config, uint32_t n_blocks, const char *name,
                            size_t n_rows, size_t n_columns) {
    struct model_tensor tensor;

    for (uint32_t block = 0; block < n_blocks; block++) {
        for (int role = TENSOR_QKV; role < TENSOR_BLOCK_NORMS; role++) {
            if (model_tensor_weight(config, (enum tensor_role)role, block, &tensor) &&
                tensor.n_columns > 0 && strcmp(tensor.name, name) == 0)
                return tensor.n_rows == n_rows && tensor.n_columns == n_columns;
        }
    }
    return false;
}

alkfw_status model_tensors_check_adapter(const struct model_config *config,
                                         const struct adapter *adapter, uint32_t n_blocks,
                                         alkfw_error *error) {
    if (adapter == NULL)
        return ALKFW_OK;
    for (size_t i = 0; i < adapter_n_tensors(adapter) / 2; i++) {
        size_t n_rows, n_columns;
        const char *name = adapter_weight_at(adapter, i, &n_rows, &n_columns);
        if (!is_block_matrix(config, n_blocks, name, n_rows, n_columns))
            return alkfw_error_set(error, ALKFW_E_MISMATCH,
                                   "the adapter changes \"%s\" [%zu, %zu], which is no matrix of "
                                   "the first %u blocks of the model: it was made for another one",
                                   name, n_rows, n_columns, n_blocks);
    }
    return adapter_check(adapter, error);
}
