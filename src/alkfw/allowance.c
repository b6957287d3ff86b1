/* SPDX-License-Identifier: Apache-2.0 */
#include "allowance.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "allow_rules.h"
#include "baseline.h"
#include "cli/message.h"

struct allowance {
    const struct settings *settings;
    struct allow_rules *rules;  /* NULL: none are configured */
    struct baseline *accepted;  /* of --baseline, or NULL */
    struct baseline *collected; /* for --write-baseline, or NULL */
    uint64_t n_by_rule;         /* findings */
    uint64_t n_in_baseline;
    /* What the last report refers to. */
    alkfw_verdict verdict;
    alkfw_alarm *alarms;     /* [capacity] */
    struct allowed *allowed; /* [capacity] */
    size_t capacity;
    struct buffer source;
};

static int64_t today(void) {
    return (int64_t)time(NULL) / (24 * 60 * 60);
}

/* A run with --state reads a part: what it does not meet is not stale, and stays. */
static alkfw_status keep_collected(struct allowance *allowance, alkfw_error *error) {
    const struct options *options = &allowance->settings->options;

    if (options->state == NULL)
        return ALKFW_OK;
    alkfw_status status = baseline_read(allowance->collected, options->write_baseline, error);
    if (status == ALKFW_E_MISSING)
        status = ALKFW_OK;
    if (status == ALKFW_OK && options->baseline != NULL)
        status = baseline_read(allowance->collected, options->baseline, error);
    return status;
}

static alkfw_status open_baselines(struct allowance *allowance, alkfw_error *error) {
    const struct options *options = &allowance->settings->options;
    alkfw_status status = ALKFW_OK;

    if (options->baseline != NULL) {
        status = baseline_new(&allowance->accepted, error);
        if (status == ALKFW_OK)
            status = baseline_read(allowance->accepted, options->baseline, error);
    }
    if (status == ALKFW_OK && options->write_baseline != NULL)
        status = baseline_new(&allowance->collected, error);
    if (status == ALKFW_OK && options->write_baseline != NULL)
        status = keep_collected(allowance, error);
    return status;
}

alkfw_status allowance_open(struct allowance **allowance, const struct settings *settings,
                            alkfw_error *error) {
    const char *rules = alkfw_config_get(settings->config, "allow");
    struct allowance *made;

    *allowance = NULL;
    if (rules == NULL && settings->options.baseline == NULL &&
        settings->options.write_baseline == NULL)
        return ALKFW_OK;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    made->settings = settings;
    buffer_init(&made->source, SIZE_MAX / 4);
    *allowance = made; /* closed by the caller in any case */
    alkfw_status status = allow_rules_parse(rules, &made->rules, error);
    if (status == ALKFW_OK)
        status = open_baselines(made, error);
    if (status == ALKFW_OK)
        allow_rules_tell_expired(made->rules, today());
    return status;
}

void allowance_close(struct allowance *allowance) {
    if (allowance == NULL)
        return;
    allow_rules_free(allowance->rules);
    baseline_free(allowance->accepted);
    baseline_free(allowance->collected);
    free(allowance->alarms);
    free(allowance->allowed);
    buffer_free(&allowance->source);
    free(allowance);
}

static bool make_room(struct allowance *allowance, size_t n_findings) {
    if (n_findings <= allowance->capacity)
        return true;
    alkfw_alarm *alarms = reallocarray(allowance->alarms, n_findings, sizeof *alarms);
    if (alarms != NULL)
        allowance->alarms = alarms;
    struct allowed *allowed = reallocarray(allowance->allowed, n_findings, sizeof *allowed);
    if (allowed != NULL)
        allowance->allowed = allowed;
    if (alarms == NULL || allowed == NULL)
        return false;
    allowance->capacity = n_findings;
    return true;
}

/* The name of the input as a string, which the batch does not end. */
static const char *keep_source(struct allowance *allowance, const struct report *report) {
    struct slice source = report->row->source;

    allowance->source.length = 0;
    if (!buffer_append(&allowance->source, batch_bytes(report->batch, source), source.length) ||
        !buffer_append(&allowance->source, "", 1))
        return NULL;
    return allowance->source.bytes;
}

