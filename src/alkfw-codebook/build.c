/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alkfw-codebook/canaries.h"
#include "alkfw-codebook/commands.h"
#include "alkfw-codebook/extend.h"
#include "alkfw-codebook/layer_choice.h"
#include "alkfw-codebook/model_choice.h"
#include "alkfw-codebook/progress_line.h"
#include "alkfw-codebook/ranking.h"
#include "cli/message.h"
#include "support/number.h"

struct build {
    const struct options *options;
    const struct fit_settings *settings; /* NULL: nothing is fitted */
    struct corpus corpus;
    struct dataset dataset;
    struct extract_plan plan;
    struct model_tap passage_taps[MODEL_MAX_TAPS];
    size_t n_passage_taps;
    struct layer_choice layers; /* with --layers */
    struct adapter *adapter;    /* NULL: none; becomes the codebook's */
    struct model *model;
    struct model_identity identity;
    struct worker_pool *pool;
    struct fit_result fit;
    char name[CODEBOOK_MAX_NAME + 1];
    char description[512];
    char created[32];
};

static void build_free(struct build *build) {
    fit_result_free(&build->fit);
    dataset_free(&build->dataset);
    corpus_free(&build->corpus);
    model_close(build->model);
    adapter_free(build->adapter);
    free(build->identity.id);
    free(build->identity.revision);
    worker_pool_free(build->pool);
}

static void show_windows(size_t done, size_t total) {
    progress_line_show("running the model", done, total);
}

static void show_step(const char *step) {
    progress_line_show(step, 0, 0);
    message_info("%s", step);
}

/* ---- what both commands need ----------------------------------------------- */

static alkfw_status check_passage_taps(const struct build *build, alkfw_error *error) {
    for (size_t p = 0; p < build->n_passage_taps; p++) {
        size_t t = 0;
        while (t < build->plan.n_taps && build->plan.taps[t].layer != build->passage_taps[p].layer)
            t++;
        if (t == build->plan.n_taps || build->passage_taps[p].pooling != POOLING_MEAN)
            return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                                   "--passage-taps pool by the mean, on layers that --taps reads");
    }
    return ALKFW_OK;
}

static bool is_auto(const struct options *options) {
    return options->layers != NULL && strcmp(options->layers, "auto") == 0;
}

/* What the command line alone says of the places to read. */
static alkfw_status read_taps(struct build *build, alkfw_error *error) {
    const struct options *options = build->options;
    const char *taps = options->taps != NULL ? options->taps : FIT_DEFAULT_TAPS;
    const char *passages = options->passage_taps != NULL ? options->passage_taps : FIT_PASSAGE_TAPS;

    if (is_auto(options))
        return ALKFW_OK;
    if (options->layers != NULL)
        return layer_choice_parse(options->layers, &build->layers, error);
    alkfw_status status = model_taps_parse(taps, build->plan.taps, &build->plan.n_taps, error);
    if (status == ALKFW_OK)
        status = model_taps_parse(passages, build->passage_taps, &build->n_passage_taps, error);
    return status == ALKFW_OK ? check_passage_taps(build, error) : status;
}

/* Features of a file may be of any layer. */
static uint32_t deepest_layer(const struct build *build) {
    uint32_t deepest = 0;

    if (is_auto(build->options) || build->options->features != NULL)
        return UINT32_MAX;
    if (build->layers.n_layers > 0)
        return build->layers.layers[build->layers.n_layers - 1];
    for (size_t i = 0; i < build->plan.n_taps; i++) {
        if (build->plan.taps[i].layer > deepest)
            deepest = build->plan.taps[i].layer;
    }
    return deepest;
}

static alkfw_status open_model(struct build *build, uint32_t deepest, alkfw_error *error) {
    model_close(build->model);
    free(build->identity.id);
    free(build->identity.revision);
    return model_choice_open(build->options, build->adapter, deepest, &build->model,
                             &build->identity, error);
}

