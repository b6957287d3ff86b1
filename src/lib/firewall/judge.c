/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "firewall/firewall.h"

/* By what share of benign texts score as high: one in a thousand is high (the quiet operating
 * point), one in ten thousand critical. `low` is a signal below its own operating point, named
 * because the composition alarmed and nothing was stronger. */
static const char *severity_of(double score, double p_value) {
    if (p_value <= 1e-4)
        return "critical";
    if (p_value <= 1e-3)
        return "high";
    return score >= 0.5 ? "medium" : "low";
}

double weigh_evidence(double evidence, double reliability) {
    return evidence > 0 ? evidence * reliability : evidence;
}

static void fill_signal(const alkfw_firewall *firewall, size_t index,
                        const struct window_result *results, size_t n_windows,
                        alkfw_signal *signal) {
    struct codebook_statistic statistic = {.signal = index};
    size_t best = 0;

    for (size_t i = 1; i < n_windows; i++)
        if (results[i].score->raw[index] > results[best].score->raw[index])
            best = i;
    signal->name = firewall->info->signals[index];
    signal->raw = results[best].score->raw[index];
    double evidence = weigh_evidence(codebook_evidence(firewall->codebook, index, signal->raw),
                                     results[best].score->reliability);
    signal->p_value =
        codebook_text_p_value(firewall->codebook, statistic, codebook_p_value(evidence), n_windows);
    signal->score = codebook_score(firewall->codebook, statistic, signal->p_value);
    struct byte_span span = span_bytes(&results[best], index);
    signal->start = span.start;
    signal->end = span.end;
}

static void fill_composed(const alkfw_firewall *firewall, const struct judge_settings *settings,
                          const struct window_result *results, size_t n_windows,
                          alkfw_verdict *verdict) {
    struct codebook_statistic statistic = {.composed = true, .composition = settings->composition};
    double strongest = results[0].score->composed;

    for (size_t i = 1; i < n_windows; i++)
        if (results[i].score->composed > strongest)
            strongest = results[i].score->composed;
    verdict->p_value = codebook_text_p_value(firewall->codebook, statistic,
                                             codebook_p_value(strongest), n_windows);
    verdict->score = codebook_score(firewall->codebook, statistic, verdict->p_value);
    verdict->threshold = settings->threshold;
    if (verdict->score >= settings->threshold)
        verdict->decision = ALKFW_ALARM;
    else if (verdict->score >= settings->review)
        verdict->decision = ALKFW_REVIEW;
    else
        verdict->decision = ALKFW_PASS;
}

static int by_score(const void *left, const void *right) {
    const alkfw_alarm *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return (a->p_value > b->p_value) - (a->p_value < b->p_value);
}

/* The signals at or over the threshold, or the strongest one when only the sum of them was. */
static void fill_alarms(alkfw_verdict *verdict, alkfw_alarm *alarms) {
    size_t strongest = 0, n_alarms = 0;

    for (size_t i = 1; i < verdict->n_signals; i++)
        if (verdict->signals[i].score > verdict->signals[strongest].score)
            strongest = i;
    for (size_t i = 0; i < verdict->n_signals; i++) {
        const alkfw_signal *signal = &verdict->signals[i];
        if (signal->score < verdict->threshold && i != strongest)
            continue;
        alarms[n_alarms++] = (alkfw_alarm){.signal = signal->name,
                                           .severity = severity_of(signal->score, signal->p_value),
                                           .score = signal->score,
                                           .p_value = signal->p_value,
                                           .start = signal->start,
                                           .end = signal->end};
    }
    qsort(alarms, n_alarms, sizeof *alarms, by_score);
    verdict->alarms = alarms;
    verdict->n_alarms = n_alarms;
}

alkfw_status judge_text(const alkfw_firewall *firewall, const struct judge_settings *settings,
                        const struct window_result *results, size_t n_windows,
                        alkfw_verdict *verdict, alkfw_error *error) {
    size_t n_signals = firewall->info->n_signals;

    alkfw_signal *signals = calloc(n_signals, sizeof *signals);
    if (signals == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for a verdict");
    for (size_t i = 0; i < n_signals; i++)
        if (settings->enabled[i])
            fill_signal(firewall, i, results, n_windows, &signals[verdict->n_signals++]);
    verdict->signals = signals;
    verdict->n_windows = n_windows;
    fill_composed(firewall, settings, results, n_windows, verdict);
    if (verdict->decision == ALKFW_ALARM) {
        alkfw_alarm *alarms = calloc(n_signals, sizeof *alarms);
        if (alarms == NULL)
            return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for alarms");
        fill_alarms(verdict, alarms);
    }
    return ALKFW_OK;
}
