/* SPDX-License-Identifier: Apache-2.0
 *
 * Logistic regression with weights that are never negative, to compose signals: evidence for an
 * attack must not lower the score. */
#ifndef ALKFW_CODEBOOK_LOGISTIC_H
#define ALKFW_CODEBOOK_LOGISTIC_H

#include <stdbool.h>

#include "alkfw.h"

enum { LOGISTIC_MAX_INPUTS = 32 };

struct logistic_data {
    const double *inputs;  /* [n, n_inputs] */
    const bool *hostile;   /* [n] */
    const double *weights; /* [n], >= 0; classes are brought to equal totals */
    size_t n;
    size_t n_inputs;
};

/* Newton's method on the ridge-penalised likelihood (P. McCullagh and J. A. Nelder, Generalized
 * linear models, 1989, section 4.4); inputs whose coefficient would be negative are set to 0, the
 * most negative first. coefficients: [n_inputs + 1], the constant last. */
ALKFW_MUST_CHECK alkfw_status logistic_fit(const struct logistic_data *data, double ridge,
                                           double *coefficients, alkfw_error *error);

#endif
