/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/extend.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/discriminant.h"
#include "alkfw-codebook/distribution.h"
#include "alkfw-codebook/fit.h"
#include "alkfw-codebook/standardise.h"

/* Benign windows above the outermost quantile at which a composition is compared with itself. */
static const double TAIL_WINDOWS = 10;

struct extension {
    struct codebook *codebook;
    const struct dataset *dataset;
    const struct corpus *corpus;
    struct samples samples;
    struct moments moments;
    float *z;                 /* [n_windows, n_features] */
    double *raw;              /* [n_windows] of the new signal, out of fold */
    size_t stride;            /* signals, the new one too */
    double *evidence;         /* [n_windows, stride], the new signal last */
    double *p_values;         /* [n_windows] scratch, of other values too */
    struct weighted *values;  /* [2 * n_windows] scratch */
    struct text_score *texts; /* [n_rows] scratch */
    double shrinkage;
};

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the signal");
}

/* ---- the rows -------------------------------------------------------------- */

/* What must not be parted: a pair, a pair of twins, texts that are the same. FNV-1a. */
static size_t part_of(const struct row *row) {
    const char *key = row->twin != NULL ? row->twin : row->pair != NULL ? row->pair : row->id;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (const char *c = key == NULL ? row->text : key; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    return (size_t)((hash ^ (hash >> 32)) % EXTEND_FOLDS);
}

static void free_row(struct row *row) {
    free(row->text);
    free(row->id);
    free(row->pair);
    free(row->twin);
}

static alkfw_status rename_sources(struct corpus *corpus, alkfw_error *error) {
    name_list_free(&corpus->sources);
    for (size_t i = 0; i < EXTEND_FOLDS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "part %zu", i + 1);
        if (name_list_add(&corpus->sources, name) == CORPUS_NONE)
            return out_of_memory(error);
    }
    for (size_t i = 0; i < corpus->n_rows; i++)
        corpus->rows[i].source = part_of(&corpus->rows[i]);
    return ALKFW_OK;
}

alkfw_status extend_prepare(struct corpus *corpus, const char *name, alkfw_error *error) {
    size_t n[2] = {0};
    size_t n_kept = 0;
    size_t category = name_list_add(&corpus->categories, name);

    if (category == CORPUS_NONE)
        return out_of_memory(error);
    corpus->n_ids = 0; /* rows move, and pairs have done their work */
    for (size_t i = 0; i < corpus->n_rows; i++) {
        struct row *row = &corpus->rows[i];
        if (row->hostile != (row->file == 0)) {
            free_row(row);
            continue;
        }
        row->category = row->hostile ? category : CORPUS_NONE;
        n[row->hostile]++;
        corpus->rows[n_kept++] = *row;
    }
    corpus->n_rows = n_kept;
    if (n[1] < DISTRIBUTION_MIN_VALUES)
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "%s: %zu hostile rows are too few for a signal, at least %d are "
                               "needed",
                               corpus->files.names[0], n[1], DISTRIBUTION_MIN_VALUES);
    if (n[0] < EXTEND_MIN_BENIGN)
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "%zu benign rows are too few to hold a signal against, at least %d "
                               "are needed in the files after --signal",
                               n[0], EXTEND_MIN_BENIGN);
    return rename_sources(corpus, error);
}

/* ---- the direction --------------------------------------------------------- */

static double project(const struct discriminants *discriminants, const float *z,
                      size_t n_features) {
    return (double)codebook_dot(discriminants->general, z, n_features) +
           discriminants->general_offset;
}

static alkfw_status fit_fold(struct extension *extension, size_t fold, alkfw_error *error) {
    size_t n_features = extension->dataset->windows.n_features;
    struct discriminants discriminants;

    alkfw_status status =
        discriminants_fit(&discriminants, &extension->moments, &extension->samples, fold,
                          extension->shrinkage, false, error);
    for (size_t w = 0; status == ALKFW_OK && w < extension->dataset->windows.n_windows; w++) {
        if (samples_fold(&extension->samples, extension->corpus, w) == fold)
            extension->raw[w] = project(&discriminants, extension->z + w * n_features, n_features);
    }
    discriminants_free(&discriminants);
    return status;
}

