/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/calibrate.h"
#include "alkfw-codebook/discriminant.h"
#include "alkfw-codebook/distribution.h"
#include "alkfw-codebook/linear.h"
#include "alkfw-codebook/passage_fit.h"
#include "alkfw-codebook/standardise.h"

const struct fit_settings fit_default_settings = {
    .n_components = 64,
    .n_folds = 10,
    .shrinkage = 0.1,
    .temperature = 8,
};

/* The behaviours that a user expects come first, in this order; others follow by their name. */
static const char *const known_signals[] = {"override", "extraction", "jailbreak",  "indirect",
                                            "spoof",    "trigger",    "obfuscation"};
enum { N_KNOWN_SIGNALS = sizeof known_signals / sizeof known_signals[0] };

struct fit {
    const struct dataset *dataset;
    const struct corpus *corpus;
    const struct fit_settings *settings;
    struct worker_pool *pool;
    size_t n_features; /* of a window; 0: not known yet */
    struct samples samples;
    struct moments moments;
    struct passage_fit passages;
    struct codebook *codebook; /* the one that is built */
    float *z;                  /* [n_windows, n_features] */
    alkfw_error *error;
};

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the codebook");
}

void fit_result_free(struct fit_result *result) {
    codebook_close(result->codebook);
    free(result->raw);
    free(result->composed);
    free(result->fold_of_source);
    memset(result, 0, sizeof *result);
}

/* ---- signals --------------------------------------------------------------- */

static int by_name(const void *left, const void *right) {
    const char *const *a = left;
    const char *const *b = right;

    return strcmp(*a, *b);
}

static alkfw_status add_signal(struct fit *fit, const char *name, enum signal_kind kind) {
    struct codebook *codebook = fit->codebook;
    size_t s = codebook->info.n_signals;

    if (s == CODEBOOK_MAX_SIGNALS)
        return alkfw_error_set(fit->error, ALKFW_E_RECORD,
                               "the corpus has too many categories of hostile text; at most %d "
                               "signals fit in a codebook",
                               CODEBOOK_MAX_SIGNALS);
    (void)snprintf(codebook->signals[s].name, sizeof codebook->signals[s].name, "%s", name);
    codebook->signals[s].kind = kind;
    codebook->signals[s].temperature = fit->settings->temperature;
    codebook->info.signals[s] = codebook->signals[s].name;
    codebook->info.n_signals++;
    return ALKFW_OK;
}

/* Windows of a category, and the sources that they are from, of what may have directions. */
static size_t count_hostile(const struct fit *fit, const char *category, size_t *n_sources) {
    size_t n = 0;

    *n_sources = 0;
    for (size_t u = 0; u < fit->samples.n_units; u++) {
        const struct unit *unit = &fit->samples.units[u];
        if (!unit_is_hostile(unit) || unit->is_contrast ||
            strcmp(fit->corpus->categories.names[unit->category], category) != 0)
            continue;
        n += unit->n_windows;
        (*n_sources)++;
    }
    return n;
}

static alkfw_status add_category(struct fit *fit, const char *name) {
    size_t n_sources;
    size_t n = count_hostile(fit, name, &n_sources);

    if (n == 0 || codebook_find_signal(fit->codebook, name) >= 0)
        return ALKFW_OK;
    if (strcmp(name, FIT_KNOWN) == 0 || strcmp(name, FIT_GENERAL) == 0 ||
        strcmp(name, FIT_PASSAGE) == 0 || strcmp(name, FIT_NOVELTY) == 0)
        return alkfw_error_set(fit->error, ALKFW_E_RECORD,
                               "the category \"%s\" has the name of a built-in signal; rename it",
                               name);
    if (n < DISTRIBUTION_MIN_VALUES)
        return alkfw_error_set(
            fit->error, ALKFW_E_RECORD,
            "the category \"%s\" has %zu hostile windows, at least %d are needed "
            "for a signal",
            name, n, DISTRIBUTION_MIN_VALUES);
    if (n_sources > CODEBOOK_MAX_DIRECTIONS)
        return alkfw_error_set(fit->error, ALKFW_E_RECORD,
                               "the category \"%s\" comes from too many sources; at most %d fit",
                               name, CODEBOOK_MAX_DIRECTIONS);
    return add_signal(fit, name, SIGNAL_DIRECTION);
}

