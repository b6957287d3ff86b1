/* SPDX-License-Identifier: Apache-2.0
 *
 * What each window of a dataset is to the fit: hostile, benign or neither, in which unit, with
 * what weight, in which fold. */
#ifndef ALKFW_CODEBOOK_SAMPLES_H
#define ALKFW_CODEBOOK_SAMPLES_H

#include "alkfw-codebook/dataset.h"

/* All windows of one source that show one behaviour, or that are benign. */
struct unit {
    size_t source;
    size_t category; /* CORPUS_NONE: benign */
    size_t fold;
    size_t n_windows;
    double mass; /* sum of the window weights: about its number of texts */
    /* Benign: mass^-0.5, a source that is a hundred times as large counts ten times as much.
     * Hostile: mass^-1, every one counts the same. Measured on left-out sources, that is worth two
     * points of AUROC over counting every text once. */
    double scale;
};

struct samples {
    const struct dataset *dataset;
    struct unit *units; /* [n_units] */
    size_t n_units;
    size_t n_folds;
    size_t *fold_of_source; /* [n_sources] */
    size_t *unit;           /* [n_windows]; CORPUS_NONE: left out of the fit */
    double *weight;         /* [n_windows]: 1 / number of the text's windows of the same kind */
};

/* Sorts windows into units and sources into folds. A hostile text's windows are hostile when half
 * of them or 24 tokens lie in its span, benign when none does, else left out; without a span all
 * are hostile. Sources that are linked by a pair stay in one fold. ALKFW_E_RECORD: one class only,
 * or fewer than two folds. */
ALKFW_MUST_CHECK alkfw_status samples_sort(struct samples *samples, const struct dataset *dataset,
                                           const struct corpus *corpus, size_t n_folds,
                                           alkfw_error *error);
void samples_free(struct samples *samples);

static inline bool unit_is_hostile(const struct unit *unit) {
    return unit->category != CORPUS_NONE;
}

/* Weight of a window with its unit's scale; 0 for one that is left out. */
double samples_weight(const struct samples *samples, size_t window);
size_t samples_fold(const struct samples *samples, const struct corpus *corpus, size_t window);

#endif
