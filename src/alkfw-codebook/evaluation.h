/* SPDX-License-Identifier: Apache-2.0
 *
 * What verdicts on a labelled corpus say of a codebook. */
#ifndef ALKFW_CODEBOOK_EVALUATION_H
#define ALKFW_CODEBOOK_EVALUATION_H

#include <jansson.h>

#include "alkfw-codebook/corpus.h"
#include "codebook/codebook.h"

/* What is kept of a verdict. */
struct outcome {
    double score;
    double surprise; /* -ln of the p-value: ranks as the score does and never saturates */
    double signals[CODEBOOK_MAX_SIGNALS]; /* -ln of each signal's p-value */
    double raw[CODEBOOK_MAX_SIGNALS];     /* of each signal's strongest window */
    size_t n_windows;
    bool has_span; /* an alarm's */
    size_t span_start;
    size_t span_end;
    size_t n_excess_tokens; /* of an alarm's span outside the row's, when both have one */
};

struct evaluation {
    const struct corpus *corpus;
    const struct codebook *codebook;
    enum composition composition;
    struct outcome *outcomes; /* [corpus->n_rows] */
};

/* The figures as JSON, described in alkfw-codebook(1); NULL when memory is out. A figure that does
 * not exist (no benign rows, say) is null. */
json_t *evaluation_report(const struct evaluation *evaluation);

/* The same report as tables on standard output. */
void evaluation_print(const json_t *report);
/* Of a report on documents whose sources are their lengths. */
void evaluation_print_long(const json_t *report);

#endif
