/* SPDX-License-Identifier: Apache-2.0
 *
 * --progress and --summary: what the run has done so far, for people. */
#ifndef ALKFW_PROGRESS_H
#define ALKFW_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "tally.h"

struct progress {
    bool is_shown; /* asked for, and standard error is a terminal */
    struct timespec start;
    struct timespec last; /* when the line was written last */
};

void progress_start(struct progress *progress, bool wanted);
/* Renews the line, at most five times a second. */
void progress_update(struct progress *progress, const struct tally *tally);
/* Wipes the line. */
void progress_end(struct progress *progress);

/* One line of totals on standard error. */
void progress_summary(const struct progress *progress, const struct tally *tally);

#endif
