/* SPDX-License-Identifier: Apache-2.0
 *
 * A user's own text, scored as alkfw would: any form that alkfw reads, no labels. Used by
 * recalibrate.c. */
#ifndef ALKFW_CODEBOOK_TRAFFIC_H
#define ALKFW_CODEBOOK_TRAFFIC_H

#include <stddef.h>

#include "alkfw.h"
#include "codebook/codebook.h"

/* P-values of a text: of each signal, then of the composition. */
enum { TRAFFIC_STATISTICS = CODEBOOK_MAX_SIGNALS + 1 };

struct traffic {
    const char *path; /* of the file, "-": standard input */
    size_t n_signals;
    double *p_values; /* [n_texts, TRAFFIC_STATISTICS] */
    size_t n_texts;
    size_t n_errors; /* records that could not be read or scored */
    size_t capacity;
};

/* Scores every text of traffic->path. `show` is called now and then with the number of texts. */
ALKFW_MUST_CHECK alkfw_status traffic_scan(struct traffic *traffic, alkfw_firewall *firewall,
                                           void (*show)(size_t n_texts), alkfw_error *error);
void traffic_free(struct traffic *traffic);

#endif
