/* SPDX-License-Identifier: Apache-2.0
 *
 * What each window (or passage) of a dataset is to the fit: hostile, benign or neither, in which
 * unit, with what weight, in which fold. */
#ifndef ALKFW_CODEBOOK_SAMPLES_H
#define ALKFW_CODEBOOK_SAMPLES_H

#include "alkfw-codebook/dataset.h"

/* All windows of one source that show one behaviour, or that are benign. */
struct unit {
    size_t source;
    size_t category; /* CORPUS_NONE: benign */
    size_t fold;
    size_t n_windows;
    bool is_contrast; /* shapes directions, has none of its own, and is not calibrated on */
    double mass;      /* sum of the window weights: about its number of texts */
    /* (mass m)^-0.5: a unit of a hundred times the texts counts ten times as much, and so do a
     * hundred sources of one family, as written_a and written_b are. Measured on left-out sources.
     */
    double scale;
};

struct samples {
    const struct dataset_part *part;
    struct unit *units; /* [n_units] */
    size_t n_units;
    size_t n_folds;
    size_t *fold_of_source; /* [n_sources] */
    size_t *unit;           /* [n_windows]; CORPUS_NONE: left out of the fit */
    double *weight;         /* [n_windows]: 1 / number of the text's windows of the same kind */
};

/* Sorts windows into units and sources into folds; sources that are linked by a pair stay in one
 * fold. A hostile text's window is hostile when it has half of the span or 24 tokens of it, and
 * benign when it has none; a passage is hostile when half of it is span or it has four fifths of
 * the span, and benign when a twentieth is; what is neither is left out. Without a span all are
 * hostile. ALKFW_E_RECORD: one class only, or too few sources for the folds. */
enum sample_kind { SAMPLES_OF_WINDOWS, SAMPLES_OF_PASSAGES };
ALKFW_MUST_CHECK alkfw_status samples_sort(struct samples *samples, const struct dataset_part *part,
                                           enum sample_kind kind, const struct corpus *corpus,
                                           size_t n_folds, alkfw_error *error);

/* Marks the units of a family of sources: all whose names are `family` up to the last underscore.
 * ALKFW_E_ARGUMENT: none of it is hostile, or all that is hostile is of it. */
ALKFW_MUST_CHECK alkfw_status samples_mark_contrast(struct samples *samples,
                                                    const struct corpus *corpus,
                                                    const char *family, alkfw_error *error);

/* A copy in which of each hostile text without a span only the best share of its windows is left,
 * at least one; scores: [n_windows]. */
ALKFW_MUST_CHECK alkfw_status samples_keep_best(struct samples *samples, const struct samples *from,
                                                const struct corpus *corpus, const double *scores,
                                                double share, alkfw_error *error);
/* ALKFW_E_RECORD: without fold `left_out` (CORPUS_NONE: none) there is one class only. */
ALKFW_MUST_CHECK alkfw_status samples_check_fold(const struct samples *samples, size_t left_out,
                                                 alkfw_error *error);
void samples_free(struct samples *samples);

static inline bool unit_is_hostile(const struct unit *unit) {
    return unit->category != CORPUS_NONE;
}

/* Weight of a window with its unit's scale; 0 for one that is left out. */
double samples_weight(const struct samples *samples, size_t window);

/* Mean and standard deviation of values[w * stride] over benign windows, by their weights without
 * the units' scales; a NAN is passed over. */
void samples_benign_spread(const struct samples *samples, const double *values, size_t stride,
                           double *mean, double *deviation);
size_t samples_fold(const struct samples *samples, const struct corpus *corpus, size_t window);

#endif
