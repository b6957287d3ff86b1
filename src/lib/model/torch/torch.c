/* SPDX-License-Identifier: Apache-2.0
 *
 * The torch backend: reads a model's files and describes them to alkfw-torch.so, which runs it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/backend.h"
#include "model/model_tensors.h"
#include "model/torch/torch_module.h"

enum { N_BLOCK_ROLES = N_TENSOR_ROLES - TENSOR_QKV, KERNEL_SIZE = 64 };

struct torch {
    const struct torch_api *api;
    struct torch_model *model;
    struct model_config config;
    struct weights weights; /* the model reads them where they are mapped */
    float **changed;        /* [n_changed] weights that an adapter changed, as fp32 */
    size_t n_changed;
    char kernel[KERNEL_SIZE];
};

/* ---- the description ----------------------------------------------------- */

/* What the description points at while the model is opened. */
struct parts {
    struct torch_part *parts;
    char (*names)[TENSOR_NAME_SIZE]; /* [2 * n_parts] */
    float *frequencies;              /* [2, rotary_size / 2] */
    uint32_t *rows;
    const struct adapter *adapter; /* NULL: none */
};

/* Puts a copy in the place of a weight that the adapter changes. */
static alkfw_status change(struct torch *torch, const struct adapter *adapter,
                           const struct safetensors *file, const struct safetensors_tensor *found,
                           struct torch_tensor *tensor, alkfw_error *error) {
    struct adapter_change change;
    alkfw_status status = adapter_find(adapter, tensor->name, &change, error);

    if (status != ALKFW_OK || change.rank == 0)
        return status;
    float *values = malloc(found->n_elements * sizeof *values);
    if (values == NULL) {
        adapter_change_free(&change);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model");
    }
    torch->changed[torch->n_changed++] = values;
    status = safetensors_copy_f32(file, found, values, error);
    for (size_t row = 0; status == ALKFW_OK && row < tensor->n_rows; row++)
        adapter_add_row(&change, row, values + row * tensor->n_columns);
    adapter_change_free(&change);
    tensor->data = values;
    tensor->dtype = SAFETENSORS_F32;
    return status;
}

static alkfw_status point_at(struct torch *torch, const struct parts *parts,
                             const struct model_tensor *wanted, char name[TENSOR_NAME_SIZE],
                             struct torch_tensor *tensor, alkfw_error *error) {
    const struct safetensors *file;
    const struct safetensors_tensor *found;
    alkfw_status status = weights_find(&torch->weights, wanted->name, wanted->n_rows,
                                       wanted->n_columns, &file, &found, error);

    if (status != ALKFW_OK)
        return status;
    if (found->dtype > SAFETENSORS_BF16)
        return alkfw_error_set(
            error, ALKFW_E_FORMAT, "%s: tensor \"%s\" has the type %s, which is not floating-point",
            safetensors_name(file), found->name, safetensors_dtype_name(found->dtype));
    memcpy(name, wanted->name, TENSOR_NAME_SIZE);
    *tensor = (struct torch_tensor){.name = name,
                                    .data = found->data,
                                    .dtype = found->dtype,
                                    .n_rows = wanted->n_rows,
                                    .n_columns = wanted->n_columns};
    return change(torch, parts->adapter, file, found, tensor, error);
}

static alkfw_status describe_part(struct torch *torch, const struct parts *parts, size_t index,
                                  enum tensor_role role, uint32_t block, alkfw_error *error) {
    struct torch_part *part = &parts->parts[index];
    struct model_tensor wanted;
    alkfw_status status = ALKFW_OK;

    if (model_tensor_weight(&torch->config, role, block, &wanted))
        status = point_at(torch, parts, &wanted, parts->names[2 * index], &part->weight, error);
    if (status == ALKFW_OK && model_tensor_bias(&torch->config, role, block, &wanted))
        status = point_at(torch, parts, &wanted, parts->names[2 * index + 1], &part->bias, error);
    return status;
}

static alkfw_status describe_parts(struct torch *torch, const struct parts *parts,
                                   uint32_t n_blocks, alkfw_error *error) {
    /* The words stand under the one role, whichever the weights keep them under. */
    alkfw_status status = describe_part(
        torch, parts, TENSOR_WORDS, model_tensors_words(&torch->config, &torch->weights), 0, error);

    for (size_t role = TENSOR_POSITIONS; status == ALKFW_OK && role < TENSOR_QKV; role++)
        status = describe_part(torch, parts, role, (enum tensor_role)role, 0, error);
    for (size_t i = 0; status == ALKFW_OK && i < (size_t)n_blocks * N_BLOCK_ROLES; i++)
        status = describe_part(torch, parts, TENSOR_QKV + i,
                               (enum tensor_role)(TENSOR_QKV + i % N_BLOCK_ROLES),
                               (uint32_t)(i / N_BLOCK_ROLES), error);
    return status;
}

static void parts_free(struct parts *parts) {
    free(parts->parts);
    free(parts->names);
    free(parts->frequencies);
    free(parts->rows);
}

static alkfw_status parts_new(const struct model_config *config, uint32_t n_blocks,
                              struct parts *parts, alkfw_error *error) {
    size_t n_parts = TENSOR_QKV + (size_t)n_blocks * N_BLOCK_ROLES;

    parts->parts = calloc(n_parts, sizeof *parts->parts);
    parts->names = calloc(2 * n_parts, sizeof *parts->names);
    parts->frequencies = calloc(config->rotary_size + (size_t)1, sizeof *parts->frequencies);
    parts->rows = calloc(2 * (size_t)config->max_tokens, sizeof *parts->rows);
    if (parts->parts == NULL || parts->names == NULL || parts->frequencies == NULL ||
        parts->rows == NULL) {
        parts_free(parts);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model");
    }
    rope_frequencies(&config->rope, config->rotary_size, parts->frequencies);
    rope_frequencies(&config->windowed_rope, config->rotary_size,
                     parts->frequencies + config->rotary_size / 2);
    if (config->relative_span > 0)
        model_config_relative_rows(config, config->max_tokens, parts->rows);
    return ALKFW_OK;
}

