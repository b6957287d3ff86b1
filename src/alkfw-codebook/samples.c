/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLEAR_SPAN_TOKENS = 24 };

enum role { ROLE_BENIGN, ROLE_HOSTILE, ROLE_UNCLEAR };

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the corpus");
}

void samples_free(struct samples *samples) {
    free(samples->units);
    free(samples->fold_of_source);
    free(samples->unit);
    free(samples->weight);
    memset(samples, 0, sizeof *samples);
}

double samples_weight(const struct samples *samples, size_t window) {
    size_t unit = samples->unit[window];

    return unit == CORPUS_NONE ? 0 : samples->weight[window] * samples->units[unit].scale;
}

void samples_benign_spread(const struct samples *samples, const double *values, size_t stride,
                           double *mean, double *deviation) {
    double total = 0;
    double sum = 0;
    double squares = 0;

    for (size_t w = 0; w < samples->part->n_windows; w++) {
        double value = values[w * stride];
        if (samples->unit[w] == CORPUS_NONE || unit_is_hostile(&samples->units[samples->unit[w]]) ||
            isnan(value))
            continue;
        total += samples->weight[w];
        sum += samples->weight[w] * value;
        squares += samples->weight[w] * value * value;
    }
    *mean = sum / total;
    *deviation = sqrt(squares / total - *mean * *mean);
}

size_t samples_fold(const struct samples *samples, const struct corpus *corpus, size_t window) {
    return samples->fold_of_source[corpus->rows[samples->part->windows[window].row].source];
}

/* ---- roles and units ------------------------------------------------------- */

static enum role role_of_window(const struct dataset_window *window) {
    if (window->n_span_tokens == 0)
        return ROLE_BENIGN;
    if (2 * window->n_span_tokens >= window->n_row_span_tokens ||
        window->n_span_tokens >= CLEAR_SPAN_TOKENS)
        return ROLE_HOSTILE;
    return ROLE_UNCLEAR;
}

static enum role role_of_passage(const struct dataset_window *window) {
    if (20 * window->n_span_tokens <= window->n_tokens)
        return ROLE_BENIGN;
    if (2 * window->n_span_tokens >= window->n_tokens ||
        5 * window->n_span_tokens >= 4 * window->n_row_span_tokens)
        return ROLE_HOSTILE;
    return ROLE_UNCLEAR;
}

static enum role role_of(const struct dataset_window *window, const struct row *row,
                         enum sample_kind kind) {
    if (!row->hostile)
        return ROLE_BENIGN;
    if (!row->has_span || window->n_row_span_tokens == 0)
        return ROLE_HOSTILE;
    return kind == SAMPLES_OF_WINDOWS ? role_of_window(window) : role_of_passage(window);
}

static size_t find_unit(struct samples *samples, size_t source, size_t category) {
    for (size_t u = 0; u < samples->n_units; u++) {
        if (samples->units[u].source == source && samples->units[u].category == category)
            return u;
    }
    struct unit *units = realloc(samples->units, (samples->n_units + 1) * sizeof *units);
    if (units == NULL)
        return CORPUS_NONE;
    samples->units = units;
    units[samples->n_units] = (struct unit){.source = source, .category = category};
    return samples->n_units++;
}

/* Sources of one family are written by the same hands, or by one generator, and are named so: all
 * up to the last underscore is the family's. */
static size_t family_length(const char *source) {
    const char *end = strrchr(source, '_');

    return end != NULL ? (size_t)(end - source) : strlen(source);
}

static size_t family_size(const struct corpus *corpus, size_t source) {
    const char *name = corpus->sources.names[source];
    size_t length = family_length(name);
    size_t n = 0;

    for (size_t s = 0; s < corpus->sources.n_names; s++) {
        const char *other = corpus->sources.names[s];
        n += family_length(other) == length && strncmp(other, name, length) == 0;
    }
    return n;
}

