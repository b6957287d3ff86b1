/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs alkfw-fetch and reads the path that it prints. For src/hub/. */
#ifndef ALKFW_HUB_FETCHER_H
#define ALKFW_HUB_FETCHER_H

#include "alkfw.h"
#include "hub/reference.h"

/* Fetches a model (reference->file NULL) or one file of a repository into the cache, and into
 * to_directory when it is not NULL. *path, the caller's, is the snapshot's (or to_directory's) path
 * as alkfw-fetch prints it. Its messages and its progress go to standard error. */
ALKFW_MUST_CHECK alkfw_status hub_run_fetcher(const char *cache_directory,
                                              const struct hub_reference *reference,
                                              const char *to_directory, char **path,
                                              alkfw_error *error);

#endif
