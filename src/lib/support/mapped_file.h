/* SPDX-License-Identifier: Apache-2.0
 *
 * A whole file mapped read-only. Used for everything large that is read at start. */
#ifndef ALKFW_SUPPORT_MAPPED_FILE_H
#define ALKFW_SUPPORT_MAPPED_FILE_H

#include "alkfw.h"
#include "support/file_identity.h"

struct mapped_file {
    const unsigned char *bytes; /* [n_bytes], page aligned; NULL when the file is empty */
    size_t n_bytes;
    char identity[FILE_IDENTITY_SIZE];
};

/* Maps a regular file. `what` says in messages what the file is for ("codebook", "weights").
 * Another process that truncates the file while it is mapped can kill this one with SIGBUS:
 * files of the cache and the installation are replaced by rename, never rewritten. */
ALKFW_MUST_CHECK alkfw_status mapped_file_open(struct mapped_file *file, const char *path,
                                               const char *what, alkfw_error *error);
void mapped_file_close(struct mapped_file *file);

/* Gives the memory of the pages that were read back to the system; what is needed again is read
 * again. */
void mapped_file_release(const struct mapped_file *file);

#endif
