/* SPDX-License-Identifier: Apache-2.0
 *
 * Rising functions of one variable: a monotone piecewise cubic through knots, a straight line
 * beyond them. The codebook keeps each distribution as such a function from a raw value to the
 * log-odds of its CDF, so the straight lines are tails that fall off log-linearly. */
#ifndef ALKFW_SPLINE_H
#define ALKFW_SPLINE_H

#include <stdbool.h>
#include <stddef.h>

enum { SPLINE_MAX_KNOTS = 128 };

struct spline_knot {
    double x;
    double y;
    double slope; /* dy/dx at x, >= 0 */
};

struct spline {
    size_t n_knots;                             /* 2 ... SPLINE_MAX_KNOTS */
    struct spline_knot knots[SPLINE_MAX_KNOTS]; /* x and y strictly rising */
    double lower_slope;                         /* of the line below the first knot, > 0 */
    double upper_slope;                         /* of the line above the last knot, > 0 */
};

/* Fills the slopes of knots whose x and y are set, by F. N. Fritsch and J. Butland, "A method for
 * constructing local monotone piecewise cubic interpolants", SIAM J. Sci. Stat. Comput. 5 (1984),
 * with the three-point end formula of scipy.interpolate.PchipInterpolator, whose values these are.
 * The tails get the slope of the outermost interval's chord. */
void spline_fit_slopes(struct spline *spline);

/* Whether everything that the comments above promise holds, and in between the cubic rises too
 * (F. N. Fritsch and R. E. Carlson, "Monotone piecewise cubic interpolation", SIAM J. Numer. Anal.
 * 17 (1980): slopes of at most three times the chord suffice). */
bool spline_is_valid(const struct spline *spline);

double spline_value(const struct spline *spline, double x);

/* The x at which the spline is y. */
double spline_inverse(const struct spline *spline, double y);

#endif
