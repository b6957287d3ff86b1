/* SPDX-License-Identifier: Apache-2.0
 *
 * Charts of a report as inline SVG: an area with axes, then what is drawn in it. Colours are
 * classes of the page's style ("benign", "hostile", "strict", ...), so they follow its light or
 * dark. */
#ifndef ALKFW_CODEBOOK_REPORT_CHART_H
#define ALKFW_CODEBOOK_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct chart_axis {
    const char *label;
    double low;
    double high;      /* > low */
    bool logarithmic; /* low and high are then powers of ten's exponents, values are not */
    bool percent;     /* ticks are shares: 0.05 is "5 %" */
};

struct chart {
    FILE *out;
    struct chart_axis x;
    struct chart_axis y;
};

/* `title` is read out to those who do not see the chart. */
void chart_begin(struct chart *chart, const char *title);
void chart_end(struct chart *chart);

/* Points in rising x; those that would fall on the one before are left out. */
void chart_line(struct chart *chart, const double *x, const double *y, size_t n, const char *style);

/* A bar for each bin of equal width from x.low to x.high. */
void chart_bars(struct chart *chart, const double *heights, size_t n, const char *style);

void chart_dot(struct chart *chart, double x, double y, double radius, const char *style);

/* A line at x with a letter above it; outside of the axis nothing. */
void chart_mark(struct chart *chart, double x, const char *letter, const char *style);

/* Text with &, <, >, " as entities and what does not print as \xHH; at most a few hundred bytes. */
void html_text(FILE *out, const char *text, size_t n_bytes);

#endif
