/* SPDX-License-Identifier: Apache-2.0
 *
 * What a run has counted, and the one place where that becomes an exit status. */
#ifndef ALKFW_TALLY_H
#define ALKFW_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "alkfw.h"

struct tally {
    uint64_t n_verdicts[ALKFW_ERROR + 1]; /* by decision */
    uint64_t n_skipped;                   /* lines that --match does not match */
    uint64_t n_bytes;                     /* of text that was scored */
    uint64_t n_redacted;                  /* rows that --redact let pass */
    bool has_failed; /* an error that has no verdict: usage, configuration, model, writing */
};

enum { EXIT_STATUS_ERROR = 2, EXIT_STATUS_REVIEW = 3 };

/* 2 when anything failed, else `alarm_status` when anything alarmed, else 3 when anything is to
 * be reviewed, else 0. An error never hides in a 0 or a 1. */
int tally_exit_status(const struct tally *tally, int alarm_status);

#endif
