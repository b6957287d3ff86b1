/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists of file name patterns as in .gitignore, for -r. Used by walk.c and filter.c.
 *
 * A pattern without a slash is matched with a name, one with a slash with the whole path below the
 * folder that the list belongs to. `*` and `?` stop at a slash, `**` does not. A slash at the end
 * means folders only; `!` in front takes back what an earlier pattern has matched. The last pattern
 * that matches decides. */
#ifndef ALKFW_GLOBS_H
#define ALKFW_GLOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"

struct globs; /* NULL is a list without patterns */

enum globs_answer { GLOBS_NO_MATCH, GLOBS_MATCH, GLOBS_TAKEN_BACK };

/* Adds a pattern; makes the list when *globs is NULL. ALKFW_E_ARGUMENT: not a pattern. */
ALKFW_MUST_CHECK alkfw_status globs_add(struct globs **globs, const char *pattern,
                                        alkfw_error *error);

/* Adds the patterns of a file, one a line; empty lines and those that begin with # are no patterns.
 * ALKFW_E_MISSING: there is no such file. */
ALKFW_MUST_CHECK alkfw_status globs_load(struct globs **globs, const char *path,
                                         alkfw_error *error);
void globs_free(struct globs *globs);

/* path: below the list's folder, without a slash at either end. */
enum globs_answer globs_match(const struct globs *globs, const char *path, bool is_folder);

#endif