/* One signal for each category of hostile rows, then what speaks of no one category. */
static alkfw_status name_signals(struct fit *fit) {
    size_t n = fit->corpus->categories.n_names;
    const char **names = calloc(n + 1, sizeof *names);
    alkfw_status status = ALKFW_OK;

    if (names == NULL)
        return out_of_memory(fit->error);
    for (size_t i = 0; i < n; i++)
        names[i] = fit->corpus->categories.names[i];
    qsort(names, n, sizeof *names, by_name);
    for (size_t i = 0; status == ALKFW_OK && i < N_KNOWN_SIGNALS; i++)
        status = add_category(fit, known_signals[i]);
    for (size_t i = 0; status == ALKFW_OK && i < n; i++)
        status = add_category(fit, names[i]);
    if (status == ALKFW_OK)
        status = add_signal(fit, FIT_KNOWN, SIGNAL_UNION);
    if (status == ALKFW_OK)
        status = add_signal(fit, FIT_GENERAL, SIGNAL_DIRECTION);
    if (status == ALKFW_OK)
        status = add_signal(fit, FIT_PASSAGE, SIGNAL_PASSAGE);
    if (status == ALKFW_OK)
        status = add_signal(fit, FIT_NOVELTY, SIGNAL_RESIDUAL);
    free(names);
    return status;
}

static size_t count_units(const struct fit *fit, const struct discriminants *discriminants,
                          const char *category) {
    size_t n = 0;

    for (size_t d = 0; d < discriminants->n_units; d++) {
        const struct unit *unit = &fit->samples.units[discriminants->units[d]];
        n += strcmp(fit->corpus->categories.names[unit->category], category) == 0;
    }
    return n;
}

static alkfw_status allocate_directions(const struct fit *fit, struct codebook_signal *signal,
                                        size_t n, alkfw_error *error) {
    signal->n_directions = n;
    signal->directions =
        malloc(n * fit->dataset->windows.n_features * sizeof *signal->directions + 1);
    signal->offsets = malloc(n * sizeof *signal->offsets + 1);
    return signal->directions == NULL || signal->offsets == NULL ? out_of_memory(error) : ALKFW_OK;
}

/* A signal gets the directions of all units of its category; none when a fold left all out. */
static alkfw_status set_category(const struct fit *fit, struct codebook_signal *signal,
                                 const struct discriminants *discriminants, alkfw_error *error) {
    size_t n_features = fit->dataset->windows.n_features;
    size_t n = 0;

    alkfw_status status =
        allocate_directions(fit, signal, count_units(fit, discriminants, signal->name), error);
    for (size_t d = 0; status == ALKFW_OK && d < discriminants->n_units; d++) {
        const struct unit *unit = &fit->samples.units[discriminants->units[d]];
        if (strcmp(fit->corpus->categories.names[unit->category], signal->name) != 0)
            continue;
        memcpy(signal->directions + n * n_features, discriminants->specific + d * n_features,
               n_features * sizeof *signal->directions);
        signal->offsets[n++] = (float)discriminants->offsets[d];
    }
    return status;
}

static alkfw_status set_general(const struct fit *fit, struct codebook_signal *signal,
                                const struct discriminants *discriminants, alkfw_error *error) {
    alkfw_status status = allocate_directions(fit, signal, 1, error);

    if (status != ALKFW_OK)
        return status;
    memcpy(signal->directions, discriminants->general,
           fit->dataset->windows.n_features * sizeof *signal->directions);
    signal->offsets[0] = (float)discriminants->general_offset;
    return ALKFW_OK;
}

