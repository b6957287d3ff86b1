/* SPDX-License-Identifier: Apache-2.0
 *
 * Findings that are accepted: those in the file of --baseline, and those that a rule of the
 * configuration's `allow` is for. They do not alarm. It also collects the findings of a run for
 * --write-baseline. For scanner.c. */
#ifndef ALKFW_ALLOWANCE_H
#define ALKFW_ALLOWANCE_H

#include <stdbool.h>

#include "alkfw.h"
#include "settings.h"
#include "verdict.h"

struct allowance;

/* *allowance is NULL when nothing is asked for; the functions below take it and do nothing then. */
ALKFW_MUST_CHECK alkfw_status allowance_open(struct allowance **allowance,
                                             const struct settings *settings, alkfw_error *error);
void allowance_close(struct allowance *allowance);

/* Takes what is accepted out of the alarms of report->verdict and lists it in report->allowed,
 * valid until the next call. A record that nothing else alarms in passes. False when memory is out.
 */
ALKFW_MUST_CHECK bool allowance_apply(struct allowance *allowance, struct report *report);

/* At the end of the run: tells the totals with --summary, and writes the file of --write-baseline
 * if the run `is_whole`, that is without errors and not cut short. False, after a message, when it
 * is not written. */
ALKFW_MUST_CHECK bool allowance_finish(struct allowance *allowance, bool is_whole);

#endif
