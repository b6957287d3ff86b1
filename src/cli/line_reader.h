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
#include "cli/byte_reader.h"

struct line_reader {
    struct byte_reader bytes;
    char delimiter;        /* '\n' or '\0' */
    bool keeps_unfinished; /* a last record without a delimiter is not given out: it may still grow
                            */
    size_t max_bytes;      /* ceiling of one record, delimiter not counted */
    size_t scanned;        /* bytes at the start of what can be looked at that have no delimiter */
    uint64_t skipped;      /* bytes of a record over the ceiling that were thrown away so far */
};

enum line_result {
    LINE_OK,       /* a record */
    LINE_END,      /* no more records */
    LINE_TOO_LONG, /* a record over max_bytes was skipped; n_bytes says how long it was */
    LINE_FAILED    /* read failed; errno has the reason. What was read of the record is lost */
};

void line_reader_init(struct line_reader *reader, int descriptor, char delimiter, size_t max_bytes);
void line_reader_free(struct line_reader *reader);

/* The next record without its delimiter. *bytes is valid until the next call. *terminated is false
 * for a last record without a delimiter. EINTR ends a wait only when *stop (may be NULL) is set:
 * then the result is LINE_END with reader->bytes.at_end false. */
ALKFW_MUST_CHECK enum line_result line_reader_next(struct line_reader *reader, const char **bytes,
                                                   uint64_t *n_bytes, bool *terminated,
                                                   const volatile int *stop);

/* How many bytes were given out as records, each with its delimiter. */
uint64_t line_reader_offset(const struct line_reader *reader);

/* Whether line_reader_next would return without waiting for input. Reads ahead what is there. */
bool line_reader_ready(struct line_reader *reader);

#endif
