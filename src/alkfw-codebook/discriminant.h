/* SPDX-License-Identifier: Apache-2.0
 *
 * Linear discriminants between benign and hostile windows, with any one fold left out. */
#ifndef ALKFW_CODEBOOK_DISCRIMINANT_H
#define ALKFW_CODEBOOK_DISCRIMINANT_H

#include "alkfw.h"
#include "alkfw-codebook/samples.h"
#include "support/worker_pool.h"

/* Sums over the standardised windows, from which every discriminant follows. */
struct moments {
    const float *z; /* [n_windows, n_columns], kept by the caller */
    size_t n_columns;
    double *weights;    /* [n_windows], with the units' scale; 0 for a window that is left out */
    double *sums;       /* [n_units, n_columns] of weighted windows, without the units' scale */
    double *scatter[2]; /* [n_columns, n_columns] upper: of benign and of hostile windows */
};

/* like: moments of samples with the same benign windows, whose scatter is then copied; or NULL. */
ALKFW_MUST_CHECK alkfw_status moments_compute(struct moments *moments, struct worker_pool *pool,
                                              const float *z, size_t n_columns,
                                              const struct samples *samples,
                                              const struct moments *like, alkfw_error *error);
void moments_free(struct moments *moments);

/* Log-odds-like projections direction . z + offset. */
struct discriminants {
    float *general; /* [n_columns]: all hostile against all benign windows */
    double general_offset;
    size_t n_units;  /* hostile units outside the fold left out */
    size_t *units;   /* [n_units] */
    float *specific; /* [n_units, n_columns]: one hostile unit against all benign windows */
    double *offsets; /* [n_units], prior odds included */
};

/* left_out: a fold, or CORPUS_NONE. Folds may be fitted by several threads at once. The pooled
 * covariance is around the class means for `general`, around the mean of each hostile unit for
 * `specific`. */
ALKFW_MUST_CHECK alkfw_status discriminants_fit(struct discriminants *result,
                                                const struct moments *moments,
                                                const struct samples *samples, size_t left_out,
                                                double shrinkage, bool specific,
                                                alkfw_error *error);
void discriminants_free(struct discriminants *discriminants);

#endif
