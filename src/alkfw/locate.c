/* SPDX-License-Identifier: Apache-2.0
 *
 * In this order:
 *   1. a build tree (support/build_tree.h): etc/, a link that configure makes to the source's;
 *   2. an installation, moved or not: ../share/alkfw and ../etc/alkfw from the program's folder;
 *   3. an installation whose folders are not side by side (--datadir, --sysconfdir=/etc): what
 *      configure was told. */
#include "locate.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/build_tree.h"

static char *join(const char *folder, const char *name) {
    char *path;

    return folder != NULL && asprintf(&path, "%s/%s", folder, name) >= 0 ? path : NULL;
}

/* The folder joined with a name when such a file exists, else NULL. */
static char *join_existing(const char *folder, const char *name) {
    char *path = join(folder, name);

    if (path != NULL && access(path, F_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* The folder of the running program. */
static char *program_folder(void) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

    if (length <= 0)
        return NULL;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return strdup(path);
}

/* The build tree that the program runs from, or NULL when it is installed. */
static char *build_tree(const char *folder) {
    char tree[PATH_MAX];

    return folder != NULL && build_tree_find(folder, tree) ? strdup(tree) : NULL;
}

char *locate_codebook(const char *name) {
    char *folder = program_folder();
    char *tree = build_tree(folder);
    char *etc = join(tree, "etc");
    char *share = join(folder, "../share/alkfw");
    char *path = join_existing(etc, name);

    if (path == NULL)
        path = join_existing(share, name);
    if (path == NULL)
        path = join_existing(ALKFW_DATADIR, name);
    free(share);
    free(etc);
    free(tree);
    free(folder);
    return path;
}

char *locate_system_config(void) {
    char *folder = program_folder();
    char *tree = build_tree(folder);
    char *path = NULL;

    if (tree == NULL)
        path = join_existing(folder, "../etc/alkfw/alkfw.yaml");
    if (tree == NULL && path == NULL)
        path = join_existing(ALKFW_SYSCONFDIR, "alkfw.yaml");
    free(tree);
    free(folder);
    return path;
}

/* `variable` when it is an absolute path (the XDG base directory specification says to ignore any
 * other), else the folder in $HOME; then the name. */
static char *locate_xdg(const char *variable, const char *in_home, const char *name) {
    const char *base = getenv(variable);
    const char *home = getenv("HOME");

    if (base != NULL && base[0] == '/')
        return join(base, name);
    if (home == NULL || home[0] != '/')
        return NULL;
    char *folder = join(home, in_home);
    char *path = join(folder, name);
    free(folder);
    return path;
}

char *locate_user_config(void) {
    return locate_xdg("XDG_CONFIG_HOME", ".config", "alkfw/alkfw.yaml");
}

char *locate_cache(void) {
    return locate_xdg("XDG_CACHE_HOME", ".cache", "alkfw");
}
