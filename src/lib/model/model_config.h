/* SPDX-License-Identifier: Apache-2.0
 *
 * The config.json of a Hugging Face model: the shape of a transformer of the BERT family. Used by
 * src/lib/model/ only. */
#ifndef ALKFW_MODEL_CONFIG_H
#define ALKFW_MODEL_CONFIG_H

#include <stdint.h>

#include "alkfw.h"
#include "model/kernels/kernels.h"

/* Ceilings that keep every product of two sizes far inside 64 bits. */
enum {
    MODEL_MAX_HIDDEN = 8192,
    MODEL_MAX_LAYERS = 128,
    MODEL_MAX_INTERMEDIATE = 65536,
    MODEL_MAX_VOCABULARY = 1 << 24,
    MODEL_MAX_POSITIONS = 65536,
    MODEL_MAX_TYPES = 64
};

/* Fixed-size members only: this struct is part of the packed file. */
struct model_config {
    uint32_t hidden_size;
    uint32_t n_heads;
    uint32_t n_layers;
    uint32_t intermediate_size;
    uint32_t vocabulary_size;
    uint32_t n_positions;
    uint32_t n_types;
    uint32_t activation; /* enum activation */
    float layer_norm_epsilon;
};

/* ALKFW_E_UNSUPPORTED: an architecture or a setting that this version cannot run, named in the
 * message with those that it can. `name` is the file's name for messages. */
ALKFW_MUST_CHECK alkfw_status model_config_parse(const void *json, size_t n_bytes, const char *name,
                                                 struct model_config *config, alkfw_error *error);

#endif
