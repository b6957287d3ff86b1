/* SPDX-License-Identifier: Apache-2.0 */
#include "run_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

alkfw_status run_lock_take(const char *path, int *descriptor, alkfw_error *error) {
    /* Never truncated or written: it may be a file that someone needs. */
    *descriptor = open(path, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, S_IRUSR | S_IWUSR);
    if (*descriptor < 0)
        return alkfw_error_set(error, ALKFW_E_IO, "cannot open lock %s: %s", path, strerror(errno));
    while (flock(*descriptor, LOCK_EX | LOCK_NB) != 0) {
        alkfw_status status;
        if (errno == EINTR)
            continue;
        if (errno == EWOULDBLOCK)
            status = alkfw_error_set(error, ALKFW_E_LIMIT,
                                     "another run holds the lock %s; nothing was scanned", path);
        else
            status =
                alkfw_error_set(error, ALKFW_E_IO, "cannot lock %s: %s", path, strerror(errno));
        (void)close(*descriptor);
        *descriptor = -1;
        return status;
    }
    return ALKFW_OK;
}
