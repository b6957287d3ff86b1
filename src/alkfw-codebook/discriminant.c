/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/discriminant.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/linear.h"

enum { BENIGN = 0, HOSTILE = 1 };

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the discriminants");
}

/* ---- moments --------------------------------------------------------------- */

void moments_free(struct moments *moments, const struct samples *samples) {
    for (size_t i = 0; moments->scatter != NULL && i < 2 * samples->n_folds; i++)
        free(moments->scatter[i]);
    free(moments->scatter);
    free(moments->sums);
    memset(moments, 0, sizeof *moments);
}

static void add_sums(struct moments *moments, const float *z, const struct samples *samples) {
    for (size_t w = 0; w < samples->dataset->n_windows; w++) {
        if (samples->unit[w] == CORPUS_NONE)
            continue;
        double *sum = moments->sums + samples->unit[w] * moments->n_columns;
        const float *x = z + w * moments->n_columns;
        for (size_t i = 0; i < moments->n_columns; i++)
            sum[i] += samples->weight[w] * (double)x[i];
    }
}

static size_t list_windows(const struct samples *samples, size_t fold, size_t class,
                           size_t *windows) {
    size_t n = 0;

    for (size_t w = 0; w < samples->dataset->n_windows; w++) {
        if (samples->unit[w] == CORPUS_NONE)
            continue;
        const struct unit *unit = &samples->units[samples->unit[w]];
        if (unit->fold == fold && unit_is_hostile(unit) == (class == HOSTILE))
            windows[n++] = w;
    }
    return n;
}

alkfw_status moments_compute(struct moments *moments, struct worker_pool *pool, const float *z,
                             size_t n_columns, const struct samples *samples, alkfw_error *error) {
    size_t n_windows = samples->dataset->n_windows;
    size_t *windows = calloc(n_windows, sizeof *windows);
    double *weights = calloc(n_windows, sizeof *weights);
    alkfw_status status = ALKFW_OK;

    memset(moments, 0, sizeof *moments);
    moments->n_columns = n_columns;
    moments->sums = calloc(samples->n_units, n_columns * sizeof *moments->sums);
    moments->scatter = calloc(2 * samples->n_folds, sizeof *moments->scatter);
    if (windows == NULL || weights == NULL || moments->sums == NULL || moments->scatter == NULL) {
        status = out_of_memory(error);
        goto out;
    }
    add_sums(moments, z, samples);
    for (size_t w = 0; w < n_windows; w++)
        weights[w] = samples_weight(samples, w);
    for (size_t i = 0; i < 2 * samples->n_folds; i++) {
        moments->scatter[i] = calloc(n_columns, n_columns * sizeof *moments->scatter[i]);
        if (moments->scatter[i] == NULL) {
            status = out_of_memory(error);
            goto out;
        }
        size_t n = list_windows(samples, i / 2, i % 2, windows);
        linear_add_scatter(pool, z, n_columns, windows, n, weights, moments->scatter[i]);
    }
out:
    free(windows);
    free(weights);
    return status;
}

/* to += factor * from, over all elements: what lies below the diagonal is 0 or never read. */
static void add_matrix(double *to, const double *from, double factor, size_t n_columns) {
    for (size_t i = 0; i < n_columns * n_columns; i++)
        to[i] += factor * from[i];
}

void moments_benign_scatter(const struct moments *moments, const struct samples *samples,
                            size_t left_out, double *scatter) {
    size_t n_columns = moments->n_columns;

    memset(scatter, 0, n_columns * n_columns * sizeof *scatter);
    for (size_t f = 0; f < samples->n_folds; f++) {
        if (f != left_out)
            add_matrix(scatter, moments->scatter[2 * f + BENIGN], 1, n_columns);
    }
}

/* ---- discriminants --------------------------------------------------------- */

void discriminants_free(struct discriminants *discriminants) {
    free(discriminants->general);
    free(discriminants->units);
    free(discriminants->specific);
    free(discriminants->offsets);
    memset(discriminants, 0, sizeof *discriminants);
}

/* Means and masses of the units in use, as weighted by their scale; each class keeps the total
 * mass that it has without the scale. */
