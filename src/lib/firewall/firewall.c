/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/firewall.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firewall/memo.h"
#include "firewall/proof.h"
#include "firewall/tokens.h"
#include "support/number.h"

const char *alkfw_decision_name(alkfw_decision decision) {
    switch (decision) {
    case ALKFW_PASS:
        return "pass";
    case ALKFW_REVIEW:
        return "review";
    case ALKFW_ALARM:
        return "alarm";
    case ALKFW_ERROR:
        break;
    }
    return "error";
}

/* ---- settings from the configuration ------------------------------------ */

/* The schema has checked the range already; an unset key leaves *value as it is. */
static alkfw_status read_number(const alkfw_config *config, const char *key, double *value,
                                alkfw_error *error) {
    const char *text = alkfw_config_get(config, key);

    if (text != NULL && !number_parse_double(text, value))
        return alkfw_error_set(error, ALKFW_E_CONFIG, "%s must be a number, not %s", key, text);
    return ALKFW_OK;
}

static alkfw_status read_threads(const alkfw_config *config, size_t *n_threads,
                                 alkfw_error *error) {
    double number = (double)worker_pool_usual_size();

    alkfw_status status = read_number(config, "threads", &number, error);
    *n_threads = (size_t)number;
    return status;
}

/* "override,extraction": switches all others off. */
static alkfw_status read_signals(const alkfw_config *config, const alkfw_firewall *firewall,
                                 bool *enabled, alkfw_error *error) {
    const char *list = alkfw_config_get(config, "signals");

    for (size_t i = 0; i < CODEBOOK_MAX_SIGNALS; i++)
        enabled[i] = list == NULL || *list == '\0';
    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ",");
        size_t index = 0;
        while (index < firewall->info->n_signals &&
               !(strlen(firewall->info->signals[index]) == length &&
                 memcmp(firewall->info->signals[index], list, length) == 0))
            index++;
        if (index == firewall->info->n_signals)
            return alkfw_error_set(error, ALKFW_E_CONFIG,
                                   "signals: the codebook has no signal \"%.*s\"; "
                                   "alkfw-codebook inspect lists them",
                                   (int)(length < 64 ? length : 64), list);
        enabled[index] = true;
        list += length;
        list += *list == ',';
    }
    return ALKFW_OK;
}

/* The logistic composition decides by the signals that it weighs. Without one of them it would let
 * pass what the others see, so the strongest of the chosen signals decides instead. */
static void fit_composition(const alkfw_firewall *firewall, struct judge_settings *settings) {
    for (size_t i = 0; i < firewall->info->n_signals; i++)
        if (!settings->enabled[i] && codebook_weight(firewall->codebook, i) > 0 &&
            settings->composition == COMPOSITION_LOGISTIC)
            settings->composition = COMPOSITION_MAX;
}

/* An alarm goes first: a review band that begins where alarms do would be none, without a word. */
static alkfw_status read_review(const alkfw_config *config, struct judge_settings *settings,
                                alkfw_error *error) {
    bool is_set = alkfw_config_get(config, "threshold") != NULL;

    settings->review = INFINITY;
    alkfw_status status = read_number(config, "review", &settings->review, error);
    if (status != ALKFW_OK || settings->review == INFINITY ||
        settings->review < settings->threshold)
        return status;
    return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                           "review is %g, but the threshold%s%s is %g, from which on all is an "
                           "alarm: nothing would be for review; set review below %g, or a higher "
                           "threshold",
                           settings->review, is_set ? "" : " of sensitivity ",
                           is_set ? "" : sensitivity_name(settings->sensitivity),
                           settings->threshold, settings->threshold);
}

