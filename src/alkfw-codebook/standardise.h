/* SPDX-License-Identifier: Apache-2.0
 *
 * Features with mean 0 and variance 1 over a corpus, each text counting once. */
#ifndef ALKFW_CODEBOOK_STANDARDISE_H
#define ALKFW_CODEBOOK_STANDARDISE_H

#include "alkfw-codebook/samples.h"

/* mean, scale: [n_features], the caller's. A feature that hardly varies gets the scale of one that
 * varies by a hundredth of the median. ALKFW_E_RECORD: most features do not vary at all. */
ALKFW_MUST_CHECK alkfw_status standardise_fit(const struct dataset_part *part,
                                              const struct samples *samples, float **mean,
                                              float **scale, alkfw_error *error);

/* z: [n_windows, n_features], the caller's. */
ALKFW_MUST_CHECK alkfw_status standardise_apply(const struct dataset_part *part, const float *mean,
                                                const float *scale, float **z, alkfw_error *error);

#endif
