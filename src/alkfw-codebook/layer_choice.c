/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/layer_choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/discriminant.h"
#include "alkfw-codebook/ranking.h"
#include "alkfw-codebook/samples.h"
#include "alkfw-codebook/standardise.h"
#include "cli/message.h"

enum {
    AUTO_LAYERS = 4,    /* more gave the fit nothing that these had not */
    SAMPLE_ROWS = 1500, /* enough to tell layers apart by a hundredth of AUROC */
    N_FOLDS = 3
};

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the choice of layers");
}

/* ---- as the user says ------------------------------------------------------ */

static alkfw_status bad_list(const char *text, alkfw_error *error) {
    return alkfw_error_set(
        error, ALKFW_E_ARGUMENT,
        "--layers is \"%.100s\": write auto, or up to %d layers in rising order, "
        "as 2,4,5",
        text, LAYER_CHOICE_MAX);
}

alkfw_status layer_choice_parse(const char *text, struct layer_choice *choice, alkfw_error *error) {
    const char *at = text;

    memset(choice, 0, sizeof *choice);
    for (;; at++) {
        uint32_t layer = 0;
        size_t n_digits = strspn(at, "0123456789");
        if (n_digits == 0 || n_digits > 4 || choice->n_layers == LAYER_CHOICE_MAX)
            return bad_list(text, error);
        for (size_t i = 0; i < n_digits; i++)
            layer = layer * 10 + (uint32_t)(at[i] - '0');
        if (choice->n_layers > 0 && layer <= choice->layers[choice->n_layers - 1])
            return bad_list(text, error);
        choice->layers[choice->n_layers++] = layer;
        at += n_digits;
        if (*at == '\0')
            break;
        if (*at != ',')
            return bad_list(text, error);
    }
    choice->best = choice->n_layers - 1;
    return ALKFW_OK;
}

/* ---- a part of the corpus -------------------------------------------------- */

/* Rows of each source and label at most `limit`, in the corpus's order. */
static size_t count_sample(const struct corpus *corpus, size_t *counts, size_t limit,
                           struct row *rows) {
    size_t n = 0;

    memset(counts, 0, 2 * corpus->sources.n_names * sizeof *counts);
    for (size_t i = 0; i < corpus->n_rows; i++) {
        const struct row *row = &corpus->rows[i];
        size_t *count = &counts[2 * row->source + row->hostile];
        if (*count == limit)
            continue;
        (*count)++;
        if (rows != NULL)
            rows[n] = *row;
        n++;
    }
    return n;
}

/* The largest equal share for all that keeps to SAMPLE_ROWS. The rows' contents stay the
 * corpus's. */
static alkfw_status take_sample(const struct corpus *corpus, struct corpus *sample,
                                alkfw_error *error) {
    size_t *counts = calloc(2 * corpus->sources.n_names, sizeof *counts);
    size_t limit = 8;

    *sample = *corpus;
    sample->rows = calloc(corpus->n_rows, sizeof *sample->rows);
    if (counts == NULL || sample->rows == NULL) {
        free(counts);
        free(sample->rows);
        return out_of_memory(error);
    }
    while (limit < corpus->n_rows &&
           count_sample(corpus, counts, limit + limit / 4, NULL) <= SAMPLE_ROWS)
        limit += limit / 4;
    sample->n_rows = count_sample(corpus, counts, limit, sample->rows);
    free(counts);
    return ALKFW_OK;
}

/* ---- one layer ------------------------------------------------------------- */

/* The columns of tap `tap` as a part of its own, sharing all but the features. */
static alkfw_status take_columns(const struct dataset *dataset, size_t tap,
                                 struct dataset_part *part, alkfw_error *error) {
    size_t hidden = dataset->model.hidden_size;

    *part = dataset->windows;
    part->n_features = hidden;
    part->features = malloc(part->n_windows * hidden * sizeof *part->features);
    if (part->features == NULL)
        return out_of_memory(error);
    for (size_t w = 0; w < part->n_windows; w++)
        memcpy(part->features + w * hidden,
               dataset->windows.features + w * dataset->windows.n_features + tap * hidden,
               hidden * sizeof *part->features);
    return ALKFW_OK;
}

