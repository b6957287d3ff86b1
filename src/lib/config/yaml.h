/* SPDX-License-Identifier: Apache-2.0
 *
 * The strict YAML of a configuration file: one mapping from known keys to scalars or lists of
 * scalars, and for `allow` to a list of mappings to these. No aliases, tags, duplicate keys,
 * further documents or nesting, so there is nothing that can expand or recurse. For config.c, its
 * tests and its fuzz target. */
#ifndef ALKFW_CONFIG_YAML_H
#define ALKFW_CONFIG_YAML_H

#include "config/config.h"

enum { CONFIG_FILE_CEILING = 1 << 20 }; /* bytes of a configuration file */

/* Reads n_bytes of YAML into `config`, which must be empty. `name` is the file's name for
 * messages: "NAME:LINE:COLUMN: ...". */
ALKFW_MUST_CHECK alkfw_status config_yaml_parse(alkfw_config *config, const char *bytes,
                                                size_t n_bytes, const char *name,
                                                alkfw_error *error);

#endif
