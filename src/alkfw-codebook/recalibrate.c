/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-codebook calibrate: operating points of a codebook from a user's own text without labels,
 * which goes through the public interface as alkfw would scan it. Only operating points change, so
 * the order of any two texts stays as it was. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/commands.h"
#include "alkfw-codebook/distribution.h"
#include "alkfw-codebook/firewall_choice.h"
#include "alkfw-codebook/progress_line.h"
#include "alkfw-codebook/traffic.h"
#include "cli/message.h"
#include "codebook/format.h"

enum { MIN_TEXTS = 200 }; /* ten above strict; fewer say nothing */

/* An operating point moves by at most this factor of its p-value: text that would move it further
 * is not like the codebook's at all, or is hostile. */
static const double LARGEST_MOVE = 30;

/* ---- operating points ------------------------------------------------------- */

/* Keeps a point near where it was; true when it had to. */
static bool limit(double before, double *after) {
    double wanted = *after;

    *after = fmin(fmax(*after, before / LARGEST_MOVE), fmin(before * LARGEST_MOVE, 0.5));
    return *after != wanted;
}

/* Ranks the texts by one statistic; hostile_share of them, the highest, are left out. */
static bool fit_points(const struct traffic *traffic, size_t statistic, double hostile_share,
                       struct text_score *texts, struct weighted *scratch, double *operating_p) {
    double fitted[SENSITIVITY_COUNT];
    size_t n = traffic->n_texts;
    size_t n_hostile = (size_t)floor(hostile_share * (double)n);
    bool is_limited = false;

    for (size_t i = 0; i < n; i++)
        scratch[i] = (struct weighted){traffic->p_values[i * TRAFFIC_STATISTICS + statistic], 1};
    weighted_sort(scratch, n);
    for (size_t i = n_hostile; i < n; i++)
        texts[i - n_hostile] =
            (struct text_score){.p_value = scratch[i].value, .n_windows = 1, .weight = 1};
    /* The p-values are of texts already: one window, exponent 1. */
    distribution_fit_operating_p(texts, n - n_hostile, 1, scratch, fitted);
    for (size_t s = 0; s < SENSITIVITY_COUNT; s++) {
        is_limited |= limit(operating_p[s], &fitted[s]);
        operating_p[s] = fitted[s];
    }
    /* Each point stays below the one before. */
    for (size_t s = 1; s < SENSITIVITY_COUNT; s++)
        operating_p[s] = fmin(operating_p[s], operating_p[s - 1] * 0.999);
    return is_limited;
}

/* The score that a text of this score has when the balanced point moves: p stays. */
static double moved_score(double score, double before, double after) {
    double odds = score < 1 ? score / (1 - score) : INFINITY;
    double moved = odds * after / before;

    return isinf(moved) ? 1 : moved / (1 + moved);
}

static void move_canaries(struct codebook *codebook, double before, double after) {
    for (size_t i = 0; i < codebook->info.n_canaries; i++) {
        struct codebook_canary *canary = &codebook->info.canaries[i];
        double low = moved_score(fmax(canary->score - canary->tolerance, 0), before, after);
        double high = moved_score(fmin(canary->score + canary->tolerance, 1), before, after);
        canary->score = moved_score(canary->score, before, after);
        canary->tolerance = fmax(fmax(canary->score - low, high - canary->score), 1e-6);
    }
}

static double share_at(const struct traffic *traffic, double p_value) {
    size_t n = 0;

    for (size_t i = 0; i < traffic->n_texts; i++)
        n += traffic->p_values[i * TRAFFIC_STATISTICS + traffic->n_signals] <= p_value;
    return (double)n / (double)traffic->n_texts;
}

static void print_points(const struct traffic *traffic, const double *before, const double *after) {
    (void)printf("%zu texts, %zu could not be read\n\n", traffic->n_texts, traffic->n_errors);
    (void)printf("%-16s%10s%10s%10s\n", "share alarmed", "target", "before", "after");
    for (int s = 0; s < SENSITIVITY_COUNT; s++)
        (void)printf(
            "%-16s%10.4f%10.4f%10.4f%s\n", sensitivity_name((enum sensitivity)s),
            distribution_targets[s], share_at(traffic, before[s]), share_at(traffic, after[s]),
            distribution_targets[s] * (double)traffic->n_texts < 5 ? "  extrapolated" : "");
}

