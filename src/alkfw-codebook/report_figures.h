/* SPDX-License-Identifier: Apache-2.0
 *
 * The figures of a report, each an HTML <figure>. */
#ifndef ALKFW_CODEBOOK_REPORT_FIGURES_H
#define ALKFW_CODEBOOK_REPORT_FIGURES_H

#include <jansson.h>
#include <stdio.h>

#include "alkfw-codebook/evaluation.h"
#include "alkfw-codebook/ranking.h"

struct figures {
    FILE *out;
    const struct evaluation *evaluation;
    const json_t *report;    /* evaluation_report of the same */
    struct weighted *values; /* [2 * n_rows] scratch */
    double *points;          /* [4 * n_rows + 4] scratch */
};

/* Recall over false positives, on a straight and on a logarithmic scale. */
void figure_roc(struct figures *figures);

/* -log10 p of the composed statistic, as texts have it. */
void figure_composed(struct figures *figures);

/* Raw values of a signal: texts as bars, the codebook's splines over windows as lines. */
void figure_signal(struct figures *figures, size_t signal);

/* Share of hostile texts over the score, for each base rate of the report. */
void figure_reliability(struct figures *figures);

#endif
