/* SPDX-License-Identifier: Apache-2.0 */
#include "codebook/spline.h"

#include <math.h>

static double chord(const struct spline *spline, size_t interval) {
    const struct spline_knot *left = &spline->knots[interval];
    const struct spline_knot *right = left + 1;

    return (right->y - left->y) / (right->x - left->x);
}

static double width(const struct spline *spline, size_t interval) {
    return spline->knots[interval + 1].x - spline->knots[interval].x;
}

/* Three-point estimate at an end knot from its interval (h0, m0) and the next (h1, m1), cut so
 * that the curve stays monotone. All chords rise here, so scipy's sign tests come down to this. */
static double end_slope(double h0, double h1, double m0, double m1) {
    double slope = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1);

    return slope < 0 ? 0 : slope;
}

void spline_fit_slopes(struct spline *spline) {
    size_t n = spline->n_knots;
    size_t last = n - 1;

    spline->lower_slope = chord(spline, 0);
    spline->upper_slope = chord(spline, last - 1);
    if (n == 2) {
        spline->knots[0].slope = spline->knots[1].slope = chord(spline, 0);
        return;
    }
    for (size_t i = 1; i < last; i++) {
        double before = width(spline, i - 1);
        double after = width(spline, i);
        double weight_before = 2 * after + before;
        double weight_after = after + 2 * before;
        spline->knots[i].slope =
            (weight_before + weight_after) /
            (weight_before / chord(spline, i - 1) + weight_after / chord(spline, i));
    }
    spline->knots[0].slope =
        end_slope(width(spline, 0), width(spline, 1), chord(spline, 0), chord(spline, 1));
    spline->knots[last].slope = end_slope(width(spline, last - 1), width(spline, last - 2),
                                          chord(spline, last - 1), chord(spline, last - 2));
}

bool spline_is_valid(const struct spline *spline) {
    /* Rounding may lift the end formula's slope a little over three times the chord. */
    const double most = 3 * (1 + 1e-9);

    if (spline->n_knots < 2 || spline->n_knots > SPLINE_MAX_KNOTS)
        return false;
    if (!isfinite(spline->lower_slope) || !isfinite(spline->upper_slope) ||
        spline->lower_slope <= 0 || spline->upper_slope <= 0)
        return false;
    for (size_t i = 0; i < spline->n_knots; i++) {
        const struct spline_knot *knot = &spline->knots[i];
        if (!isfinite(knot->x) || !isfinite(knot->y) || !isfinite(knot->slope) || knot->slope < 0)
            return false;
    }
    for (size_t i = 0; i + 1 < spline->n_knots; i++) {
        const struct spline_knot *knot = &spline->knots[i];
        if (!(knot[1].x > knot->x) || !(knot[1].y > knot->y) || !isfinite(chord(spline, i)) ||
            knot->slope > most * chord(spline, i) || knot[1].slope > most * chord(spline, i))
            return false;
    }
    return true;
}

/* The cubic of one interval at `t` in [0, 1], in Hermite form. */
static double cubic(const struct spline_knot *left, double t) {
    const struct spline_knot *right = left + 1;
    double h = right->x - left->x;
    double t2 = t * t;
    double t3 = t2 * t;

    return (2 * t3 - 3 * t2 + 1) * left->y + (t3 - 2 * t2 + t) * h * left->slope +
           (3 * t2 - 2 * t3) * right->y + (t3 - t2) * h * right->slope;
}

double spline_value(const struct spline *spline, double x) {
    size_t low = 0;
    size_t high = spline->n_knots - 1;

    if (x <= spline->knots[low].x)
        return spline->knots[low].y + spline->lower_slope * (x - spline->knots[low].x);
    if (x >= spline->knots[high].x)
        return spline->knots[high].y + spline->upper_slope * (x - spline->knots[high].x);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (x < spline->knots[middle].x)
            high = middle;
        else
            low = middle;
    }
    const struct spline_knot *left = &spline->knots[low];
    return cubic(left, (x - left->x) / (left[1].x - left->x));
}

double spline_inverse(const struct spline *spline, double y) {
    size_t low = 0;
    size_t high = spline->n_knots - 1;

    if (y <= spline->knots[low].y)
        return spline->knots[low].x + (y - spline->knots[low].y) / spline->lower_slope;
    if (y >= spline->knots[high].y)
        return spline->knots[high].x + (y - spline->knots[high].y) / spline->upper_slope;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (y < spline->knots[middle].y)
            high = middle;
        else
            low = middle;
    }
    const struct spline_knot *left = &spline->knots[low];
    double from = 0;
    double to = 1;
    /* Bisection to the last bit: the cubic rises, but may be flat at a knot. */
    for (int i = 0; i < 60; i++) {
        double t = (from + to) / 2;
        if (cubic(left, t) < y)
            from = t;
        else
            to = t;
    }
    return left->x + (from + to) / 2 * (left[1].x - left->x);
}
