/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether a program or library runs from the tree that it was built in, so that it takes what lies
 * there and not what is installed. */
#ifndef ALKFW_BUILD_TREE_H
#define ALKFW_BUILD_TREE_H

#include <limits.h>
#include <stdbool.h>

/* The build tree of what lies in `folder` (an absolute path): the folder that has config.status. It
 * is the folder itself, or above the folders of libtool and of the tests only: above /tmp/x/bin is
 * /tmp, where anybody may put a config.status and a module to load. */
bool build_tree_find(const char *folder, char tree[PATH_MAX]);

#endif
