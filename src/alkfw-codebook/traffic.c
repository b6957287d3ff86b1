/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/traffic.h"

#include <stdlib.h>

#include "alkfw/input.h"

enum { MAX_BYTES = 1 << 20 };

static alkfw_status reserve(struct traffic *traffic, size_t n, alkfw_error *error) {
    if (traffic->n_texts + n <= traffic->capacity)
        return ALKFW_OK;
    size_t capacity = 2 * traffic->capacity + n + BATCH_RECORDS;
    double *grown =
        reallocarray(traffic->p_values, capacity, TRAFFIC_STATISTICS * sizeof *traffic->p_values);
    if (grown == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu texts", capacity);
    traffic->p_values = grown;
    traffic->capacity = capacity;
    return ALKFW_OK;
}

static void keep(struct traffic *traffic, const alkfw_verdict *verdict) {
    double *p_values = traffic->p_values + traffic->n_texts * TRAFFIC_STATISTICS;

    if (verdict->decision == ALKFW_ERROR) {
        traffic->n_errors++;
        return;
    }
    for (size_t s = 0; s < traffic->n_signals; s++)
        p_values[s] = verdict->signals[s].p_value;
    p_values[traffic->n_signals] = verdict->p_value;
    traffic->n_texts++;
}

/* Scores the texts of a batch, at most BATCH_RECORDS at once, and clears it. */
static alkfw_status score_batch(struct traffic *traffic, alkfw_firewall *firewall,
                                struct batch *batch, alkfw_error *error) {
    alkfw_text texts[BATCH_RECORDS];
    alkfw_verdict *verdicts;
    alkfw_status status = reserve(traffic, batch->n_records, error);

    for (size_t at = 0; status == ALKFW_OK && at < batch->n_records;) {
        size_t n = 0;
        for (; at < batch->n_records && n < BATCH_RECORDS; at++) {
            const struct record *record = &batch->records[at];
            if (record->status == ALKFW_OK)
                texts[n++] = (alkfw_text){batch_bytes(batch, record->text), record->text.length};
            else
                traffic->n_errors++;
        }
        if (n == 0)
            continue;
        status = alkfw_scan(firewall, texts, n, &verdicts, error);
        for (size_t i = 0; status == ALKFW_OK && i < n; i++)
            keep(traffic, &verdicts[i]);
        if (status == ALKFW_OK)
            alkfw_verdicts_free(verdicts, n);
    }
    batch_clear(batch);
    return status;
}

static alkfw_status scan_input(struct traffic *traffic, alkfw_firewall *firewall,
                               struct input *input, void (*show)(size_t n_texts),
                               alkfw_error *error) {
    struct batch batch;
    alkfw_status status = ALKFW_OK;
    enum input_result result = INPUT_ROW;

    batch_init(&batch);
    while (status == ALKFW_OK && result != INPUT_END) {
        result = input_next(input, &batch);
        if (result == INPUT_FAILED)
            status = alkfw_error_set(error, input->error.status, "%s:%llu: %s", traffic->path,
                                     (unsigned long long)input->error_line, input->error.message);
        else if (batch_is_full(&batch) || result == INPUT_END)
            status = score_batch(traffic, firewall, &batch, error);
        show(traffic->n_texts);
    }
    batch_free(&batch);
    return status;
}

alkfw_status traffic_scan(struct traffic *traffic, alkfw_firewall *firewall,
                          void (*show)(size_t n_texts), alkfw_error *error) {
    static const volatile int never = 0;
    const struct input_plan plan = {.format = "auto", .max_bytes = MAX_BYTES, .stop = &never};
    struct input input;
    alkfw_error why;

    if (input_open(&input, &plan, traffic->path, &why) != ALKFW_OK)
        return alkfw_error_set(error, why.status, "%s: %s", traffic->path, why.message);
    alkfw_status status = scan_input(traffic, firewall, &input, show, error);
    input_close(&input);
    return status;
}

void traffic_free(struct traffic *traffic) {
    free(traffic->p_values);
}
