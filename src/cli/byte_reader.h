/* SPDX-License-Identifier: Apache-2.0
 *
 * Bytes from a file descriptor with look-ahead: what the record readers are built on. It waits
 * for input in one place, where a signal can end the wait without a race. */
#ifndef ALKFW_BYTE_READER_H
#define ALKFW_BYTE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/buffer.h"

struct byte_reader {
    int descriptor;
    struct buffer pending;    /* bytes read and not yet taken, from `taken` on */
    size_t taken;             /* bytes of pending that were given out */
    uint64_t offset;          /* bytes of the input given out so far */
    const volatile int *stop; /* set by a signal handler: do not wait any more; may be NULL */
    /* Sees all bytes as they are given out, in order; NULL: nobody does. */
    void (*observe)(void *context, const char *bytes, size_t n_bytes);
    void *context;
    bool at_end; /* the input has ended; pending may still hold bytes */
    int failure; /* errno of a failed read, or 0 */
};

enum fill_result {
    FILL_MORE,   /* there are more bytes now */
    FILL_END,    /* the input has ended */
    FILL_STOPPED /* *stop was set before there was anything to read */
};

/* `ceiling` is the most bytes that pending may hold; one read adds at most BYTE_READER_CHUNK. */
enum { BYTE_READER_CHUNK = 1 << 16 };
void byte_reader_init(struct byte_reader *reader, int descriptor, size_t ceiling);
void byte_reader_free(struct byte_reader *reader);

/* What can be looked at without waiting: [*n_bytes], valid until the next fill. */
const char *byte_reader_peek(const struct byte_reader *reader, size_t *n_bytes);

/* Gives out n_bytes of what can be looked at. */
void byte_reader_take(struct byte_reader *reader, size_t n_bytes);

/* Reads once, waiting if it must. A failed read ends the input and leaves errno in `failure`, as
 * does a pending that is at its ceiling (ENOBUFS) or out of memory (ENOMEM). */
enum fill_result byte_reader_fill(struct byte_reader *reader);

/* Lets a file that has ended be read on, because it may have grown. */
void byte_reader_resume(struct byte_reader *reader);

/* Whether byte_reader_fill would return without waiting. */
bool byte_reader_readable(const struct byte_reader *reader);

#endif