static alkfw_status fit_direction(struct extension *extension, const char *name,
                                  alkfw_error *error) {
    struct codebook *codebook = extension->codebook;
    struct codebook_signal *signal = &codebook->signals[codebook->info.n_signals];
    size_t n_features = extension->dataset->windows.n_features;
    struct discriminants discriminants;

    alkfw_status status =
        discriminants_fit(&discriminants, &extension->moments, &extension->samples, CORPUS_NONE,
                          extension->shrinkage, false, error);
    signal->directions = malloc(n_features * sizeof *signal->directions);
    signal->offsets = malloc(sizeof *signal->offsets);
    if (status == ALKFW_OK && (signal->directions == NULL || signal->offsets == NULL))
        status = out_of_memory(error);
    if (status == ALKFW_OK) {
        (void)snprintf(signal->name, sizeof signal->name, "%s", name);
        signal->kind = SIGNAL_DIRECTION;
        signal->temperature = fit_default_settings.temperature;
        signal->n_directions = 1;
        memcpy(signal->directions, discriminants.general, n_features * sizeof *signal->directions);
        signal->offsets[0] = (float)discriminants.general_offset;
    }
    discriminants_free(&discriminants);
    return status;
}

/* ---- its distribution ------------------------------------------------------ */

static bool is_of(const struct extension *extension, size_t window, bool hostile) {
    size_t unit = extension->samples.unit[window];

    return unit != CORPUS_NONE && unit_is_hostile(&extension->samples.units[unit]) == hostile;
}

/* values[w * stride] of a class, sorted. */
static size_t collect(const struct extension *extension, const double *values, size_t stride,
                      bool hostile, struct weighted *out) {
    size_t n = 0;

    for (size_t w = 0; w < extension->dataset->windows.n_windows; w++) {
        if (is_of(extension, w, hostile))
            out[n++] = (struct weighted){values[w * stride], extension->samples.weight[w]};
    }
    weighted_sort(out, n);
    return n;
}

/* The benign texts with their windows' p-values. */
static size_t collect_texts(const struct extension *extension) {
    const struct dataset_part *windows = &extension->dataset->windows;
    size_t n = 0;

    for (size_t r = 0; r < extension->corpus->n_rows; r++) {
        if (extension->corpus->rows[r].hostile)
            continue;
        extension->texts[n++] =
            text_score_of(extension->p_values + windows->first_window[r],
                          windows->first_window[r + 1] - windows->first_window[r], 1);
    }
    return n;
}

static alkfw_status fit_distribution(struct extension *extension, alkfw_error *error) {
    struct codebook *codebook = extension->codebook;
    size_t signal = codebook->info.n_signals;
    struct codebook_distribution *out = &codebook->signals[signal].distribution;

    size_t n = collect(extension, extension->raw, 1, false, extension->values);
    alkfw_status status =
        distribution_fit_spline(extension->values, n, "benign text", &out->benign, error);
    if (status != ALKFW_OK)
        return status;
    n = collect(extension, extension->raw, 1, true, extension->values);
    status = distribution_fit_spline(extension->values, n, "hostile text", &out->hostile, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t w = 0; w < extension->dataset->windows.n_windows; w++)
        extension->p_values[w] =
            codebook_p_value(codebook_evidence(codebook, signal, extension->raw[w]));
    n = collect_texts(extension);
    distribution_fit_texts(extension->texts, n, extension->values, out);
    return ALKFW_OK;
}

/* ---- the compositions ------------------------------------------------------ */

/* The new signal varies over benign text by this share of what has decided so far. */
static void weigh_signal(struct extension *extension, double share) {
    struct codebook *codebook = extension->codebook;
    size_t n = codebook->info.n_signals;
    double mean[2];
    double deviation[2];

    for (size_t w = 0; w < extension->dataset->windows.n_windows; w++)
        extension->p_values[w] = codebook_statistic_value(
            codebook, COMPOSITION_LOGISTIC, extension->evidence + w * extension->stride);
    samples_benign_spread(&extension->samples, extension->p_values, 1, &mean[0], &deviation[0]);
    samples_benign_spread(&extension->samples, extension->raw, 1, &mean[1], &deviation[1]);
    double constant = codebook->weights[n];
    codebook->weights[n] = share * deviation[0] / deviation[1];
    codebook->weights[n + 1] = constant - codebook->weights[n] * mean[1];
}

