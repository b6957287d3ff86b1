/* SPDX-License-Identifier: Apache-2.0
 *
 * What alkfw-fetch is asked for: a model or some files of a repository, at a revision, whole. */
#ifndef ALKFW_FETCH_SNAPSHOT_H
#define ALKFW_FETCH_SNAPSHOT_H

#include "alkfw-fetch/options.h"
#include "alkfw-fetch/progress.h"
#include "alkfw-fetch/repository.h"
#include "alkfw-fetch/store.h"

struct snapshot {
    const struct options *options;
    struct repository repository;
    struct store store;
    struct progress progress;
    char commit[41];  /* empty until it is known */
    uint64_t n_bytes; /* downloaded so far, for --max-size */
};

/* Whether the cache has all that is asked for at a pinned commit, or, when `any_revision`, at the
 * commit that it knows for the branch: then nothing has to be asked. Sets snapshot->commit. */
ALKFW_MUST_CHECK enum fetch_status snapshot_is_cached(struct snapshot *snapshot, bool any_revision,
                                                      bool *cached, struct failure *failure);

/* Asks the Hub and downloads what is missing. */
ALKFW_MUST_CHECK enum fetch_status snapshot_fetch(struct snapshot *snapshot,
                                                  struct failure *failure);

/* The folder of the snapshot; the caller's, NULL when memory is out. */
char *snapshot_path(const struct snapshot *snapshot);

/* Copies what was asked for to a folder, as plain files. */
ALKFW_MUST_CHECK enum fetch_status
snapshot_export(const struct snapshot *snapshot, const char *to_directory, struct failure *failure);

#endif
