/* SPDX-License-Identifier: Apache-2.0
 *
 * The run itself: every input, record by record, through the scanner. For main only. */
#ifndef ALKFW_FILTER_H
#define ALKFW_FILTER_H

#include "settings.h"
#include "tally.h"

/* Scans all inputs and counts in *tally what comes of it; errors are told where they happen. Ends
 * early, with what was read scored and written, when a signal comes. */
void filter_run(const struct settings *settings, struct tally *tally);

#endif
