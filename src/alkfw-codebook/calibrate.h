/* SPDX-License-Identifier: Apache-2.0
 *
 * Distributions, composition and operating points of a codebook from out-of-fold raw values. */
#ifndef ALKFW_CODEBOOK_CALIBRATE_H
#define ALKFW_CODEBOOK_CALIBRATE_H

#include "codebook/format.h"
#include "alkfw-codebook/corpus.h"
#include "alkfw-codebook/samples.h"

/* raw: [n_windows, n_signals], NAN where a signal had no direction. in_sample: the same from the
 * final directions, for a signal whose hostile windows all come from one source: out of fold there
 * are none. composed: [n_windows], gets the evidence of the logistic composition. */
ALKFW_MUST_CHECK alkfw_status calibrate(struct codebook *codebook, const struct samples *samples,
                                        const struct corpus *corpus, const double *raw,
                                        const double *in_sample, double *composed,
                                        alkfw_error *error);

#endif
