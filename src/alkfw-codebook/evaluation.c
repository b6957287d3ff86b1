/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/ranking.h"
#include "alkfw-codebook/reliability.h"

static const double RATES[] = {0.05, 0.01, 0.001};
static const char *const RATE_NAMES[] = {"5%", "1%", "0.1%"};
enum { N_RATES = sizeof RATES / sizeof RATES[0] };

/* Rows of interest and what they are ranked by. */
struct selection {
    const struct evaluation *evaluation;
    struct weighted *hostile; /* [n_rows] sorted */
    size_t n_hostile;
    struct weighted *benign; /* [n_rows] sorted */
    size_t n_benign;
    double thresholds[N_RATES]; /* that the RATES of all benign rows lie above */
};

static json_t *real(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static double value_of(const struct outcome *outcome, int signal) {
    return signal < 0 ? outcome->surprise : outcome->signals[signal];
}

/* Hostile rows of a source and category (CORPUS_NONE: any), ranked by a signal (-1: composed). */
static size_t select_rows(const struct evaluation *evaluation, bool hostile, size_t source,
                          size_t category, int signal, struct weighted *out) {
    size_t n = 0;

    for (size_t i = 0; i < evaluation->corpus->n_rows; i++) {
        const struct row *row = &evaluation->corpus->rows[i];
        if (row->hostile != hostile || (source != CORPUS_NONE && row->source != source) ||
            (category != CORPUS_NONE && row->category != category))
            continue;
        out[n++] = (struct weighted){value_of(&evaluation->outcomes[i], signal), 1};
    }
    weighted_sort(out, n);
    return n;
}

static double share_above(const struct weighted *sorted, size_t n, double threshold) {
    return weighted_share_from(sorted, n, nextafter(threshold, INFINITY));
}

/* Share of rows whose score reaches a sensitivity's threshold. */
static double share_alarmed(const struct evaluation *evaluation, bool hostile, size_t source,
                            size_t category, enum sensitivity sensitivity) {
    const struct codebook_statistic composed = {.composed = true,
                                                .composition = evaluation->composition};
    double threshold = codebook_threshold(evaluation->codebook, composed, sensitivity);
    size_t n = 0;
    size_t n_alarmed = 0;

    for (size_t i = 0; i < evaluation->corpus->n_rows; i++) {
        const struct row *row = &evaluation->corpus->rows[i];
        if (row->hostile != hostile || (source != CORPUS_NONE && row->source != source) ||
            (category != CORPUS_NONE && row->category != category))
            continue;
        n++;
        n_alarmed += evaluation->outcomes[i].score >= threshold;
    }
    return n == 0 ? NAN : (double)n_alarmed / (double)n;
}

static json_t *recalls(const struct selection *selection, const struct weighted *hostile,
                       size_t n) {
    json_t *object = json_object();

    for (size_t i = 0; i < N_RATES; i++) {
        double recall =
            selection->n_benign == 0 ? NAN : share_above(hostile, n, selection->thresholds[i]);
        (void)json_object_set_new(object, RATE_NAMES[i], real(recall));
    }
    return object;
}

static json_t *alarmed(const struct evaluation *evaluation, bool hostile, size_t source,
                       size_t category) {
    json_t *object = json_object();

    for (int i = 0; i < SENSITIVITY_COUNT; i++)
        (void)json_object_set_new(
            object, sensitivity_name((enum sensitivity)i),
            real(share_alarmed(evaluation, hostile, source, category, (enum sensitivity)i)));
    return object;
}

static json_t *report_overall(const struct selection *selection) {
    const struct evaluation *evaluation = selection->evaluation;

    return json_pack("{s:o, s:o, s:o, s:o}", "auroc",
                     real(weighted_auroc(selection->hostile, selection->n_hostile,
                                         selection->benign, selection->n_benign)),
                     "recall_at_fpr", recalls(selection, selection->hostile, selection->n_hostile),
                     "false_positives", alarmed(evaluation, false, CORPUS_NONE, CORPUS_NONE),
                     "recall", alarmed(evaluation, true, CORPUS_NONE, CORPUS_NONE));
}

/* ---- sources and categories ------------------------------------------------ */

static json_t *report_hostile(const struct selection *selection, size_t source, size_t category,
                              struct weighted *scratch) {
    const struct evaluation *evaluation = selection->evaluation;
    size_t n = select_rows(evaluation, true, source, category, -1, scratch);

    if (n == 0)
        return NULL;
    return json_pack("{s:I, s:o, s:o, s:o}", "rows", (json_int_t)n, "auroc",
                     real(weighted_auroc(scratch, n, selection->benign, selection->n_benign)),
                     "recall_at_fpr", recalls(selection, scratch, n), "recall",
                     alarmed(evaluation, true, source, category));
}

static json_t *report_benign(const struct selection *selection, size_t source, size_t category,
                             struct weighted *scratch) {
    const struct evaluation *evaluation = selection->evaluation;
    size_t n = select_rows(evaluation, false, source, category, -1, scratch);

    if (n == 0)
        return NULL;
    return json_pack("{s:I, s:o}", "rows", (json_int_t)n, "false_positives",
                     alarmed(evaluation, false, source, category));
}

static json_t *report_names(const struct selection *selection, const struct name_list *names,
                            bool are_sources, bool hostile, struct weighted *scratch) {
    json_t *object = json_object();

    for (size_t i = 0; i < names->n_names; i++) {
        size_t source = are_sources ? i : CORPUS_NONE;
        size_t category = are_sources ? CORPUS_NONE : i;
        json_t *entry = hostile ? report_hostile(selection, source, category, scratch)
                                : report_benign(selection, source, category, scratch);
        if (entry != NULL)
            (void)json_object_set_new(object, names->names[i], entry);
    }
    return object;
}

static json_t *report_signal(const struct evaluation *evaluation, size_t signal, size_t category,
                             struct weighted *hostile, struct weighted *benign) {
    size_t n_benign = select_rows(evaluation, false, CORPUS_NONE, CORPUS_NONE, (int)signal, benign);
    size_t n_hostile = select_rows(evaluation, true, CORPUS_NONE, category, (int)signal, hostile);
    double threshold = n_benign == 0 ? NAN : weighted_upper_quantile(benign, n_benign, 0.01);

    return json_pack("{s:o, s:o}", "auroc",
                     real(weighted_auroc(hostile, n_hostile, benign, n_benign)), "recall_at_1%",
                     real(n_benign == 0 ? NAN : share_above(hostile, n_hostile, threshold)));
}

/* Each signal by its own category's rows, or by all when no row has that category. */
static json_t *report_signals(const struct evaluation *evaluation, struct weighted *scratch) {
    const struct codebook_info *info = codebook_get_info(evaluation->codebook);
    struct weighted *benign = scratch + evaluation->corpus->n_rows;
    json_t *object = json_object();

    for (size_t s = 0; s < info->n_signals; s++) {
        size_t category = CORPUS_NONE;
        for (size_t c = 0; c < evaluation->corpus->categories.n_names; c++) {
            if (strcmp(evaluation->corpus->categories.names[c], info->signals[s]) == 0)
                category = c;
        }
        (void)json_object_set_new(object, info->signals[s],
                                  report_signal(evaluation, s, category, scratch, benign));
    }
    return object;
}

/* ---- spans ----------------------------------------------------------------- */

static double overlap(const struct outcome *outcome, const struct row *row) {
    size_t start = outcome->span_start > row->span_start ? outcome->span_start : row->span_start;
    size_t end = outcome->span_end < row->span_end ? outcome->span_end : row->span_end;
    size_t shared = end > start ? end - start : 0;
    size_t both = outcome->span_end - outcome->span_start + row->span_end - row->span_start;

    return both == shared ? 0 : (double)shared / (double)(both - shared);
}

/* Intersection over union in bytes, of the strongest alarm with the true span, and the tokens that
 * the alarm has beyond it, over the alarmed rows that have one. */
static json_t *report_spans(const struct evaluation *evaluation, struct weighted *scratch) {
    double sum = 0;
    size_t n_rows = 0;
    size_t n_alarmed = 0;

    for (size_t i = 0; i < evaluation->corpus->n_rows; i++) {
        const struct row *row = &evaluation->corpus->rows[i];
        const struct outcome *outcome = &evaluation->outcomes[i];
        if (!row->has_span)
            continue;
        n_rows++;
        if (!outcome->has_span)
            continue;
        scratch[n_alarmed++] = (struct weighted){(double)outcome->n_excess_tokens, 1};
        sum += overlap(outcome, row);
    }
    weighted_sort(scratch, n_alarmed);
    return json_pack("{s:I, s:I, s:o, s:o}", "rows", (json_int_t)n_rows, "alarmed",
                     (json_int_t)n_alarmed, "mean_iou",
                     real(n_alarmed == 0 ? NAN : sum / (double)n_alarmed), "median_excess_tokens",
                     real(n_alarmed == 0 ? NAN : scratch[n_alarmed / 2].value));
}

/* ---- the score as a probability -------------------------------------------- */

static json_t *describe_reliability(const struct reliability *reliability) {
    json_t *bins = json_array();

    for (size_t i = 0; i < RELIABILITY_BINS; i++) {
        const struct reliability_bin *bin = &reliability->bins[i];
        if (bin->share > 0)
            (void)json_array_append_new(bins,
                                        json_pack("{s:f, s:f, s:f}", "share", bin->share, "score",
                                                  bin->score, "hostile", bin->hostile));
    }
    return json_pack("{s:f, s:f, s:o}", "base_rate", reliability->base_rate,
                     "expected_calibration_error", reliability->error, "bins", bins);
}

/* Null unless both classes are there. */
static json_t *report_reliability(const struct evaluation *evaluation) {
    size_t n_rows = evaluation->corpus->n_rows;
    double *scores = calloc(n_rows, sizeof *scores);
    bool *hostile = calloc(n_rows, sizeof *hostile);
    size_t n_hostile = 0;
    json_t *report = NULL;
    struct reliability reliability;

    for (size_t i = 0; scores != NULL && hostile != NULL && i < n_rows; i++) {
        scores[i] = evaluation->outcomes[i].score;
        hostile[i] = evaluation->corpus->rows[i].hostile;
        n_hostile += hostile[i];
    }
    if (n_hostile > 0 && n_hostile < n_rows) {
        report = json_object();
        reliability_measure(scores, hostile, n_rows, 0.5, &reliability);
        (void)json_object_set_new(report, "even", describe_reliability(&reliability));
        reliability_measure(scores, hostile, n_rows, (double)n_hostile / (double)n_rows,
                            &reliability);
        (void)json_object_set_new(report, "corpus", describe_reliability(&reliability));
        reliability_find_closest(scores, hostile, n_rows, &reliability);
        (void)json_object_set_new(report, "closest", describe_reliability(&reliability));
    }
    free(scores);
    free(hostile);
    return report == NULL ? json_null() : report;
}

/* ---- lengths and twins ----------------------------------------------------- */

/* False positives and recall by the number of windows: 1, 2-3, 4-7, 8 and more. */
static json_t *report_length(const struct evaluation *evaluation, size_t least, size_t most) {
    const struct codebook_statistic composed = {.composed = true,
                                                .composition = evaluation->composition};
    double threshold = codebook_threshold(evaluation->codebook, composed, SENSITIVITY_BALANCED);
    size_t n[2] = {0};
    size_t n_alarmed[2] = {0};

    for (size_t i = 0; i < evaluation->corpus->n_rows; i++) {
        const struct outcome *outcome = &evaluation->outcomes[i];
        size_t class = evaluation->corpus->rows[i].hostile;
        if (outcome->n_windows < least || outcome->n_windows > most)
            continue;
        n[class]++;
        n_alarmed[class] += outcome->score >= threshold;
    }
    return json_pack("{s:I, s:I, s:o, s:o}", "benign", (json_int_t)n[0], "hostile",
                     (json_int_t)n[1], "false_positives",
                     real(n[0] == 0 ? NAN : (double)n_alarmed[0] / (double)n[0]), "recall",
                     real(n[1] == 0 ? NAN : (double)n_alarmed[1] / (double)n[1]));
}

static json_t *report_lengths(const struct evaluation *evaluation) {
    return json_pack("{s:o, s:o, s:o, s:o}", "1", report_length(evaluation, 1, 1), "2-3",
                     report_length(evaluation, 2, 3), "4-7", report_length(evaluation, 4, 7), "8+",
                     report_length(evaluation, 8, SIZE_MAX));
}

/* How often a hostile row scores higher than its benign twin. */
static json_t *report_twins(const struct evaluation *evaluation) {
    const struct corpus *corpus = evaluation->corpus;
    size_t n;
    size_t n_pairs = 0;
    double n_right = 0;
    const struct row **rows = corpus_twins(corpus, &n);

    for (size_t i = 1; i < n; i++) {
        const struct row *a = rows[i - 1];
        const struct row *b = rows[i];
        if (!corpus_are_twins(a, b))
            continue;
        double difference = evaluation->outcomes[b - corpus->rows].surprise -
                            evaluation->outcomes[a - corpus->rows].surprise;
        n_pairs++;
        n_right += difference > 0 ? 1 : difference == 0 ? 0.5 : 0;
    }
    free(rows);
    return json_pack("{s:I, s:o}", "pairs", (json_int_t)n_pairs, "hostile_higher",
                     real(n_pairs == 0 ? NAN : n_right / (double)n_pairs));
}

/* ---- all ------------------------------------------------------------------- */

static void select_all(struct selection *selection) {
    selection->n_hostile =
        select_rows(selection->evaluation, true, CORPUS_NONE, CORPUS_NONE, -1, selection->hostile);
    selection->n_benign =
        select_rows(selection->evaluation, false, CORPUS_NONE, CORPUS_NONE, -1, selection->benign);
    for (size_t i = 0; selection->n_benign > 0 && i < N_RATES; i++)
        selection->thresholds[i] =
            weighted_upper_quantile(selection->benign, selection->n_benign, RATES[i]);
}

json_t *evaluation_report(const struct evaluation *evaluation) {
    const struct codebook_info *info = codebook_get_info(evaluation->codebook);
    const struct corpus *corpus = evaluation->corpus;
    size_t n_rows = corpus->n_rows;
    struct weighted *scratch = calloc(4 * n_rows, sizeof *scratch);
    struct selection selection = {.evaluation = evaluation};

    if (scratch == NULL)
        return NULL;
    selection.hostile = scratch + 2 * n_rows;
    selection.benign = scratch + 3 * n_rows;
    select_all(&selection);
    json_t *report = json_pack(
        "{s:{s:s, s:s, s:s}, s:s, s:{s:I, s:I}, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "codebook", "name", info->name, "sha256", info->sha256, "model", info->model_id,
        "composition", composition_name(evaluation->composition), "rows", "hostile",
        (json_int_t)selection.n_hostile, "benign", (json_int_t)selection.n_benign, "overall",
        report_overall(&selection), "hostile_sources",
        report_names(&selection, &corpus->sources, true, true, scratch), "benign_sources",
        report_names(&selection, &corpus->sources, true, false, scratch), "hostile_categories",
        report_names(&selection, &corpus->categories, false, true, scratch), "benign_categories",
        report_names(&selection, &corpus->categories, false, false, scratch), "signals",
        report_signals(evaluation, scratch), "spans", report_spans(evaluation, scratch), "windows",
        report_lengths(evaluation), "twins", report_twins(evaluation), "reliability",
        report_reliability(evaluation));
    free(scratch);
    return report;
}
