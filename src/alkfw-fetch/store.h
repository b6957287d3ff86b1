/* SPDX-License-Identifier: Apache-2.0
 *
 * Writing into the Hub's cache (its layout is told in hub/cache.h). Every name appears at once and
 * whole: by rename, or as a link to what has its name already. */
#ifndef ALKFW_FETCH_STORE_H
#define ALKFW_FETCH_STORE_H

#include <stdbool.h>

#include "alkfw-fetch/failure.h"

struct store {
    const char *cache_directory;
    char *repository; /* CACHE/models--OWNER--NAME */
    char *locks;      /* CACHE/.locks/models--OWNER--NAME */
};

ALKFW_MUST_CHECK enum fetch_status store_open(const char *cache_directory,
                                              const char *repository_id, struct store *store,
                                              struct failure *failure);
void store_close(struct store *store);

/* Paths are the caller's; NULL when memory is out. */
char *store_blob(const struct store *store, const char *etag);
char *store_incomplete(const struct store *store, const char *etag);
char *store_snapshot_file(const struct store *store, const char *commit, const char *file);

/* Whether there is a regular file behind the path. */
bool store_has(const char *path);

/* The entity tag of a file of a snapshot, from where its link points to; false when it has none. */
bool store_known_etag(const struct store *store, const char *commit, const char *file,
                      char etag[65]);

/* Makes the folders above `path`. */
ALKFW_MUST_CHECK enum fetch_status store_make_parents(const char *path, struct failure *failure);

/* Takes the lock of a blob as the Python client does, waiting for who has it. */
ALKFW_MUST_CHECK enum fetch_status store_lock(const struct store *store, const char *etag,
                                              const char *file, int *lock, struct failure *failure);
void store_unlock(int lock);

/* Makes snapshots/COMMIT/FILE lead to the blob. */
ALKFW_MUST_CHECK enum fetch_status store_link(const struct store *store, const char *commit,
                                              const char *file, const char *etag,
                                              struct failure *failure);

/* Notes which commit a revision is; nothing to do when it is itself one. */
ALKFW_MUST_CHECK enum fetch_status store_set_ref(const struct store *store, const char *revision,
                                                 const char *commit, struct failure *failure);

/* Notes that the repository has no such file at this commit; a failure to do so does not matter. */
void store_set_missing(const struct store *store, const char *commit, const char *file);
bool store_is_missing(const struct store *store, const char *commit, const char *file);

#endif
