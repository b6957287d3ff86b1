/* SPDX-License-Identifier: Apache-2.0
 *
 * --progress, SIGUSR1 and --summary: what the run has done so far, for people. A process has one
 * run, and so these functions share one account of it, which the signal's handler reads. */
#ifndef ALKFW_PROGRESS_H
#define ALKFW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "tally.h"

/* `wanted`: the line is shown, if standard error is a terminal. */
void progress_start(bool wanted);
/* How many bytes there are to read, which gives the time that is left; 0: not known. */
void progress_expect(uint64_t n_bytes);
/* Renews the line, at most five times a second. `n_read` is out of what is expected. */
void progress_update(const struct tally *tally, uint64_t n_read);
/* Wipes the line. */
void progress_end(void);

/* The line once, on standard error. For a signal handler: async-signal-safe. */
void progress_report(void);

/* One line of totals on standard error; false when something that was written there did not
 * arrive. */
bool progress_summary(const struct tally *tally);

#endif
