/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 18 };

enum fetch_status write_all(int descriptor, const char *path, const char *bytes, size_t n_bytes,
                            struct failure *failure) {
    while (n_bytes > 0) {
        ssize_t n_written = write(descriptor, bytes, n_bytes);
        if (n_written < 0 && errno == EINTR)
            continue;
        if (n_written < 0)
            return fail_errno(failure, "cannot write", path);
        bytes += n_written;
        n_bytes -= (size_t)n_written;
    }
    return FETCH_OK;
}

/* A new file beside `path`, to be given its name by settle. */
static enum fetch_status open_beside(const char *path, char **temporary, int *descriptor,
                                     struct failure *failure) {
    if (asprintf(temporary, "%s.%ld.tmp", path, (long)getpid()) < 0) {
        *temporary = NULL;
        return fail_memory(failure);
    }
    (void)unlink(*temporary);
    *descriptor = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*descriptor >= 0)
        return FETCH_OK;
    (void)fail_errno(failure, "cannot make", *temporary);
    free(*temporary);
    *temporary = NULL;
    return failure->status;
}

/* Brings the file to the disk and gives it its name, or removes it when `status` is a failure. */
static enum fetch_status settle(enum fetch_status status, char *temporary, int descriptor,
                                const char *path, struct failure *failure) {
    if (status == FETCH_OK && fsync(descriptor) != 0)
        status = fail_errno(failure, "cannot write", temporary);
    if (close(descriptor) != 0 && status == FETCH_OK)
        status = fail_errno(failure, "cannot write", temporary);
    if (status == FETCH_OK && rename(temporary, path) != 0)
        status = fail_errno(failure, "cannot make", path);
    if (status != FETCH_OK)
        (void)unlink(temporary);
    free(temporary);
    return status;
}

enum fetch_status write_file(const char *path, const char *bytes, size_t n_bytes,
                             struct failure *failure) {
    char *temporary;
    int descriptor;

    enum fetch_status status = open_beside(path, &temporary, &descriptor, failure);
    if (status != FETCH_OK)
        return status;
    status = write_all(descriptor, temporary, bytes, n_bytes, failure);
    return settle(status, temporary, descriptor, path, failure);
}

static enum fetch_status copy_bytes(int source, const char *from, int target, const char *to,
                                    struct failure *failure) {
    char *block = malloc(BLOCK_BYTES);
    enum fetch_status status = block == NULL ? fail_memory(failure) : FETCH_OK;

    while (status == FETCH_OK) {
        ssize_t n_bytes = read(source, block, BLOCK_BYTES);
        if (n_bytes < 0 && errno == EINTR)
            continue;
        if (n_bytes < 0)
            status = fail_errno(failure, "cannot read", from);
        if (n_bytes <= 0)
            break;
        status = write_all(target, to, block, (size_t)n_bytes, failure);
    }
    free(block);
    return status;
}

enum fetch_status copy_file(const char *from, const char *to, struct failure *failure) {
    char *temporary;
    int target;

    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return fail_errno(failure, "cannot open", from);
    enum fetch_status status = open_beside(to, &temporary, &target, failure);
    if (status == FETCH_OK) {
        status = copy_bytes(source, from, target, temporary, failure);
        status = settle(status, temporary, target, to, failure);
    }
    (void)close(source);
    return status;
}
