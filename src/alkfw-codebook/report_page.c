/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/report_page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/report_chart.h"
#include "alkfw-codebook/report_figures.h"
#include "alkfw-codebook/report_style.h"

enum { N_WORST = 20, SHOWN_BYTES = 300 };

static void text(const struct figures *figures, const char *from) {
    html_text(figures->out, from, strlen(from));
}

static const json_t *at(const json_t *object, const char *first, const char *second) {
    return json_object_get(json_object_get(object, first), second);
}

/* ---- the beginning --------------------------------------------------------- */

static void write_tile(const struct figures *figures, const char *name, const json_t *value,
                       double scale, const char *format) {
    (void)fprintf(figures->out, "<div><dt>%s</dt><dd>", name);
    if (json_is_number(value))
        (void)fprintf(figures->out, format, scale * json_number_value(value));
    else
        (void)fputs("&#8211;", figures->out);
    (void)fputs("</dd></div>", figures->out);
}

static void write_tiles(const struct figures *figures) {
    const json_t *overall = json_object_get(figures->report, "overall");
    const json_t *reliability = json_object_get(figures->report, "reliability");

    (void)fputs("<dl>", figures->out);
    write_tile(figures, "AUROC", json_object_get(overall, "auroc"), 1, "%.3f");
    write_tile(figures, "recall at 1&nbsp;% of these", at(overall, "recall_at_fpr", "1%"), 100,
               "%.1f&nbsp;%%");
    write_tile(figures, "false positives, balanced", at(overall, "false_positives", "balanced"),
               100, "%.2f&nbsp;%%");
    write_tile(figures, "recall, balanced", at(overall, "recall", "balanced"), 100, "%.1f&nbsp;%%");
    write_tile(figures, "calibration error, even",
               at(reliability, "even", "expected_calibration_error"), 1, "%.3f");
    write_tile(figures, "span overlap", at(figures->report, "spans", "mean_iou"), 1, "%.2f");
    (void)fputs("</dl>\n", figures->out);
}

static void write_head(const struct figures *figures) {
    const struct codebook_info *info = codebook_get_info(figures->evaluation->codebook);
    const json_t *rows = json_object_get(figures->report, "rows");

    (void)fprintf(figures->out,
                  "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'\"><title>alkfw codebook report</title>"
                  "<style>%s</style></head>\n<body><header><h1>Codebook ",
                  report_style);
    text(figures, info->name);
    (void)fprintf(figures->out,
                  "</h1><p>on %" JSON_INTEGER_FORMAT " hostile and %" JSON_INTEGER_FORMAT
                  " benign texts of %zu sources, composition %s. Model ",
                  json_integer_value(json_object_get(rows, "hostile")),
                  json_integer_value(json_object_get(rows, "benign")),
                  figures->evaluation->corpus->sources.n_names,
                  composition_name(figures->evaluation->composition));
    text(figures, info->model_id);
    (void)fprintf(figures->out, ", codebook sha256 %.12s.</p>", info->sha256);
    (void)fputs("<nav><a href=\"#roc\">ROC</a><a href=\"#signals\">Signals</a>"
                "<a href=\"#reliability\">Reliability</a><a href=\"#sources\">Sources</a>"
                "<a href=\"#worst\">Worst errors</a></nav></header>\n",
                figures->out);
    write_tiles(figures);
}

/* And the beginning of the figures. */
static void write_legend(const struct figures *figures) {
    (void)fputs("<p class=\"legend\"><span><i class=\"strict\"></i>S strict (5&nbsp;%)</span>"
                "<span><i class=\"balanced\"></i>B balanced (1&nbsp;%)</span>"
                "<span><i class=\"quiet\"></i>Q quiet (0.1&nbsp;%)</span>"
                "<span><i class=\"benign\"></i>benign</span><span><i class=\"hostile\"></i>hostile"
                "</span></p><div class=\"figures\">",
                figures->out);
}

/* ---- figures --------------------------------------------------------------- */

static void write_roc(struct figures *figures) {
    (void)fputs(
        "<section id=\"roc\"><h2>ROC</h2><p>Recall over false positives on these texts. The "
        "dots are the codebook's own operating points: how far right they are is their true "
        "rate here, whatever their name says.</p>",
        figures->out);
    write_legend(figures);
    figure_roc(figures);
    figure_composed(figures);
    (void)fputs("</div></section>\n", figures->out);
}

static void write_signals(struct figures *figures) {
    (void)fputs(
        "<section id=\"signals\"><h2>Signals</h2><p>Bars: the strongest window of each "
        "text. Lines: the distributions over single windows that the codebook holds, from "
        "sources that were left out of its fit. AUROC is against the signal's own category, "
        "or against all attacks where it has none.</p>",
        figures->out);
    write_legend(figures);
    for (size_t s = 0; s < codebook_get_info(figures->evaluation->codebook)->n_signals; s++)
        figure_signal(figures, s);
    (void)fputs("</div></section>\n", figures->out);
}

