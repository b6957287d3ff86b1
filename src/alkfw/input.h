/* SPDX-License-Identifier: Apache-2.0
 *
 * One file or standard input as a stream of rows. Each format is a struct input_format in a file
 * of its own; the rest of the program sees only the functions at the end. */
#ifndef ALKFW_INPUT_H
#define ALKFW_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "batch.h"
#include "cli/line_reader.h"
#include "json_row.h"
#include "matcher.h"

/* How the user wants inputs to be read; the same for all of them. */
struct input_plan {
    const char *format; /* "auto", "lines", ... as --input says */
    size_t max_bytes;   /* ceiling of a row */
    struct json_plan json;
    const struct matcher *matcher; /* NULL: the whole line is the text */
    bool keep_raw;                 /* --pass: rows are copied out */
    const volatile int *stop;      /* set by a signal: end at the next row */
};

enum input_result {
    INPUT_ROW,     /* a row, or framing, was added to the batch */
    INPUT_SKIPPED, /* a line that does not match: nothing was added */
    INPUT_END,     /* no more rows, or stopped by a signal */
    INPUT_FAILED   /* what follows cannot be read: `error` */
};

struct input {
    const struct input_plan *plan;
    const struct input_format *format;
    const char *source; /* the file's name, "-" for standard input */
    int descriptor;
    dev_t device; /* what the descriptor is of, and how long it was when it was opened */
    ino_t inode;
    off_t size;               /* 0 of what is no regular file */
    uint64_t n_rows;          /* given out so far */
    uint64_t n_lines;         /* newlines in what was given out so far; kept by the format */
    alkfw_error error;        /* of INPUT_FAILED */
    uint64_t error_line;      /* where it was, or 0 */
    struct line_reader lines; /* of formats that are read by lines */
    struct byte_reader bytes; /* of the others */
    void *state;              /* the format's own */
};

struct input_format {
    const char *name;
    bool by_lines; /* read through `lines`: any place between two records is one to resume at */
    /* Returns false with input->error set. NULL: there is nothing to set up. */
    bool (*open)(struct input *input);
    enum input_result (*next)(struct input *input, struct batch *batch);
    /* Whether next would return without waiting. */
    bool (*ready)(struct input *input);
    void (*close)(struct input *input);
};

extern const struct input_format input_format_lines;
extern const struct input_format input_format_null;
extern const struct input_format input_format_whole;
extern const struct input_format input_format_jsonl;
extern const struct input_format input_format_json;
extern const struct input_format input_format_csv;

/* Opens a file ("-": standard input). `path` must outlive the input. On failure the input needs no
 * close, and `error` says why. */
ALKFW_MUST_CHECK alkfw_status input_open(struct input *input, const struct input_plan *plan,
                                         const char *path, alkfw_error *error);
/* The same for a descriptor that is open already. */
ALKFW_MUST_CHECK alkfw_status input_open_descriptor(struct input *input,
                                                    const struct input_plan *plan,
                                                    const char *source, int descriptor,
                                                    alkfw_error *error);
/* Whether a format, by its name, is read record by record with a delimiter. */
bool input_is_by_lines(const char *format);
enum input_result input_next(struct input *input, struct batch *batch);
bool input_ready(struct input *input);
/* Bytes that were read and given out so far. */
uint64_t input_position(const struct input *input);
/* After INPUT_END: whether the file was there to its end. ALKFW_E_IO: it was cut short while it was
 * read. A file that another has taken the place of is warned of. */
ALKFW_MUST_CHECK alkfw_status input_settle(const struct input *input, alkfw_error *error);
void input_close(struct input *input);

/* ---- for the formats ------------------------------------------------------ */

/* Begins the next row; `line` is where it begins (0: lines mean nothing in this format). `raw` is
 * kept when rows are copied out. When one of these returns false, next returns
 * input_out_of_memory(input). */
ALKFW_MUST_CHECK bool input_begin_row(struct input *input, struct batch *batch, uint64_t line,
                                      const char *raw, size_t n_raw);
/* Bytes that belong to no record: copied out, never scored. */
ALKFW_MUST_CHECK bool input_add_framing(struct input *input, struct batch *batch, const char *raw,
                                        size_t n_raw);
/* An error record for a row over the ceiling. */
ALKFW_MUST_CHECK bool input_add_too_long(struct input *input, struct batch *batch,
                                         uint64_t n_bytes);
enum input_result input_out_of_memory(struct input *input);
enum input_result input_read_failed(struct input *input, int error_number);

uint64_t input_count_newlines(const char *bytes, size_t n_bytes);

/* Whether they begin with that of UTF-16, which is not read: input->error says so then. */
bool input_is_utf16(struct input *input, const char *bytes, size_t n_bytes);

/* ---- for the formats that are read by bytes ------------------------------- */

/* How far the end of a row was looked for in what is pending. */
struct input_scan {
    size_t scanned;
    bool in_quotes;     /* of csv */
    uint64_t n_skipped; /* bytes of a row over the ceiling that were thrown away so far */
};

/* Moves scan->scanned to the end of the row, and says whether it is there. */
typedef bool input_find_end(struct input_scan *scan, const char *bytes, size_t n_bytes);

/* Reads until the row that begins is pending, or its last part when it is over `most` bytes;
 * newlines of what is thrown away are counted. find_end NULL: it ends with the input. INPUT_ROW:
 * scan->scanned bytes of it are pending, none of them when there was no row. */
enum input_result input_gather(struct input *input, input_find_end *find_end, size_t most,
                               struct input_scan *scan);

/* Whether input_gather would return without waiting for input. */
bool input_gather_ready(struct input *input, input_find_end *find_end, size_t most);

/* ---- for the formats that are read by lines ------------------------------- */

struct input_line {
    const char *bytes; /* NULL: it was too long; its error is in the batch already */
    size_t n_bytes;    /* without its delimiter, which lies behind them when it is `terminated` */
    bool terminated;
};

/* INPUT_ROW: there is a line. Newlines are counted. */
enum input_result input_next_line(struct input *input, struct batch *batch,
                                  struct input_line *line);
bool input_lines_ready(struct input *input);
void input_lines_close(struct input *input);

#endif
