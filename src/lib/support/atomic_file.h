/* SPDX-License-Identifier: Apache-2.0
 *
 * A file that appears under its name whole or not at all: written beside it under a temporary
 * name, synced, and renamed. Two processes that write the same file at once both end right. A link
 * stays, and what it leads to is replaced; what is there and no regular file is refused. */
#ifndef ALKFW_SUPPORT_ATOMIC_FILE_H
#define ALKFW_SUPPORT_ATOMIC_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "alkfw.h"

struct atomic_file {
    int descriptor; /* -1 when closed */
    char *path;     /* the name in the end */
    char *temporary;
};

/* `what` says in messages what the file is for ("codebook"). After a failed begin or commit there
 * is nothing left to abort, though abort is allowed. */
ALKFW_MUST_CHECK alkfw_status atomic_file_begin(struct atomic_file *file, const char *path,
                                                const char *what, alkfw_error *error);
/* For a caller that holds a lock against other writers: the temporary name is always PATH.new, so
 * that runs which are killed leave one such file behind, not one each. */
ALKFW_MUST_CHECK alkfw_status atomic_file_begin_alone(struct atomic_file *file, const char *path,
                                                      const char *what, mode_t mode,
                                                      alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status atomic_file_write(struct atomic_file *file, const void *bytes,
                                                size_t n_bytes, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status atomic_file_commit(struct atomic_file *file, alkfw_error *error);

/* Removes what was written. Does nothing after a commit. */
void atomic_file_abort(struct atomic_file *file);

#endif
