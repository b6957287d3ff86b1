/* SPDX-License-Identifier: Apache-2.0 */
#include "support/build_tree.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_within_build(const char *folder) {
    static const char *const names[] = {"/.libs", "/tests", "/bench"};
    size_t length = strlen(folder);

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t n = strlen(names[i]);
        if (length > n && strcmp(folder + length - n, names[i]) == 0)
            return true;
    }
    return false;
}

bool build_tree_find(const char *folder, char tree[PATH_MAX]) {
    char mark[PATH_MAX + sizeof "/config.status"];

    if (strlen(folder) >= PATH_MAX)
        return false;
    (void)snprintf(tree, PATH_MAX, "%s", folder);
    for (;;) {
        (void)snprintf(mark, sizeof mark, "%s/config.status", tree);
        if (access(mark, F_OK) == 0)
            return true;
        if (!is_within_build(tree))
            return false;
        *strrchr(tree, '/') = '\0';
    }
}
