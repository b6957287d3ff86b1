/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/report_chart.h"

#include <math.h>
#include <string.h>

#include "support/utf8.h"

/* In the SVG's own units; the page scales it. */
enum { WIDTH = 420, HEIGHT = 260, LEFT = 52, RIGHT = 398, TOP = 16, BOTTOM = 214 };
enum { MAX_TICKS = 12, MAX_TEXT = 600 };

void html_text(FILE *out, const char *text, size_t n_bytes) {
    char escaped[MAX_TEXT];

    (void)utf8_escape(text, n_bytes, escaped, sizeof escaped);
    for (const char *c = escaped; *c != '\0'; c++) {
        switch (*c) {
        case '&':
            (void)fputs("&amp;", out);
            break;
        case '<':
            (void)fputs("&lt;", out);
            break;
        case '>':
            (void)fputs("&gt;", out);
            break;
        case '"':
            (void)fputs("&quot;", out);
            break;
        default:
            (void)fputc(*c, out);
        }
    }
}

/* ---- places ---------------------------------------------------------------- */

/* Share of the axis, kept inside it. */
static double place(const struct chart_axis *axis, double value) {
    double at = axis->logarithmic ? log10(fmax(value, 1e-300)) : value;

    return fmin(fmax((at - axis->low) / (axis->high - axis->low), 0), 1);
}

static double place_x(const struct chart *chart, double value) {
    return LEFT + place(&chart->x, value) * (RIGHT - LEFT);
}

static double place_y(const struct chart *chart, double value) {
    return BOTTOM - place(&chart->y, value) * (BOTTOM - TOP);
}

/* The least of 1, 2, 5 times a power of ten that cuts the range into at most six. */
static double tick_step(double range) {
    double power = pow(10, floor(log10(range / 6)));
    double share = range / 6 / power;

    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

static size_t find_ticks(const struct chart_axis *axis, double ticks[MAX_TICKS]) {
    double step = axis->logarithmic ? 1 : tick_step(axis->high - axis->low);
    size_t n = 0;

    for (double at = ceil(axis->low / step - 1e-9); at * step <= axis->high + 1e-9 * step; at++) {
        if (n < MAX_TICKS)
            ticks[n++] = axis->logarithmic ? pow(10, at) : at * step;
    }
    return n;
}

/* 0.1 + 0.2 is not 0.3, and ceil(-1e-9) is -0. */
static void print_tick(const struct chart *chart, const struct chart_axis *axis, double value) {
    double shown = fabs(value) < 1e-12 ? 0 : value;

    (void)fprintf(chart->out, axis->percent ? "%g %%" : "%g", axis->percent ? 100 * shown : shown);
}

/* ---- the frame ------------------------------------------------------------- */

static void draw_axes(const struct chart *chart) {
    double ticks[MAX_TICKS];
    size_t n = find_ticks(&chart->x, ticks);

    for (size_t i = 0; i < n; i++) {
        double x = place_x(chart, ticks[i]);
        (void)fprintf(chart->out,
                      "<path class=\"grid\" d=\"M%.1f %dV%d\"/><text class=\"tick\" x=\"%.1f\" "
                      "y=\"%d\" text-anchor=\"middle\">",
                      x, TOP, BOTTOM, x, BOTTOM + 16);
        print_tick(chart, &chart->x, ticks[i]);
        (void)fputs("</text>", chart->out);
    }
    n = find_ticks(&chart->y, ticks);
    for (size_t i = 0; i < n; i++) {
        double y = place_y(chart, ticks[i]);
        (void)fprintf(chart->out,
                      "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text class=\"tick\" x=\"%d\" "
                      "y=\"%.1f\" text-anchor=\"end\">",
                      LEFT, y, RIGHT, LEFT - 6, y + 4);
        print_tick(chart, &chart->y, ticks[i]);
        (void)fputs("</text>", chart->out);
    }
    (void)fprintf(chart->out,
                  "<path class=\"frame\" d=\"M%d %dV%dH%d\"/>"
                  "<text class=\"label\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>"
                  "<text class=\"label\" transform=\"translate(12 %d)rotate(-90)\" "
                  "text-anchor=\"middle\">%s</text>\n",
                  LEFT, TOP, BOTTOM, RIGHT, (LEFT + RIGHT) / 2, HEIGHT - 10, chart->x.label,
                  (TOP + BOTTOM) / 2, chart->y.label);
}

void chart_begin(struct chart *chart, const char *title) {
    (void)fprintf(chart->out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH,
                  HEIGHT);
    html_text(chart->out, title, strlen(title));
    (void)fputs("\">", chart->out);
    draw_axes(chart);
}

void chart_end(struct chart *chart) {
    (void)fputs("</svg>\n", chart->out);
}

/* ---- what is drawn --------------------------------------------------------- */

void chart_line(struct chart *chart, const double *x, const double *y, size_t n,
                const char *style) {
    double last_x = -1;
    double last_y = -1;

    (void)fprintf(chart->out, "<path class=\"line %s\" d=\"", style);
    for (size_t i = 0; i < n; i++) {
        double at_x = place_x(chart, x[i]);
        double at_y = place_y(chart, y[i]);
        if (i > 0 && i + 1 < n && fabs(at_x - last_x) < 0.4 && fabs(at_y - last_y) < 0.4)
            continue;
        (void)fprintf(chart->out, "%c%.1f %.1f", i == 0 ? 'M' : 'L', at_x, at_y);
        last_x = at_x;
        last_y = at_y;
    }
    (void)fputs("\"/>\n", chart->out);
}

void chart_bars(struct chart *chart, const double *heights, size_t n, const char *style) {
    double width = (double)(RIGHT - LEFT) / (double)n;

    (void)fprintf(chart->out, "<path class=\"bars %s\" d=\"M%d %d", style, LEFT, BOTTOM);
    for (size_t i = 0; i < n; i++)
        (void)fprintf(chart->out, "V%.1fh%.2f", place_y(chart, heights[i]), width);
    (void)fprintf(chart->out, "V%dZ\"/>\n", BOTTOM);
}

void chart_dot(struct chart *chart, double x, double y, double radius, const char *style) {
    (void)fprintf(chart->out, "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
                  style, place_x(chart, x), place_y(chart, y), radius);
}

void chart_mark(struct chart *chart, double x, const char *letter, const char *style) {
    double at = chart->x.logarithmic ? log10(fmax(x, 1e-300)) : x;

    if (!(at >= chart->x.low && at <= chart->x.high))
        return;
    (void)fprintf(chart->out,
                  "<path class=\"mark %s\" d=\"M%.1f %dV%d\"/><text class=\"letter\" x=\"%.1f\" "
                  "y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                  style, place_x(chart, x), TOP, BOTTOM, place_x(chart, x), TOP - 4, letter);
}