/* Directions of a codebook whose signals are named, without the sources of one fold. */
static alkfw_status fit_directions(struct fit *fit, struct codebook *codebook, size_t left_out,
                                   alkfw_error *error) {
    struct discriminants discriminants;

    alkfw_status status = discriminants_fit(&discriminants, &fit->moments, &fit->samples, left_out,
                                            fit->settings->shrinkage, true, error);
    for (size_t s = 0; status == ALKFW_OK && s < codebook->info.n_signals; s++) {
        struct codebook_signal *signal = &codebook->signals[s];
        if (strcmp(signal->name, FIT_GENERAL) == 0)
            status = set_general(fit, signal, &discriminants, error);
        else if (signal->kind == SIGNAL_PASSAGE)
            status = passage_fit_signal(&fit->passages, codebook, signal, left_out,
                                        fit->settings->shrinkage, error);
        else if (signal->kind == SIGNAL_DIRECTION)
            status = set_category(fit, signal, &discriminants, error);
    }
    discriminants_free(&discriminants);
    return status;
}

/* The basis of the benign windows. It serves the folds too: what it sees of the sources that a fold
 * leaves out are 64 of 3456 dimensions, without a label. */
static alkfw_status fit_basis(struct fit *fit) {
    struct codebook *codebook = fit->codebook;
    size_t n_components = fit->settings->n_components;

    codebook->basis =
        malloc(n_components * fit->dataset->windows.n_features * sizeof *codebook->basis);
    if (codebook->basis == NULL)
        return out_of_memory(fit->error);
    return linear_basis(fit->moments.scatter[0], fit->dataset->windows.n_features, n_components,
                        codebook->basis, fit->error);
}

/* ---- raw values ------------------------------------------------------------ */

static float *copy_floats(const float *from, size_t n) {
    float *to = malloc(n * sizeof *to);

    if (to != NULL)
        memcpy(to, from, n * sizeof *to);
    return to;
}

/* A codebook like fit->codebook, without directions. */
static struct codebook *new_like(const struct fit *fit) {
    const struct codebook *model = fit->codebook;
    size_t n_features = fit->dataset->windows.n_features;
    struct codebook *codebook = calloc(1, sizeof *codebook);

    if (codebook == NULL)
        return NULL;
    codebook->info = model->info;
    for (size_t s = 0; s < model->info.n_signals; s++) {
        memcpy(codebook->signals[s].name, model->signals[s].name, sizeof model->signals[s].name);
        codebook->signals[s].kind = model->signals[s].kind;
        codebook->signals[s].temperature = model->signals[s].temperature;
    }
    codebook->mean = copy_floats(model->mean, n_features);
    codebook->scale = copy_floats(model->scale, n_features);
    codebook->basis = copy_floats(model->basis, model->info.n_components * n_features);
    if (codebook->mean == NULL || codebook->scale == NULL || codebook->basis == NULL) {
        codebook_close(codebook);
        return NULL;
    }
    return codebook;
}

void fit_project(const struct codebook *codebook, const struct dataset *dataset, size_t window,
                 float *workspace, double *raw) {
    codebook_project(codebook, dataset->windows.features + window * dataset->windows.n_features,
                     NULL, workspace, raw);
    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        if (codebook->signals[s].kind == SIGNAL_PASSAGE)
            raw[s] = passage_raw(&codebook->signals[s], dataset, window);
    }
}

/* Raw values of the windows of a fold (CORPUS_NONE: of all); NAN for a signal without directions.
 */
static alkfw_status project(const struct fit *fit, const struct codebook *codebook, size_t fold,
                            double *raw, alkfw_error *error) {
    const struct dataset *dataset = fit->dataset;
    size_t n_signals = codebook->info.n_signals;
    float *workspace = calloc(codebook_workspace_size(codebook), sizeof *workspace);

    if (workspace == NULL)
        return out_of_memory(error);
    for (size_t w = 0; w < dataset->windows.n_windows; w++) {
        if (fold != CORPUS_NONE && samples_fold(&fit->samples, fit->corpus, w) != fold)
            continue;
        fit_project(codebook, dataset, w, workspace, raw + w * n_signals);
        for (size_t s = 0; s < n_signals; s++) {
            if (!isfinite(raw[w * n_signals + s]))
                raw[w * n_signals + s] = NAN;
        }
    }
    free(workspace);
    return ALKFW_OK;
}

struct fold_job {
    struct fit *fit;
    double *raw;         /* [n_windows, n_signals] out of fold */
    double *in_sample;   /* [n_windows, n_signals] */
    alkfw_error *errors; /* [n_folds + 1] */
};

