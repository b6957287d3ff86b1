/* SPDX-License-Identifier: Apache-2.0
 *
 * The files below a folder, for -r. Used by filter.c. */
#ifndef ALKFW_WALK_H
#define ALKFW_WALK_H

#include <stdbool.h>

#include "alkfw.h"
#include "globs.h"

struct walk_rules {
    const struct globs *include; /* NULL: every file */
    const struct globs *exclude; /* files and folders */
};

struct walk_visitor {
    void *state;
    /* Both end the walk by false. */
    bool (*file)(void *state, const char *path);
    bool (*failure)(void *state, const char *path, const alkfw_error *error);
};

/* Visits the regular files below `top`, or top itself if it is no folder, sorted by name within
 * each folder. Links are followed only when they are the argument; devices, sockets and pipes below
 * it are passed over. A .alkfwignore in a folder holds for what is below it. False: ended by the
 * visitor. Not thread-safe for the same rules. */
bool walk(const char *top, const struct walk_rules *rules, const struct walk_visitor *visitor);

#endif