static void write_reliability(struct figures *figures) {
    (void)fputs(
        "<section id=\"reliability\"><h2>Reliability</h2><p>A score is the odds of a benign "
        "text scoring as high, with 0.5 at the balanced operating point; a probability it is "
        "for one base rate only, which <b>closest</b> finds.</p><div class=\"figures\">",
        figures->out);
    figure_reliability(figures);
    (void)fputs("</div></section>\n", figures->out);
}

/* ---- sources --------------------------------------------------------------- */

static size_t count_alarms(const struct evaluation *evaluation, bool hostile, size_t source,
                           enum sensitivity sensitivity, size_t *n_rows) {
    const struct codebook_statistic composed = {.composed = true,
                                                .composition = evaluation->composition};
    double threshold = codebook_threshold(evaluation->codebook, composed, sensitivity);
    size_t n = 0;

    *n_rows = 0;
    for (size_t i = 0; i < evaluation->corpus->n_rows; i++) {
        const struct row *row = &evaluation->corpus->rows[i];
        if (row->hostile != hostile || row->source != source)
            continue;
        ++*n_rows;
        n += evaluation->outcomes[i].score >= threshold;
    }
    return n;
}

/* Alarms and passes of one source at each sensitivity, shaded by their share. */
static void write_source(const struct figures *figures, bool hostile, size_t source) {
    size_t n_rows;

    (void)count_alarms(figures->evaluation, hostile, source, SENSITIVITY_BALANCED, &n_rows);
    if (n_rows == 0)
        return;
    (void)fprintf(figures->out, "<tr class=\"%s\"><th scope=\"row\">",
                  hostile ? "hostile" : "benign");
    text(figures, figures->evaluation->corpus->sources.names[source]);
    (void)fprintf(figures->out, "</th><td>%s</td><td>%zu</td>", hostile ? "hostile" : "benign",
                  n_rows);
    for (int i = 0; i < SENSITIVITY_COUNT; i++) {
        size_t n = count_alarms(figures->evaluation, hostile, source, (enum sensitivity)i, &n_rows);
        double share = (double)n / (double)n_rows;
        (void)fprintf(figures->out,
                      "<td class=\"%s\" style=\"--share:%.2f\">%zu</td>"
                      "<td class=\"%s\" style=\"--share:%.2f\">%zu</td><td>%.1f&nbsp;%%</td>",
                      hostile ? "good" : "bad", share / 2, n, hostile ? "bad" : "good",
                      (1 - share) / 2, n_rows - n, 100 * share);
    }
    (void)fputs("</tr>\n", figures->out);
}

static void write_sources(const struct figures *figures) {
    (void)fputs(
        "<section id=\"sources\"><h2>Sources</h2><p>How many texts of each source alarm and "
        "how many pass. Blue is right, orange is wrong, deeper the larger the share.</p>"
        "<div class=\"scroll\"><table><thead><tr><th class=\"left\" rowspan=\"2\">source"
        "</th><th rowspan=\"2\">label</th><th rowspan=\"2\">texts</th><th colspan=\"3\">"
        "strict</th><th colspan=\"3\">balanced</th><th colspan=\"3\">quiet</th></tr><tr>",
        figures->out);
    for (int i = 0; i < SENSITIVITY_COUNT; i++)
        (void)fputs("<th>alarm</th><th>pass</th><th>alarmed</th>", figures->out);
    (void)fputs("</tr></thead><tbody>", figures->out);
    for (int class = 1; class >= 0; class --) {
        for (size_t s = 0; s < figures->evaluation->corpus->sources.n_names; s++)
            write_source(figures, class == 1, s);
    }
    (void)fputs("</tbody></table></div></section>\n", figures->out);
}

/* ---- the worst ------------------------------------------------------------- */

static size_t strongest_signal(const struct outcome *outcome, size_t n_signals) {
    size_t best = 0;

    for (size_t s = 1; s < n_signals; s++) {
        if (outcome->signals[s] > outcome->signals[best])
            best = s;
    }
    return best;
}