static alkfw_status read_settings(const alkfw_config *config, alkfw_firewall *firewall,
                                  alkfw_error *error) {
    struct judge_settings *settings = &firewall->settings;
    const char *composition = alkfw_config_get(config, "composition");
    const char *sensitivity = alkfw_config_get(config, "sensitivity");
    double max_bytes = 1 << 20;

    settings->composition = COMPOSITION_LOGISTIC;
    settings->sensitivity = SENSITIVITY_BALANCED;
    if (composition != NULL && !composition_parse(composition, &settings->composition))
        return alkfw_error_set(error, ALKFW_E_CONFIG, "composition: %s is not known", composition);
    if (sensitivity != NULL && !sensitivity_parse(sensitivity, &settings->sensitivity))
        return alkfw_error_set(error, ALKFW_E_CONFIG, "sensitivity: %s is not known", sensitivity);
    alkfw_status status = read_signals(config, firewall, settings->enabled, error);
    if (status != ALKFW_OK)
        return status;
    fit_composition(firewall, settings);
    struct codebook_statistic statistic = {.composed = true, .composition = settings->composition};
    settings->threshold = codebook_threshold(firewall->codebook, statistic, settings->sensitivity);
    status = read_number(config, "threshold", &settings->threshold, error);
    if (status == ALKFW_OK)
        status = read_review(config, settings, error);
    if (status == ALKFW_OK)
        status = read_number(config, "max_bytes", &max_bytes, error);
    firewall->max_bytes = (size_t)max_bytes;
    return status;
}

/* ---- opening ------------------------------------------------------------- */

static uint32_t deepest_layer(const struct extract_plan *plan) {
    uint32_t deepest = 0;
    for (size_t i = 0; i < plan->n_taps; i++)
        if (plan->taps[i].layer > deepest)
            deepest = plan->taps[i].layer;
    return deepest;
}

static alkfw_status open_model(const alkfw_config *config, alkfw_firewall *firewall,
                               alkfw_error *error) {
    const char *backend = alkfw_config_get(config, "backend");
    const char *precision = alkfw_config_get(config, "precision");
    struct model_options options = {
        .directory = alkfw_config_get(config, "model"),
        .backend = backend != NULL ? backend : "native",
        .precision = firewall->info->precision, /* what the codebook was calibrated for */
        .cache_directory = alkfw_config_get(config, "cache_dir"),
        .deepest_layer = deepest_layer(&firewall->info->plan),
        .adapter = codebook_get_adapter(firewall->codebook),
        .device = alkfw_config_get(config, "device"),
    };

    if (options.directory == NULL)
        return alkfw_error_set(error, ALKFW_E_CONFIG, "model is not set");
    if (precision != NULL && strcmp(precision, "auto") != 0 &&
        !model_precision_parse(precision, &options.precision))
        return alkfw_error_set(error, ALKFW_E_CONFIG, "precision: %s is not known", precision);
    alkfw_status status = model_open(&options, &firewall->model, error);
    if (status == ALKFW_OK)
        status = codebook_check_model(firewall->codebook, model_get_info(firewall->model), error);
    return status;
}

