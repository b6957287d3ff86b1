/* SPDX-License-Identifier: Apache-2.0
 *
 * The layout of the Hub's cache, as the Python client huggingface_hub has it (doc/hub.md), and how
 * it is read. Writing is alkfw-fetch's (src/alkfw-fetch/). For src/hub/ and alkfw-fetch.
 *
 *   CACHE/models--OWNER--NAME/blobs/ETAG                   the bytes
 *                             snapshots/COMMIT/FILE        -> ../../blobs/ETAG
 *                             refs/REVISION                the commit's 40 digits
 *                             .no_exist/COMMIT/FILE        empty: the Hub said 404
 *   CACHE/.locks/models--OWNER--NAME/ETAG.lock             flock(2) while ETAG is fetched
 *
 * Functions that return a string return NULL only when memory is out; it is the caller's. */
#ifndef ALKFW_HUB_CACHE_H
#define ALKFW_HUB_CACHE_H

#include <stdbool.h>

#include "alkfw.h"

/* CACHE/models--OWNER--NAME */
char *hub_cache_repository(const char *cache_directory, const char *repository);

/* The commit that the cache has for a revision: itself when it is one, else what refs/REVISION
 * says. *commit is NULL when the cache does not know. */
ALKFW_MUST_CHECK alkfw_status hub_cache_commit(const char *repository_directory,
                                               const char *revision, char **commit,
                                               alkfw_error *error);

char *hub_cache_snapshot(const char *repository_directory, const char *commit);

/* The names of the weights that an index file (model.safetensors.index.json) lists, each once, in
 * the order of their names. */
struct hub_shards {
    char **files; /* [n_files] */
    size_t n_files;
};
ALKFW_MUST_CHECK alkfw_status hub_shards_read(const char *index_path, struct hub_shards *shards,
                                              alkfw_error *error);
void hub_shards_free(struct hub_shards *shards);

/* Whether a directory has all that a model needs: config.json, tokenizer.json and its weights
 * (model.safetensors, or every file of model.safetensors.index.json, or else any *.safetensors). */
bool hub_directory_has_model(const char *directory);

#endif