static double quantile(const struct weighted *sorted, size_t n, double probability) {
    double at = probability * (double)(n - 1);
    size_t left = (size_t)at;
    double share = at - (double)left;

    return left + 1 < n ? sorted[left].value * (1 - share) + sorted[left + 1].value * share
                        : sorted[n - 1].value;
}

/* Moves the benign spline by as much as the quantiles of the same windows have moved. So the
 * composition keeps its calibration, which may rest on more text, left out of more, than these. */
static alkfw_status move_spline(const struct extension *extension, size_t n, struct spline *spline,
                                alkfw_error *error) {
    const struct weighted *before = extension->values;
    const struct weighted *after = extension->values + extension->dataset->windows.n_windows;
    double tail = fmin(TAIL_WINDOWS / (double)n, 0.25);
    double lower = quantile(before, n, tail);
    double upper = quantile(before, n, 1 - tail);

    for (size_t k = 0; k < spline->n_knots; k++) {
        struct spline_knot *knot = &spline->knots[k];
        double x = fmin(fmax(knot->x, lower), upper);
        size_t below = 0;
        while (below < n && before[below].value < x)
            below++;
        double probability = fmin(fmax((double)below / (double)(n - 1), tail), 1 - tail);
        knot->x += quantile(after, n, probability) - quantile(before, n, probability);
        if (k > 0 && knot->x <= spline->knots[k - 1].x)
            knot->x = nextafter(spline->knots[k - 1].x + 1e-6, INFINITY);
    }
    double tails[2] = {spline->lower_slope, spline->upper_slope};
    spline_fit_slopes(spline);
    spline->lower_slope = fmin(tails[0], spline->lower_slope * 4);
    spline->upper_slope = fmin(tails[1], spline->upper_slope * 4);
    if (!spline_is_valid(spline))
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "these rows give the composition no distribution");
    return ALKFW_OK;
}

/* Statistics of the windows under a composition into the scratch at `at`. */
static size_t collect_statistic(struct extension *extension, enum composition composition,
                                struct weighted *at) {
    for (size_t w = 0; w < extension->dataset->windows.n_windows; w++)
        extension->p_values[w] = codebook_statistic_value(
            extension->codebook, composition, extension->evidence + w * extension->stride);
    return collect(extension, extension->p_values, 1, false, at);
}

static alkfw_status extend_compositions(struct extension *extension, double share,
                                        alkfw_error *error) {
    struct codebook *codebook = extension->codebook;
    size_t n_signals = codebook->info.n_signals;
    size_t n_windows = extension->dataset->windows.n_windows;
    double before[CODEBOOK_MAX_SIGNALS + 1];
    double after[CODEBOOK_MAX_SIGNALS + 1];
    alkfw_status status = ALKFW_OK;

    memcpy(before, codebook->weights, sizeof before);
    weigh_signal(extension, share);
    memcpy(after, codebook->weights, sizeof after);
    for (int i = 0; status == ALKFW_OK && i < COMPOSITION_COUNT; i++) {
        codebook->info.n_signals = n_signals;
        memcpy(codebook->weights, before, sizeof before);
        size_t n = collect_statistic(extension, (enum composition)i, extension->values);
        codebook->info.n_signals = n_signals + 1;
        memcpy(codebook->weights, after, sizeof after);
        (void)collect_statistic(extension, (enum composition)i, extension->values + n_windows);
        status = move_spline(extension, n, &codebook->compositions[i].benign, error);
    }
    codebook->info.signals[n_signals] = codebook->signals[n_signals].name;
    return status;
}

/* ---- what it is worth ------------------------------------------------------ */

