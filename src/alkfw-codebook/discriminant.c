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

void moments_free(struct moments *moments) {
    free(moments->weights);
    free(moments->sums);
    free(moments->scatter[BENIGN]);
    free(moments->scatter[HOSTILE]);
    memset(moments, 0, sizeof *moments);
}

static void add_sums(struct moments *moments, const struct samples *samples) {
    for (size_t w = 0; w < samples->part->n_windows; w++) {
        if (samples->unit[w] == CORPUS_NONE)
            continue;
        double *sum = moments->sums + samples->unit[w] * moments->n_columns;
        const float *x = moments->z + w * moments->n_columns;
        for (size_t i = 0; i < moments->n_columns; i++)
            sum[i] += samples->weight[w] * (double)x[i];
    }
}

/* Windows of a class, and of one fold unless it is CORPUS_NONE. */
static size_t list_windows(const struct samples *samples, size_t fold, size_t class,
                           size_t *windows) {
    size_t n = 0;

    for (size_t w = 0; w < samples->part->n_windows; w++) {
        if (samples->unit[w] == CORPUS_NONE)
            continue;
        const struct unit *unit = &samples->units[samples->unit[w]];
        if ((fold == CORPUS_NONE || unit->fold == fold) &&
            unit_is_hostile(unit) == (class == HOSTILE))
            windows[n++] = w;
    }
    return n;
}

alkfw_status moments_compute(struct moments *moments, struct worker_pool *pool, const float *z,
                             size_t n_columns, const struct samples *samples,
                             const struct moments *like, alkfw_error *error) {
    size_t n_windows = samples->part->n_windows;
    size_t *windows = calloc(n_windows, sizeof *windows);

    memset(moments, 0, sizeof *moments);
    moments->z = z;
    moments->n_columns = n_columns;
    moments->weights = calloc(n_windows, sizeof *moments->weights);
    moments->sums = calloc(samples->n_units, n_columns * sizeof *moments->sums);
    for (size_t c = 0; c < 2; c++)
        moments->scatter[c] = calloc(n_columns, n_columns * sizeof *moments->scatter[c]);
    if (windows == NULL || moments->weights == NULL || moments->sums == NULL ||
        moments->scatter[BENIGN] == NULL || moments->scatter[HOSTILE] == NULL) {
        free(windows);
        return out_of_memory(error);
    }
    add_sums(moments, samples);
    for (size_t w = 0; w < n_windows; w++)
        moments->weights[w] = samples_weight(samples, w);
    for (size_t c = 0; c < 2; c++) {
        if (c == BENIGN && like != NULL) {
            memcpy(moments->scatter[c], like->scatter[c],
                   n_columns * n_columns * sizeof *moments->scatter[c]);
            continue;
        }
        size_t n = list_windows(samples, CORPUS_NONE, c, windows);
        linear_add_scatter(pool, z, n_columns, windows, n, moments->weights, moments->scatter[c]);
    }
    free(windows);
    return ALKFW_OK;
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
    return samples_check_fold(samples, left_out, error);
}

/* matrix (upper) -= mass mean mean^T */
static void subtract_outer(double *matrix, double mass, const double *mean, size_t n_columns) {
    for (size_t i = 0; i < n_columns; i++) {
        for (size_t j = i; j < n_columns; j++)
            matrix[i * n_columns + j] -= mass * mean[i] * mean[j];
    }
}

/* Weighted scatter of both classes around 0, without the windows of one fold. */
static alkfw_status fill_scatter(double *scatter, const struct means *means,
                                 const struct moments *moments, const struct samples *samples,
                                 size_t left_out, alkfw_error *error) {
    size_t n_columns = moments->n_columns;
    size_t n_windows = samples->part->n_windows;

    for (size_t i = 0; i < n_columns * n_columns; i++)
        scatter[i] = means->class_ratio[BENIGN] * moments->scatter[BENIGN][i] +
                     means->class_ratio[HOSTILE] * moments->scatter[HOSTILE][i];
    if (left_out == CORPUS_NONE)
        return ALKFW_OK;
    size_t *windows = calloc(n_windows, sizeof *windows);
    double *weights = calloc(n_windows, sizeof *weights);
    if (windows == NULL || weights == NULL) {
        free(windows);
        free(weights);
        return out_of_memory(error);
    }
    for (size_t c = 0; c < 2; c++) {
        size_t n = list_windows(samples, left_out, c, windows);
        for (size_t i = 0; i < n; i++)
            weights[windows[i]] = -means->class_ratio[c] * moments->weights[windows[i]];
        linear_add_scatter(NULL, moments->z, n_columns, windows, n, weights, scatter);
    }
    free(windows);
    free(weights);
    return ALKFW_OK;
}

