/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that were read and wait to be scored together. The record readers fill a batch, the scanner
 * empties it. A row is what an input is made of (a line, a JSON value, a file); its records are the
 * texts in it that are scored, one verdict each. */
#ifndef ALKFW_BATCH_H
#define ALKFW_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "support/buffer.h"

/* A run of bytes in the batch's storage: an offset, because the storage moves as it grows. */
struct slice {
    size_t start;
    size_t length;
};

/* How a text is written in its row. */
enum row_coding { ROW_TEXT, ROW_CSV, ROW_JSON };

struct row {
    struct slice source; /* name of the input, "-" for standard input */
    uint64_t number;     /* in its input, from 1; 0: stands for the input as a whole */
    uint64_t line;       /* where it begins, from 1; 0: lines mean nothing here */
    struct slice id;     /* as JSON; empty: none */
    struct slice raw;    /* the row's bytes as they were read, for --pass; empty without it */
    enum row_coding coding;
    size_t n_joint;   /* bytes of raw that divide it from an element before it in an array */
    bool is_file;     /* its one text is all of the file, behind n_bom bytes */
    size_t n_bom;     /* of a byte-order mark */
    size_t n_records; /* 0: framing that belongs to no record (a header, a bracket) */
};

struct record {
    size_t row;         /* index */
    struct slice field; /* where in the row the text was; empty: all of it */
    struct slice text;  /* what is scored */
    struct slice
        place; /* of the text within the row's raw bytes, quotes of CSV included; JSON: none */
    uint64_t column;     /* of the text's first character in its line; 0: not known, or escaped */
    alkfw_status status; /* not ALKFW_OK: cannot be scored, `message` says why */
    struct slice message;
};

struct batch {
    struct buffer bytes; /* storage of the slices */
    struct row *rows;    /* [n_rows] */
    size_t n_rows;
    size_t rows_capacity;
    struct record *records; /* [n_records], in the order of their rows */
    size_t n_records;
    size_t records_capacity;
    size_t n_text_bytes; /* of all records */
};

void batch_init(struct batch *batch);
void batch_free(struct batch *batch);
void batch_clear(struct batch *batch);
/* Takes back the rows behind the first n_rows. */
void batch_cut(struct batch *batch, size_t n_rows);

/* Large enough to keep all threads busy, small enough that a signal or a reader downstream does not
 * wait for long: 64 KiB are about a second of scoring on two cores. */
enum { BATCH_RECORDS = 64, BATCH_BYTES = 64 << 10 };
bool batch_is_full(const struct batch *batch);

static inline const char *batch_bytes(const struct batch *batch, struct slice slice) {
    return slice.length > 0 ? batch->bytes.bytes + slice.start : "";
}

/* The functions below return false when memory is out; the batch is then unchanged but for bytes
 * that nothing refers to. */

/* Begins a row; its records follow. `source` is copied. */
ALKFW_MUST_CHECK bool batch_add_row(struct batch *batch, const char *source, uint64_t number,
                                    uint64_t line);
/* What was read of the row that was begun last. */
ALKFW_MUST_CHECK bool batch_set_raw(struct batch *batch, const char *bytes, size_t n_bytes);
ALKFW_MUST_CHECK bool batch_set_id(struct batch *batch, const char *json, size_t n_bytes);
/* The row is all of its file, whose text comes behind a byte-order mark of n_bom bytes. */
void batch_set_file(struct batch *batch, size_t n_bom);

/* A text of the row that was begun last. `field` may be empty. */
ALKFW_MUST_CHECK bool batch_add_text(struct batch *batch, const char *field, size_t n_field,
                                     const char *text, size_t n_text);
/* Where in the raw bytes of its row the text is that was added last. */
void batch_set_place(struct batch *batch, enum row_coding coding, size_t start, size_t length);
/* The text that was added last stands in its line as it is, from this character on (from 1). */
void batch_set_column(struct batch *batch, uint64_t column);
/* A record of that row which cannot be scored. */
ALKFW_MUST_CHECK bool batch_add_error(struct batch *batch, const char *field, size_t n_field,
                                      const alkfw_error *error);

#endif
