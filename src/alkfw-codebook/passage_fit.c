/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/passage_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/standardise.h"

/* Of a hostile text's passages, the share that is taken to carry the attack. */
static const double KEPT_SHARE = 0.2;

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the passages");
}

alkfw_status passage_fit_begin(struct passage_fit *fit, const struct dataset *dataset,
                               const struct corpus *corpus, size_t n_folds,
                               struct worker_pool *pool, alkfw_error *error) {
    const struct dataset_part *part = &dataset->passages;

    memset(fit, 0, sizeof *fit);
    fit->dataset = dataset;
    fit->corpus = corpus;
    alkfw_status status =
        samples_sort(&fit->samples, part, SAMPLES_OF_PASSAGES, corpus, n_folds, error);
    if (status == ALKFW_OK)
        status = standardise_fit(part, &fit->samples, &fit->mean, &fit->scale, error);
    if (status == ALKFW_OK)
        status = standardise_apply(part, fit->mean, fit->scale, &fit->z, error);
    if (status == ALKFW_OK)
        status = moments_compute(&fit->moments, pool, fit->z, part->n_features, &fit->samples, NULL,
                                 error);
    return status;
}

void passage_fit_end(struct passage_fit *fit) {
    samples_free(&fit->samples);
    moments_free(&fit->moments);
    free(fit->mean);
    free(fit->scale);
    free(fit->z);
    memset(fit, 0, sizeof *fit);
}

/* Fits again with the best passages of the hostile texts that have no span. */
static alkfw_status refit(const struct passage_fit *fit, struct discriminants *discriminants,
                          size_t left_out, double shrinkage, alkfw_error *error) {
    const struct dataset_part *part = &fit->dataset->passages;
    struct samples samples = {0};
    struct moments moments = {0};
    double *scores = malloc(part->n_windows * sizeof *scores);

    if (scores == NULL)
        return out_of_memory(error);
    for (size_t p = 0; p < part->n_windows; p++)
        scores[p] = (double)codebook_dot(discriminants->general, fit->z + p * part->n_features,
                                         part->n_features);
    discriminants_free(discriminants);
    alkfw_status status =
        samples_keep_best(&samples, &fit->samples, fit->corpus, scores, KEPT_SHARE, error);
    if (status == ALKFW_OK)
        status = moments_compute(&moments, NULL, fit->z, part->n_features, &samples, &fit->moments,
                                 error);
    if (status == ALKFW_OK)
        status =
            discriminants_fit(discriminants, &moments, &samples, left_out, shrinkage, false, error);
    moments_free(&moments);
    samples_free(&samples);
    free(scores);
    return status;
}

/* Directions of the codebook act on states as they are: standardisation is folded in. */
static void fold_in(const struct passage_fit *fit, const struct discriminants *discriminants,
                    struct codebook_signal *signal) {
    double offset = discriminants->general_offset;

    for (size_t i = 0; i < fit->dataset->passages.n_features; i++) {
        signal->directions[i] = discriminants->general[i] * fit->scale[i];
        offset -= (double)signal->directions[i] * (double)fit->mean[i];
    }
    signal->offsets[0] = (float)offset;
}

static double passage_value(const struct codebook_signal *signal, const struct dataset *dataset,
                            size_t passage) {
    size_t n_features = dataset->passages.n_features;

    return (double)codebook_dot(signal->directions,
                                dataset->passages.features + passage * n_features, n_features) +
           (double)signal->offsets[0];
}

double passage_raw(const struct codebook_signal *signal, const struct dataset *dataset,
                   size_t window) {
    double best = -INFINITY;

    for (size_t p = dataset->first_passage[window]; p < dataset->first_passage[window + 1]; p++)
        best = fmax(best, passage_value(signal, dataset, p));
    return best;
}

/* Standard deviation over benign passages. */
static double find_spread(const struct passage_fit *fit, const struct codebook_signal *signal) {
    double total = 0;
    double sum = 0;
    double squares = 0;

    for (size_t p = 0; p < fit->dataset->passages.n_windows; p++) {
        size_t unit = fit->samples.unit[p];
        if (unit == CORPUS_NONE || unit_is_hostile(&fit->samples.units[unit]))
            continue;
        double value = passage_value(signal, fit->dataset, p);
        total += 1;
        sum += value;
        squares += value * value;
    }
    return sqrt(squares / total - sum / total * (sum / total));
}

alkfw_status passage_fit_signal(const struct passage_fit *fit, const struct codebook *codebook,
                                struct codebook_signal *signal, size_t left_out, double shrinkage,
                                alkfw_error *error) {
    size_t n_features = fit->dataset->passages.n_features;
    struct discriminants discriminants;

    signal->n_layers = fit->dataset->n_passage_taps;
    for (size_t t = 0; t < signal->n_layers; t++)
        signal->layers[t] = fit->dataset->passage_taps[t].layer;
    if (!codebook_find_layers(codebook, signal))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "passages read a layer that --taps does not name");
    signal->directions = malloc(n_features * sizeof *signal->directions);
    signal->offsets = malloc(sizeof *signal->offsets);
    if (signal->directions == NULL || signal->offsets == NULL)
        return out_of_memory(error);
    alkfw_status status = discriminants_fit(&discriminants, &fit->moments, &fit->samples, left_out,
                                            shrinkage, false, error);
    if (status == ALKFW_OK)
        status = refit(fit, &discriminants, left_out, shrinkage, error);
    if (status == ALKFW_OK) {
        fold_in(fit, &discriminants, signal);
        signal->spread = find_spread(fit, signal);
    }
    discriminants_free(&discriminants);
    return status;
}