/* ---- opening ------------------------------------------------------------- */

static alkfw_status open_model(struct torch *torch, const struct model_options *options,
                               enum model_precision precision, uint32_t n_blocks,
                               alkfw_error *error) {
    const struct model_config *config = &torch->config;
    char message[TORCH_MESSAGE_SIZE];
    struct parts parts;
    alkfw_status status = parts_new(config, n_blocks, &parts, error);

    if (status != ALKFW_OK)
        return status;
    parts.adapter = options->adapter;
    if (options->adapter != NULL)
        torch->changed = calloc(adapter_n_tensors(options->adapter) / 2, sizeof *torch->changed);
    if (options->adapter != NULL && torch->changed == NULL)
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model");
    if (status == ALKFW_OK)
        status = describe_parts(torch, &parts, n_blocks, error);
    if (status == ALKFW_OK) {
        const struct torch_description description = {
            .architecture = architecture_at(config->architecture),
            .config = config,
            .parts = parts.parts,
            .n_blocks = n_blocks,
            .frequencies = {parts.frequencies, parts.frequencies + config->rotary_size / 2},
            .relative_rows = parts.rows,
            .device = options->device != NULL ? options->device : "cpu",
            .precision = precision};
        status = torch->api->open(&description, &torch->model, message);
        if (status != ALKFW_OK)
            status = alkfw_error_set(error, status, "%s: %s", options->directory, message);
    }
    parts_free(&parts);
    return status;
}

static void torch_close(void *state) {
    struct torch *torch = state;

    if (torch->model != NULL)
        torch->api->close(torch->model);
    weights_close(&torch->weights);
    for (size_t i = 0; i < torch->n_changed; i++)
        free(torch->changed[i]);
    free(torch->changed);
    free(torch);
}

static void describe(struct torch *torch, const struct model_options *options,
                     enum model_precision precision, uint32_t n_blocks,
                     struct backend_model *model) {
    struct model_info *info = &model->info;

    backend_describe(&torch->config, model);
    (void)snprintf(torch->kernel, sizeof torch->kernel, "libtorch %s %s",
                   torch->api->libtorch_version, options->device != NULL ? options->device : "cpu");
    info->kernel = torch->kernel;
    info->precision = precision;
    weights_sha256(&torch->weights, info->weights_sha256);
    model->deepest_layer = n_blocks;
    model->state = torch;
}

static alkfw_status open_files(struct torch *torch, const struct model_options *options,
                               struct tokenizer **tokenizer, alkfw_error *error) {
    struct model_files files;
    alkfw_status status = model_files_find(options->directory, &files, error);

    if (status != ALKFW_OK)
        return status;
    status = model_files_config(&files, &torch->config, error);
    if (status == ALKFW_OK)
        status = weights_open(&files, &torch->weights, error);
    if (status == ALKFW_OK)
        status = model_files_tokenizer(&files, &torch->config, tokenizer, error);
    model_files_free(&files);
    return status;
}

static alkfw_status torch_open(const struct model_options *options, struct backend_model *model,
                               alkfw_error *error) {
    enum model_precision precision =
        options->precision == MODEL_PRECISION_AUTO ? MODEL_PRECISION_FP32 : options->precision;
    struct torch *torch = calloc(1, sizeof *torch);
    uint32_t n_blocks = options->deepest_layer;

    model->tokenizer = NULL;
    if (torch == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model");
    alkfw_status status = torch_module_load(options->torch_module, &torch->api, error);
    if (status == ALKFW_OK && precision == MODEL_PRECISION_INT8)
        status = alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                                 "the backend \"torch\" computes in fp32 or bf16; int8 is of the "
                                 "backend \"native\"");
    if (status == ALKFW_OK)
        status = open_files(torch, options, &model->tokenizer, error);
    if (status == ALKFW_OK) {
        n_blocks = n_blocks < torch->config.n_layers ? n_blocks : torch->config.n_layers;
        status = model_tensors_check(&torch->config, &torch->weights, n_blocks, error);
    }
    if (status == ALKFW_OK)
        status = model_tensors_check_adapter(&torch->config, options->adapter, n_blocks, error);
    if (status == ALKFW_OK)
        status = open_model(torch, options, precision, n_blocks, error);
    if (status != ALKFW_OK) {
        tokenizer_free(model->tokenizer);
        torch_close(torch);
        return status;
    }
    describe(torch, options, precision, n_blocks, model);
    return ALKFW_OK;
}

/* ---- running ------------------------------------------------------------- */

static alkfw_status torch_hidden_states(const void *state, void *session,
                                        const struct model_batch *batch, const uint32_t *layers,
                                        size_t n_layers, float *const *states, alkfw_error *error) {
    const struct torch *torch = state;
    char message[TORCH_MESSAGE_SIZE];

    (void)session;
    alkfw_status status = torch->api->run(torch->model, batch, layers, n_layers, states, message);
    return status == ALKFW_OK ? ALKFW_OK : alkfw_error_set(error, status, "%s", message);
}

const struct backend backend_torch = {
    .name = "torch",
    .open = torch_open,
    .close = torch_close,
    .hidden_states = torch_hidden_states,
};
