/* SPDX-License-Identifier: Apache-2.0
 *
 * The Hub's variables, read as the Python client reads them. For src/hub/ and alkfw-fetch. */
#ifndef ALKFW_HUB_ENVIRONMENT_H
#define ALKFW_HUB_ENVIRONMENT_H

#include <stdbool.h>

#include "alkfw.h"

/* "1", "ON", "YES" or "TRUE" in any case. */
bool hub_variable_is_true(const char *name);

/* The value of a variable that is set and not empty, else NULL. */
const char *hub_variable(const char *name);

/* Expands a leading "~" and $NAME, ${NAME} as os.path.expanduser and expandvars do (a name that is
 * not set stays as it is written), and makes the path absolute. *path is the caller's. */
ALKFW_MUST_CHECK alkfw_status hub_expand_path(const char *text, char **path, alkfw_error *error);

/* $HF_HOME, else $XDG_CACHE_HOME/huggingface, else ~/.cache/huggingface. */
ALKFW_MUST_CHECK alkfw_status hub_home(char **path, alkfw_error *error);

#endif
