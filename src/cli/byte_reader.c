/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/byte_reader.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

void byte_reader_init(struct byte_reader *reader, int descriptor, size_t ceiling) {
    memset(reader, 0, sizeof *reader);
    reader->descriptor = descriptor;
    buffer_init(&reader->pending, ceiling);
}

void byte_reader_free(struct byte_reader *reader) {
    buffer_free(&reader->pending);
    reader->taken = 0;
}

const char *byte_reader_peek(const struct byte_reader *reader, size_t *n_bytes) {
    *n_bytes = reader->pending.length - reader->taken;
    return *n_bytes > 0 ? reader->pending.bytes + reader->taken : "";
}

void byte_reader_take(struct byte_reader *reader, size_t n_bytes) {
    if (reader->observe != NULL && n_bytes > 0)
        reader->observe(reader->context, reader->pending.bytes + reader->taken, n_bytes);
    reader->taken += n_bytes;
    reader->offset += n_bytes;
}

/* Waits for input with all signals blocked but in the wait itself, so that one that comes between
 * the look at *stop and the wait is not lost. False: stopped. */
static bool wait_for_input(const struct byte_reader *reader) {
    struct pollfd wanted = {.fd = reader->descriptor, .events = POLLIN};
    sigset_t all, before;
    bool stopped = false;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    while (!stopped) {
        stopped = *reader->stop != 0;
        if (!stopped && ppoll(&wanted, 1, NULL, &before) >= 0)
            break;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return !stopped;
}

static enum fill_result end(struct byte_reader *reader, int failure) {
    reader->at_end = true;
    reader->failure = failure;
    return FILL_END;
}

enum fill_result byte_reader_fill(struct byte_reader *reader) {
    struct buffer *pending = &reader->pending;

    if (reader->at_end)
        return FILL_END;
    if (reader->taken > 0) {
        memmove(pending->bytes, pending->bytes + reader->taken, pending->length - reader->taken);
        pending->length -= reader->taken;
        reader->taken = 0;
    }
    size_t room = pending->ceiling - pending->length;
    room = room < BYTE_READER_CHUNK ? room : BYTE_READER_CHUNK;
    if (room == 0)
        return end(reader, ENOBUFS);
    if (!buffer_reserve(pending, room))
        return end(reader, ENOMEM);
    for (;;) {
        if (reader->stop != NULL && !wait_for_input(reader))
            return FILL_STOPPED;
        ssize_t n_read = read(reader->descriptor, pending->bytes + pending->length, room);
        if (n_read > 0) {
            pending->length += (size_t)n_read;
            return FILL_MORE;
        }
        if (n_read == 0)
            return end(reader, 0);
        /* EAGAIN: a descriptor that someone else made non-blocking; wait for it again. */
        if (errno != EINTR && errno != EAGAIN)
            return end(reader, errno);
        if (errno == EAGAIN)
            (void)poll(&(struct pollfd){.fd = reader->descriptor, .events = POLLIN}, 1, -1);
    }
}

void byte_reader_resume(struct byte_reader *reader) {
    if (reader->failure == 0)
        reader->at_end = false;
}

bool byte_reader_readable(const struct byte_reader *reader) {
    struct pollfd wanted = {.fd = reader->descriptor, .events = POLLIN};

    return reader->at_end || poll(&wanted, 1, 0) > 0;
}