static void write_row(const struct figures *figures, size_t index, bool show_text) {
    const struct evaluation *evaluation = figures->evaluation;
    const struct codebook_info *info = codebook_get_info(evaluation->codebook);
    const struct row *row = &evaluation->corpus->rows[index];
    const struct outcome *outcome = &evaluation->outcomes[index];

    (void)fputs("<tr><th scope=\"row\">", figures->out);
    text(figures, evaluation->corpus->files.names[row->file]);
    (void)fprintf(figures->out, ":%u</th><td class=\"left\">", row->line);
    text(figures, evaluation->corpus->sources.names[row->source]);
    (void)fputs("</td><td class=\"left\">", figures->out);
    if (row->category != CORPUS_NONE)
        text(figures, evaluation->corpus->categories.names[row->category]);
    (void)fprintf(figures->out,
                  "</td><td>%.4f</td><td>%.1e</td><td class=\"left\">%s</td>"
                  "<td>%zu</td><td>%zu</td>",
                  outcome->score, exp(-outcome->surprise),
                  info->signals[strongest_signal(outcome, info->n_signals)], row->n_bytes,
                  outcome->n_windows);
    if (show_text) {
        size_t n = row->n_bytes < SHOWN_BYTES ? row->n_bytes : SHOWN_BYTES;
        while (n > 0 && n < row->n_bytes && ((unsigned char)row->text[n] & 0xC0) == 0x80)
            n--;
        (void)fputs("<td class=\"text\">", figures->out);
        html_text(figures->out, row->text, n);
        (void)fprintf(figures->out, "%s</td>", n < row->n_bytes ? "&#8230;" : "");
    }
    (void)fputs("</tr>\n", figures->out);
}

struct ranked {
    size_t row;
    double badness;
};

static int by_badness(const void *left, const void *right) {
    const struct ranked *a = left;
    const struct ranked *b = right;

    if (a->badness != b->badness)
        return a->badness > b->badness ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static void write_worst(const struct figures *figures, struct ranked *ranked, bool hostile,
                        bool show_text) {
    const struct evaluation *evaluation = figures->evaluation;
    size_t n = 0;

    for (size_t i = 0; i < evaluation->corpus->n_rows; i++) {
        if (evaluation->corpus->rows[i].hostile != hostile ||
            (evaluation->outcomes[i].score >= 0.5) == hostile)
            continue;
        double surprise = evaluation->outcomes[i].surprise;
        ranked[n++] = (struct ranked){i, hostile ? -surprise : surprise};
    }
    qsort(ranked, n, sizeof *ranked, by_badness);
    (void)fprintf(figures->out, "<div class=\"scroll\"><table><caption>%s (%zu at balanced",
                  hostile ? "Misses" : "False alarms", n);
    (void)fprintf(figures->out,
                  "%s)</caption><thead><tr><th class=\"left\">row</th><th class=\"left\">source"
                  "</th><th class=\"left\">category</th><th>score</th><th>p</th>"
                  "<th class=\"left\">strongest signal</th><th>bytes</th><th>windows</th>%s</tr>"
                  "</thead><tbody>",
                  n > N_WORST ? ", the worst 20" : "",
                  show_text ? "<th class=\"left\">text</th>" : "");
    for (size_t i = 0; i < n && i < N_WORST; i++)
        write_row(figures, ranked[i].row, show_text);
    (void)fputs("</tbody></table></div>\n", figures->out);
}

static void write_end(const struct figures *figures, struct ranked *ranked, bool show_text) {
    (void)fprintf(
        figures->out,
        "<section id=\"worst\"><h2>Worst errors</h2><p>The benign texts that score highest "
        "and the hostile ones that score lowest.%s</p>",
        show_text ? "" : " Their text is left out; --show-text puts it in.");
    write_worst(figures, ranked, false, show_text);
    write_worst(figures, ranked, true, show_text);
    (void)fputs("</section><footer>Made by alkfw-codebook " PACKAGE_VERSION
                " report.</footer></body></html>\n",
                figures->out);
}

/* ---- all ------------------------------------------------------------------- */

alkfw_status report_page_write(FILE *out, const struct evaluation *evaluation, bool show_text,
                               alkfw_error *error) {
    size_t n_rows = evaluation->corpus->n_rows;
    json_t *report = evaluation_report(evaluation);
    struct ranked *ranked = calloc(n_rows, sizeof *ranked);
    struct figures figures = {.out = out,
                              .evaluation = evaluation,
                              .report = report,
                              .values = calloc(2 * n_rows, sizeof *figures.values),
                              .points = calloc(4 * n_rows + 4, sizeof *figures.points)};
    alkfw_status status = ALKFW_OK;

    if (report == NULL || ranked == NULL || figures.values == NULL || figures.points == NULL) {
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the report");
    } else {
        write_head(&figures);
        write_roc(&figures);
        write_signals(&figures);
        write_reliability(&figures);
        write_sources(&figures);
        write_end(&figures, ranked, show_text);
    }
    json_decref(report);
    free(ranked);
    free(figures.values);
    free(figures.points);
    return status;
}
