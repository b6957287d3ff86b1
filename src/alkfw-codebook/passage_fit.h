/* SPDX-License-Identifier: Apache-2.0
 *
 * The direction of the passage signal: one discriminant between passages, of which the hostile
 * texts without a span first tell which of theirs are hostile. */
#ifndef ALKFW_CODEBOOK_PASSAGE_FIT_H
#define ALKFW_CODEBOOK_PASSAGE_FIT_H

#include "alkfw-codebook/dataset.h"
#include "alkfw-codebook/discriminant.h"
#include "alkfw-codebook/samples.h"
#include "codebook/format.h"

struct passage_fit {
    const struct dataset *dataset;
    const struct corpus *corpus;
    struct samples samples;
    struct moments moments;
    float *mean;  /* [n_features] of passages */
    float *scale; /* [n_features] */
    float *z;     /* [n_passages, n_features] */
};

/* What all folds share. */
ALKFW_MUST_CHECK alkfw_status passage_fit_begin(struct passage_fit *fit,
                                                const struct dataset *dataset,
                                                const struct corpus *corpus, size_t n_folds,
                                                struct worker_pool *pool, alkfw_error *error);
void passage_fit_end(struct passage_fit *fit);

/* Sets layers, direction, offset and spread of a signal, without the sources of one fold. */
ALKFW_MUST_CHECK alkfw_status passage_fit_signal(const struct passage_fit *fit,
                                                 const struct codebook *codebook,
                                                 struct codebook_signal *signal, size_t left_out,
                                                 double shrinkage, alkfw_error *error);

/* Raw value of a window of the dataset under a passage signal. */
double passage_raw(const struct codebook_signal *signal, const struct dataset *dataset,
                   size_t window);

#endif
