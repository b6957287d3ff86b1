/* SPDX-License-Identifier: Apache-2.0
 *
 * A line on standard error that shows how far a download is, when that is a terminal. */
#ifndef ALKFW_FETCH_PROGRESS_H
#define ALKFW_FETCH_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
    bool enabled;
    bool drawn;
    const char *label;
    int64_t total; /* bytes; -1: not known */
    uint64_t received;
    uint64_t received_at_start; /* what an earlier run had left */
    struct timespec start;
    struct timespec last_drawn;
};

/* Enabled when standard error is a terminal that can go back in a line and
 * HF_HUB_DISABLE_PROGRESS_BARS is not set to true. */
void progress_init(struct progress *progress);
void progress_start(struct progress *progress, const char *label, int64_t total, uint64_t received);
void progress_update(struct progress *progress, uint64_t received);
/* Takes the line away, before something else is printed. */
void progress_clear(struct progress *progress);
/* Leaves a last line. */
void progress_finish(struct progress *progress);

#endif
