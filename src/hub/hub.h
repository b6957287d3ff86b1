/* SPDX-License-Identifier: Apache-2.0
 *
 * The Hugging Face Hub's cache on disk, in the layout of the Python client, for all programs.
 * Nothing here opens a socket: what is missing is fetched by running alkfw-fetch. */
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
 * alkfw-fetch when it is missing and `may_fetch`. *directory is the caller's (free). */
ALKFW_MUST_CHECK alkfw_status hub_resolve_model(const struct hub_environment *environment,
                                                const char *model, bool may_fetch, char **directory,
                                                alkfw_error *error);

/* Finds a codebook: a path, or "hub:owner/name@revision/file". */
ALKFW_MUST_CHECK alkfw_status hub_resolve_codebook(const struct hub_environment *environment,
                                                   const char *codebook, bool may_fetch,
                                                   char **path, alkfw_error *error);

#endif
