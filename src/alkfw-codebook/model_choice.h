/* SPDX-License-Identifier: Apache-2.0
 *
 * Which model a command runs: found, opened, identified. */
#ifndef ALKFW_CODEBOOK_MODEL_CHOICE_H
#define ALKFW_CODEBOOK_MODEL_CHOICE_H

#include "alkfw-codebook/dataset.h"
#include "alkfw-codebook/options.h"

/* The directory of options->model or of the default model; the caller's (free). */
ALKFW_MUST_CHECK alkfw_status model_choice_find(const struct options *options, char **directory,
                                                alkfw_error *error);

/* Opens the model up to deepest_layer, changed by an adapter (or NULL). id and revision of
 * `identity` are set, to be freed by the caller. */
ALKFW_MUST_CHECK alkfw_status model_choice_open(const struct options *options,
                                                const struct adapter *adapter,
                                                uint32_t deepest_layer, struct model **model,
                                                struct model_identity *identity,
                                                alkfw_error *error);

#endif
