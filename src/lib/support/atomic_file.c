/* SPDX-License-Identifier: Apache-2.0 */
#include "support/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE_CHUNK = 1 << 30 }; /* Linux writes at most 2 GiB - 4 KiB in one call */

static void release(struct atomic_file *file) {
    if (file->descriptor >= 0)
        (void)close(file->descriptor);
    file->descriptor = -1;
    free(file->path);
    free(file->temporary);
    file->path = NULL;
    file->temporary = NULL;
}

/* A rename would put a file in the place of /dev/null, and of a link instead of what it leads to.
 */
static alkfw_status find_place(struct atomic_file *file, const char *path, const char *what,
                               alkfw_error *error) {
    struct stat info;

    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "%s %s is not a regular file and is not replaced by one", what,
                               path);
    bool is_link = lstat(path, &info) == 0 && S_ISLNK(info.st_mode);
    file->path = is_link ? realpath(path, NULL) : strdup(path);
    if (file->path == NULL)
        return alkfw_error_set(error, is_link ? ALKFW_E_IO : ALKFW_E_MEMORY,
                               "cannot create %s %s: %s", what, path, strerror(errno));
    return ALKFW_OK;
}

static alkfw_status make_names(struct atomic_file *file, const char *path, const char *suffix,
                               const char *what, alkfw_error *error) {
    *file = (struct atomic_file){.descriptor = -1};
    alkfw_status status = find_place(file, path, what, error);
    if (status != ALKFW_OK)
        return status;
    size_t size = strlen(file->path) + strlen(suffix) + 1;
    file->temporary = malloc(size);
    if (file->temporary == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s %s", what, path);
    (void)snprintf(file->temporary, size, "%s%s", file->path, suffix);
    return ALKFW_OK;
}

alkfw_status atomic_file_begin_alone(struct atomic_file *file, const char *path, const char *what,
                                     mode_t mode, alkfw_error *error) {
    alkfw_status status = make_names(file, path, ".new", what, error);

    if (status == ALKFW_OK) {
        file->descriptor =
            open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
        if (file->descriptor >= 0)
            return ALKFW_OK;
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot create %s %s: %s", what,
                                 file->temporary, strerror(errno));
    }
    release(file);
    return status;
}

alkfw_status atomic_file_begin(struct atomic_file *file, const char *path, const char *what,
                               alkfw_error *error) {
    alkfw_status status = make_names(file, path, ".XXXXXX", what, error);

    if (status != ALKFW_OK)
        goto out;
    file->descriptor = mkostemp(file->temporary, O_CLOEXEC);
    if (file->descriptor < 0) {
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot create %s %s: %s", what, path,
                                 strerror(errno));
        goto out;
    }
    /* mkostemp gives 0600; the umask cannot be read without setting it, which other threads
     * would notice. 0644 is what data files of this program are. */
    if (fchmod(file->descriptor, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) != 0) {
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot set the mode of %s %s: %s", what, path,
                                 strerror(errno));
        (void)unlink(file->temporary);
        goto out;
    }
    return ALKFW_OK;
out:
    release(file);
    return status;
}

alkfw_status atomic_file_write(struct atomic_file *file, const void *bytes, size_t n_bytes,
                               alkfw_error *error) {
    const char *at = bytes;

    while (n_bytes > 0) {
        ssize_t written =
            write(file->descriptor, at, n_bytes < WRITE_CHUNK ? n_bytes : (size_t)WRITE_CHUNK);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return alkfw_error_set(error, ALKFW_E_IO, "cannot write %s: %s", file->path,
                                   strerror(errno));
        at += written;
        n_bytes -= (size_t)written;
    }
    return ALKFW_OK;
}

alkfw_status atomic_file_commit(struct atomic_file *file, alkfw_error *error) {
    alkfw_status status = ALKFW_OK;

    if (fsync(file->descriptor) != 0 || close(file->descriptor) != 0) {
        status =
            alkfw_error_set(error, ALKFW_E_IO, "cannot write %s: %s", file->path, strerror(errno));
        (void)unlink(file->temporary);
    } else if (rename(file->temporary, file->path) != 0) {
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot rename %s to %s: %s", file->temporary,
                                 file->path, strerror(errno));
        (void)unlink(file->temporary);
    }
    file->descriptor = -1;
    release(file);
    return status;
}

void atomic_file_abort(struct atomic_file *file) {
    if (file->temporary != NULL)
        (void)unlink(file->temporary);
    release(file);
}
