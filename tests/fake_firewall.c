/* SPDX-License-Identifier: Apache-2.0
 *
 * A firewall that needs no model: what the filter does around the scoring is tested with it, in
 * tests/alkfw-fake. A text with "ATTACK" in it alarms there, "DOUBTFUL" is for review, "UNSCORABLE"
 * is an error. With FAKE_FIREWALL_TRACE set it tells on standard error what it is asked for; with
 * FAKE_FIREWALL_DELAY_MS it takes as long as a model might. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "alkfw.h"

struct alkfw_firewall {
    bool traces;
    long delay_ms;
};

enum { N_SIGNALS = 2 };

struct fake_verdict {
    alkfw_signal signals[N_SIGNALS];
    alkfw_alarm alarm;
};

const char *alkfw_decision_name(alkfw_decision decision) {
    static const char *const names[] = {"pass", "review", "alarm", "error"};
    return names[decision];
}

alkfw_status alkfw_open(const alkfw_config *config, alkfw_firewall **firewall, alkfw_error *error) {
    const char *precision = alkfw_config_get(config, "precision");

    if (precision != NULL && strcmp(precision, "int8") == 0)
        return alkfw_error_set(error, ALKFW_E_MISSING, "the fake firewall has no int8");
    *firewall = calloc(1, sizeof **firewall);
    if (*firewall == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    (*firewall)->traces = getenv("FAKE_FIREWALL_TRACE") != NULL;
    const char *delay = getenv("FAKE_FIREWALL_DELAY_MS");
    (*firewall)->delay_ms = delay != NULL ? strtol(delay, NULL, 10) : 0;
    if ((*firewall)->traces)
        (void)fprintf(stderr, "fake: open\n");
    return ALKFW_OK;
}

void alkfw_close(alkfw_firewall *firewall) {
    free(firewall);
}

static void judge(const alkfw_text *text, alkfw_verdict *verdict) {
    static const char *const words[] = {NULL, "DOUBTFUL", "ATTACK", "UNSCORABLE"};
    static const double scores[] = {0.0125, 0.4, 0.984, 0};
    struct fake_verdict *fake = calloc(1, sizeof *fake);
    const char *found = NULL;

    if (fake == NULL)
        abort();
    verdict->signals = fake->signals;
    for (int i = ALKFW_ERROR; i > ALKFW_PASS && found == NULL; i--) {
        found = text->n_bytes == 0 ? NULL
                                   : memmem(text->bytes, text->n_bytes, words[i], strlen(words[i]));
        if (found != NULL)
            verdict->decision = (alkfw_decision)i;
    }
    verdict->n_bytes = text->n_bytes;
    if (verdict->decision == ALKFW_ERROR) {
        (void)alkfw_error_set(&verdict->error, ALKFW_E_LIMIT, "the fake cannot score this");
        return;
    }
    verdict->score = scores[verdict->decision];
    verdict->p_value = 1.0 - verdict->score;
    verdict->threshold = 0.5;
    verdict->n_windows = 1;
    verdict->n_signals = N_SIGNALS;
    fake->signals[0] = (alkfw_signal){"override", 0, 1, verdict->score, 0, text->n_bytes};
    fake->signals[1] = (alkfw_signal){"novelty", 0, 1, 0.25, 0, text->n_bytes};
    if (verdict->decision != ALKFW_ALARM)
        return;
    size_t start = (size_t)(found - text->bytes);
    fake->alarm = (alkfw_alarm){"override", "high", 0.984, 0.0002, start, start + 6};
    verdict->alarms = &fake->alarm;
    verdict->n_alarms = 1;
}

alkfw_status alkfw_scan(alkfw_firewall *firewall, const alkfw_text *texts, size_t n_texts,
                        alkfw_verdict **verdicts, alkfw_error *error) {
    *verdicts = calloc(n_texts, sizeof **verdicts);
    if (*verdicts == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    if (firewall->traces)
        (void)fprintf(stderr, "fake: scan %zu\n", n_texts);
    const struct timespec delay = {firewall->delay_ms / 1000, firewall->delay_ms % 1000 * 1000000};
    (void)nanosleep(&delay, NULL);
    for (size_t i = 0; i < n_texts; i++)
        judge(&texts[i], &(*verdicts)[i]);
    return ALKFW_OK;
}

void alkfw_verdicts_free(alkfw_verdict *verdicts, size_t n_verdicts) {
    for (size_t i = 0; i < n_verdicts; i++)
        free((void *)(uintptr_t)verdicts[i].signals);
    free(verdicts);
}

const char *alkfw_model_id(const alkfw_firewall *firewall) {
    (void)firewall;
    return "fake/model@0";
}

const char *alkfw_codebook_id(const alkfw_firewall *firewall) {
    (void)firewall;
    return "fake@0";
}
