/* SPDX-License-Identifier: Apache-2.0 */
#include "walk.h"

#include <errno.h>
#include <fts.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"

static const char ignore_name[] = ".alkfwignore";

struct walk {
    const struct walk_rules *rules;
    const struct walk_visitor *visitor;
    FTS *tree;
};

static int by_name(const FTSENT **a, const FTSENT **b) {
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool fail(const struct walk *walk, const char *path, int number) {
    alkfw_error error;

    (void)alkfw_error_set(&error, ALKFW_E_IO, "cannot read: %s", strerror(number));
    return walk->visitor->failure(walk->visitor->state, path, &error);
}

/* The entry's path below a folder that holds it. */
static const char *path_below(const FTSENT *entry, const FTSENT *folder) {
    const char *path = entry->fts_path + folder->fts_pathlen;

    return *path == '/' ? path + 1 : path;
}

/* A list of a deeper folder comes first: it may take back what one above it says. */
static bool is_ignored(const FTSENT *entry, bool is_folder) {
    for (const FTSENT *folder = entry->fts_parent; folder->fts_level >= FTS_ROOTLEVEL;
         folder = folder->fts_parent) {
        enum globs_answer answer =
            globs_match(folder->fts_pointer, path_below(entry, folder), is_folder);
        if (answer != GLOBS_NO_MATCH)
            return answer == GLOBS_MATCH;
    }
    return false;
}

static bool is_wanted(const struct walk *walk, const FTSENT *entry, bool is_folder) {
    const FTSENT *top = entry;

    if (entry->fts_level == FTS_ROOTLEVEL)
        return true;
    while (top->fts_level > FTS_ROOTLEVEL)
        top = top->fts_parent;
    const char *path = path_below(entry, top);
    if (globs_match(walk->rules->exclude, path, is_folder) == GLOBS_MATCH)
        return false;
    if (!is_folder && walk->rules->include != NULL &&
        globs_match(walk->rules->include, path, false) != GLOBS_MATCH)
        return false;
    return !is_ignored(entry, is_folder);
}

/* Reads the folder's own list, before its entries come. */
static bool enter(struct walk *walk, FTSENT *folder) {
    struct globs *globs = NULL;
    alkfw_error error;
    char *path = NULL;

    if (!is_wanted(walk, folder, true)) {
        (void)fts_set(walk->tree, folder, FTS_SKIP);
        return true;
    }
    if (asprintf(&path, "%s/%s", folder->fts_path, ignore_name) < 0)
        return fail(walk, folder->fts_path, ENOMEM);
    alkfw_status status = globs_load(&globs, path, &error);
    folder->fts_pointer = globs;
    bool goes_on = status == ALKFW_OK || status == ALKFW_E_MISSING ||
                   walk->visitor->failure(walk->visitor->state, path, &error);
    free(path);
    return goes_on;
}

static bool visit(struct walk *walk, FTSENT *entry) {
    switch (entry->fts_info) {
    case FTS_D:
        return enter(walk, entry);
    case FTS_DP:
        globs_free(entry->fts_pointer);
        entry->fts_pointer = NULL;
        return true;
    case FTS_F:
        if (strcmp(entry->fts_name, ignore_name) == 0 && entry->fts_level > FTS_ROOTLEVEL)
            return true;
        return !is_wanted(walk, entry, false) ||
               walk->visitor->file(walk->visitor->state, entry->fts_path);
    case FTS_DEFAULT:
        if (entry->fts_level == FTS_ROOTLEVEL) /* named by the user: /dev/stdin, a pipe */
            return walk->visitor->file(walk->visitor->state, entry->fts_path);
        message_info("%s: is neither file nor folder, passed over", entry->fts_path);
        return true;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        return fail(walk, entry->fts_path, entry->fts_errno);
    default: /* a link, a cycle that a mount makes */
        return true;
    }
}

bool walk(const char *top, const struct walk_rules *rules, const struct walk_visitor *visitor) {
    char *tops[] = {(char *)(uintptr_t)top, NULL};
    struct walk walk = {.rules = rules, .visitor = visitor};
    bool goes_on = true;
    FTSENT *entry;

    walk.tree = fts_open(tops, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
    if (walk.tree == NULL)
        return fail(&walk, top, errno);
    errno = 0;
    while (goes_on && (entry = fts_read(walk.tree)) != NULL)
        goes_on = visit(&walk, entry);
    if (goes_on && errno != 0)
        goes_on = fail(&walk, top, errno);
    /* What an early end leaves is freed by reading on without entering anything. */
    while (!goes_on && (entry = fts_read(walk.tree)) != NULL) {
        if (entry->fts_info == FTS_DP)
            globs_free(entry->fts_pointer);
        else
            (void)fts_set(walk.tree, entry, FTS_SKIP);
    }
    (void)fts_close(walk.tree);
    return goes_on;
}