static bool is_of_family(const char *source, const char *family) {
    size_t length = family_length(source);

    return length == strlen(family) && strncmp(source, family, length) == 0;
}

alkfw_status samples_mark_contrast(struct samples *samples, const struct corpus *corpus,
                                   const char *family, alkfw_error *error) {
    size_t n_marked = 0;
    size_t n_hostile = 0;

    for (size_t u = 0; u < samples->n_units; u++) {
        struct unit *unit = &samples->units[u];
        unit->is_contrast = is_of_family(corpus->sources.names[unit->source], family);
        n_marked += unit->is_contrast && unit_is_hostile(unit);
        n_hostile += unit_is_hostile(unit);
    }
    if (n_marked == 0)
        return alkfw_error_set(
            error, ALKFW_E_ARGUMENT,
            "--contrast is \"%s\": no source with hostile rows is of this family "
            "(its name up to the last underscore)",
            family);
    if (n_marked == n_hostile)
        return alkfw_error_set(
            error, ALKFW_E_ARGUMENT,
            "--contrast is \"%s\": all hostile rows are of this family, and none "
            "is left that \"known\" could know",
            family);
    return ALKFW_OK;
}

/* A unit counts as the root of its size, and a family as the root of its number of sources. */
static void weigh_units(struct samples *samples, const struct corpus *corpus) {
    for (size_t u = 0; u < samples->n_units; u++) {
        samples->units[u].mass = 0;
        samples->units[u].n_windows = 0;
    }
    for (size_t w = 0; w < samples->part->n_windows; w++) {
        if (samples->unit[w] == CORPUS_NONE)
            continue;
        samples->units[samples->unit[w]].mass += samples->weight[w];
        samples->units[samples->unit[w]].n_windows++;
    }
    for (size_t u = 0; u < samples->n_units; u++) {
        struct unit *unit = &samples->units[u];
        double n_sources = (double)family_size(corpus, unit->source);
        unit->scale = unit->mass > 0 ? 1 / sqrt(unit->mass * n_sources) : 0;
    }
}

static alkfw_status sort_windows(struct samples *samples, const struct corpus *corpus,
                                 enum sample_kind kind, alkfw_error *error) {
    const struct dataset_part *part = samples->part;

    for (size_t r = 0; r < corpus->n_rows; r++) {
        const struct row *row = &corpus->rows[r];
        size_t n_roles[3] = {0};
        for (size_t w = part->first_window[r]; w < part->first_window[r + 1]; w++)
            n_roles[role_of(&part->windows[w], row, kind)]++;
        for (size_t w = part->first_window[r]; w < part->first_window[r + 1]; w++) {
            enum role role = role_of(&part->windows[w], row, kind);
            samples->unit[w] = CORPUS_NONE;
            if (role == ROLE_UNCLEAR)
                continue;
            samples->unit[w] =
                find_unit(samples, row->source, role == ROLE_HOSTILE ? row->category : CORPUS_NONE);
            samples->weight[w] = 1 / (double)n_roles[role];
            if (samples->unit[w] == CORPUS_NONE)
                return out_of_memory(error);
        }
    }
    weigh_units(samples, corpus);
    return ALKFW_OK;
}

static alkfw_status check_classes(const struct samples *samples, alkfw_error *error) {
    size_t n_hostile = 0;
    size_t n_benign = 0;

    for (size_t u = 0; u < samples->n_units; u++) {
        size_t *n = unit_is_hostile(&samples->units[u]) ? &n_hostile : &n_benign;
        *n += samples->units[u].n_windows;
    }
    if (n_hostile == 0 || n_benign == 0)
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "the corpus has %s rows only; a codebook needs benign (\"label\":0) "
                               "and hostile (\"label\":1) text",
                               n_hostile == 0 ? "benign" : "hostile");
    return ALKFW_OK;
}

/* ---- folds ----------------------------------------------------------------- */

/* Sources that must not be parted, as a forest: parents[s] == s at a root. */
static size_t root_of(const size_t *parents, size_t source) {
    while (parents[source] != source)
        source = parents[source];
    return source;
}

