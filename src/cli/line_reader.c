/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/line_reader.h"

#include <errno.h>
#include <string.h>

void line_reader_init(struct line_reader *reader, int descriptor, char delimiter,
                      size_t max_bytes) {
    memset(reader, 0, sizeof *reader);
    /* A record at the ceiling and its delimiter may be pending when the next chunk comes. */
    byte_reader_init(&reader->bytes, descriptor, max_bytes + 1 + BYTE_READER_CHUNK);
    reader->delimiter = delimiter;
    reader->max_bytes = max_bytes;
}

void line_reader_free(struct line_reader *reader) {
    byte_reader_free(&reader->bytes);
}

/* Looks for a delimiter in what is pending. Without one, what is over the ceiling is thrown away:
 * the record can only be skipped. */
static bool find(struct line_reader *reader, size_t *length) {
    size_t n_bytes;
    const char *bytes = byte_reader_peek(&reader->bytes, &n_bytes);
    const char *found =
        memchr(bytes + reader->scanned, reader->delimiter, n_bytes - reader->scanned);

    if (found != NULL) {
        *length = (size_t)(found - bytes);
        return true;
    }
    reader->scanned = n_bytes;
    if (n_bytes > reader->max_bytes || reader->skipped > 0) {
        byte_reader_take(&reader->bytes, n_bytes);
        reader->skipped += n_bytes;
        reader->scanned = 0;
    }
    return false;
}

/* Gives out the record of `length` bytes that is pending. */
static enum line_result give(struct line_reader *reader, size_t length, bool terminated,
                             const char **bytes, uint64_t *n_bytes) {
    size_t n_pending;

    *bytes = byte_reader_peek(&reader->bytes, &n_pending);
    *n_bytes = reader->skipped + length;
    byte_reader_take(&reader->bytes, length + terminated);
    reader->scanned = 0;
    reader->skipped = 0;
    return *n_bytes > reader->max_bytes ? LINE_TOO_LONG : LINE_OK;
}

enum line_result line_reader_next(struct line_reader *reader, const char **bytes, uint64_t *n_bytes,
                                  bool *terminated, const volatile int *stop) {
    size_t length;

    *bytes = NULL;
    *n_bytes = 0;
    *terminated = true;
    reader->bytes.stop = stop;
    for (;;) {
        if (find(reader, &length))
            return give(reader, length, true, bytes, n_bytes);
        if (reader->bytes.at_end)
            break;
        if (byte_reader_fill(&reader->bytes) == FILL_STOPPED)
            return LINE_END;
    }
    if (reader->bytes.failure != 0) {
        errno = reader->bytes.failure;
        return LINE_FAILED;
    }
    if ((reader->scanned == 0 && reader->skipped == 0) || reader->keeps_unfinished)
        return LINE_END;
    *terminated = false;
    return give(reader, reader->scanned, false, bytes, n_bytes);
}

uint64_t line_reader_offset(const struct line_reader *reader) {
    /* Of a record over the ceiling that has not ended a part is thrown away already. */
    return reader->bytes.offset - reader->skipped;
}

bool line_reader_ready(struct line_reader *reader) {
    size_t length;

    while (!find(reader, &length)) {
        if (reader->bytes.at_end)
            return true;
        /* An endless record is not ready: what came before it must not wait for its end. */
        if (reader->skipped > 0 || !byte_reader_readable(&reader->bytes))
            return false;
        if (byte_reader_fill(&reader->bytes) == FILL_STOPPED)
            return true;
    }
    return true;
}