/* Shares of the texts that alarm at balanced, by the evidence at hand. */
static void measure(struct extension *extension, double *false_alarms, double *recall) {
    const struct codebook_statistic composed = {.composed = true};
    const struct codebook *codebook = extension->codebook;
    const struct dataset_part *windows = &extension->dataset->windows;
    size_t n[2] = {0};
    size_t n_alarmed[2] = {0};

    for (size_t w = 0; w < windows->n_windows; w++)
        extension->p_values[w] = codebook_compose(codebook, COMPOSITION_LOGISTIC,
                                                  extension->evidence + w * extension->stride);
    for (size_t r = 0; r < extension->corpus->n_rows; r++) {
        size_t class = extension->corpus->rows[r].hostile;
        double strongest = -INFINITY;
        for (size_t w = windows->first_window[r]; w < windows->first_window[r + 1]; w++)
            strongest = fmax(strongest, extension->p_values[w]);
        double p = codebook_text_p_value(codebook, composed, codebook_p_value(strongest),
                                         windows->first_window[r + 1] - windows->first_window[r]);
        n[class]++;
        n_alarmed[class] += codebook_score(codebook, composed, p) >= 0.5;
    }
    *false_alarms = (double)n_alarmed[0] / (double)n[0];
    *recall = (double)n_alarmed[1] / (double)n[1];
}

/* ---- the story ------------------------------------------------------------- */

static alkfw_status allocate(struct extension *extension, alkfw_error *error) {
    size_t n_windows = extension->dataset->windows.n_windows;

    extension->raw = calloc(n_windows, sizeof *extension->raw);
    extension->evidence = calloc(n_windows * extension->stride, sizeof *extension->evidence);
    extension->p_values = calloc(n_windows, sizeof *extension->p_values);
    extension->values = calloc(2 * n_windows, sizeof *extension->values);
    extension->texts = calloc(extension->corpus->n_rows, sizeof *extension->texts);
    return extension->raw == NULL || extension->evidence == NULL || extension->p_values == NULL ||
                   extension->values == NULL || extension->texts == NULL
               ? out_of_memory(error)
               : ALKFW_OK;
}

static void extension_free(struct extension *extension) {
    samples_free(&extension->samples);
    moments_free(&extension->moments);
    free(extension->z);
    free(extension->raw);
    free(extension->evidence);
    free(extension->p_values);
    free(extension->values);
    free(extension->texts);
}

/* Of the signals that are there already. */
static alkfw_status fill_evidence(struct extension *extension, alkfw_error *error) {
    const struct codebook *codebook = extension->codebook;
    float *workspace = calloc(codebook_workspace_size(codebook), sizeof *workspace);
    double raw[CODEBOOK_MAX_SIGNALS];

    if (workspace == NULL)
        return out_of_memory(error);
    for (size_t w = 0; w < extension->dataset->windows.n_windows; w++) {
        fit_project(codebook, extension->dataset, w, workspace, raw);
        for (size_t s = 0; s < codebook->info.n_signals; s++)
            extension->evidence[w * extension->stride + s] = codebook_evidence(codebook, s, raw[s]);
    }
    free(workspace);
    return ALKFW_OK;
}

static alkfw_status fit_signal(struct extension *extension, const char *name,
                               struct worker_pool *pool, alkfw_error *error) {
    const struct codebook *codebook = extension->codebook;
    const struct dataset_part *windows = &extension->dataset->windows;

    alkfw_status status = samples_sort(&extension->samples, windows, SAMPLES_OF_WINDOWS,
                                       extension->corpus, EXTEND_FOLDS, error);
    if (status == ALKFW_OK)
        status = standardise_apply(windows, codebook->mean, codebook->scale, &extension->z, error);
    if (status == ALKFW_OK)
        status = moments_compute(&extension->moments, pool, extension->z, windows->n_features,
                                 &extension->samples, NULL, error);
    for (size_t fold = 0; status == ALKFW_OK && fold < EXTEND_FOLDS; fold++)
        status = fit_fold(extension, fold, error);
    if (status == ALKFW_OK)
        status = fit_direction(extension, name, error);
    if (status == ALKFW_OK)
        status = fit_distribution(extension, error);
    return status;
}

