/* SPDX-License-Identifier: Apache-2.0
 *
 * Delimited records from a file descriptor with a ceiling: a record over it is told, skipped and
 * never held in memory. */
#ifndef ALKFW_LINE_READER_H
#define ALKFW_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "support/buffer.h"

struct line_reader {
    int descriptor;
    char delimiter;        /* '\n' or '\0' */
    size_t max_bytes;      /* ceiling of one record, delimiter not counted */
    struct buffer pending; /* bytes read and not yet given out */
    size_t consumed;       /* bytes of pending that were given out */
    size_t scanned;        /* bytes of pending that have no delimiter, from `consumed` on */
    uint64_t offset;       /* bytes of the input given out so far, delimiters included */
    bool at_end;
};

enum line_result {
    LINE_OK,       /* a record */
    LINE_END,      /* no more records */
    LINE_TOO_LONG, /* a record over max_bytes was skipped; n_bytes says how long it was */
    LINE_FAILED    /* read failed; errno has the reason */
};

void line_reader_init(struct line_reader *reader, int descriptor, char delimiter, size_t max_bytes);
void line_reader_free(struct line_reader *reader);

/* The next record without its delimiter. *bytes is valid until the next call. *terminated is false
 * for a last record without a delimiter. EINTR ends a wait only when *stop (may be NULL) is set:
 * then the result is LINE_END with reader->at_end false. */
ALKFW_MUST_CHECK enum line_result line_reader_next(struct line_reader *reader, const char **bytes,
                                                   uint64_t *n_bytes, bool *terminated,
                                                   const volatile int *stop);

/* Whether line_reader_next would return without waiting for input. */
bool line_reader_ready(const struct line_reader *reader);

#endif
