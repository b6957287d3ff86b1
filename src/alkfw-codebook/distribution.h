/* SPDX-License-Identifier: Apache-2.0
 *
 * From scores of windows and texts to the parts of a codebook_distribution. */
#ifndef ALKFW_CODEBOOK_DISTRIBUTION_H
#define ALKFW_CODEBOOK_DISTRIBUTION_H

#include "codebook/format.h"
#include "alkfw-codebook/ranking.h"

/* The fewest values that a distribution is fitted to. */
enum { DISTRIBUTION_MIN_VALUES = 40 };

/* Fits the log-odds of the weighted empirical CDF of the sorted values: knots at its quantiles, as
 * far out as 20 values of the average weight carry; beyond them lines whose slopes come from the
 * mean excess over the outermost knots (an exponential tail's maximum-likelihood rate). `what`
 * names the values in an error: ALKFW_E_RECORD when there are too few or they are all the same. */
ALKFW_MUST_CHECK alkfw_status distribution_fit_spline(const struct weighted *sorted, size_t n,
                                                      const char *what, struct spline *spline,
                                                      alkfw_error *error);

/* Whether there are enough values for that. */
ALKFW_MUST_CHECK alkfw_status distribution_check_number(size_t n, const char *what,
                                                        alkfw_error *error);

/* Shares of benign texts that alarm at each operating point: 5 %, 1 % and 0.1 %. */
extern const double distribution_targets[SENSITIVITY_COUNT];

/* One benign text under some statistic. */
struct text_score {
    double p_value; /* of its strongest window */
    size_t n_windows;
    double weight;
};

struct text_score text_score_of(const double *window_p, size_t n_windows, double weight);

/* The exponent g in [0, 1] with which 1 - (1 - p)^(n^g), p the least p-value of a text's n windows,
 * passes the thresholds around 1 % in as many of the long texts as it should. 1 when there are too
 * few long texts to tell. */
double distribution_fit_exponent(const struct text_score *texts, size_t n_texts);

/* P-values of a text that the shares distribution_targets of the weight of the texts stay at or
 * below. A share that fewer than five texts make up is extrapolated from the one before. */
void distribution_fit_operating_p(const struct text_score *texts, size_t n_texts, double exponent,
                                  struct weighted *scratch, double *operating_p);

/* Both of the above into a distribution; scratch: [n_texts]. */
void distribution_fit_texts(const struct text_score *texts, size_t n_texts,
                            struct weighted *scratch, struct codebook_distribution *out);

#endif
