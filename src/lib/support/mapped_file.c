/* SPDX-License-Identifier: Apache-2.0 */
#include "support/mapped_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

alkfw_status mapped_file_open(struct mapped_file *file, const char *path, const char *what,
                              alkfw_error *error) {
    struct stat info;
    alkfw_status status = ALKFW_OK;

    memset(file, 0, sizeof *file);
    /* O_NONBLOCK: opening a FIFO that stands where the file should be must not hang. */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return alkfw_error_set(error, errno == ENOENT ? ALKFW_E_MISSING : ALKFW_E_IO,
                               "cannot open %s %s: %s", what, path, strerror(errno));
    if (fstat(descriptor, &info) != 0) {
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot stat %s %s: %s", what, path,
                                 strerror(errno));
        goto out;
    }
    if (!S_ISREG(info.st_mode)) {
        status = alkfw_error_set(error, ALKFW_E_FORMAT, "%s %s is not a regular file", what, path);
        goto out;
    }
    if ((uintmax_t)info.st_size > SIZE_MAX) {
        status =
            alkfw_error_set(error, ALKFW_E_LIMIT, "%s %s does not fit into memory", what, path);
        goto out;
    }
    file->n_bytes = (size_t)info.st_size;
    file_identity(&info, file->identity);
    if (file->n_bytes > 0) {
        void *bytes = mmap(NULL, file->n_bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (bytes == MAP_FAILED) {
            status = alkfw_error_set(error, errno == ENOMEM ? ALKFW_E_MEMORY : ALKFW_E_IO,
                                     "cannot map %s %s: %s", what, path, strerror(errno));
            file->n_bytes = 0;
            goto out;
        }
        file->bytes = bytes;
    }
out:
    (void)close(descriptor);
    return status;
}

void mapped_file_close(struct mapped_file *file) {
    if (file->bytes != NULL)
        (void)munmap((void *)(uintptr_t)file->bytes, file->n_bytes);
    memset(file, 0, sizeof *file);
}

void mapped_file_release(const struct mapped_file *file) {
    /* Only a hint: what is not given back stays as it was. */
    if (file->bytes != NULL)
        (void)madvise((void *)(uintptr_t)file->bytes, file->n_bytes, MADV_DONTNEED);
}
