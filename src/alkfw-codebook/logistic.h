/* SPDX-License-Identifier: Apache-2.0
 *
 * Logistic regression on one input: from a statistic to log-odds. */
#ifndef ALKFW_CODEBOOK_LOGISTIC_H
#define ALKFW_CODEBOOK_LOGISTIC_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"

struct logistic_data {
    const double *inputs;  /* [n] */
    const bool *hostile;   /* [n] */
    const double *weights; /* [n], >= 0; both classes are brought to the same total */
    size_t n;
};

/* Newton's method on the likelihood with a ridge penalty on the slope (P. McCullagh and J. A.
 * Nelder, Generalized linear models, 1989, section 4.4). */
ALKFW_MUST_CHECK alkfw_status logistic_fit(const struct logistic_data *data, double ridge,
                                           double *slope, double *constant, alkfw_error *error);

#endif
