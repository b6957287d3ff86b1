/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/distribution.h"

#include <math.h>

static const double TAIL_VALUES = 20;
static const double KNOT_STEP = 0.6; /* in log-odds */

const double distribution_targets[SENSITIVITY_COUNT] = {
    [SENSITIVITY_STRICT] = 0.05,
    [SENSITIVITY_BALANCED] = 0.01,
    [SENSITIVITY_QUIET] = 0.001,
};

/* ---- splines --------------------------------------------------------------- */

static double total_weight(const struct weighted *values, size_t n) {
    double total = 0;

    for (size_t i = 0; i < n; i++)
        total += values[i].weight;
    return total;
}

/* Number of equal weights that say as much (L. Kish, Survey sampling, 1965). */
static double effective_number(const struct weighted *values, size_t n) {
    double squares = 0;
    double total = total_weight(values, n);

    for (size_t i = 0; i < n; i++)
        squares += values[i].weight * values[i].weight;
    return total * total / squares;
}

/* Walks the sorted values once: quantiles must be asked for in rising order. Each value stands at
 * the middle of its weight; between values the CDF is linear. */
struct quantile_walk {
    const struct weighted *sorted;
    size_t n;
    double total;
    size_t at;     /* the value at or before the last quantile */
    double before; /* weight of the values before `at` */
};

static double middle_of(const struct quantile_walk *walk, size_t index, double before) {
    return (before + walk->sorted[index].weight / 2) / walk->total;
}

static double walk_to(struct quantile_walk *walk, double probability) {
    while (walk->at + 1 < walk->n) {
        double next = walk->before + walk->sorted[walk->at].weight;
        if (middle_of(walk, walk->at + 1, next) > probability)
            break;
        walk->before = next;
        walk->at++;
    }
    double left = middle_of(walk, walk->at, walk->before);
    if (walk->at + 1 == walk->n || probability <= left)
        return walk->sorted[walk->at].value;
    double right = middle_of(walk, walk->at + 1, walk->before + walk->sorted[walk->at].weight);
    double share = (probability - left) / (right - left);
    return walk->sorted[walk->at].value +
           share * (walk->sorted[walk->at + 1].value - walk->sorted[walk->at].value);
}

static void add_knots(struct spline *spline, struct quantile_walk *walk, double outermost) {
    size_t n = 2 + (size_t)(2 * outermost / KNOT_STEP);
    double range = walk->sorted[walk->n - 1].value - walk->sorted[0].value;

    if (n > SPLINE_MAX_KNOTS)
        n = SPLINE_MAX_KNOTS;
    spline->n_knots = 0;
    for (size_t i = 0; i < n; i++) {
        double log_odds = outermost * (2 * (double)i / (double)(n - 1) - 1);
        double x = walk_to(walk, 1 / (1 + exp(-log_odds)));
        /* Equal values make the CDF jump; the knot at the jump's upper end would need the same x.
         */
        if (spline->n_knots > 0 && x <= spline->knots[spline->n_knots - 1].x + 1e-6 * range)
            continue;
        spline->knots[spline->n_knots++] = (struct spline_knot){x, log_odds, 0};
    }
}

/* Mean distance of the values beyond a knot from it; 0 when there are none. sign 1: above. */
static double mean_excess(const struct weighted *sorted, size_t n, double knot, double sign) {
    double sum = 0;
    double weight = 0;

    for (size_t i = 0; i < n; i++) {
        double excess = sign * (sorted[i].value - knot);
        if (excess > 0) {
            sum += sorted[i].weight * excess;
            weight += sorted[i].weight;
        }
    }
    return weight > 0 ? sum / weight : 0;
}

/* An exponential tail with mean m has log-odds that fall by 1 / m. A handful of values can be far
 * off, so the chord of the outermost interval sets bounds. */
static double tail_slope(double excess, double chord) {
    double slope = excess > 0 ? 1 / excess : chord;

    return fmin(fmax(slope, chord / 4), chord * 4);
}

alkfw_status distribution_check_number(size_t n, const char *what, alkfw_error *error) {
    if (n >= DISTRIBUTION_MIN_VALUES)
        return ALKFW_OK;
    return alkfw_error_set(error, ALKFW_E_RECORD,
                           "%s: %zu windows are too few for a distribution, at least %d are needed",
                           what, n, DISTRIBUTION_MIN_VALUES);
}

