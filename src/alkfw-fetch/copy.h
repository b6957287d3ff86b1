/* SPDX-License-Identifier: Apache-2.0
 *
 * Files that appear under their name at once, whole and on the disk. */
#ifndef ALKFW_FETCH_COPY_H
#define ALKFW_FETCH_COPY_H

#include <stddef.h>

#include "alkfw-fetch/failure.h"

/* Writes the whole of a descriptor; what has been written stays when it fails. */
ALKFW_MUST_CHECK enum fetch_status write_all(int descriptor, const char *path, const char *bytes,
                                             size_t n_bytes, struct failure *failure);

/* Replaces `path` by these bytes; its folder must be there. */
ALKFW_MUST_CHECK enum fetch_status write_file(const char *path, const char *bytes, size_t n_bytes,
                                              struct failure *failure);

/* Replaces `to` by a copy of `from`. */
ALKFW_MUST_CHECK enum fetch_status copy_file(const char *from, const char *to,
                                             struct failure *failure);

#endif
