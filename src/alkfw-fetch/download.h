/* SPDX-License-Identifier: Apache-2.0
 *
 * One file of the Hub into the cache: resumed, proved, and only then given its name. */
#ifndef ALKFW_FETCH_DOWNLOAD_H
#define ALKFW_FETCH_DOWNLOAD_H

#include <stdint.h>

#include "alkfw-fetch/progress.h"
#include "alkfw-fetch/repository.h"
#include "alkfw-fetch/store.h"

struct download {
    const struct repository *repository;
    const struct store *store;
    struct progress *progress;
    const char *commit;
    const char *file;
    const struct file_info *info;
    uint64_t max_bytes; /* when the Hub does not tell the size */
};

/* Makes blobs/ETAG, unless it is there, under its lock. An interrupted download is left as
 * blobs/ETAG.incomplete and goes on from there the next time. */
ALKFW_MUST_CHECK enum fetch_status download_blob(const struct download *download,
                                                 struct failure *failure);

#endif