alkfw_status distribution_fit_spline(const struct weighted *sorted, size_t n, const char *what,
                                     struct spline *spline, alkfw_error *error) {
    alkfw_status status = distribution_check_number(n, what, error);
    if (status != ALKFW_OK)
        return status;
    double tail = TAIL_VALUES / effective_number(sorted, n);
    tail = fmin(fmax(tail, 1e-3), 0.2);
    struct quantile_walk walk = {.sorted = sorted, .n = n, .total = total_weight(sorted, n)};
    add_knots(spline, &walk, log((1 - tail) / tail));
    if (spline->n_knots < 2)
        return alkfw_error_set(error, ALKFW_E_RECORD, "%s: all windows have the same value", what);
    spline_fit_slopes(spline);
    spline->lower_slope =
        tail_slope(mean_excess(sorted, n, spline->knots[0].x, -1), spline->lower_slope);
    spline->upper_slope = tail_slope(
        mean_excess(sorted, n, spline->knots[spline->n_knots - 1].x, 1), spline->upper_slope);
    return ALKFW_OK;
}

/* ---- texts ----------------------------------------------------------------- */

enum { MIN_LONG_TEXTS = 50, EXPONENT_STEPS = 50 };

/* Around the balanced operating point: where alarms begin is where long texts must not have more.
 */
static const double THRESHOLDS[] = {0.02, 0.01, 0.005};

/* 1 - (1 - p)^(n^g), as codebook_text_p_value has it. */
static double corrected(double p, size_t n_windows, double exponent) {
    return -expm1(pow((double)n_windows, exponent) * log1p(-p));
}

/* Squared log ratio of the observed to the expected weight of long texts that pass. */
static double misfit(const struct text_score *texts, size_t n_texts, double threshold,
                     double exponent) {
    double observed = 0;
    double expected = 0;

    for (size_t i = 0; i < n_texts; i++) {
        if (texts[i].n_windows < 2)
            continue;
        observed += texts[i].weight * (texts[i].p_value <= threshold);
        expected += texts[i].weight * corrected(threshold, texts[i].n_windows, exponent);
    }
    if (observed <= 0 || expected <= 0)
        return 0;
    return log(observed / expected) * log(observed / expected);
}

struct text_score text_score_of(const double *window_p, size_t n_windows, double weight) {
    struct text_score text = {.p_value = 1, .n_windows = n_windows, .weight = weight};

    for (size_t w = 0; w < n_windows; w++)
        text.p_value = fmin(text.p_value, window_p[w]);
    return text;
}

double distribution_fit_exponent(const struct text_score *texts, size_t n_texts) {
    size_t n_long = 0;
    double best = 1;
    double best_misfit = INFINITY;

    for (size_t i = 0; i < n_texts; i++)
        n_long += texts[i].n_windows >= 2;
    if (n_long < MIN_LONG_TEXTS)
        return 1;
    for (int step = 0; step <= EXPONENT_STEPS; step++) {
        double exponent = (double)step / EXPONENT_STEPS;
        double sum = 0;
        for (size_t t = 0; t < sizeof THRESHOLDS / sizeof THRESHOLDS[0]; t++)
            sum += misfit(texts, n_texts, THRESHOLDS[t], exponent);
        if (sum < best_misfit) {
            best_misfit = sum;
            best = exponent;
        }
    }
    return best;
}

static double text_p_value(const struct text_score *text, double exponent) {
    return fmin(fmax(corrected(text->p_value, text->n_windows, exponent), 1e-304), 1);
}

void distribution_fit_operating_p(const struct text_score *texts, size_t n_texts, double exponent,
                                  struct weighted *scratch, double *operating_p) {
    for (size_t i = 0; i < n_texts; i++)
        scratch[i] = (struct weighted){-log(text_p_value(&texts[i], exponent)), texts[i].weight};
    weighted_sort(scratch, n_texts);
    double n_effective = effective_number(scratch, n_texts);
    for (size_t s = 0; s < SENSITIVITY_COUNT; s++) {
        double measured = exp(-weighted_upper_quantile(scratch, n_texts, distribution_targets[s]));
        /* Alarms are at the threshold too: step off the text that is on it. */
        measured = fmin(measured * (1 - 1e-9), 0.5);
        if (s > 0 && (distribution_targets[s] * n_effective < 5 || measured >= operating_p[s - 1]))
            measured = operating_p[s - 1] * distribution_targets[s] / distribution_targets[s - 1];
        operating_p[s] = measured;
    }
}

void distribution_fit_texts(const struct text_score *texts, size_t n_texts,
                            struct weighted *scratch, struct codebook_distribution *out) {
    out->window_exponent = distribution_fit_exponent(texts, n_texts);
    distribution_fit_operating_p(texts, n_texts, out->window_exponent, scratch, out->operating_p);
}
