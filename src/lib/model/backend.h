/* SPDX-License-Identifier: Apache-2.0
 *
 * What runs a model: the native code of this library, or a module that is loaded on demand. Used by
 * model.c, which checks the arguments before a backend sees them. */
#ifndef ALKFW_BACKEND_H
#define ALKFW_BACKEND_H

#include "alkfw.h"
#include "model/model.h"
#include "model/model_config.h"

/* What backend_open fills. */
struct backend_model {
    void *state;                 /* the backend's own */
    struct tokenizer *tokenizer; /* freed by model.c before close */
    struct model_info info;      /* info.backend and .adapter_sha256 are set by model.c */
    uint32_t vocabulary_size;    /* ids are below it */
    uint32_t deepest_layer;      /* what was asked for, cut to n_layers */
};

struct backend {
    const char *name;

    /* On failure nothing is left to close. */
    alkfw_status (*open)(const struct model_options *options, struct backend_model *model,
                         alkfw_error *error);
    void (*close)(void *state);

    /* NULL, both: nothing is kept between two calls, and the session is NULL. */
    alkfw_status (*session_new)(const void *state, void **session, alkfw_error *error);
    void (*session_free)(void *session);

    /* Fills states[n_layers], each [offsets[n_windows], hidden_size], in memory of model.c; the
     * arguments are valid as model_hidden_states says. */
    alkfw_status (*hidden_states)(const void *state, void *session, const struct model_batch *batch,
                                  const uint32_t *layers, size_t n_layers, float *const *states,
                                  alkfw_error *error);
};

/* For a backend's open: fills in what the configuration says of a model. */
void backend_describe(const struct model_config *config, struct backend_model *model);

extern const struct backend backend_native;
extern const struct backend backend_torch;

#endif
