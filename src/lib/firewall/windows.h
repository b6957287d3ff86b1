/* SPDX-License-Identifier: Apache-2.0
 *
 * From the windows of many texts to their scores: windows with the same tokens are computed once,
 * the others go through the model in groups of similar length. Used by scan.c. */
#ifndef ALKFW_WINDOWS_H
#define ALKFW_WINDOWS_H

#include "firewall/firewall.h"

struct window_run {
    struct window_result *results; /* [n_results]: [i].item and [i].view are the caller's; .score
                                      is set here, to NULL when that window could not be scored */
    size_t n_results;
    struct window_score *scores; /* of the distinct windows */
    alkfw_error failure;         /* why a score is NULL */
};

/* Fails when memory is out before anything was scored. */
ALKFW_MUST_CHECK alkfw_status windows_score(alkfw_firewall *firewall,
                                            const struct judge_settings *settings,
                                            struct window_run *run, alkfw_error *error);

/* The scores; the results are the caller's. */
void windows_free(struct window_run *run);

#endif