/* One alarm, or what stands for a review: it goes to the allowed or stays. */
static bool settle(struct allowance *allowance, struct report *report, const alkfw_alarm *alarm) {
    const struct batch *batch = report->batch;
    struct slice text = report->record->text, id = report->row->id;
    struct allowed allowed = {.alarm = *alarm,
                              .is_review = report->verdict->decision == ALKFW_REVIEW};

    fingerprint(alarm->signal, batch_bytes(batch, text), text.length, allowed.fingerprint);
    const struct finding finding = {
        .source = allowance->source.bytes,
        .id = batch_bytes(batch, id),
        .n_id = id.length,
        .signal = alarm->signal,
        .fingerprint = allowed.fingerprint,
        .text = batch_bytes(batch, text),
        .n_text = text.length,
    };
    const struct allow_rule *rule = allow_rules_find(allowance->rules, &finding, today());
    allowed.in_baseline =
        allowance->accepted != NULL && baseline_has(allowance->accepted, allowed.fingerprint);
    allowance->n_by_rule += rule != NULL;
    allowance->n_in_baseline += allowed.in_baseline;
    /* What a rule allows is not accepted for ever: the rule ends. */
    if (rule == NULL && allowance->collected != NULL &&
        !baseline_add(allowance->collected, allowed.fingerprint, alarm->signal, finding.source))
        return false;
    if (rule != NULL) {
        allowed.reason = rule->reason;
        allowed.expires = rule->expires;
    }
    if (rule != NULL || allowed.in_baseline)
        allowance->allowed[report->n_allowed++] = allowed;
    else
        allowance->alarms[allowance->verdict.n_alarms++] = *alarm;
    return true;
}

bool allowance_apply(struct allowance *allowance, struct report *report) {
    const alkfw_verdict *verdict = report->verdict;

    report->allowed = NULL;
    report->n_allowed = 0;
    if (allowance == NULL)
        return true;
    report->has_allowance = allowance->rules != NULL || allowance->accepted != NULL;
    report->has_baseline = allowance->accepted != NULL;
    if (verdict == NULL || verdict->decision == ALKFW_PASS || verdict->decision == ALKFW_ERROR)
        return true;
    bool is_review = verdict->n_alarms == 0;
    if (!make_room(allowance, is_review ? 1 : verdict->n_alarms) ||
        keep_source(allowance, report) == NULL)
        return false;
    allow_rules_tell_expired(allowance->rules, today());
    report->allowed = allowance->allowed;
    allowance->verdict = *verdict;
    allowance->verdict.alarms = allowance->alarms;
    allowance->verdict.n_alarms = 0;
    for (size_t i = 0; i < verdict->n_alarms; i++)
        if (!settle(allowance, report, &verdict->alarms[i]))
            return false;
    if (is_review) {
        alkfw_alarm review = verdict_review(verdict);
        if (!settle(allowance, report, &review))
            return false;
    }
    if (report->n_allowed == 0)
        return true;
    if (is_review || allowance->verdict.n_alarms == 0)
        allowance->verdict.decision = ALKFW_PASS;
    report->verdict = &allowance->verdict;
    return true;
}

static void tell_totals(const struct allowance *allowance) {
    if (allowance->rules != NULL)
        (void)fprintf(stderr, "alkfw: %llu findings allowed by rules\n",
                      (unsigned long long)allowance->n_by_rule);
    if (allowance->accepted == NULL)
        return;
    size_t n_found = baseline_count_found(allowance->accepted);
    (void)fprintf(stderr,
                  "alkfw: %llu findings in the baseline; of its %zu entries %zu are stale\n",
                  (unsigned long long)allowance->n_in_baseline, baseline_count(allowance->accepted),
                  baseline_count(allowance->accepted) - n_found);
}

bool allowance_finish(struct allowance *allowance, bool is_whole) {
    alkfw_error error;

    if (allowance == NULL)
        return true;
    if (allowance->settings->summary)
        tell_totals(allowance);
    if (allowance->collected == NULL)
        return true;
    const char *path = allowance->settings->options.write_baseline;
    if (!is_whole) {
        message_error("%s: the baseline is not written, because not everything was scanned", path);
        return false;
    }
    if (baseline_write(allowance->collected, path, &error) == ALKFW_OK)
        return true;
    message_error("%s", error.message);
    return false;
}