static alkfw_status choose_layers(struct build *build, alkfw_error *error) {
    show_step("choosing layers");
    alkfw_status status =
        layer_choice_auto(&build->corpus, build->model, &build->identity, build->options->n_threads,
                          build->pool, show_windows, &build->layers, error);
    progress_line_end();
    return status;
}

/* What the model's minutes would be lost for. */
static alkfw_status check_corpus(const struct build *build, alkfw_error *error) {
    struct dataset dataset;

    if (build->settings == NULL)
        return ALKFW_OK;
    alkfw_status status =
        dataset_list(&dataset, &build->corpus, build->model, &build->plan, build->pool, error);
    if (status == ALKFW_OK)
        status = fit_check(&dataset, &build->corpus, build->settings, error);
    dataset_free(&dataset);
    return status;
}

/* Opens the model, and settles what only it can tell: the default places are those of the default
 * model, of no use in one whose first token sees nothing. */
static alkfw_status open_and_choose(struct build *build, alkfw_error *error) {
    const struct options *options = build->options;
    char text[256];

    alkfw_status status = open_model(build, deepest_layer(build), error);
    if (status != ALKFW_OK || options->features != NULL)
        return status;
    bool is_unfit =
        options->layers == NULL && options->taps == NULL && model_get_info(build->model)->is_causal;
    if (is_unfit)
        status = open_model(build, UINT32_MAX, error);
    if (status == ALKFW_OK)
        status = check_corpus(build, error);
    if (status == ALKFW_OK && (is_unfit || is_auto(options)))
        status = choose_layers(build, error);
    if (status != ALKFW_OK || build->layers.n_layers == 0)
        return status;
    layer_choice_taps(&build->layers, model_get_info(build->model), &build->plan,
                      build->passage_taps, &build->n_passage_taps);
    (void)model_taps_format(build->plan.taps, build->plan.n_taps, text, sizeof text);
    message_info("reading %s", text);
    return ALKFW_OK;
}

static alkfw_status open_all(struct build *build, alkfw_error *error) {
    const struct options *options = build->options;

    progress_line_enable(!options->quiet);
    alkfw_status status = read_taps(build, error);
    if (status == ALKFW_OK && options->adapter != NULL)
        status = adapter_open(options->adapter, &build->adapter, error);
    if (status != ALKFW_OK)
        return status;
    build->plan.window_tokens = FIT_WINDOW_TOKENS;
    build->plan.overlap_tokens = FIT_OVERLAP_TOKENS;
    show_step("reading the corpus");
    status = corpus_read(&build->corpus, options->operands, options->n_operands, error);
    if (status != ALKFW_OK)
        return status;
    size_t n_spans = corpus_find_spans(&build->corpus);
    message_info("%zu rows; %zu spans found by comparison with carriers", build->corpus.n_rows,
                 n_spans);
    status = worker_pool_new(options->n_threads, &build->pool, error);
    return status == ALKFW_OK ? open_and_choose(build, error) : status;
}

static alkfw_status extract(struct build *build, alkfw_error *error) {
    alkfw_status status = dataset_extract(
        &build->dataset, &build->corpus, build->model, &build->identity, &build->plan,
        build->passage_taps, build->n_passage_taps, build->options->n_threads, show_windows, error);

    progress_line_end();
    return status;
}

alkfw_status command_features(const struct options *options, alkfw_error *error) {
    struct build build = {.options = options};

    alkfw_status status = open_all(&build, error);
    if (status == ALKFW_OK)
        status = extract(&build, error);
    if (status == ALKFW_OK)
        status = dataset_write(&build.dataset, &build.corpus, options->output, error);
    progress_line_end();
    build_free(&build);
    return status;
}

/* ---- identity of the codebook ---------------------------------------------- */

/* The file's name without path and suffix, as far as it is a valid name. */
static void name_from_path(const char *path, char name[CODEBOOK_MAX_NAME + 1]) {
    const char *slash = strrchr(path, '/');
    size_t length = 0;

    for (const char *c = slash == NULL ? path : slash + 1; *c != '\0' && *c != '.'; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        const char letter[2] = {lower, '\0'};
        if (length < CODEBOOK_MAX_NAME)
            name[length++] = codebook_name_is_valid(letter) ? lower : '-';
    }
    name[length] = '\0';
    if (length == 0)
        memcpy(name, "codebook", sizeof "codebook");
}

/* SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else when the
 * corpus was last changed: the same corpus gives the same bytes. */
static alkfw_status set_created(struct build *build, alkfw_error *error) {
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t when = build->corpus.newest;
    uint64_t seconds;
    struct tm parts;

    if (epoch != NULL && epoch[0] != '\0') {
        if (!number_parse_unsigned(epoch, &seconds) || seconds > INT32_MAX * UINT64_C(64))
            return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                                   "SOURCE_DATE_EPOCH is \"%s\": write seconds since 1970", epoch);
        when = (time_t)seconds;
    }
    if (gmtime_r(&when, &parts) == NULL ||
        strftime(build->created, sizeof build->created, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "the corpus is from an impossible date");
    return ALKFW_OK;
}

static alkfw_status describe(struct build *build, alkfw_error *error) {
    const struct corpus *corpus = &build->corpus;
    struct codebook_info *info = &build->fit.codebook->info;
    const struct options *options = build->options;
    size_t n_hostile = 0;
    char sha256[65];

    for (size_t i = 0; i < corpus->n_rows; i++)
        n_hostile += corpus->rows[i].hostile;
    corpus_digest(corpus, sha256);
    if (options->description != NULL)
        (void)snprintf(build->description, sizeof build->description, "%s", options->description);
    else
        (void)snprintf(build->description, sizeof build->description,
                       "%zu hostile and %zu benign texts of %zu sources, sha256 %.12s", n_hostile,
                       corpus->n_rows - n_hostile, corpus->sources.n_names, sha256);
    if (options->name != NULL)
        (void)snprintf(build->name, sizeof build->name, "%s", options->name);
    else
        name_from_path(options->output, build->name);
    info->name = build->name;
    info->description = build->description;
    info->created = build->created;
    info->model_id = build->dataset.model.id;
    info->model_revision = build->dataset.model.revision;
    info->architecture = build->dataset.model.architecture;
    info->weights_sha256 = build->dataset.model.weights_sha256;
    info->precision = build->dataset.model.precision;
    build->fit.codebook->adapter = build->adapter;
    build->adapter = NULL;
    return set_created(build, error);
}

/* ---- canaries -------------------------------------------------------------- */

static double score_window(const struct codebook *codebook, const struct dataset *dataset,
                           size_t window, float *workspace) {
    const struct codebook_statistic composed = {.composed = true};
    double raw[CODEBOOK_MAX_SIGNALS];
    double evidence[CODEBOOK_MAX_SIGNALS];

    fit_project(codebook, dataset, window, workspace, raw);
    for (size_t s = 0; s < codebook->info.n_signals; s++)
        evidence[s] = codebook_evidence(codebook, s, raw[s]);
    double p = codebook_p_value(codebook_compose(codebook, COMPOSITION_LOGISTIC, evidence));
    return codebook_score(codebook, composed, codebook_text_p_value(codebook, composed, p, 1));
}

static alkfw_status add_canaries(struct build *build, alkfw_error *error) {
    struct row rows[N_CANARIES];
    const struct corpus canaries = {.rows = rows, .n_rows = N_CANARIES};
    double scores[N_CANARIES] = {0};
    struct dataset dataset;

    canaries_rows(rows);
    float *workspace = calloc(codebook_workspace_size(build->fit.codebook), sizeof *workspace);
    if (workspace == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the canaries");
    alkfw_status status =
        dataset_extract(&dataset, &canaries, build->model, &build->identity, &build->dataset.plan,
                        build->dataset.passage_taps, build->dataset.n_passage_taps, 1, NULL, error);
    for (size_t i = 0; status == ALKFW_OK && i < N_CANARIES; i++)
        scores[i] = score_window(build->fit.codebook, &dataset, i, workspace);
    progress_line_end();
    if (status == ALKFW_OK)
        status = canaries_store(&build->fit.codebook->info, scores, error);
    dataset_free(&dataset);
    free(workspace);
    return status;
}

/* ---- from a corpus --------------------------------------------------------- */

static alkfw_status get_features(struct build *build, alkfw_error *error) {
    if (build->options->features == NULL)
        return extract(build, error);
    alkfw_status status =
        dataset_read(&build->dataset, &build->corpus, build->options->features, error);
    if (status != ALKFW_OK)
        return status;
    const struct model_info *info = model_get_info(build->model);
    if (strcmp(info->weights_sha256, build->dataset.model.weights_sha256) != 0 ||
        strcmp(info->adapter_sha256, build->dataset.model.adapter_sha256) != 0 ||
        info->precision != build->dataset.model.precision)
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "features %s are of another model, adapter or precision",
                               build->options->features);
    return ALKFW_OK;
}

