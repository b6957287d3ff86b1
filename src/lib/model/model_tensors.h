/* SPDX-License-Identifier: Apache-2.0
 *
 * Which tensors a model must have and what shape each has, from its configuration. Used by the
 * backends before they read weights. */
#ifndef ALKFW_MODEL_TENSORS_H
#define ALKFW_MODEL_TENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "model/adapter.h"
#include "model/model_config.h"
#include "model/model_files.h"

struct model_tensor {
    char name[TENSOR_NAME_SIZE]; /* as weights_find takes it */
    size_t n_rows;
    size_t n_columns; /* 0: a vector of n_rows */
};

/* False when the model has no such tensor. `block` counts for roles of blocks only. */
bool model_tensor_weight(const struct model_config *config, enum tensor_role role, uint32_t block,
                         struct model_tensor *tensor);
bool model_tensor_bias(const struct model_config *config, enum tensor_role role, uint32_t block,
                       struct model_tensor *tensor);

/* Whether all tensors of the embeddings and of the first n_blocks blocks are there, have the shape
 * that config.json asks for and no bias that it does not know: nothing is allocated for a model
 * before its files on disk justify it. */
ALKFW_MUST_CHECK alkfw_status model_tensors_check(const struct model_config *config,
                                                  const struct weights *weights, uint32_t n_blocks,
                                                  alkfw_error *error);

/* Whether an adapter (or NULL) is what its digest says and changes nothing but matrices of the
 * first n_blocks blocks: a change that is passed over would give other activations in silence. */
ALKFW_MUST_CHECK alkfw_status model_tensors_check_adapter(const struct model_config *config,
                                                          const struct adapter *adapter,
                                                          uint32_t n_blocks, alkfw_error *error);

/* The role under which the weights keep the words. */
enum tensor_role model_tensors_words(const struct model_config *config,
                                     const struct weights *weights);

#endif
