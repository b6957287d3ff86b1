/* SPDX-License-Identifier: Apache-2.0
 *
 * How near a score is to the share of texts with that score that are hostile. That share depends on
 * how common attacks are, so every measure is for a base rate. */
#ifndef ALKFW_CODEBOOK_RELIABILITY_H
#define ALKFW_CODEBOOK_RELIABILITY_H

#include <stdbool.h>
#include <stddef.h>

enum { RELIABILITY_BINS = 10 };

struct reliability_bin {
    double share;   /* of all texts; 0: the others are 0 too */
    double score;   /* mean */
    double hostile; /* share of the bin's texts */
};

struct reliability {
    double base_rate;                              /* share of hostile texts, in (0, 1) */
    double error;                                  /* expected calibration error, in [0, 1] */
    struct reliability_bin bins[RELIABILITY_BINS]; /* of equal width */
};

/* scores [n] in [0, 1], of both classes. The classes are weighed so that base_rate is hostile.
 * M. P. Naeini, G. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
 * Bayesian binning", AAAI (2015). */
void reliability_measure(const double *scores, const bool *hostile, size_t n, double base_rate,
                         struct reliability *result);

/* For the base rate of 0.001 to 0.5 at which the texts that score 0.25 to 0.75 are calibrated best:
 * far from an attack every base rate looks well, since nothing is there. */
void reliability_find_closest(const double *scores, const bool *hostile, size_t n,
                              struct reliability *result);

#endif