static alkfw_status fit_fold(struct fold_job *job, size_t fold, alkfw_error *error) {
    struct codebook *codebook = new_like(job->fit);

    if (codebook == NULL)
        return out_of_memory(error);
    alkfw_status status = fit_directions(job->fit, codebook, fold, error);
    if (status == ALKFW_OK)
        status = project(job->fit, codebook, fold, job->raw, error);
    codebook_close(codebook);
    return status;
}

/* Task n_folds is the codebook itself. */
static void fold_task(void *context, size_t worker, size_t task) {
    struct fold_job *job = context;
    struct fit *fit = job->fit;
    alkfw_error *error = &job->errors[task];

    (void)worker;
    if (task < fit->settings->n_folds)
        error->status = fit_fold(job, task, error);
    else
        error->status = fit_directions(fit, fit->codebook, CORPUS_NONE, error);
    if (task == fit->settings->n_folds && error->status == ALKFW_OK)
        error->status = project(fit, fit->codebook, CORPUS_NONE, job->in_sample, error);
}

static alkfw_status fit_folds(struct fit *fit, double *raw, double *in_sample) {
    size_t n_tasks = fit->settings->n_folds + 1;
    struct fold_job job = {fit, raw, in_sample, calloc(n_tasks, sizeof *job.errors)};
    alkfw_status status = ALKFW_OK;

    if (job.errors == NULL)
        return out_of_memory(fit->error);
    worker_pool_run(fit->pool, n_tasks, fold_task, &job);
    for (size_t i = 0; status == ALKFW_OK && i < n_tasks; i++) {
        status = job.errors[i].status;
        *fit->error = job.errors[i];
    }
    free(job.errors);
    return status;
}

/* ---- the story ------------------------------------------------------------- */

static alkfw_status check_sizes(const struct fit *fit) {
    size_t n_benign = 0;
    size_t n_calibrated = 0;

    for (size_t u = 0; u < fit->samples.n_units; u++) {
        const struct unit *unit = &fit->samples.units[u];
        if (unit_is_hostile(unit))
            continue;
        n_benign += unit->n_windows;
        n_calibrated += unit->is_contrast ? 0 : unit->n_windows;
    }
    if (fit->n_features > 0 && fit->settings->n_components >= fit->n_features)
        return alkfw_error_set(fit->error, ALKFW_E_ARGUMENT,
                               "%zu components leave nothing outside of %zu features; give a "
                               "smaller --components",
                               fit->settings->n_components, fit->n_features);
    if (n_benign <= fit->settings->n_components)
        return alkfw_error_set(fit->error, ALKFW_E_RECORD,
                               "the corpus has %zu benign windows, a basis of %zu components needs "
                               "more; give more rows or a smaller --components",
                               n_benign, fit->settings->n_components);
    return distribution_check_number(n_calibrated, "benign text", fit->error);
}

static alkfw_status check_folds(const struct samples *samples, alkfw_error *error) {
    alkfw_status status = ALKFW_OK;

    for (size_t fold = 0; status == ALKFW_OK && fold < samples->n_folds; fold++)
        status = samples_check_fold(samples, fold, error);
    return status;
}

/* All that the windows say before there are features of them. */
static alkfw_status sort(struct fit *fit) {
    alkfw_status status = samples_sort(&fit->samples, &fit->dataset->windows, SAMPLES_OF_WINDOWS,
                                       fit->corpus, fit->settings->n_folds, fit->error);

    if (status == ALKFW_OK && fit->settings->contrast != NULL)
        status =
            samples_mark_contrast(&fit->samples, fit->corpus, fit->settings->contrast, fit->error);
    if (status == ALKFW_OK)
        status = check_sizes(fit);
    if (status == ALKFW_OK)
        status = name_signals(fit);
    return status == ALKFW_OK ? check_folds(&fit->samples, fit->error) : status;
}

static alkfw_status check_passages(const struct fit *fit) {
    struct samples samples = {0};

    alkfw_status status = samples_sort(&samples, &fit->dataset->passages, SAMPLES_OF_PASSAGES,
                                       fit->corpus, fit->settings->n_folds, fit->error);
    if (status == ALKFW_OK)
        status = check_folds(&samples, fit->error);
    samples_free(&samples);
    return status;
}

