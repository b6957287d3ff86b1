/* SPDX-License-Identifier: Apache-2.0
 *
 * --match: finds the text in a line of a log with a regular expression. */
#ifndef ALKFW_MATCHER_H
#define ALKFW_MATCHER_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"

struct matcher;

/* ALKFW_E_CONFIG: not a regular expression; the message says where. */
ALKFW_MUST_CHECK alkfw_status matcher_new(const char *pattern, struct matcher **result,
                                          alkfw_error *error);
void matcher_free(struct matcher *matcher);

/* Looks for the first match in line[0..n_bytes). The text is the group named `prompt`, else group
 * 1, else the match. ALKFW_E_LIMIT: the expression backtracked too long on this line. */
ALKFW_MUST_CHECK alkfw_status matcher_find(const struct matcher *matcher, const char *line,
                                           size_t n_bytes, bool *found, size_t *start, size_t *end,
                                           alkfw_error *error);

#endif