/* Pooled covariance, around the mean of the benign class and around the mean of the hostile class
 * (or of each hostile unit). */
static void fill_covariance(double *covariance, const double *scatter, const struct means *means,
                            const struct moments *moments, const struct samples *samples,
                            bool by_unit) {
    size_t n_columns = moments->n_columns;
    double total = means->mass[BENIGN] + means->mass[HOSTILE];

    memcpy(covariance, scatter, n_columns * n_columns * sizeof *covariance);
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

/* What one fit works with. */
struct workspace {
    const struct moments *moments;
    const struct samples *samples;
    struct means means;
    double *scatter;    /* [n_columns, n_columns] */
    double *covariance; /* [n_columns, n_columns] */
    double *directions; /* [n_units, n_columns] */
    double shrinkage;
};

static alkfw_status fit_general(struct discriminants *result, struct workspace *work,
                                alkfw_error *error) {
    size_t n_columns = work->moments->n_columns;
    const double *benign = work->means.class_means;
    const double *hostile = work->means.class_means + n_columns;

    fill_covariance(work->covariance, work->scatter, &work->means, work->moments, work->samples,
                    false);
    subtract(work->directions, hostile, benign, n_columns);
    alkfw_status status = linear_discriminants(work->covariance, n_columns, work->shrinkage,
                                               work->directions, 1, error);
    if (status != ALKFW_OK)
        return status;
    to_floats(result->general, work->directions, n_columns);
    result->general_offset = offset_of(work->directions, hostile, benign, work->means.mass[HOSTILE],
                                       work->means.mass[BENIGN], n_columns);
    return ALKFW_OK;
}

static alkfw_status fit_specific(struct discriminants *result, struct workspace *work,
                                 alkfw_error *error) {
    size_t n_columns = work->moments->n_columns;
    const struct means *means = &work->means;

    for (size_t u = 0; u < work->samples->n_units; u++) {
        const struct unit *unit = &work->samples->units[u];
        if (means->unit_masses[u] > 0 && unit_is_hostile(unit) && !unit->is_contrast) {
            subtract(work->directions + result->n_units * n_columns,
                     means->unit_means + u * n_columns, means->class_means, n_columns);
            result->units[result->n_units++] = u;
        }
    }
    fill_covariance(work->covariance, work->scatter, means, work->moments, work->samples, true);
    alkfw_status status = linear_discriminants(work->covariance, n_columns, work->shrinkage,
                                               work->directions, result->n_units, error);
    if (status != ALKFW_OK)
        return status;
    to_floats(result->specific, work->directions, result->n_units * n_columns);
    for (size_t d = 0; d < result->n_units; d++) {
        size_t u = result->units[d];
        result->offsets[d] =
            offset_of(work->directions + d * n_columns, means->unit_means + u * n_columns,
                      means->class_means, means->unit_masses[u], means->mass[BENIGN], n_columns);
    }
    return ALKFW_OK;
}

static alkfw_status allocate(struct discriminants *result, struct workspace *work,
                             alkfw_error *error) {
    size_t n_columns = work->moments->n_columns;
    size_t n_units = work->samples->n_units;

    work->scatter = malloc(n_columns * n_columns * sizeof *work->scatter);
    work->covariance = malloc(n_columns * n_columns * sizeof *work->covariance);
    work->directions = calloc(n_units, n_columns * sizeof *work->directions);
    result->general = calloc(n_columns, sizeof *result->general);
    result->units = calloc(n_units, sizeof *result->units);
    result->specific = calloc(n_units, n_columns * sizeof *result->specific);
    result->offsets = calloc(n_units, sizeof *result->offsets);
    if (work->scatter == NULL || work->covariance == NULL || work->directions == NULL ||
        result->general == NULL || result->units == NULL || result->specific == NULL ||
        result->offsets == NULL)
        return out_of_memory(error);
    return ALKFW_OK;
}

alkfw_status discriminants_fit(struct discriminants *result, const struct moments *moments,
                               const struct samples *samples, size_t left_out, double shrinkage,
                               bool specific, alkfw_error *error) {
    struct workspace work = {.moments = moments, .samples = samples, .shrinkage = shrinkage};

    memset(result, 0, sizeof *result);
    alkfw_status status = allocate(result, &work, error);
    if (status == ALKFW_OK)
        status = means_compute(&work.means, moments, samples, left_out, error);
    if (status == ALKFW_OK)
        status = fill_scatter(work.scatter, &work.means, moments, samples, left_out, error);
    if (status == ALKFW_OK)
        status = fit_general(result, &work, error);
    if (status == ALKFW_OK && specific)
        status = fit_specific(result, &work, error);
    means_free(&work.means);
    free(work.scatter);
    free(work.covariance);
    free(work.directions);
    return status;
}