static alkfw_status calibrate_all(const struct traffic *traffic, struct codebook *codebook,
                                  const struct options *options, enum composition composition,
                                  alkfw_error *error) {
    double *points = codebook->compositions[composition].operating_p;
    double before[SENSITIVITY_COUNT];
    struct text_score *texts = calloc(traffic->n_texts, sizeof *texts);
    struct weighted *scratch = calloc(traffic->n_texts, sizeof *scratch);

    if (texts == NULL || scratch == NULL) {
        free(texts);
        free(scratch);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu texts",
                               traffic->n_texts);
    }
    memcpy(before, points, sizeof before);
    for (size_t s = 0; s < traffic->n_signals; s++)
        (void)fit_points(traffic, s, options->hostile_share, texts, scratch,
                         codebook->signals[s].distribution.operating_p);
    bool is_limited =
        fit_points(traffic, traffic->n_signals, options->hostile_share, texts, scratch, points);
    free(texts);
    free(scratch);
    if (composition == COMPOSITION_LOGISTIC)
        move_canaries(codebook, before[SENSITIVITY_BALANCED], points[SENSITIVITY_BALANCED]);
    if (is_limited)
        message_warning("%s: so far from the codebook's own text that operating points were moved "
                        "%g-fold and no further; is it benign? --hostile-share leaves out the "
                        "highest scores",
                        traffic->path, LARGEST_MOVE);
    if (!options->quiet)
        print_points(traffic, before, points);
    return ALKFW_OK;
}

static void show(size_t n_texts) {
    char what[48];

    (void)snprintf(what, sizeof what, "%zu texts scanned", n_texts);
    progress_line_show(what, 0, 0);
}

static alkfw_status scan(struct traffic *traffic, const struct options *options,
                         alkfw_error *error) {
    alkfw_firewall *firewall = NULL;
    alkfw_status status = firewall_choice_open(options, options->operands[0], &firewall, error);

    if (status == ALKFW_OK)
        status = traffic_scan(traffic, firewall, show, error);
    progress_line_end();
    alkfw_close(firewall);
    if (status == ALKFW_OK && traffic->n_texts < MIN_TEXTS)
        status = alkfw_error_set(error, ALKFW_E_RECORD,
                                 "%s: %zu texts are too few to calibrate on, give at least %d",
                                 traffic->path, traffic->n_texts, MIN_TEXTS);
    return status;
}

static alkfw_status write_calibrated(struct codebook *codebook, const struct options *options,
                                     size_t n_texts, alkfw_error *error) {
    struct codebook_info *info = &codebook->info;
    char description[1024];

    (void)snprintf(description, sizeof description, "%s; calibrated on %zu texts",
                   info->description, n_texts);
    info->description = options->description != NULL ? options->description : description;
    if (options->name != NULL)
        info->name = options->name;
    return codebook_write(codebook, options->output, error);
}

alkfw_status command_calibrate(const struct options *options, alkfw_error *error) {
    struct traffic traffic = {.path = options->benign};
    enum composition composition;
    struct codebook *codebook = NULL;

    progress_line_enable(!options->quiet);
    if (options->benign == NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "calibrate needs --benign=FILE");
    alkfw_status status = options_composition(options, &composition, error);
    if (status == ALKFW_OK)
        status = codebook_open(options->operands[0], &codebook, error);
    if (status == ALKFW_OK) {
        traffic.n_signals = codebook->info.n_signals;
        status = scan(&traffic, options, error);
    }
    if (status == ALKFW_OK)
        status = calibrate_all(&traffic, codebook, options, composition, error);
    if (status == ALKFW_OK)
        status = write_calibrated(codebook, options, traffic.n_texts, error);
    codebook_close(codebook);
    traffic_free(&traffic);
    return status;
}
