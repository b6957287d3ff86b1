/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/reliability.h"

#include <math.h>
#include <string.h>

static void fill_bins(const double *scores, const bool *hostile, size_t n, double base_rate,
                      struct reliability *result) {
    size_t n_hostile = 0;

    for (size_t i = 0; i < n; i++)
        n_hostile += hostile[i];
    for (size_t i = 0; i < n; i++) {
        double weight =
            hostile[i] ? base_rate / (double)n_hostile : (1 - base_rate) / (double)(n - n_hostile);
        size_t index = (size_t)(scores[i] * RELIABILITY_BINS);
        struct reliability_bin *bin =
            &result->bins[index < RELIABILITY_BINS ? index : RELIABILITY_BINS - 1];
        bin->share += weight;
        bin->score += weight * scores[i];
        bin->hostile += hostile[i] ? weight : 0;
    }
}

void reliability_measure(const double *scores, const bool *hostile, size_t n, double base_rate,
                         struct reliability *result) {
    memset(result, 0, sizeof *result);
    result->base_rate = base_rate;
    fill_bins(scores, hostile, n, base_rate, result);
    for (size_t i = 0; i < RELIABILITY_BINS; i++) {
        struct reliability_bin *bin = &result->bins[i];
        if (bin->share <= 0)
            continue;
        result->error += fabs(bin->score - bin->hostile);
        bin->score /= bin->share;
        bin->hostile /= bin->share;
    }
}

/* |sum of scores - number of hostile texts| where the decision is made, as a share of the texts
 * there. */
static double misfit(const double *scores, const bool *hostile, size_t n, double base_rate,
                     size_t n_hostile) {
    double total = 0;
    double difference = 0;

    for (size_t i = 0; i < n; i++) {
        double weight =
            hostile[i] ? base_rate / (double)n_hostile : (1 - base_rate) / (double)(n - n_hostile);
        if (scores[i] < 0.25 || scores[i] > 0.75)
            continue;
        total += weight;
        difference += weight * (scores[i] - (hostile[i] ? 1 : 0));
    }
    return total > 0 ? fabs(difference) / total : 1;
}

void reliability_find_closest(const double *scores, const bool *hostile, size_t n,
                              struct reliability *result) {
    double best_rate = 0.5;
    double best = 2;
    size_t n_hostile = 0;

    for (size_t i = 0; i < n; i++)
        n_hostile += hostile[i];
    for (double rate = 0.5; rate >= 0.001; rate /= 1.05) {
        double now = misfit(scores, hostile, n, rate, n_hostile);
        if (now < best) {
            best = now;
            best_rate = rate;
        }
    }
    reliability_measure(scores, hostile, n, best_rate, result);
}