/* What the signal has as a weight, taken back. */
struct undo {
    double weights[CODEBOOK_MAX_SIGNALS + 1];
    struct codebook_distribution compositions[COMPOSITION_COUNT];
    size_t n_signals;
};

static alkfw_status try_share(struct extension *extension, const struct undo *undo, double share,
                              struct extend_summary *summary, alkfw_error *error) {
    struct codebook *codebook = extension->codebook;

    memcpy(codebook->weights, undo->weights, sizeof undo->weights);
    memcpy(codebook->compositions, undo->compositions, sizeof undo->compositions);
    codebook->info.n_signals = undo->n_signals;
    alkfw_status status = extend_compositions(extension, share, error);
    if (status == ALKFW_OK)
        measure(extension, &summary->false_alarms[1], &summary->recall[1]);
    return status;
}

/* The more it counts, the less the others do. One number is chosen, by what was left out of the
 * fit, and of equals the least. */
static alkfw_status choose_share(struct extension *extension, struct extend_summary *summary,
                                 alkfw_error *error) {
    static const double shares[] = {0.1, 0.25, 0.5, 1};
    struct codebook *codebook = extension->codebook;
    struct undo *undo = malloc(sizeof *undo);
    double best_recall = -1;
    double best = shares[0];
    alkfw_status status = ALKFW_OK;

    if (undo == NULL)
        return out_of_memory(error);
    memcpy(undo->weights, codebook->weights, sizeof undo->weights);
    memcpy(undo->compositions, codebook->compositions, sizeof undo->compositions);
    undo->n_signals = codebook->info.n_signals;
    for (size_t i = 0; status == ALKFW_OK && i < sizeof shares / sizeof shares[0]; i++) {
        status = try_share(extension, undo, shares[i], summary, error);
        if (status == ALKFW_OK && summary->recall[1] > best_recall) {
            best_recall = summary->recall[1];
            best = shares[i];
        }
    }
    if (status == ALKFW_OK)
        status = try_share(extension, undo, best, summary, error);
    free(undo);
    return status;
}

static alkfw_status extend(struct extension *extension, const char *name, struct worker_pool *pool,
                           struct extend_summary *summary, alkfw_error *error) {
    size_t n_windows = extension->dataset->windows.n_windows;

    alkfw_status status = allocate(extension, error);
    if (status == ALKFW_OK)
        status = fill_evidence(extension, error);
    if (status != ALKFW_OK)
        return status;
    measure(extension, &summary->false_alarms[0], &summary->recall[0]);
    status = fit_signal(extension, name, pool, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t w = 0; w < n_windows; w++)
        extension->evidence[(w + 1) * extension->stride - 1] =
            codebook_evidence(extension->codebook, extension->stride - 1, extension->raw[w]);
    size_t n_benign = collect(extension, extension->raw, 1, false, extension->values);
    size_t n_hostile = collect(extension, extension->raw, 1, true, extension->values + n_windows);
    summary->auroc =
        weighted_auroc(extension->values + n_windows, n_hostile, extension->values, n_benign);
    return choose_share(extension, summary, error);
}

alkfw_status extend_codebook(struct codebook *codebook, const char *name,
                             const struct dataset *dataset, const struct corpus *corpus,
                             double shrinkage, struct worker_pool *pool,
                             struct extend_summary *summary, alkfw_error *error) {
    struct extension extension = {.codebook = codebook,
                                  .dataset = dataset,
                                  .corpus = corpus,
                                  .stride = codebook->info.n_signals + 1,
                                  .shrinkage = shrinkage};

    if (codebook->info.n_signals == CODEBOOK_MAX_SIGNALS)
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "the codebook has %d signals already; there is no room for another",
                               CODEBOOK_MAX_SIGNALS);
    if (codebook_find_signal(codebook, name) >= 0)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "the codebook has a signal \"%s\" already; give another name", name);
    alkfw_status status = extend(&extension, name, pool, summary, error);
    extension_free(&extension);
    return status;
}
