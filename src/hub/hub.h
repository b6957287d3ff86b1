/* SPDX-License-Identifier: Apache-2.0
 *
 * Models and codebooks by name, for all programs: looked up in the Hugging Face Hub's cache on
 * disk (the Python client's own layout), fetched by running alkfw-fetch when they are missing.
 * Nothing here opens a socket. */
#ifndef ALKFW_HUB_H
#define ALKFW_HUB_H

#include <stdbool.h>

#include "alkfw.h"

/* What the environment says (HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME, HOME, HF_HUB_OFFLINE). */
struct hub_environment {
    char *cache_directory; /* absolute */
    bool offline;
};

ALKFW_MUST_CHECK alkfw_status hub_environment_read(struct hub_environment *environment,
                                                   alkfw_error *error);
void hub_environment_free(struct hub_environment *environment);

/* Whether `text` is a repository id, "owner/name" or "name", by the Hub's own rules. */
bool hub_is_repository_id(const char *text);

/* Finds a model: `model` is a directory, or "owner/name[@revision]" in the cache; fetches it with
 * alkfw-fetch when it is missing, `may_fetch` and not environment->offline. *directory is the
 * caller's (free).
 *
 * "owner/name" is always the Hub's: a directory of that name in the current directory is never
 * taken for it, so a checkout that is being scanned cannot slip in its own model. A relative
 * directory is written "./owner/name"; a single word is a directory when there is one. */
ALKFW_MUST_CHECK alkfw_status hub_resolve_model(const struct hub_environment *environment,
                                                const char *model, bool may_fetch, char **directory,
                                                alkfw_error *error);

/* Finds a codebook: a path, or "hub:owner/name[@revision]/file" (a revision with a slash in it
 * cannot be written here). */
ALKFW_MUST_CHECK alkfw_status hub_resolve_codebook(const struct hub_environment *environment,
                                                   const char *codebook, bool may_fetch,
                                                   char **path, alkfw_error *error);

/* For `alkfw --fetch [--to=DIR]`: bring the cache up to date (a pinned commit that is complete
 * costs no request, a branch costs one). With `to_directory` not NULL the files are also written
 * there as plain files, and *directory (*path) names that place. environment->offline makes a fetch
 * ALKFW_E_NETWORK. A codebook that is a path needs no fetching: it is checked to be there and
 * returned as it is, and so is a model that is a directory, for which `to_directory` is
 * ALKFW_E_ARGUMENT. */
ALKFW_MUST_CHECK alkfw_status hub_fetch_model(const struct hub_environment *environment,
                                              const char *model, const char *to_directory,
                                              char **directory, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status hub_fetch_codebook(const struct hub_environment *environment,
                                                 const char *codebook, const char *to_directory,
                                                 char **path, alkfw_error *error);

#endif
