/* SPDX-License-Identifier: Apache-2.0
 *
 * The configuration as the rest of the library reads it: typed, every value valid already. */
#ifndef ALKFW_CONFIG_H
#define ALKFW_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "alkfw.h"
#include "config/schema.h"

struct alkfw_config {
    char *values[CONFIG_KEY_COUNT]; /* canonical text form; NULL: not set, the default holds */
};

/* The value of a number, integer, size or boolean key; false when it is unset and has no default.
 * The key must be one of the schema. */
bool config_number(const alkfw_config *config, const char *key, double *value);
bool config_integer(const alkfw_config *config, const char *key, uint64_t *value);
bool config_boolean(const alkfw_config *config, const char *key);

#endif
