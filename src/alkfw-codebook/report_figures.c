/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/report_figures.h"

#include <math.h>
#include <string.h>

#include "alkfw-codebook/reliability.h"
#include "alkfw-codebook/report_chart.h"
#include "codebook/format.h"

enum { N_BINS = 60, N_CLASSES = 2, COMPOSED = -1 };

static const char *const class_styles[N_CLASSES] = {"benign", "hostile"};
static const char *const letters[SENSITIVITY_COUNT] = {"S", "B", "Q"};

static double value_of(const struct evaluation *evaluation, size_t row, int signal) {
    return signal == COMPOSED ? evaluation->outcomes[row].surprise / log(10)
                              : evaluation->outcomes[row].raw[signal];
}

/* Sorted values of a class in its half of the scratch. */
static size_t collect(struct figures *figures, bool hostile, int signal) {
    const struct corpus *corpus = figures->evaluation->corpus;
    struct weighted *values = figures->values + (hostile ? corpus->n_rows : 0);
    size_t n = 0;

    for (size_t i = 0; i < corpus->n_rows; i++) {
        if (corpus->rows[i].hostile == hostile)
            values[n++] = (struct weighted){value_of(figures->evaluation, i, signal), 1};
    }
    weighted_sort(values, n);
    return n;
}

/* ---- ROC ------------------------------------------------------------------- */

/* From the highest value down; rates: [n_points] false positives, then [n_points] recall. */
static size_t walk_roc(const struct figures *figures, size_t n_benign, size_t n_hostile,
                       double *false_positives, double *recall) {
    const struct weighted *benign = figures->values;
    const struct weighted *hostile = figures->values + figures->evaluation->corpus->n_rows;
    size_t b = n_benign;
    size_t h = n_hostile;
    size_t n = 0;

    false_positives[n] = recall[n] = 0;
    while (b > 0 || h > 0) {
        double at =
            fmax(b > 0 ? benign[b - 1].value : -INFINITY, h > 0 ? hostile[h - 1].value : -INFINITY);
        while (b > 0 && benign[b - 1].value >= at)
            b--;
        while (h > 0 && hostile[h - 1].value >= at)
            h--;
        n++;
        false_positives[n] = (double)(n_benign - b) / (double)n_benign;
        recall[n] = (double)(n_hostile - h) / (double)n_hostile;
    }
    return n + 1;
}

static void draw_operating_points(const struct figures *figures, struct chart *chart) {
    const json_t *overall = json_object_get(figures->report, "overall");
    const json_t *false_positives = json_object_get(overall, "false_positives");
    const json_t *recall = json_object_get(overall, "recall");

    for (int i = 0; i < SENSITIVITY_COUNT; i++) {
        const char *name = sensitivity_name((enum sensitivity)i);
        chart_dot(chart, json_number_value(json_object_get(false_positives, name)),
                  json_number_value(json_object_get(recall, name)), 4.5, name);
    }
}

static void draw_roc(struct figures *figures, bool logarithmic, const double *x, const double *y,
                     size_t n) {
    static const double diagonal[] = {0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1};
    struct chart chart = {.out = figures->out,
                          .x = {.label = "false positives",
                                .low = logarithmic ? -4 : 0,
                                .high = logarithmic ? 0 : 1,
                                .logarithmic = logarithmic,
                                .percent = true},
                          .y = {.label = "recall", .high = 1, .percent = true}};

    (void)fputs("<figure>", figures->out);
    chart_begin(&chart, logarithmic ? "ROC curve, logarithmic" : "ROC curve");
    chart_line(&chart, diagonal, diagonal, sizeof diagonal / sizeof diagonal[0], "chance");
    chart_line(&chart, x, y, n, "hostile");
    draw_operating_points(figures, &chart);
    chart_end(&chart);
    (void)fprintf(figures->out, "<figcaption>%s</figcaption></figure>\n",
                  logarithmic ? "The same where it matters: false positives on a logarithmic scale."
                              : "ROC curve of the composed score. Dashes: chance.");
}

