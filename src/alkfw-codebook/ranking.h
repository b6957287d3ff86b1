/* SPDX-License-Identifier: Apache-2.0
 *
 * Weighted values in order: quantiles, AUROC, rates above a threshold. */
#ifndef ALKFW_CODEBOOK_RANKING_H
#define ALKFW_CODEBOOK_RANKING_H

#include <stddef.h>

struct weighted {
    double value;
    double weight; /* > 0 */
};

/* Smallest value first. */
void weighted_sort(struct weighted *values, size_t n);

/* The least value v of the sorted values such that at most `share` of the weight lies above v: a
 * threshold "> v" that share passes. */
double weighted_upper_quantile(const struct weighted *sorted, size_t n, double share);

/* Share of the weight of the sorted values that is at or above a threshold. */
double weighted_share_from(const struct weighted *sorted, size_t n, double threshold);

/* P(hostile > benign) + P(equal) / 2, both sorted. NAN when one is empty. */
double weighted_auroc(const struct weighted *hostile, size_t n_hostile,
                      const struct weighted *benign, size_t n_benign);

#endif
