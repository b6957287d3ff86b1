/* SPDX-License-Identifier: Apache-2.0 */
#include "sink.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/message.h"

void sink_init(struct sink *sink, int descriptor, const char *name) {
    memset(sink, 0, sizeof *sink);
    sink->descriptor = descriptor;
    sink->name = name;
    sink->is_terminal = isatty(descriptor) == 1;
    buffer_init(&sink->pending, SIZE_MAX / 4);
}

bool sink_is_file(const struct sink *sink, int descriptor) {
    struct stat written, read;

    return fstat(sink->descriptor, &written) == 0 && fstat(descriptor, &read) == 0 &&
           S_ISREG(read.st_mode) && written.st_dev == read.st_dev && written.st_ino == read.st_ino;
}

alkfw_status sink_open(struct sink *sink, const char *path, bool appends, alkfw_error *error) {
    int descriptor = open(
        path, O_WRONLY | O_CREAT | (appends ? O_APPEND : O_TRUNC) | O_CLOEXEC | O_NOCTTY, 0666);

    if (descriptor < 0)
        return alkfw_error_set(error, ALKFW_E_IO, "%s: cannot create: %s", path, strerror(errno));
    sink_init(sink, descriptor, path);
    return ALKFW_OK;
}

static bool fail(struct sink *sink) {
    message_error("%s: cannot write: %s", sink->name, strerror(errno));
    sink->has_failed = true;
    return false;
}

bool sink_flush(struct sink *sink) {
    size_t written = 0;

    while (!sink->has_failed && written < sink->pending.length) {
        ssize_t n =
            write(sink->descriptor, sink->pending.bytes + written, sink->pending.length - written);
        if (n >= 0)
            written += (size_t)n;
        else if (errno == EAGAIN)
            (void)poll(&(struct pollfd){.fd = sink->descriptor, .events = POLLOUT}, 1, -1);
        else if (errno != EINTR)
            (void)fail(sink);
    }
    sink->pending.length = 0;
    return !sink->has_failed;
}

bool sink_sync(struct sink *sink) {
    struct stat info;

    if (sink->has_failed || fstat(sink->descriptor, &info) != 0 || !S_ISREG(info.st_mode))
        return !sink->has_failed;
    while (fdatasync(sink->descriptor) != 0) {
        if (errno == EINVAL || errno == EROFS) /* a file system that cannot */
            break;
        if (errno != EINTR)
            return fail(sink);
    }
    return true;
}

bool sink_close(struct sink *sink) {
    /* close() of standard output would tell a full disk too, but its number must stay taken. */
    int descriptor = sink->descriptor > STDERR_FILENO ? sink->descriptor : dup(sink->descriptor);

    buffer_free(&sink->pending);
    /* EBADF: the descriptor was never open; that matters only if something was to be written. */
    if (descriptor >= 0 && close(descriptor) != 0 && errno != EINTR && !sink->has_failed)
        (void)fail(sink);
    return !sink->has_failed;
}
