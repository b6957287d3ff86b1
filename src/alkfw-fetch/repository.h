/* SPDX-License-Identifier: Apache-2.0
 *
 * What the Hub tells about a repository: the commit of a revision, its files, and of each file the
 * entity tag and the size (doc/hub.md has the protocol). */
#ifndef ALKFW_FETCH_REPOSITORY_H
#define ALKFW_FETCH_REPOSITORY_H

#include <stdint.h>

#include "alkfw-fetch/http.h"
#include "alkfw-fetch/listing.h"

struct repository {
    struct http_client *http;
    const char *endpoint; /* without a slash at its end */
    const char *id;       /* "owner/name" */
};

/* The files of a revision, by the model-info API. */
ALKFW_MUST_CHECK enum fetch_status repository_list(const struct repository *repository,
                                                   const char *revision, struct listing *listing,
                                                   struct failure *failure);

/* What a HEAD of a file tells. */
struct file_info {
    char commit[41];
    char etag[65];  /* sha256 (64 digits) of a large file, git's blob id (40) of a small one */
    int64_t size;   /* -1: not told */
    bool unchanged; /* `known_etag` is still right; etag and size are not filled in */
};

/* Asks for a file at a revision. With known_etag (may be NULL) the Hub may answer "unchanged".
 * FETCH_NO_FILE: *info has the commit, if the Hub told it. */
ALKFW_MUST_CHECK enum fetch_status repository_head(const struct repository *repository,
                                                   const char *revision, const char *file,
                                                   const char *known_etag, struct file_info *info,
                                                   struct failure *failure);

/* The address of a file's bytes; the caller's, NULL when memory is out. */
char *repository_file_url(const struct repository *repository, const char *revision,
                          const char *file);

#endif
