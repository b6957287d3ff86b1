/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/ranking.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *left, const void *right) {
    const struct weighted *a = left;
    const struct weighted *b = right;

    if (a->value != b->value)
        return a->value < b->value ? -1 : 1;
    return (a->weight > b->weight) - (a->weight < b->weight);
}

void weighted_sort(struct weighted *values, size_t n) {
    qsort(values, n, sizeof *values, by_value);
}

static double total_weight(const struct weighted *values, size_t n) {
    double total = 0;

    for (size_t i = 0; i < n; i++)
        total += values[i].weight;
    return total;
}

double weighted_upper_quantile(const struct weighted *sorted, size_t n, double share) {
    double allowed = share * total_weight(sorted, n);
    double above = 0;
    size_t i = n;

    while (i > 1 && above + sorted[i - 1].weight <= allowed * (1 + 1e-12))
        above += sorted[--i].weight;
    return sorted[i - 1].value;
}

double weighted_share_from(const struct weighted *sorted, size_t n, double threshold) {
    double above = 0;

    for (size_t i = n; i > 0 && sorted[i - 1].value >= threshold; i--)
        above += sorted[i - 1].weight;
    return n == 0 ? NAN : above / total_weight(sorted, n);
}

double weighted_auroc(const struct weighted *hostile, size_t n_hostile,
                      const struct weighted *benign, size_t n_benign) {
    double sum = 0;
    double below = 0; /* weight of benign values below the current hostile one */
    size_t b = 0;

    if (n_hostile == 0 || n_benign == 0)
        return NAN;
    for (size_t h = 0; h < n_hostile; h++) {
        double equal = 0;
        while (b < n_benign && benign[b].value < hostile[h].value)
            below += benign[b++].weight;
        for (size_t e = b; e < n_benign && benign[e].value == hostile[h].value; e++)
            equal += benign[e].weight;
        sum += hostile[h].weight * (below + equal / 2);
    }
    return sum / (total_weight(hostile, n_hostile) * total_weight(benign, n_benign));
}