static void link_pairs(const struct corpus *corpus, size_t *parents) {
    for (size_t s = 0; s < corpus->sources.n_names; s++)
        parents[s] = s;
    for (size_t i = 0; i < corpus->n_rows; i++) {
        const struct row *pair = corpus_pair(corpus, &corpus->rows[i]);
        if (pair == NULL)
            continue;
        size_t a = root_of(parents, corpus->rows[i].source);
        size_t b = root_of(parents, pair->source);
        if (a < b)
            parents[b] = a;
        else
            parents[a] = b;
    }
}

struct group {
    size_t root;
    double mass[2]; /* share of the benign and of the hostile text */
};

static int by_mass(const void *left, const void *right) {
    const struct group *a = left;
    const struct group *b = right;
    double mass_a = a->mass[0] + a->mass[1];
    double mass_b = b->mass[0] + b->mass[1];

    if (mass_a != mass_b)
        return mass_a < mass_b ? 1 : -1;
    return (a->root > b->root) - (a->root < b->root);
}

/* Largest first, each group to the fold where it leaves the squares of the shares smallest. */
static void deal_groups(struct samples *samples, struct group *groups, size_t n_groups,
                        double (*loads)[2]) {
    qsort(groups, n_groups, sizeof *groups, by_mass);
    for (size_t g = 0; g < n_groups; g++) {
        size_t best = 0;
        double best_cost = INFINITY;
        for (size_t f = 0; f < samples->n_folds; f++) {
            double cost = 0;
            for (size_t c = 0; c < 2; c++)
                cost += groups[g].mass[c] * (2 * loads[f][c] + groups[g].mass[c]);
            if (cost < best_cost) {
                best = f;
                best_cost = cost;
            }
        }
        samples->fold_of_source[groups[g].root] = best;
        for (size_t c = 0; c < 2; c++)
            loads[best][c] += groups[g].mass[c];
    }
}

static alkfw_status make_folds(struct samples *samples, const struct corpus *corpus,
                               alkfw_error *error) {
    size_t n_sources = corpus->sources.n_names;
    size_t *parents = calloc(n_sources, sizeof *parents);
    struct group *groups = calloc(n_sources, sizeof *groups);
    double(*loads)[2] = calloc(samples->n_folds, sizeof *loads);
    double totals[2] = {0};
    size_t n_groups = 0;
    alkfw_status status = ALKFW_OK;

    if (parents == NULL || groups == NULL || loads == NULL) {
        status = out_of_memory(error);
        goto out;
    }
    link_pairs(corpus, parents);
    for (size_t u = 0; u < samples->n_units; u++)
        totals[unit_is_hostile(&samples->units[u])] += samples->units[u].mass;
    for (size_t s = 0; s < n_sources; s++) {
        if (parents[s] == s)
            groups[n_groups++].root = s;
    }
    for (size_t u = 0; u < samples->n_units; u++) {
        const struct unit *unit = &samples->units[u];
        size_t root = root_of(parents, unit->source);
        for (size_t g = 0; g < n_groups; g++) {
            if (groups[g].root == root)
                groups[g].mass[unit_is_hostile(unit)] += unit->mass / totals[unit_is_hostile(unit)];
        }
    }
    if (n_groups < samples->n_folds) {
        status = alkfw_error_set(error, ALKFW_E_RECORD,
                                 "the corpus has %zu sources that stand alone, fewer than the %zu "
                                 "folds of the calibration; give more sources or a smaller --folds",
                                 n_groups, samples->n_folds);
        goto out;
    }
    deal_groups(samples, groups, n_groups, loads);
    for (size_t s = 0; s < n_sources; s++)
        samples->fold_of_source[s] = samples->fold_of_source[root_of(parents, s)];
    for (size_t u = 0; u < samples->n_units; u++)
        samples->units[u].fold = samples->fold_of_source[samples->units[u].source];
out:
    free(parents);
    free(groups);
    free(loads);
    return status;
}