/* AUROC of the windows of a fold by a direction that was fitted without it; NAN when it has one
 * class only. */
static alkfw_status rank_fold(const struct samples *samples, const struct corpus *corpus,
                              const struct moments *moments, const float *direction, size_t fold,
                              double *auroc, alkfw_error *error) {
    size_t n_windows = samples->part->n_windows, n[2] = {0, 0};
    struct weighted *values = calloc(2 * n_windows, sizeof *values);

    if (values == NULL)
        return out_of_memory(error);
    for (size_t w = 0; w < n_windows; w++) {
        if (samples->unit[w] == CORPUS_NONE || samples_fold(samples, corpus, w) != fold)
            continue;
        bool is_hostile = unit_is_hostile(&samples->units[samples->unit[w]]);
        const float *z = moments->z + w * moments->n_columns;
        double value = 0;
        for (size_t i = 0; i < moments->n_columns; i++)
            value += (double)direction[i] * (double)z[i];
        values[is_hostile * n_windows + n[is_hostile]++] =
            (struct weighted){value, samples_weight(samples, w)};
    }
    weighted_sort(values, n[0]);
    weighted_sort(values + n_windows, n[1]);
    *auroc = weighted_auroc(values + n_windows, n[1], values, n[0]);
    free(values);
    return ALKFW_OK;
}

static alkfw_status rank_folds(const struct samples *samples, const struct corpus *corpus,
                               const struct moments *moments, double *auroc, alkfw_error *error) {
    alkfw_status status = ALKFW_OK;
    size_t n = 0;

    *auroc = 0;
    for (size_t fold = 0; status == ALKFW_OK && fold < N_FOLDS; fold++) {
        struct discriminants fitted = {.general = NULL};
        double of_fold = (double)NAN;
        status = discriminants_fit(&fitted, moments, samples, fold, fit_default_settings.shrinkage,
                                   false, error);
        if (status == ALKFW_OK)
            status = rank_fold(samples, corpus, moments, fitted.general, fold, &of_fold, error);
        discriminants_free(&fitted);
        if (status == ALKFW_OK && !isnan(of_fold)) {
            *auroc += of_fold;
            n++;
        }
    }
    *auroc = n > 0 ? *auroc / (double)n : 0;
    return status;
}

static alkfw_status rank_layer(const struct dataset *dataset, const struct corpus *corpus,
                               size_t tap, struct worker_pool *pool, double *auroc,
                               alkfw_error *error) {
    struct dataset_part part = {.features = NULL};
    struct samples samples = {.units = NULL};
    struct moments moments = {.z = NULL};
    float *mean = NULL, *scale = NULL, *z = NULL;
    alkfw_status status = take_columns(dataset, tap, &part, error);

    if (status == ALKFW_OK)
        status = samples_sort(&samples, &part, SAMPLES_OF_WINDOWS, corpus, N_FOLDS, error);
    if (status == ALKFW_OK)
        status = standardise_fit(&part, &samples, &mean, &scale, error);
    if (status == ALKFW_OK)
        status = standardise_apply(&part, mean, scale, &z, error);
    if (status == ALKFW_OK)
        status = moments_compute(&moments, pool, z, part.n_features, &samples, NULL, error);
    if (status == ALKFW_OK)
        status = rank_folds(&samples, corpus, &moments, auroc, error);
    moments_free(&moments);
    samples_free(&samples);
    free(mean);
    free(scale);
    free(z);
    free(part.features);
    return status;
}

/* ---- all of them ----------------------------------------------------------- */