/* Out-of-fold AUROC of texts by their strongest window: what to expect on unknown sources. */
static alkfw_status print_summary(const struct build *build, alkfw_error *error) {
    size_t n_rows = build->corpus.n_rows;
    struct weighted *values = calloc(2 * n_rows, sizeof *values);
    size_t n[2] = {0};

    if (values == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the summary");
    for (size_t r = 0; r < n_rows; r++) {
        double strongest = -INFINITY;
        size_t class = build->corpus.rows[r].hostile;
        for (size_t w = build->dataset.windows.first_window[r];
             w < build->dataset.windows.first_window[r + 1]; w++)
            strongest = fmax(strongest, build->fit.composed[w]);
        values[class * n_rows + n[class]++] = (struct weighted){strongest, 1};
    }
    weighted_sort(values, n[0]);
    weighted_sort(values + n_rows, n[1]);
    (void)printf(
        "%s: %zu rows, %zu windows, %zu signals; sources left out of the fit: AUROC "
        "%.3f, recall %.3f at 1 %% false positives\n",
        build->options->output, n_rows, build->dataset.windows.n_windows,
        build->fit.codebook->info.n_signals, weighted_auroc(values + n_rows, n[1], values, n[0]),
        weighted_share_from(values + n_rows, n[1],
                            nextafter(weighted_upper_quantile(values, n[0], 0.01), INFINITY)));
    free(values);
    return ALKFW_OK;
}

/* ---- a signal for a codebook that exists ----------------------------------- */

/* "NAME=FILE" */
static alkfw_status split_signal(const char *option, char name[CODEBOOK_MAX_NAME + 1], char **path,
                                 alkfw_error *error) {
    const char *equals = option == NULL ? NULL : strchr(option, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - option);

    name[0] = '\0';
    if (length > 0 && length <= CODEBOOK_MAX_NAME) {
        memcpy(name, option, length);
        name[length] = '\0';
    }
    if (!codebook_name_is_valid(name) || equals[1] == '\0')
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--base needs --signal=NAME=FILE, the name 1 to %d of a-z, 0-9, '_' "
                               "and '-'",
                               CODEBOOK_MAX_NAME);
    *path = strdup(equals + 1);
    return *path == NULL ? alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory") : ALKFW_OK;
}

/* The attacks come first: extend_prepare knows them by that. */
static alkfw_status read_rows(struct build *build, char *attacks, const char *name,
                              alkfw_error *error) {
    size_t n = build->options->n_operands + 1;
    char **paths = calloc(n, sizeof *paths);

    if (paths == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    paths[0] = attacks;
    memcpy(paths + 1, build->options->operands, (n - 1) * sizeof *paths);
    alkfw_status status = corpus_read(&build->corpus, paths, n, error);
    free(paths);
    if (status != ALKFW_OK)
        return status;
    (void)corpus_find_spans(&build->corpus);
    return extend_prepare(&build->corpus, name, error);
}

/* What the codebook reads of the model. */
static void plan_like(struct build *build, const struct codebook *codebook) {
    build->plan = codebook->info.plan;
    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        const struct codebook_signal *signal = &codebook->signals[s];
        if (signal->kind != SIGNAL_PASSAGE)
            continue;
        build->n_passage_taps = signal->n_layers;
        for (size_t i = 0; i < signal->n_layers; i++)
            build->passage_taps[i] = (struct model_tap){signal->layers[i], POOLING_MEAN};
    }
}

