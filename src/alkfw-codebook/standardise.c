/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/standardise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LEAST_SHARE = 0.01; /* of the median deviation */

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for standardised features");
}

static int by_double(const void *left, const void *right) {
    const double *a = left;
    const double *b = right;

    return (*a > *b) - (*a < *b);
}

static void fill_spread(const struct dataset_part *part, const struct samples *samples,
                        double *mean, double *variance) {
    size_t n_features = part->n_features;
    double total = 0;

    for (size_t w = 0; w < part->n_windows; w++) {
        const float *features = part->features + w * n_features;
        total += samples->weight[w];
        for (size_t i = 0; i < n_features; i++)
            mean[i] += samples->weight[w] * (double)features[i];
    }
    for (size_t i = 0; i < n_features; i++)
        mean[i] /= total;
    for (size_t w = 0; w < part->n_windows; w++) {
        const float *features = part->features + w * n_features;
        double weight = samples->weight[w] / total;
        for (size_t i = 0; i < n_features; i++) {
            double difference = (double)features[i] - mean[i];
            variance[i] += weight * difference * difference;
        }
    }
}

/* Deviations come in, scales go out. */
static alkfw_status set_scales(const double *mean, const double *deviation, size_t n_features,
                               double median, float *means, float *scales, alkfw_error *error) {
    if (!(median > 1e-9))
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "most features are the same in all rows; the texts are too alike "
                               "for a codebook");
    for (size_t i = 0; i < n_features; i++) {
        means[i] = (float)mean[i];
        scales[i] = (float)(1 / fmax(deviation[i], LEAST_SHARE * median));
    }
    return ALKFW_OK;
}

alkfw_status standardise_fit(const struct dataset_part *part, const struct samples *samples,
                             float **mean, float **scale, alkfw_error *error) {
    size_t n_features = part->n_features;
    double *means = calloc(n_features, sizeof *means);
    double *deviations = calloc(n_features, sizeof *deviations);
    double *sorted = calloc(n_features, sizeof *sorted);
    alkfw_status status = ALKFW_OK;

    *mean = calloc(n_features, sizeof **mean);
    *scale = calloc(n_features, sizeof **scale);
    if (means == NULL || deviations == NULL || sorted == NULL || *mean == NULL || *scale == NULL) {
        status = out_of_memory(error);
        goto out;
    }
    fill_spread(part, samples, means, deviations);
    for (size_t i = 0; i < n_features; i++)
        deviations[i] = sqrt(deviations[i]);
    memcpy(sorted, deviations, n_features * sizeof *sorted);
    qsort(sorted, n_features, sizeof *sorted, by_double);
    status =
        set_scales(means, deviations, n_features, sorted[n_features / 2], *mean, *scale, error);
out:
    free(means);
    free(deviations);
    free(sorted);
    return status;
}

alkfw_status standardise_apply(const struct dataset_part *part, const float *mean,
                               const float *scale, float **z, alkfw_error *error) {
    size_t n_features = part->n_features;

    *z = malloc(part->n_windows * n_features * sizeof **z);
    if (*z == NULL)
        return out_of_memory(error);
    for (size_t w = 0; w < part->n_windows; w++) {
        const float *features = part->features + w * n_features;
        float *out = *z + w * n_features;
        for (size_t i = 0; i < n_features; i++)
            out[i] = (features[i] - mean[i]) * scale[i];
    }
    return ALKFW_OK;
}
