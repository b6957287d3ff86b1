/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the filter share. For filter*.c only. */
#ifndef ALKFW_FILTER_PARTS_H
#define ALKFW_FILTER_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "batch.h"
#include "globs.h"
#include "journal.h"
#include "scanner.h"
#include "settings.h"
#include "tally.h"

struct filter {
    const struct settings *settings;
    struct tally *tally;
    struct scanner scanner;
    struct batch batch;
    struct journal journal;
    struct log *log; /* that is being read; NULL for an input that is not resumed */
    size_t
        n_sure_rows; /* of the batch: behind them are what was read of `log` since the last look */
    uint64_t n_read; /* bytes of inputs that are done with */
    uint64_t n_to_expect;  /* bytes of all inputs; 0: not known */
    struct globs *include; /* with -r, or NULL */
    struct globs *exclude;
    bool is_broken; /* the run cannot go on, and what was read last was not written */
};

/* Each of these is false when the run cannot go on; that is told and counted. */

/* Scores and writes what was read. `n_read` is how much that is of all inputs. */
bool filter_flush(struct filter *filter, uint64_t n_read);
/* Reads an input to its end, or until a signal comes. */
bool filter_scan_input(struct filter *filter, struct input *input);
/* An input, or the rest of it, that cannot be read. */
bool filter_add_failure(struct filter *filter, const char *source, uint64_t line,
                        const alkfw_error *error);
/* Writes the state; nothing may be waiting to be scored. */
bool filter_save(struct filter *filter);

/* --state: scans a file from where the state says, and before it what it was renamed to since. */
bool filter_scan_log(struct filter *filter, const char *path);
/* --follow: scans the files on the command line as they grow, until a signal comes. */
bool filter_follow(struct filter *filter);

#endif