static alkfw_status open_like(struct build *build, const struct codebook *codebook,
                              alkfw_error *error) {
    struct options options = *build->options;

    options.precision = codebook->info.precision;
    plan_like(build, codebook);
    alkfw_status status = worker_pool_new(options.n_threads, &build->pool, error);
    if (status == ALKFW_OK)
        status = model_choice_open(&options, codebook_get_adapter(codebook), deepest_layer(build),
                                   &build->model, &build->identity, error);
    if (status == ALKFW_OK)
        status = codebook_check_model(codebook, model_get_info(build->model), error);
    return status;
}

static alkfw_status write_extended(struct build *build, const char *signal, alkfw_error *error) {
    struct codebook_info *info = &build->fit.codebook->info;

    (void)snprintf(build->description, sizeof build->description, "%.400s; signal %s added",
                   info->description, signal);
    info->description =
        build->options->description != NULL ? build->options->description : build->description;
    if (build->options->name != NULL)
        info->name = build->options->name;
    alkfw_status status = add_canaries(build, error);
    return status == ALKFW_OK ? codebook_write(build->fit.codebook, build->options->output, error)
                              : status;
}

static void print_extension(const struct build *build, const char *name,
                            const struct extend_summary *summary) {
    (void)printf("%s: signal %s, AUROC %.3f left out of its fit\n\n", build->options->output, name,
                 summary->auroc);
    (void)printf("%-28s%10s%10s\n", "alarmed at balanced", "before", "after");
    (void)printf("%-28s%10.4f%10.4f\n", "these attacks", summary->recall[0], summary->recall[1]);
    (void)printf("%-28s%10.4f%10.4f\n", "these benign texts", summary->false_alarms[0],
                 summary->false_alarms[1]);
}

alkfw_status command_extend(const struct options *options, alkfw_error *error) {
    struct build build = {.options = options};
    struct extend_summary summary;
    char name[CODEBOOK_MAX_NAME + 1];
    char *attacks = NULL;

    progress_line_enable(!options->quiet);
    alkfw_status status = split_signal(options->signal, name, &attacks, error);
    if (status == ALKFW_OK)
        status = codebook_open(options->base, &build.fit.codebook, error);
    if (status == ALKFW_OK)
        status = read_rows(&build, attacks, name, error);
    if (status == ALKFW_OK)
        status = open_like(&build, build.fit.codebook, error);
    if (status == ALKFW_OK)
        status = extract(&build, error);
    if (status == ALKFW_OK)
        status = extend_codebook(build.fit.codebook, name, &build.dataset, &build.corpus,
                                 options->fit.shrinkage, build.pool, &summary, error);
    if (status == ALKFW_OK)
        status = write_extended(&build, name, error);
    progress_line_end();
    if (status == ALKFW_OK && !options->quiet)
        print_extension(&build, name, &summary);
    build_free(&build);
    free(attacks);
    return status;
}

/* ---- build ----------------------------------------------------------------- */

alkfw_status command_build(const struct options *options, alkfw_error *error) {
    struct build build = {.options = options, .settings = &options->fit};

    alkfw_status status = open_all(&build, error);
    if (status == ALKFW_OK)
        status = get_features(&build, error);
    if (status == ALKFW_OK)
        status = fit_codebook(&build.dataset, &build.corpus, build.settings, build.pool, show_step,
                              &build.fit, error);
    if (status == ALKFW_OK)
        status = describe(&build, error);
    if (status == ALKFW_OK)
        status = add_canaries(&build, error);
    if (status == ALKFW_OK)
        status = codebook_write(build.fit.codebook, options->output, error);
    progress_line_end();
    if (status == ALKFW_OK && !options->quiet)
        status = print_summary(&build, error);
    build_free(&build);
    return status;
}
