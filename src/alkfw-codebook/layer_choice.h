/* SPDX-License-Identifier: Apache-2.0
 *
 * Which layers of a model a codebook reads: as the user says, or those whose activations separate
 * hostile from benign text best. */
#ifndef ALKFW_CODEBOOK_LAYER_CHOICE_H
#define ALKFW_CODEBOOK_LAYER_CHOICE_H

#include "alkfw-codebook/dataset.h"
#include "alkfw-codebook/fit.h"

enum { LAYER_CHOICE_MAX = 6 };

struct layer_choice {
    uint32_t layers[LAYER_CHOICE_MAX]; /* [n_layers] rising */
    size_t n_layers;
    size_t best; /* index of the one where the whole window is read in more ways */
};

/* "2,4,5". The last one counts as the best. */
ALKFW_MUST_CHECK alkfw_status layer_choice_parse(const char *text, struct layer_choice *choice,
                                                 alkfw_error *error);

/* Runs the model, which must be open to its last layer, over a part of the corpus: of each source a
 * like number of texts of either label. For each layer (of a deep model: for 16, evenly spread) one
 * discriminant over means is fitted without a third of the sources and ranks that third; the layers
 * with the highest mean AUROC are chosen. Nothing is random. */
ALKFW_MUST_CHECK alkfw_status layer_choice_auto(const struct corpus *corpus,
                                                const struct model *model,
                                                const struct model_identity *identity,
                                                size_t n_threads, struct worker_pool *pool,
                                                dataset_progress *progress,
                                                struct layer_choice *choice, alkfw_error *error);

/* What is read there: the mean at each layer, for windows and for passages; at the best one the
 * maximum and the token that has seen the whole window. */
void layer_choice_taps(const struct layer_choice *choice, const struct model_info *info,
                       struct extract_plan *plan, struct model_tap *passage_taps,
                       size_t *n_passage_taps);

#endif