static alkfw_status set_ids(alkfw_firewall *firewall, alkfw_error *error) {
    const struct codebook_info *info = firewall->info;
    size_t model_size = strlen(info->model_id) + strlen(info->model_revision) + 2;
    size_t codebook_size = strlen(info->name) + 14;

    firewall->model_id = malloc(model_size);
    firewall->codebook_id = malloc(codebook_size);
    if (firewall->model_id == NULL || firewall->codebook_id == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    (void)snprintf(firewall->model_id, model_size, "%s%s%s", info->model_id,
                   info->model_revision[0] != '\0' ? "@" : "", info->model_revision);
    (void)snprintf(firewall->codebook_id, codebook_size, "%s@%.12s", info->name, info->sha256);
    return ALKFW_OK;
}

/* The codebook's own records must score as they did when it was built: a dead model, a wrong
 * revision or damaged numbers stop here, before anything passes. */
static alkfw_status prove_canaries(alkfw_firewall *firewall, alkfw_error *error) {
    const struct codebook_info *info = firewall->info;
    struct judge_settings settings = {
        .composition = COMPOSITION_LOGISTIC, .threshold = 0.5, .review = INFINITY};
    alkfw_text texts[CODEBOOK_MAX_CANARIES];
    alkfw_verdict *verdicts;

    for (size_t i = 0; i < CODEBOOK_MAX_SIGNALS; i++)
        settings.enabled[i] = true;
    for (size_t i = 0; i < info->n_canaries; i++)
        texts[i] =
            (alkfw_text){.bytes = info->canaries[i].text, .n_bytes = info->canaries[i].n_bytes};
    alkfw_status status =
        firewall_scan(firewall, &settings, texts, info->n_canaries, &verdicts, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t i = 0; i < info->n_canaries && status == ALKFW_OK; i++) {
        const struct codebook_canary *canary = &info->canaries[i];
        if (verdicts[i].decision == ALKFW_ERROR)
            status = alkfw_error_set(
                error, verdicts[i].error.status == ALKFW_E_MEMORY ? ALKFW_E_MEMORY : ALKFW_E_CANARY,
                "the %s canary could not be scored: %s", canary->hostile ? "hostile" : "benign",
                verdicts[i].error.message);
        else if (!(fabs(verdicts[i].score - canary->score) <= canary->tolerance))
            status = alkfw_error_set(
                error, ALKFW_E_CANARY,
                "the %s canary scores %.6f, but codebook %s expects %.6f: the model or the "
                "codebook is damaged; remove the packed weights in the cache and try again",
                canary->hostile ? "hostile" : "benign", verdicts[i].score, firewall->codebook_id,
                canary->score);
    }
    alkfw_verdicts_free(verdicts, info->n_canaries);
    return status;
}

/* Once for each codebook, model and build; the cache remembers. */
static alkfw_status prove(const alkfw_config *config, alkfw_firewall *firewall,
                          alkfw_error *error) {
    struct proof proof;
    alkfw_status status = ALKFW_OK;

    proof_init(&proof, alkfw_config_get(config, "cache_dir"), firewall->codebook, firewall->model);
    if (!proof_holds(&proof)) {
        status = codebook_check_digest(firewall->codebook, error);
        if (status == ALKFW_OK)
            status = prove_canaries(firewall, error);
        if (status == ALKFW_OK)
            proof_keep(&proof);
    }
    proof_free(&proof);
    return status;
}

static alkfw_status open_parts(const alkfw_config *config, alkfw_firewall *firewall,
                               alkfw_error *error) {
    const char *codebook = alkfw_config_get(config, "codebook");
    size_t n_threads;

    if (codebook == NULL)
        return alkfw_error_set(error, ALKFW_E_CONFIG, "codebook is not set");
    alkfw_status status = codebook_open_unproved(codebook, &firewall->codebook, error);
    if (status != ALKFW_OK)
        return status;
    firewall->info = codebook_get_info(firewall->codebook);
    if ((status = read_settings(config, firewall, error)) != ALKFW_OK ||
        (status = read_threads(config, &n_threads, error)) != ALKFW_OK ||
        (status = worker_pool_new(n_threads, &firewall->pool, error)) != ALKFW_OK ||
        (status = open_model(config, firewall, error)) != ALKFW_OK ||
        (status = set_ids(firewall, error)) != ALKFW_OK)
        return status;
    firewall->workers = calloc(n_threads, sizeof *firewall->workers);
    if (firewall->workers == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu threads", n_threads);
    firewall->memo = memo_new(firewall->info->plan.window_tokens); /* none costs time only */
    return prove(config, firewall, error);
}

alkfw_status alkfw_open(const alkfw_config *config, alkfw_firewall **firewall, alkfw_error *error) {
    *firewall = NULL;
    alkfw_firewall *made = calloc(1, sizeof *made);
    if (made == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    alkfw_status status = open_parts(config, made, error);
    if (status != ALKFW_OK) {
        alkfw_close(made);
        return status;
    }
    *firewall = made;
    return ALKFW_OK;
}

void alkfw_close(alkfw_firewall *firewall) {
    if (firewall == NULL)
        return;
    for (size_t i = 0; firewall->workers != NULL && i < worker_pool_size(firewall->pool); i++) {
        model_session_free(firewall->workers[i].session);
        free(firewall->workers[i].memory);
        view_free(&firewall->workers[i].view);
    }
    free(firewall->workers);
    memo_free(firewall->memo);
    worker_pool_free(firewall->pool);
    model_close(firewall->model);
    codebook_close(firewall->codebook);
    free(firewall->model_id);
    free(firewall->codebook_id);
    free(firewall);
}

const struct tokenizer *firewall_tokenizer(const alkfw_firewall *firewall) {
    return model_get_tokenizer(firewall->model);
}

const char *alkfw_model_id(const alkfw_firewall *firewall) {
    return firewall->model_id;
}

const char *alkfw_codebook_id(const alkfw_firewall *firewall) {
    return firewall->codebook_id;
}