static alkfw_status allocate(struct samples *samples, const struct corpus *corpus,
                             alkfw_error *error) {
    size_t n_windows = samples->part->n_windows;

    samples->unit = calloc(n_windows, sizeof *samples->unit);
    samples->weight = calloc(n_windows, sizeof *samples->weight);
    samples->fold_of_source = calloc(corpus->sources.n_names, sizeof *samples->fold_of_source);
    if (samples->unit == NULL || samples->weight == NULL || samples->fold_of_source == NULL)
        return out_of_memory(error);
    return ALKFW_OK;
}

alkfw_status samples_sort(struct samples *samples, const struct dataset_part *part,
                          enum sample_kind kind, const struct corpus *corpus, size_t n_folds,
                          alkfw_error *error) {
    memset(samples, 0, sizeof *samples);
    samples->part = part;
    samples->n_folds = n_folds;
    alkfw_status status = allocate(samples, corpus, error);
    if (status == ALKFW_OK)
        status = sort_windows(samples, corpus, kind, error);
    if (status == ALKFW_OK)
        status = check_classes(samples, error);
    if (status == ALKFW_OK)
        status = make_folds(samples, corpus, error);
    return status;
}

alkfw_status samples_check_fold(const struct samples *samples, size_t left_out,
                                alkfw_error *error) {
    double mass[2] = {0};

    for (size_t u = 0; u < samples->n_units; u++) {
        const struct unit *unit = &samples->units[u];
        if (unit->fold != left_out)
            mass[unit_is_hostile(unit)] += unit->mass;
    }
    if (mass[0] > 0 && mass[1] > 0)
        return ALKFW_OK;
    return alkfw_error_set(error, ALKFW_E_RECORD,
                           "without one fold of sources the corpus has one class only; give "
                           "benign and hostile rows of at least two sources each");
}

/* ---- the best windows of a text -------------------------------------------- */

/* How many of the row's windows score higher, or as high and come first. */
static size_t rank_of(const double *scores, size_t first, size_t end, size_t window) {
    size_t rank = 0;

    for (size_t w = first; w < end; w++)
        rank += scores[w] > scores[window] || (scores[w] == scores[window] && w < window);
    return rank;
}

alkfw_status samples_keep_best(struct samples *samples, const struct samples *from,
                               const struct corpus *corpus, const double *scores, double share,
                               alkfw_error *error) {
    const struct dataset_part *part = from->part;

    memset(samples, 0, sizeof *samples);
    samples->part = part;
    samples->n_folds = from->n_folds;
    samples->n_units = from->n_units;
    alkfw_status status = allocate(samples, corpus, error);
    samples->units = malloc(from->n_units * sizeof *samples->units);
    if (status != ALKFW_OK || samples->units == NULL)
        return status != ALKFW_OK ? status : out_of_memory(error);
    memcpy(samples->units, from->units, from->n_units * sizeof *samples->units);
    memcpy(samples->unit, from->unit, part->n_windows * sizeof *samples->unit);
    memcpy(samples->weight, from->weight, part->n_windows * sizeof *samples->weight);
    memcpy(samples->fold_of_source, from->fold_of_source,
           corpus->sources.n_names * sizeof *samples->fold_of_source);
    for (size_t r = 0; r < corpus->n_rows; r++) {
        size_t first = part->first_window[r];
        size_t end = part->first_window[r + 1];
        size_t n_kept = (size_t)ceil(share * (double)(end - first));
        if (!corpus->rows[r].hostile || corpus->rows[r].has_span)
            continue;
        for (size_t w = first; w < end; w++) {
            samples->weight[w] = 1 / (double)n_kept;
            if (rank_of(scores, first, end, w) >= n_kept)
                samples->unit[w] = CORPUS_NONE;
        }
    }
    weigh_units(samples, corpus);
    return ALKFW_OK;
}
