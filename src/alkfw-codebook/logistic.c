/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/logistic.h"

#include <math.h>

enum { MAX_STEPS = 100 };

/* Gradient and Hessian of the penalised loss in (slope, constant). */
struct derivatives {
    double gradient[2];
    double hessian[3]; /* ss, sc, cc */
};

static void derive(struct derivatives *out, const struct logistic_data *data,
                   const double class_weight[2], double ridge, double slope, double constant) {
    *out = (struct derivatives){.gradient = {ridge * slope, 0}, .hessian = {ridge, 0, 1e-12}};
    for (size_t r = 0; r < data->n; r++) {
        double x = data->inputs[r];
        double weight = data->weights[r] * class_weight[data->hostile[r]];
        double p = 1 / (1 + exp(-(slope * x + constant)));
        double residual = weight * (p - (double)data->hostile[r]);
        double curvature = weight * p * (1 - p);
        out->gradient[0] += residual * x;
        out->gradient[1] += residual;
        out->hessian[0] += curvature * x * x;
        out->hessian[1] += curvature * x;
        out->hessian[2] += curvature;
    }
}

alkfw_status logistic_fit(const struct logistic_data *data, double ridge, double *slope,
                          double *constant, alkfw_error *error) {
    double totals[2] = {0};

    for (size_t r = 0; r < data->n; r++)
        totals[data->hostile[r]] += data->weights[r];
    const double class_weight[2] = {0.5 / totals[0], 0.5 / totals[1]};
    *slope = 0;
    *constant = 0;
    for (int step = 0; step < MAX_STEPS; step++) {
        struct derivatives at;
        derive(&at, data, class_weight, ridge, *slope, *constant);
        double determinant = at.hessian[0] * at.hessian[2] - at.hessian[1] * at.hessian[1];
        double change[2] = {
            (at.hessian[2] * at.gradient[0] - at.hessian[1] * at.gradient[1]) / determinant,
            (at.hessian[0] * at.gradient[1] - at.hessian[1] * at.gradient[0]) / determinant};
        double largest = fmax(fabs(change[0]), fabs(change[1]));
        if (!isfinite(largest))
            break;
        /* A long step can overshoot where the likelihood is flat. */
        double factor = largest > 5 ? 5 / largest : 1;
        *slope -= factor * change[0];
        *constant -= factor * change[1];
        if (largest < 1e-10)
            return ALKFW_OK;
    }
    return alkfw_error_set(error, ALKFW_E_RECORD,
                           "the composition of the signals cannot be fitted to the corpus");
}
