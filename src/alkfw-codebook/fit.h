/* SPDX-License-Identifier: Apache-2.0
 *
 * From the features of a corpus to a codebook in memory: standardisation, basis, directions,
 * distributions, composition, operating points. The same input gives the same codebook, bit for
 * bit, whatever the number of threads. */
#ifndef ALKFW_CODEBOOK_FIT_H
#define ALKFW_CODEBOOK_FIT_H

#include "codebook/format.h"
#include "alkfw-codebook/corpus.h"
#include "alkfw-codebook/dataset.h"
#include "alkfw-codebook/samples.h"
#include "support/worker_pool.h"

/* Where activations are read unless --taps says otherwise. */
#define FIT_DEFAULT_TAPS "1:mean,2:mean,3:mean,4:mean,5:mean,3:cls,5:cls,3:max,5:max"

#define FIT_PASSAGE_TAPS "1:mean,3:mean,4:mean,5:mean"

enum { FIT_WINDOW_TOKENS = 126, FIT_OVERLAP_TOKENS = 30 };

/* Signals that are no category of the corpus. "known" is the union of the categories: how like any
 * attack that was seen. "general" is one direction for all attacks. "passage" is the same for the
 * stretch of 32 tokens where it is strongest. "novelty" is unlikeness to
 * benign text and takes no part in the composition. */
#define FIT_KNOWN "known"
#define FIT_GENERAL "general"
#define FIT_PASSAGE "passage"
#define FIT_NOVELTY "novelty"

struct fit_settings {
    size_t n_components; /* of the basis */
    size_t n_folds;      /* of sources, for the calibration */
    double shrinkage;    /* of the pooled covariance, in [0, 1] */
    double temperature;  /* of the soft maximum over the directions of a signal */
    /* A family of sources whose attacks and benign texts are chosen to be as alike as can be. A
     * direction to the mean of such a source finds little and is often wrong, and text as it comes
     * is easier: they shape the covariance, "general" and "passage", but the categories and "known"
     * have no direction for them, and nothing is calibrated on them. NULL: none. */
    const char *contrast;
};

extern const struct fit_settings fit_default_settings;

/* What fit_codebook refuses of the windows alone, told before the model runs: `dataset` is of
 * dataset_list. ALKFW_E_RECORD: one class only, too few rows or sources, or a category that cannot
 * be a signal. */
ALKFW_MUST_CHECK alkfw_status fit_check(const struct dataset *dataset, const struct corpus *corpus,
                                        const struct fit_settings *settings, alkfw_error *error);

/* What a fit leaves for a report. */
struct fit_result {
    struct codebook *codebook; /* codebook_close; strings of its info are unset */
    double *raw;               /* [n_windows, n_signals] out of fold; NAN where a fold has no such
                                  direction */
    double *composed;          /* [n_windows] out-of-fold evidence of the logistic composition */
    size_t *fold_of_source;    /* [n_sources] */
};

/* Called before each step; may be NULL. */
typedef void fit_progress(const char *step);

ALKFW_MUST_CHECK alkfw_status fit_codebook(const struct dataset *dataset,
                                           const struct corpus *corpus,
                                           const struct fit_settings *settings,
                                           struct worker_pool *pool, fit_progress *progress,
                                           struct fit_result *result, alkfw_error *error);
void fit_result_free(struct fit_result *result);

/* Raw values of a window of a dataset: what codebook_project gives with the window's states. */
void fit_project(const struct codebook *codebook, const struct dataset *dataset, size_t window,
                 float *workspace, double *raw);

#endif
