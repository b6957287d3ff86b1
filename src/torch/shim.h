/* SPDX-License-Identifier: Apache-2.0
 *
 * The C interface of alkfw-torch.so, which runs a model with libtorch. What is to be run is the
 * same description that the native backend has: the architecture, the configuration and the tensors
 * of each part, where the weights file is mapped. Used by shim.cc, which implements it, and by
 * src/lib/model/torch/, which loads the module. No C++ type and no exception passes through it. */
#ifndef ALKFW_TORCH_SHIM_H
#define ALKFW_TORCH_SHIM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#include "alkfw.h"
#include "model/architecture.h"
#include "model/model.h"
#include "model/model_config.h"
#include "model/safetensors.h"

/* Raised with every change of what is below, or of what it includes. */
enum { TORCH_SHIM_VERSION = 1 };

enum { TORCH_MESSAGE_SIZE = 768 };

/* A tensor in memory that the caller keeps until close. The shim reads it there; it copies what is
 * not aligned to its elements, or is of another type than the arithmetic. */
struct torch_tensor {
    const char *name;             /* for messages */
    const void *data;             /* NULL: there is none */
    enum safetensors_dtype dtype; /* a floating-point one */
    size_t n_rows;
    size_t n_columns; /* 0: a vector of n_rows */
};

/* What one enum tensor_role stands for. */
struct torch_part {
    struct torch_tensor weight;
    struct torch_tensor bias;
};

struct torch_description {
    const struct architecture *architecture;
    const struct model_config *config;
    const struct torch_part *parts; /* [TENSOR_QKV], then [n_blocks][N_TENSOR_ROLES - TENSOR_QKV] */
    uint32_t n_blocks;              /* what is run of config->n_layers */
    const float *frequencies[2];    /* [rotary_size / 2] of full and of windowed blocks */
    const uint32_t *relative_rows;  /* [2 * max_tokens - 1], see model_config_relative_rows */
    const char *device;             /* "cpu", "cuda", "cuda:1" */
    enum model_precision precision; /* MODEL_PRECISION_FP32 or MODEL_PRECISION_BF16 */
};

struct torch_model;

struct torch_api {
    /* The handshake. These members stay as they are whatever else changes: they are compared
     * before any other is read. */
    uint32_t shim_version; /* TORCH_SHIM_VERSION */
    uint32_t api_size;     /* of this struct, as the next ones of theirs */
    uint32_t description_size;
    uint32_t config_size;
    uint32_t architecture_size;
    uint32_t n_roles; /* N_TENSOR_ROLES */
    const char *alkfw_version;

    const char *libtorch_version; /* that it was built with */

    /* Functions that fail return a status and fill `message`, [TORCH_MESSAGE_SIZE]. */
    alkfw_status (*open)(const struct torch_description *description, struct torch_model **result,
                         char *message);
    void (*close)(struct torch_model *model);

    /* As model_hidden_states, with valid arguments; out[i] is where layer layers[i] goes. Threads
     * may call it at once on one model. */
    alkfw_status (*run)(const struct torch_model *model, const struct model_batch *batch,
                        const uint32_t *layers, size_t n_layers, float *const *out, char *message);

    /* Writes the devices that this machine has, "cpu, cuda:0", cut when out_size is small. */
    void (*devices)(char *out, size_t out_size);
};

/* The one symbol of the module. */
#define TORCH_SHIM_SYMBOL "alkfw_torch_api"
ALKFW_API const struct torch_api *alkfw_torch_api(void);

#ifdef __cplusplus
}
#endif

#endif