void figure_roc(struct figures *figures) {
    size_t n_benign = collect(figures, false, COMPOSED);
    size_t n_hostile = collect(figures, true, COMPOSED);
    double *x = figures->points;
    double *y = figures->points + 2 * figures->evaluation->corpus->n_rows + 2;

    if (n_benign == 0 || n_hostile == 0)
        return;
    size_t n = walk_roc(figures, n_benign, n_hostile, x, y);
    draw_roc(figures, false, x, y, n);
    draw_roc(figures, true, x, y, n);
}

/* ---- distributions --------------------------------------------------------- */

/* Shares of a class in bins from low to high, what is beyond in the outermost. */
static void fill_bins(const struct weighted *values, size_t n, double low, double high,
                      double bins[N_BINS]) {
    memset(bins, 0, N_BINS * sizeof *bins);
    for (size_t i = 0; i < n; i++) {
        double at = (values[i].value - low) / (high - low) * N_BINS;
        bins[(size_t)fmin(fmax(at, 0), N_BINS - 1)] += 1 / (double)n;
    }
}

/* What a spline of log-odds gives each bin. */
static void fill_curve(const struct spline *spline, double low, double high, double x[N_BINS],
                       double y[N_BINS]) {
    double width = (high - low) / N_BINS;

    for (int i = 0; i < N_BINS; i++) {
        double left = low + i * width;
        x[i] = left + width / 2;
        y[i] = codebook_p_value(spline_value(spline, left)) -
               codebook_p_value(spline_value(spline, left + width));
    }
}

static double largest(const double *values, size_t n, double least) {
    for (size_t i = 0; i < n; i++)
        least = fmax(least, values[i]);
    return least;
}

/* Where nearly all values of both classes are. */
static bool find_range(const struct figures *figures, const size_t n[N_CLASSES], double *low,
                       double *high) {
    *low = INFINITY;
    *high = -INFINITY;
    for (int class = 0; class < N_CLASSES; class ++) {
        const struct weighted *values =
            figures->values + (class == 0 ? 0 : figures->evaluation->corpus->n_rows);
        if (n[class] == 0)
            continue;
        *low = fmin(*low, values[n[class] / 500].value);
        *high = fmax(*high, values[n[class] - 1 - n[class] / 500].value);
    }
    return *high > *low;
}

struct distribution_figure {
    const struct codebook_distribution *distribution;
    const char *title;
    const char *label;
    int signal; /* or COMPOSED: no splines, thresholds in -log10 p */
};

static double mark_of(const struct distribution_figure *figure, enum sensitivity sensitivity) {
    double p = figure->distribution->operating_p[sensitivity];

    return figure->signal == COMPOSED
               ? -log10(p)
               : spline_inverse(&figure->distribution->benign, log((1 - p) / p));
}

static void draw_distribution(struct figures *figures, const struct distribution_figure *figure) {
    const struct spline *splines[N_CLASSES] = {&figure->distribution->benign,
                                               &figure->distribution->hostile};
    size_t n[N_CLASSES] = {collect(figures, false, figure->signal),
                           collect(figures, true, figure->signal)};
    struct chart chart = {.out = figures->out,
                          .x = {.label = figure->label},
                          .y = {.label = "share of texts", .percent = true}};
    double bars[N_CLASSES][N_BINS];
    double curves[N_CLASSES][N_BINS];
    double x[N_BINS];
    double top = 0.01;

    if (!find_range(figures, n, &chart.x.low, &chart.x.high))
        return;
    for (int class = 0; class < N_CLASSES; class ++) {
        const struct weighted *values =
            figures->values + (class == 0 ? 0 : figures->evaluation->corpus->n_rows);
        fill_bins(values, n[class], chart.x.low, chart.x.high, bars[class]);
        fill_curve(splines[class], chart.x.low, chart.x.high, x, curves[class]);
        top = largest(bars[class] + 1, N_BINS - 2, top); /* what is beyond may tower */
    }
    chart.y.high = fmin(top * 1.15, 1);
    chart_begin(&chart, figure->title);
    for (int class = 0; class < N_CLASSES; class ++)
        chart_bars(&chart, bars[class], N_BINS, class_styles[class]);
    for (int class = 0; class < N_CLASSES && figure->signal != COMPOSED; class ++)
        chart_line(&chart, x, curves[class], N_BINS, class_styles[class]);
    for (int i = 0; i < SENSITIVITY_COUNT; i++)
        chart_mark(&chart, mark_of(figure, (enum sensitivity)i), letters[i],
                   sensitivity_name((enum sensitivity)i));
    chart_end(&chart);
}

