/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/logistic.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { MAX_STEPS = 50, SIZE = LOGISTIC_MAX_INPUTS + 1 };

struct system {
    double hessian[SIZE * SIZE]; /* upper, row-major, of the inputs in use and the constant */
    double gradient[SIZE];
    size_t used[SIZE]; /* which inputs they are */
    size_t n;          /* inputs in use, the constant included */
};

static double input(const struct logistic_data *data, size_t row, size_t index) {
    return index == data->n_inputs ? 1 : data->inputs[row * data->n_inputs + index];
}

static double predict(const struct logistic_data *data, size_t row, const double *coefficients) {
    double sum = coefficients[data->n_inputs];

    for (size_t i = 0; i < data->n_inputs; i++)
        sum += coefficients[i] * input(data, row, i);
    return 1 / (1 + exp(-sum));
}

static void fill_system(struct system *system, const struct logistic_data *data,
                        const double class_weight[2], double ridge, const double *coefficients) {
    memset(system->hessian, 0, sizeof system->hessian);
    memset(system->gradient, 0, sizeof system->gradient);
    for (size_t r = 0; r < data->n; r++) {
        double weight = data->weights[r] * class_weight[data->hostile[r]];
        double p = predict(data, r, coefficients);
        double slope = weight * (p - (double)data->hostile[r]);
        double curvature = weight * p * (1 - p);
        for (size_t i = 0; i < system->n; i++) {
            double x = input(data, r, system->used[i]);
            system->gradient[i] += slope * x;
            for (size_t j = i; j < system->n; j++)
                system->hessian[i * SIZE + j] += curvature * x * input(data, r, system->used[j]);
        }
    }
    for (size_t i = 0; i < system->n; i++) {
        bool constant = system->used[i] == data->n_inputs;
        /* The constant is not penalised, but a perfect split must not make it singular. */
        double penalty = constant ? 1e-9 : ridge;
        system->gradient[i] += constant ? 0 : penalty * coefficients[system->used[i]];
        system->hessian[i * SIZE + i] += penalty;
    }
}

/* One Newton step on the inputs in use; returns its largest change, or -1. */
static double newton_step(struct system *system, double *coefficients) {
    double largest = 0;

    if (LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', (lapack_int)system->n, 1, system->hessian, SIZE,
                      system->gradient, SIZE) != 0)
        return -1;
    for (size_t i = 0; i < system->n; i++)
        largest = fmax(largest, fabs(system->gradient[i]));
    /* A long step can overshoot where the likelihood is flat. */
    double factor = largest > 5 ? 5 / largest : 1;
    for (size_t i = 0; i < system->n; i++)
        coefficients[system->used[i]] -= factor * system->gradient[i];
    return largest;
}

static alkfw_status fit_used(const struct logistic_data *data, const bool *dropped, double ridge,
                             double *coefficients, alkfw_error *error) {
    struct system system = {.n = 0};
    double totals[2] = {0};

    for (size_t r = 0; r < data->n; r++)
        totals[data->hostile[r]] += data->weights[r];
    const double class_weight[2] = {0.5 / totals[0], 0.5 / totals[1]};
    for (size_t i = 0; i <= data->n_inputs; i++) {
        coefficients[i] = 0;
        if (i == data->n_inputs || !dropped[i])
            system.used[system.n++] = i;
    }
    for (int step = 0; step < MAX_STEPS; step++) {
        fill_system(&system, data, class_weight, ridge, coefficients);
        double change = newton_step(&system, coefficients);
        if (change < 0 || !isfinite(change))
            return alkfw_error_set(error, ALKFW_E_RECORD,
                                   "the composition of the signals cannot be fitted");
        if (change < 1e-8)
            break;
    }
    return ALKFW_OK;
}

alkfw_status logistic_fit(const struct logistic_data *data, double ridge, double *coefficients,
                          alkfw_error *error) {
    bool dropped[LOGISTIC_MAX_INPUTS] = {false};

    for (;;) {
        size_t worst = 0;
        alkfw_status status = fit_used(data, dropped, ridge, coefficients, error);
        if (status != ALKFW_OK)
            return status;
        for (size_t i = 1; i < data->n_inputs; i++) {
            if (coefficients[i] < coefficients[worst])
                worst = i;
        }
        if (!(coefficients[worst] < 0))
            return ALKFW_OK;
        dropped[worst] = true;
    }
}