alkfw_status fit_check(const struct dataset *dataset, const struct corpus *corpus,
                       const struct fit_settings *settings, alkfw_error *error) {
    struct fit fit = {.dataset = dataset,
                      .corpus = corpus,
                      .settings = settings,
                      .n_features = dataset->plan.n_taps * dataset->model.hidden_size,
                      .error = error};

    fit.codebook = calloc(1, sizeof *fit.codebook);
    if (fit.codebook == NULL)
        return out_of_memory(error);
    alkfw_status status = sort(&fit);
    if (status == ALKFW_OK)
        status = check_passages(&fit);
    samples_free(&fit.samples);
    codebook_close(fit.codebook);
    return status;
}

static void report(fit_progress *progress, const char *step) {
    if (progress != NULL)
        progress(step);
}

static alkfw_status prepare(struct fit *fit, fit_progress *progress) {
    const struct dataset_part *windows = &fit->dataset->windows;
    struct codebook *codebook = fit->codebook;

    report(progress, "standardising");
    alkfw_status status = sort(fit);
    if (status == ALKFW_OK)
        status =
            standardise_fit(windows, &fit->samples, &codebook->mean, &codebook->scale, fit->error);
    if (status == ALKFW_OK)
        status = standardise_apply(windows, codebook->mean, codebook->scale, &fit->z, fit->error);
    report(progress, "summing scatter matrices of windows");
    if (status == ALKFW_OK)
        status = moments_compute(&fit->moments, fit->pool, fit->z, windows->n_features,
                                 &fit->samples, NULL, fit->error);
    report(progress, "summing scatter matrices of passages");
    if (status == ALKFW_OK)
        status = passage_fit_begin(&fit->passages, fit->dataset, fit->corpus,
                                   fit->settings->n_folds, fit->pool, fit->error);
    return status;
}

static alkfw_status fit_all(struct fit *fit, struct fit_result *result, fit_progress *progress) {
    size_t n_windows = fit->dataset->windows.n_windows;

    alkfw_status status = prepare(fit, progress);
    if (status != ALKFW_OK)
        return status;
    size_t n_signals = fit->codebook->info.n_signals;
    double *in_sample = calloc(n_windows, n_signals * sizeof *in_sample);
    result->raw = calloc(n_windows, n_signals * sizeof *result->raw);
    result->composed = calloc(n_windows, sizeof *result->composed);
    if (in_sample == NULL || result->raw == NULL || result->composed == NULL)
        status = out_of_memory(fit->error);
    report(progress, "finding the basis");
    if (status == ALKFW_OK)
        status = fit_basis(fit);
    report(progress, "fitting directions, with and without each fold of sources");
    if (status == ALKFW_OK)
        status = fit_folds(fit, result->raw, in_sample);
    report(progress, "calibrating");
    if (status == ALKFW_OK)
        status = calibrate(fit->codebook, &fit->samples, fit->corpus, result->raw, in_sample,
                           result->composed, fit->error);
    free(in_sample);
    return status;
}

alkfw_status fit_codebook(const struct dataset *dataset, const struct corpus *corpus,
                          const struct fit_settings *settings, struct worker_pool *pool,
                          fit_progress *progress, struct fit_result *result, alkfw_error *error) {
    struct fit fit = {.dataset = dataset,
                      .corpus = corpus,
                      .settings = settings,
                      .pool = pool,
                      .n_features = dataset->windows.n_features,
                      .error = error};

    memset(result, 0, sizeof *result);
    fit.codebook = result->codebook = calloc(1, sizeof *result->codebook);
    if (fit.codebook == NULL)
        return out_of_memory(error);
    fit.codebook->info.plan = dataset->plan;
    fit.codebook->info.hidden_size = dataset->model.hidden_size;
    fit.codebook->info.n_features = dataset->windows.n_features;
    fit.codebook->info.n_components = settings->n_components;
    alkfw_status status = fit_all(&fit, result, progress);
    if (status == ALKFW_OK) {
        result->fold_of_source = fit.samples.fold_of_source;
        fit.samples.fold_of_source = NULL;
    }
    passage_fit_end(&fit.passages);
    moments_free(&fit.moments);
    samples_free(&fit.samples);
    free(fit.z);
    return status;
}