/* All layers above the embeddings, or MODEL_MAX_TAPS of them with the last one among them. */
static void list_candidates(const struct model_info *info, struct extract_plan *plan) {
    uint32_t n = info->n_layers < MODEL_MAX_TAPS ? info->n_layers : MODEL_MAX_TAPS;

    plan->window_tokens = FIT_WINDOW_TOKENS;
    plan->overlap_tokens = FIT_OVERLAP_TOKENS;
    plan->n_taps = n;
    for (uint32_t i = 0; i < n; i++)
        plan->taps[i] = (struct model_tap){(i + 1) * info->n_layers / n, POOLING_MEAN};
}

/* The best AUTO_LAYERS, in rising order; of equals the shallower, which costs less. */
static void choose(const struct extract_plan *plan, const double *aurocs,
                   struct layer_choice *choice) {
    bool chosen[MODEL_MAX_TAPS] = {false};
    size_t best = 0;

    for (size_t n = 0; n < AUTO_LAYERS && n < plan->n_taps; n++) {
        size_t next = plan->n_taps;
        for (size_t t = 0; t < plan->n_taps; t++) {
            if (!chosen[t] && (next == plan->n_taps || aurocs[t] > aurocs[next]))
                next = t;
        }
        chosen[next] = true;
        best = n == 0 ? next : best;
    }
    memset(choice, 0, sizeof *choice);
    for (size_t t = 0; t < plan->n_taps; t++) {
        if (!chosen[t])
            continue;
        if (t == best)
            choice->best = choice->n_layers;
        choice->layers[choice->n_layers++] = plan->taps[t].layer;
    }
}

static alkfw_status rank_layers(const struct dataset *dataset, const struct corpus *corpus,
                                struct worker_pool *pool, struct layer_choice *choice,
                                alkfw_error *error) {
    double aurocs[MODEL_MAX_TAPS] = {0};
    alkfw_status status = ALKFW_OK;

    for (size_t t = 0; status == ALKFW_OK && t < dataset->plan.n_taps; t++) {
        status = rank_layer(dataset, corpus, t, pool, &aurocs[t], error);
        if (status == ALKFW_OK)
            message_info("layer %u: AUROC %.4f on sources left out", dataset->plan.taps[t].layer,
                         aurocs[t]);
    }
    if (status == ALKFW_OK)
        choose(&dataset->plan, aurocs, choice);
    return status;
}

alkfw_status layer_choice_auto(const struct corpus *corpus, const struct model *model,
                               const struct model_identity *identity, size_t n_threads,
                               struct worker_pool *pool, dataset_progress *progress,
                               struct layer_choice *choice, alkfw_error *error) {
    struct extract_plan plan = {.n_taps = 0};
    struct dataset dataset = {.plan = {.n_taps = 0}};
    struct corpus sample;
    alkfw_status status = take_sample(corpus, &sample, error);

    if (status != ALKFW_OK)
        return status;
    list_candidates(model_get_info(model), &plan);
    status = dataset_extract(&dataset, &sample, model, identity, &plan, NULL, 0, n_threads,
                             progress, error);
    if (status == ALKFW_OK)
        status = rank_layers(&dataset, &sample, pool, choice, error);
    dataset_free(&dataset);
    free(sample.rows);
    return status;
}

void layer_choice_taps(const struct layer_choice *choice, const struct model_info *info,
                       struct extract_plan *plan, struct model_tap *passage_taps,
                       size_t *n_passage_taps) {
    uint32_t best = choice->layers[choice->best];

    plan->n_taps = 0;
    for (size_t i = 0; i < choice->n_layers; i++) {
        plan->taps[plan->n_taps++] = (struct model_tap){choice->layers[i], POOLING_MEAN};
        passage_taps[i] = (struct model_tap){choice->layers[i], POOLING_MEAN};
    }
    *n_passage_taps = choice->n_layers;
    /* The first token of a causal model has seen itself only. */
    plan->taps[plan->n_taps++] =
        (struct model_tap){best, info->is_causal ? POOLING_LAST : POOLING_CLS};
    plan->taps[plan->n_taps++] = (struct model_tap){best, POOLING_MAX};
}
