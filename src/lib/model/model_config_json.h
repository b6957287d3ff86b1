/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by model_config.c and model_config_positions.c: reading single keys of config.json. */
#ifndef ALKFW_MODEL_CONFIG_JSON_H
#define ALKFW_MODEL_CONFIG_JSON_H

#include <jansson.h>

#include "model/model_config.h"

struct config_reader {
    const json_t *json; /* the object that has the keys */
    const char *name;   /* of the file, for messages */
    const struct architecture *architecture;
    alkfw_error *error;
};

/* Whether the key is there and not null; false for no key. */
bool config_has(const struct config_reader *reader, const char *key);

ALKFW_MUST_CHECK alkfw_status config_size(const struct config_reader *reader, const char *key,
                                          uint32_t least, uint32_t ceiling, uint32_t *result);

/* A number in (low, high); `otherwise` without a key or when it is absent. */
ALKFW_MUST_CHECK alkfw_status config_real(const struct config_reader *reader, const char *key,
                                          float otherwise, double low, double high, float *result);

bool config_flag(const struct config_reader *reader, const struct architecture_flag *flag);

/* Heads, sizes and switches are read before these. */
ALKFW_MUST_CHECK alkfw_status config_read_rope(const struct config_reader *reader,
                                               struct model_config *config);
ALKFW_MUST_CHECK alkfw_status config_read_relative(const struct config_reader *reader,
                                                   struct model_config *config);
ALKFW_MUST_CHECK alkfw_status config_read_windows(const struct config_reader *reader,
                                                  struct model_config *config);

#endif
