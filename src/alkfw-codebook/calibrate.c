/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/calibrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/distribution.h"
#include "alkfw-codebook/fit.h"
#include "alkfw-codebook/logistic.h"

static const double RIDGE = 1e-3;

struct calibration {
    struct codebook *codebook;
    const struct samples *samples;
    const struct corpus *corpus;
    size_t n_windows;
    size_t n_signals;
    double *evidence;         /* [n_windows, n_signals]; 0 where raw is NAN */
    double *statistic;        /* [n_windows] of the composition at hand */
    double *p_values;         /* [n_windows] of the statistic at hand */
    struct weighted *values;  /* [max(n_windows, n_rows)] scratch */
    struct text_score *texts; /* [n_rows] scratch */
};

static alkfw_status calibration_new(struct calibration *calibration, alkfw_error *error) {
    size_t n_windows = calibration->n_windows;
    size_t n_rows = calibration->corpus->n_rows;

    calibration->evidence = calloc(n_windows, calibration->n_signals * sizeof(double));
    calibration->statistic = calloc(n_windows, sizeof(double));
    calibration->p_values = calloc(n_windows, sizeof(double));
    calibration->values = calloc(n_windows, sizeof *calibration->values); /* n_windows >= n_rows */
    calibration->texts = calloc(n_rows, sizeof *calibration->texts);
    if (calibration->evidence == NULL || calibration->statistic == NULL ||
        calibration->p_values == NULL || calibration->values == NULL || calibration->texts == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the calibration");
    return ALKFW_OK;
}

static void calibration_free(struct calibration *calibration) {
    free(calibration->evidence);
    free(calibration->statistic);
    free(calibration->p_values);
    free(calibration->values);
    free(calibration->texts);
}

/* ---- windows --------------------------------------------------------------- */

static bool is_calibrated_on(const struct samples *samples, size_t window) {
    size_t unit = samples->unit[window];

    return unit != CORPUS_NONE && !samples->units[unit].is_contrast;
}

/* Collects the finite values of benign windows, or of hostile ones of a category (CORPUS_NONE:
 * any), sorted. values[w * stride]. */
static size_t collect(struct calibration *calibration, const double *values, size_t stride,
                      bool hostile, size_t category) {
    const struct samples *samples = calibration->samples;
    size_t n = 0;

    for (size_t w = 0; w < calibration->n_windows; w++) {
        size_t u = samples->unit[w];
        if (!is_calibrated_on(samples, w) || unit_is_hostile(&samples->units[u]) != hostile ||
            isnan(values[w * stride]))
            continue;
        if (category != CORPUS_NONE && samples->units[u].category != category)
            continue;
        calibration->values[n++] =
            (struct weighted){values[w * stride], samples_weight(samples, w)};
    }
    weighted_sort(calibration->values, n);
    return n;
}

static size_t category_of(const struct corpus *corpus, const char *name) {
    for (size_t c = 0; c < corpus->categories.n_names; c++) {
        if (strcmp(corpus->categories.names[c], name) == 0)
            return c;
    }
    return CORPUS_NONE;
}

static alkfw_status fit_signal_splines(struct calibration *calibration, size_t signal,
                                       const double *raw, const double *in_sample,
                                       alkfw_error *error) {
    struct codebook_signal *out = &calibration->codebook->signals[signal];
    size_t category = category_of(calibration->corpus, out->name);
    size_t n_signals = calibration->n_signals;
    char what[CODEBOOK_MAX_NAME + 32];

    (void)snprintf(what, sizeof what, "benign text, %s", out->name);
    size_t n = collect(calibration, raw + signal, n_signals, false, CORPUS_NONE);
    alkfw_status status =
        distribution_fit_spline(calibration->values, n, what, &out->distribution.benign, error);
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(what, sizeof what, "hostile text, %s", out->name);
    n = collect(calibration, raw + signal, n_signals, true, category);
    if (n < DISTRIBUTION_MIN_VALUES)
        n = collect(calibration, in_sample + signal, n_signals, true, category);
    return distribution_fit_spline(calibration->values, n, what, &out->distribution.hostile, error);
}

static void fill_evidence(struct calibration *calibration, const double *raw) {
    for (size_t w = 0; w < calibration->n_windows; w++) {
        for (size_t s = 0; s < calibration->n_signals; s++) {
            size_t at = w * calibration->n_signals + s;
            calibration->evidence[at] =
                isnan(raw[at]) ? 0 : codebook_evidence(calibration->codebook, s, raw[at]);
        }
    }
}

/* ---- texts ----------------------------------------------------------------- */

/* Exponent and operating points from calibration->p_values of the benign texts. */
static void fit_texts(struct calibration *calibration, struct codebook_distribution *out) {
    const struct samples *samples = calibration->samples;
    const struct dataset_part *windows = samples->part;
    size_t n = 0;

    for (size_t r = 0; r < calibration->corpus->n_rows; r++) {
        size_t first = windows->first_window[r];
        if (calibration->corpus->rows[r].hostile || !is_calibrated_on(samples, first))
            continue;
        calibration->texts[n++] =
            text_score_of(calibration->p_values + first, windows->first_window[r + 1] - first,
                          samples->units[samples->unit[first]].scale);
    }
    distribution_fit_texts(calibration->texts, n, calibration->values, out);
}

static void fit_signal_texts(struct calibration *calibration, size_t signal) {
    for (size_t w = 0; w < calibration->n_windows; w++)
        calibration->p_values[w] =
            codebook_p_value(calibration->evidence[w * calibration->n_signals + signal]);
    fit_texts(calibration, &calibration->codebook->signals[signal].distribution);
}

/* ---- compositions ---------------------------------------------------------- */

/* What decides, and with what share, each by its standard deviation over benign windows. Fixed:
 * weights fitted to out-of-fold scores, and weights for the categories, lost up to ten points of
 * recall on sources that were left out of that fit too. The categories explain an alarm. */
static double share_of(const char *signal) {
    if (strcmp(signal, FIT_KNOWN) == 0 || strcmp(signal, FIT_PASSAGE) == 0)
        return 1;
    return strcmp(signal, FIT_GENERAL) == 0 ? 0.5 : 0;
}

/* The composed statistic is the log-odds of hostile text, were both as frequent: slope and constant
 * are fitted (J. Platt, "Probabilistic outputs for support vector machines", 1999). */
static alkfw_status fit_log_odds(struct calibration *calibration, alkfw_error *error) {
    const struct samples *samples = calibration->samples;
    struct codebook *codebook = calibration->codebook;
    double *inputs = calloc(calibration->n_windows, sizeof *inputs);
    double *weights = calloc(calibration->n_windows, sizeof *weights);
    bool *hostile = calloc(calibration->n_windows, sizeof *hostile);
    double slope;
    double constant;
    size_t n = 0;

    if (inputs == NULL || weights == NULL || hostile == NULL) {
        free(inputs);
        free(weights);
        free(hostile);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the composition");
    }
    for (size_t w = 0; w < calibration->n_windows; w++) {
        if (!is_calibrated_on(samples, w))
            continue;
        inputs[n] = codebook_statistic_value(codebook, COMPOSITION_LOGISTIC,
                                             calibration->evidence + w * calibration->n_signals);
        weights[n] = samples_weight(samples, w);
        hostile[n++] = unit_is_hostile(&samples->units[samples->unit[w]]);
    }
    const struct logistic_data data = {inputs, hostile, weights, n};
    alkfw_status status = logistic_fit(&data, RIDGE, &slope, &constant, error);
    if (status == ALKFW_OK && !(slope > 0))
        status = alkfw_error_set(error, ALKFW_E_RECORD,
                                 "on sources that were left out, attacks do not score higher than "
                                 "benign text; the corpus does not teach what an attack is");
    for (size_t s = 0; status == ALKFW_OK && s <= calibration->n_signals; s++)
        codebook->weights[s] *= slope;
    if (status == ALKFW_OK)
        codebook->weights[calibration->n_signals] += constant;
    free(inputs);
    free(weights);
    free(hostile);
    return status;
}

static alkfw_status fit_logistic(struct calibration *calibration, const double *raw,
                                 alkfw_error *error) {
    struct codebook *codebook = calibration->codebook;
    size_t n_signals = calibration->n_signals;

    codebook->weights[n_signals] = 0;
    for (size_t s = 0; s < n_signals; s++) {
        double share = share_of(codebook->signals[s].name);
        double mean;
        double deviation;
        codebook->weights[s] = 0;
        if (share == 0)
            continue;
        samples_benign_spread(calibration->samples, raw + s, n_signals, &mean, &deviation);
        codebook->weights[s] = share / deviation;
        codebook->weights[n_signals] -= share * mean / deviation;
    }
    return fit_log_odds(calibration, error);
}

static alkfw_status fit_composition(struct calibration *calibration, enum composition composition,
                                    alkfw_error *error) {
    struct codebook *codebook = calibration->codebook;
    struct codebook_distribution *out = &codebook->compositions[composition];
    char what[64];

    for (size_t w = 0; w < calibration->n_windows; w++)
        calibration->statistic[w] = codebook_statistic_value(
            codebook, composition, calibration->evidence + w * calibration->n_signals);
    (void)snprintf(what, sizeof what, "benign text, composition %s", composition_name(composition));
    size_t n = collect(calibration, calibration->statistic, 1, false, CORPUS_NONE);
    alkfw_status status =
        distribution_fit_spline(calibration->values, n, what, &out->benign, error);
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(what, sizeof what, "hostile text, composition %s",
                   composition_name(composition));
    n = collect(calibration, calibration->statistic, 1, true, CORPUS_NONE);
    status = distribution_fit_spline(calibration->values, n, what, &out->hostile, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t w = 0; w < calibration->n_windows; w++)
        calibration->p_values[w] = codebook_p_value(codebook_compose(
            codebook, composition, calibration->evidence + w * calibration->n_signals));
    fit_texts(calibration, out);
    return ALKFW_OK;
}

static alkfw_status fit_all(struct calibration *calibration, const double *raw,
                            const double *in_sample, double *composed, alkfw_error *error) {
    for (size_t s = 0; s < calibration->n_signals; s++) {
        alkfw_status status = fit_signal_splines(calibration, s, raw, in_sample, error);
        if (status != ALKFW_OK)
            return status;
    }
    fill_evidence(calibration, raw);
    for (size_t s = 0; s < calibration->n_signals; s++)
        fit_signal_texts(calibration, s);
    alkfw_status status = fit_logistic(calibration, raw, error);
    for (int i = 0; status == ALKFW_OK && i < COMPOSITION_COUNT; i++)
        status = fit_composition(calibration, (enum composition)i, error);
    for (size_t w = 0; status == ALKFW_OK && w < calibration->n_windows; w++)
        composed[w] = codebook_compose(calibration->codebook, COMPOSITION_LOGISTIC,
                                       calibration->evidence + w * calibration->n_signals);
    return status;
}

alkfw_status calibrate(struct codebook *codebook, const struct samples *samples,
                       const struct corpus *corpus, const double *raw, const double *in_sample,
                       double *composed, alkfw_error *error) {
    struct calibration calibration = {.codebook = codebook,
                                      .samples = samples,
                                      .corpus = corpus,
                                      .n_windows = samples->part->n_windows,
                                      .n_signals = codebook->info.n_signals};

    alkfw_status status = calibration_new(&calibration, error);
    if (status == ALKFW_OK)
        status = fit_all(&calibration, raw, in_sample, composed, error);
    calibration_free(&calibration);
    return status;
}
