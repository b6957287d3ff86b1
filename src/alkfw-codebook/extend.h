/* SPDX-License-Identifier: Apache-2.0
 *
 * A further signal for a codebook that exists, from a user's own attacks. All that the codebook
 * knows stays as it is, and so does what a score of its composition means. */
#ifndef ALKFW_CODEBOOK_EXTEND_H
#define ALKFW_CODEBOOK_EXTEND_H

#include "alkfw-codebook/corpus.h"
#include "alkfw-codebook/dataset.h"
#include "codebook/format.h"
#include "support/worker_pool.h"

/* Benign texts that it takes: fewer do not tell how often the signal is wrong. */
enum { EXTEND_MIN_BENIGN = 200, EXTEND_FOLDS = 5 };

/* Before features are extracted: keeps hostile rows of the corpus's first file only, as attacks of
 * the category `name`, and benign rows of the others, and deals them into sources of EXTEND_FOLDS
 * parts, pairs and twins together. ALKFW_E_RECORD: too few of either. */
ALKFW_MUST_CHECK alkfw_status extend_prepare(struct corpus *corpus, const char *name,
                                             alkfw_error *error);

struct extend_summary {
    double auroc;           /* of the signal on windows left out of its fit */
    double recall[2];       /* of the attacks at balanced, before and after, left out of the fit */
    double false_alarms[2]; /* of the benign texts */
};

/* Adds the signal `name` to a codebook that has none of that name, fitted to windows of the
 * codebook's own plan. */
ALKFW_MUST_CHECK alkfw_status extend_codebook(struct codebook *codebook, const char *name,
                                              const struct dataset *dataset,
                                              const struct corpus *corpus, double shrinkage,
                                              struct worker_pool *pool,
                                              struct extend_summary *summary, alkfw_error *error);

#endif