void figure_composed(struct figures *figures) {
    const struct evaluation *evaluation = figures->evaluation;
    const struct distribution_figure figure = {
        &evaluation->codebook->compositions[evaluation->composition], "composed score",
        "&#8722;log&#8321;&#8320; p", COMPOSED};

    (void)fputs("<figure>", figures->out);
    draw_distribution(figures, &figure);
    (void)fputs("<figcaption><b>composed</b>: how unlikely each text is as benign text. 2 is one "
                "benign text in a hundred, 3 one in a thousand.</figcaption></figure>\n",
                figures->out);
}

void figure_signal(struct figures *figures, size_t signal) {
    const struct codebook_signal *of = &figures->evaluation->codebook->signals[signal];
    const struct distribution_figure figure = {&of->distribution, of->name, "raw value",
                                               (int)signal};
    const json_t *entry = json_object_get(json_object_get(figures->report, "signals"), of->name);
    const json_t *auroc = json_object_get(entry, "auroc");
    double weight = figures->evaluation->codebook->weights[signal];

    (void)fputs("<figure>", figures->out);
    draw_distribution(figures, &figure);
    (void)fprintf(figures->out, "<figcaption><b>%s</b>: ", of->name); /* a-z, 0-9, _ and - only */
    if (json_is_number(auroc))
        (void)fprintf(figures->out, "AUROC %.3f, recall %.3f at 1&nbsp;%% false positives; ",
                      json_number_value(auroc),
                      json_number_value(json_object_get(entry, "recall_at_1%")));
    (void)fprintf(figures->out, "%s</figcaption></figure>\n",
                  weight != 0 ? "counts for the decision." : "explains, does not decide.");
}

/* ---- reliability ----------------------------------------------------------- */

static void draw_reliability(struct figures *figures, const json_t *entry) {
    static const double diagonal[] = {0, 1};
    struct chart chart = {.out = figures->out,
                          .x = {.label = "score", .high = 1},
                          .y = {.label = "share of hostile texts", .high = 1, .percent = true}};
    double x[RELIABILITY_BINS];
    double y[RELIABILITY_BINS];
    size_t n = 0;
    size_t index;
    json_t *bin;

    chart_begin(&chart, "reliability diagram");
    chart_line(&chart, diagonal, diagonal, 2, "chance");
    json_array_foreach(json_object_get(entry, "bins"), index, bin) {
        if (n == RELIABILITY_BINS)
            break;
        x[n] = json_number_value(json_object_get(bin, "score"));
        y[n++] = json_number_value(json_object_get(bin, "hostile"));
    }
    chart_line(&chart, x, y, n, "hostile");
    json_array_foreach(json_object_get(entry, "bins"), index, bin) {
        double share = json_number_value(json_object_get(bin, "share"));
        chart_dot(&chart, json_number_value(json_object_get(bin, "score")),
                  json_number_value(json_object_get(bin, "hostile")), 2.5 + 9 * sqrt(share),
                  "hostile");
    }
    chart_end(&chart);
}

void figure_reliability(struct figures *figures) {
    const char *name;
    json_t *entry;

    json_object_foreach(json_object_get(figures->report, "reliability"), name, entry) {
        (void)fputs("<figure>", figures->out);
        draw_reliability(figures, entry);
        (void)fprintf(
            figures->out,
            "<figcaption><b>%s</b>: as if %.1f&nbsp;%% of all texts were hostile. Expected "
            "calibration error %.3f. The size of a dot is the number of texts; on the "
            "dashes a score would be a probability.</figcaption></figure>\n",
            name, 100 * json_number_value(json_object_get(entry, "base_rate")),
            json_number_value(json_object_get(entry, "expected_calibration_error")));
    }
}
