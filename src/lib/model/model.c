/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/backend.h"
#include "model/model_config.h"

struct model {
    const struct backend *backend;
    struct backend_model parts;
};

struct model_session {
    const struct backend *backend;
    void *state;   /* the backend's own, or NULL */
    float *states; /* the result of the last call, grown to the largest */
    size_t n_states;
};

static const char *const precision_names[] = {
    [MODEL_PRECISION_AUTO] = "auto",
    [MODEL_PRECISION_FP32] = "fp32",
    [MODEL_PRECISION_INT8] = "int8",
    [MODEL_PRECISION_BF16] = "bf16",
};

const char *model_precision_name(enum model_precision precision) {
    return precision_names[precision];
}

bool model_precision_parse(const char *name, enum model_precision *precision) {
    for (size_t i = 0; i < sizeof precision_names / sizeof precision_names[0]; i++) {
        if (strcmp(name, precision_names[i]) == 0) {
            *precision = (enum model_precision)i;
            return true;
        }
    }
    return false;
}

static const struct backend *const backends[] = {&backend_native, &backend_torch};

static alkfw_status find_backend(const char *name, const struct backend **backend,
                                 alkfw_error *error) {
    for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++) {
        if (name == NULL || strcmp(name, backends[i]->name) == 0) {
            *backend = backends[i];
            return ALKFW_OK;
        }
    }
    return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                           "the backend \"%s\" is not known; there are: native, torch", name);
}

void backend_describe(const struct model_config *config, struct backend_model *model) {
    model->info.architecture = architecture_at(config->architecture)->name;
    model->info.n_layers = config->n_layers;
    model->info.hidden_size = config->hidden_size;
    model->info.is_causal = config->is_causal;
    model->info.max_tokens = config->max_tokens;
    model->vocabulary_size = config->vocabulary_size;
}

alkfw_status model_open(const struct model_options *options, struct model **result,
                        alkfw_error *error) {
    struct model *model = calloc(1, sizeof *model);

    *result = NULL;
    if (model == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model");
    alkfw_status status = find_backend(options->backend, &model->backend, error);
    if (status == ALKFW_OK)
        status = model->backend->open(options, &model->parts, error);
    if (status != ALKFW_OK) {
        free(model);
        return status;
    }
    model->parts.info.backend = model->backend->name;
    if (options->adapter != NULL)
        (void)snprintf(model->parts.info.adapter_sha256, sizeof model->parts.info.adapter_sha256,
                       "%s", adapter_sha256(options->adapter));
    if (tokenizer_vocabulary_size(model->parts.tokenizer) > model->parts.vocabulary_size) {
        status =
            alkfw_error_set(error, ALKFW_E_MISMATCH,
                            "%s: the tokenizer has %zu tokens, the model %u: they do not "
                            "belong together",
                            options->directory, tokenizer_vocabulary_size(model->parts.tokenizer),
                            model->parts.vocabulary_size);
        model_close(model);
        return status;
    }
    *result = model;
    return ALKFW_OK;
}

void model_close(struct model *model) {
    if (model == NULL)
        return;
    tokenizer_free(model->parts.tokenizer);
    model->backend->close(model->parts.state);
    free(model);
}

const struct model_info *model_get_info(const struct model *model) {
    return &model->parts.info;
}

const struct tokenizer *model_get_tokenizer(const struct model *model) {
    return model->parts.tokenizer;
}

alkfw_status model_session_new(const struct model *model, struct model_session **result,
                               alkfw_error *error) {
    struct model_session *session = calloc(1, sizeof *session);

    *result = NULL;
    if (session == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for a model session");
    session->backend = model->backend;
    alkfw_status status = ALKFW_OK;
    if (session->backend->session_new != NULL)
        status = session->backend->session_new(model->parts.state, &session->state, error);
    if (status != ALKFW_OK) {
        free(session);
        return status;
    }
    *result = session;
    return ALKFW_OK;
}

void model_session_free(struct model_session *session) {
    if (session == NULL)
        return;
    if (session->backend->session_free != NULL)
        session->backend->session_free(session->state);
    free(session->states);
    free(session);
}

static alkfw_status check_batch(const struct model *model, const struct model_batch *batch,
                                alkfw_error *error) {
    const struct backend_model *parts = &model->parts;

    if (batch->n_windows > 0 && batch->offsets[0] != 0)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "the first window does not start at 0");
    for (size_t i = 0; i < batch->n_windows; i++) {
        uint32_t start = batch->offsets[i], end = batch->offsets[i + 1];
        if (end <= start || end - start > parts->info.max_tokens)
            return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                                   "window %zu from token %u to %u is not of 1 to %u tokens", i,
                                   start, end, parts->info.max_tokens);
        for (uint32_t t = start; t < end; t++) {
            if (batch->ids[t] < 0 || (uint32_t)batch->ids[t] >= parts->vocabulary_size)
                return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                                       "token id %d is not in the vocabulary of %u", batch->ids[t],
                                       parts->vocabulary_size);
        }
    }
    return ALKFW_OK;
}

static alkfw_status reserve_states(struct model_session *session, size_t n_states,
                                   alkfw_error *error) {
    if (n_states <= session->n_states)
        return ALKFW_OK;
    free(session->states); /* nothing of it needs copying */
    session->n_states = 0;
    session->states = n_states <= SIZE_MAX / sizeof(float) - 64
                          ? aligned_alloc(64, (n_states * sizeof(float) + 63) / 64 * 64)
                          : NULL;
    if (session->states == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for hidden states");
    session->n_states = n_states;
    return ALKFW_OK;
}

alkfw_status model_hidden_states(const struct model *model, struct model_session *session,
                                 const struct model_batch *batch, const uint32_t *layers,
                                 size_t n_layers, const float **states, alkfw_error *error) {
    for (size_t i = 0; i < n_layers; i++) {
        if (layers[i] > model->parts.deepest_layer || (i > 0 && layers[i] <= layers[i - 1]))
            return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                                   "layer %u is over the deepest one, %u, or out of order",
                                   layers[i], model->parts.deepest_layer);
    }
    alkfw_status status = check_batch(model, batch, error);
    if (status != ALKFW_OK)
        return status;
    size_t n_tokens = batch->n_windows > 0 ? batch->offsets[batch->n_windows] : 0;
    size_t n_values = n_tokens * model->parts.info.hidden_size; /* of a layer */
    float *results[MODEL_MAX_LAYERS + 1];
    status = reserve_states(session, n_values * n_layers, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t i = 0; i < n_layers; i++) {
        results[i] = session->states + i * n_values;
        states[i] = results[i];
    }
    return model->backend->hidden_states(model->parts.state, session->state, batch, layers,
                                         n_layers, results, error);
}