struct means {
    double mass[2];
    double *class_means; /* [2, n_columns] */
    double *unit_masses; /* [n_units]; 0 for a unit that is left out */
    double *unit_means;  /* [n_units, n_columns] */
    double class_ratio[2];
};

static void means_free(struct means *means) {
    free(means->class_means);
    free(means->unit_masses);
    free(means->unit_means);
}

static void fill_means(struct means *means, const struct moments *moments,
                       const struct samples *samples, size_t left_out) {
    size_t n_columns = moments->n_columns;
    double scaled[2] = {0};

    for (size_t u = 0; u < samples->n_units; u++) {
        const struct unit *unit = &samples->units[u];
        if (unit->fold == left_out)
            continue;
        means->mass[unit_is_hostile(unit)] += unit->mass;
        scaled[unit_is_hostile(unit)] += unit->mass * unit->scale;
    }
    for (size_t c = 0; c < 2; c++)
        means->class_ratio[c] = scaled[c] > 0 ? means->mass[c] / scaled[c] : 0;
    for (size_t u = 0; u < samples->n_units; u++) {
        const struct unit *unit = &samples->units[u];
        size_t class = unit_is_hostile(unit);
        if (unit->fold == left_out)
            continue;
        means->unit_masses[u] = means->class_ratio[class] * unit->scale * unit->mass;
        double share = means->unit_masses[u] / means->mass[class];
        for (size_t i = 0; i < n_columns; i++) {
            double mean = moments->sums[u * n_columns + i] / unit->mass;
            means->unit_means[u * n_columns + i] = mean;
            means->class_means[class * n_columns + i] += share * mean;
        }
    }
}

static alkfw_status means_compute(struct means *means, const struct moments *moments,
                                  const struct samples *samples, size_t left_out,
                                  alkfw_error *error) {
    memset(means, 0, sizeof *means);
    means->class_means = calloc(2, moments->n_columns * sizeof *means->class_means);
    means->unit_masses = calloc(samples->n_units, sizeof *means->unit_masses);
    means->unit_means = calloc(samples->n_units, moments->n_columns * sizeof *means->unit_means);
    if (means->class_means == NULL || means->unit_masses == NULL || means->unit_means == NULL)
        return out_of_memory(error);
    fill_means(means, moments, samples, left_out);
    if (!(means->mass[BENIGN] > 0) || !(means->mass[HOSTILE] > 0))
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "without one fold of sources the corpus has one class only; give "
                               "benign and hostile rows of at least two sources each");
    return ALKFW_OK;
}

/* matrix (upper) -= mass mean mean^T */
static void subtract_outer(double *matrix, double mass, const double *mean, size_t n_columns) {
    for (size_t i = 0; i < n_columns; i++) {
        for (size_t j = i; j < n_columns; j++)
            matrix[i * n_columns + j] -= mass * mean[i] * mean[j];
    }
}

/* Pooled covariance, around the mean of the benign class and around the mean of the hostile class
 * (or of each hostile unit). */
static void fill_covariance(double *covariance, const struct means *means,
                            const struct moments *moments, const struct samples *samples,
                            size_t left_out, bool by_unit) {
    size_t n_columns = moments->n_columns;
    double total = means->mass[BENIGN] + means->mass[HOSTILE];

    memset(covariance, 0, n_columns * n_columns * sizeof *covariance);
    for (size_t i = 0; i < 2 * samples->n_folds; i++) {
        if (i / 2 != left_out)
            add_matrix(covariance, moments->scatter[i], means->class_ratio[i % 2], n_columns);
    }
    subtract_outer(covariance, means->mass[BENIGN], means->class_means, n_columns);
    if (!by_unit)
        subtract_outer(covariance, means->mass[HOSTILE], means->class_means + n_columns, n_columns);
    for (size_t u = 0; by_unit && u < samples->n_units; u++) {
        if (means->unit_masses[u] > 0 && unit_is_hostile(&samples->units[u]))
            subtract_outer(covariance, means->unit_masses[u], means->unit_means + u * n_columns,
                           n_columns);
    }
    for (size_t i = 0; i < n_columns * n_columns; i++)
        covariance[i] /= total;
}

/* The offset puts 0 where both are as likely, given masses as prior odds. */
static double offset_of(const double *direction, const double *hostile, const double *benign,
                        double mass, double benign_mass, size_t n_columns) {
    double sum = 0;

    for (size_t i = 0; i < n_columns; i++)
        sum += direction[i] * (hostile[i] + benign[i]);
    return log(mass / benign_mass) - sum / 2;
}

static void subtract(double *difference, const double *a, const double *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        difference[i] = a[i] - b[i];
}

static void to_floats(float *to, const double *from, size_t n) {
    for (size_t i = 0; i < n; i++)
        to[i] = (float)from[i];
}

static alkfw_status fit_general(struct discriminants *result, double *covariance,
                                double *directions, const struct means *means,
                                const struct moments *moments, const struct samples *samples,
                                size_t left_out, double shrinkage, alkfw_error *error) {
    size_t n_columns = moments->n_columns;
    const double *benign = means->class_means;
    const double *hostile = means->class_means + n_columns;

    fill_covariance(covariance, means, moments, samples, left_out, false);
    subtract(directions, hostile, benign, n_columns);
    alkfw_status status =
        linear_discriminants(covariance, n_columns, shrinkage, directions, 1, error);
    if (status != ALKFW_OK)
        return status;
    to_floats(result->general, directions, n_columns);
    result->general_offset = offset_of(directions, hostile, benign, means->mass[HOSTILE],
                                       means->mass[BENIGN], n_columns);
    return ALKFW_OK;
}

static alkfw_status fit_specific(struct discriminants *result, double *covariance,
                                 double *directions, const struct means *means,
                                 const struct moments *moments, const struct samples *samples,
                                 size_t left_out, double shrinkage, alkfw_error *error) {
    size_t n_columns = moments->n_columns;

    for (size_t u = 0; u < samples->n_units; u++) {
        if (means->unit_masses[u] > 0 && unit_is_hostile(&samples->units[u])) {
            subtract(directions + result->n_units * n_columns, means->unit_means + u * n_columns,
                     means->class_means, n_columns);
            result->units[result->n_units++] = u;
        }
    }
    fill_covariance(covariance, means, moments, samples, left_out, true);
    alkfw_status status =
        linear_discriminants(covariance, n_columns, shrinkage, directions, result->n_units, error);
    if (status != ALKFW_OK)
        return status;
    to_floats(result->specific, directions, result->n_units * n_columns);
    for (size_t d = 0; d < result->n_units; d++) {
        size_t u = result->units[d];
        result->offsets[d] =
            offset_of(directions + d * n_columns, means->unit_means + u * n_columns,
                      means->class_means, means->unit_masses[u], means->mass[BENIGN], n_columns);
    }
    return ALKFW_OK;
}

alkfw_status discriminants_fit(struct discriminants *result, const struct moments *moments,
                               const struct samples *samples, size_t left_out, double shrinkage,
                               alkfw_error *error) {
    size_t n_columns = moments->n_columns;
    struct means means;
    double *covariance = calloc(n_columns, n_columns * sizeof *covariance);
    double *directions = calloc(samples->n_units, n_columns * sizeof *directions);
    alkfw_status status = ALKFW_OK;

    memset(result, 0, sizeof *result);
    memset(&means, 0, sizeof means);
    result->general = calloc(n_columns, sizeof *result->general);
    result->units = calloc(samples->n_units, sizeof *result->units);
    result->specific = calloc(samples->n_units, n_columns * sizeof *result->specific);
    result->offsets = calloc(samples->n_units, sizeof *result->offsets);
    if (covariance == NULL || directions == NULL || result->general == NULL ||
        result->units == NULL || result->specific == NULL || result->offsets == NULL)
        status = out_of_memory(error);
    if (status == ALKFW_OK)
        status = means_compute(&means, moments, samples, left_out, error);
    if (status == ALKFW_OK)
        status = fit_general(result, covariance, directions, &means, moments, samples, left_out,
                             shrinkage, error);
    if (status == ALKFW_OK)
        status = fit_specific(result, covariance, directions, &means, moments, samples, left_out,
                              shrinkage, error);
    means_free(&means);
    free(covariance);
    free(directions);
    return status;
}
