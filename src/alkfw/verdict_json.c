/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include <string.h>

#include "json_writer.h"

/* Names in the schema are words, so a member's name needs no escaping. */
static bool begin_member(struct buffer *out, const char *name) {
    return json_write_raw(out, ",\"") && json_write_raw(out, name) && json_write_raw(out, "\":");
}

static bool write_string(struct buffer *out, const char *name, const char *text) {
    return begin_member(out, name) && json_write_string(out, text, strlen(text));
}

static bool write_slice(struct buffer *out, const char *name, const struct batch *batch,
                        struct slice slice) {
    return begin_member(out, name) &&
           json_write_string(out, batch_bytes(batch, slice), slice.length);
}

static bool write_unsigned(struct buffer *out, const char *name, uint64_t value) {
    return begin_member(out, name) && json_write_unsigned(out, value);
}

static bool write_double(struct buffer *out, const char *name, double value) {
    return begin_member(out, name) && json_write_double(out, value);
}

static bool write_place(struct buffer *out, const struct report *report) {
    const struct row *row = report->row;
    const struct batch *batch = report->batch;

    return write_slice(out, "source", batch, row->source) &&
           (row->number == 0 || write_unsigned(out, "record", row->number)) &&
           (row->line == 0 || write_unsigned(out, "line", row->line)) &&
           (row->id.length == 0 ||
            (begin_member(out, "id") &&
             buffer_append(out, batch_bytes(batch, row->id), row->id.length))) &&
           (report->record->field.length == 0 ||
            write_slice(out, "field", batch, report->record->field));
}

static bool write_signals(struct buffer *out, const alkfw_verdict *verdict) {
    if (!begin_member(out, "signals") || !json_write_raw(out, "{"))
        return false;
    for (size_t i = 0; i < verdict->n_signals; i++) {
        const alkfw_signal *signal = &verdict->signals[i];
        if ((i > 0 && !json_write_raw(out, ",")) ||
            !json_write_string(out, signal->name, strlen(signal->name)) ||
            !json_write_raw(out, ":") || !json_write_double(out, signal->score))
            return false;
    }
    return json_write_raw(out, "}");
}

static bool write_alarm_members(struct buffer *out, const alkfw_alarm *alarm) {
    return json_write_raw(out, "\"signal\":") &&
           json_write_string(out, alarm->signal, strlen(alarm->signal)) &&
           write_string(out, "severity", alarm->severity) &&
           write_double(out, "score", alarm->score) && write_double(out, "p", alarm->p_value) &&
           begin_member(out, "span") && json_write_raw(out, "[") &&
           json_write_unsigned(out, alarm->start) && json_write_raw(out, ",") &&
           json_write_unsigned(out, alarm->end) && json_write_raw(out, "]");
}

static bool write_alarm(struct buffer *out, const alkfw_alarm *alarm) {
    return json_write_raw(out, "{") && write_alarm_members(out, alarm) && json_write_raw(out, "}");
}

static bool write_alarms(struct buffer *out, const alkfw_verdict *verdict) {
    if (!begin_member(out, "alarms") || !json_write_raw(out, "["))
        return false;
    for (size_t i = 0; i < verdict->n_alarms; i++)
        if ((i > 0 && !json_write_raw(out, ",")) || !write_alarm(out, &verdict->alarms[i]))
            return false;
    return json_write_raw(out, "]");
}

static bool write_one_allowed(struct buffer *out, const struct allowed *allowed) {
    return json_write_raw(out, "{") && write_alarm_members(out, &allowed->alarm) &&
           write_string(out, "fingerprint", allowed->fingerprint) &&
           write_string(out, "by", allowed->reason != NULL ? "rule" : "baseline") &&
           (allowed->reason == NULL || (write_string(out, "reason", allowed->reason) &&
                                        write_string(out, "expires", allowed->expires))) &&
           json_write_raw(out, "}");
}

static bool write_allowed(struct buffer *out, const struct report *report) {
    if (report->n_allowed == 0)
        return true;
    if (!begin_member(out, "allowed") || !json_write_raw(out, "["))
        return false;
    for (size_t i = 0; i < report->n_allowed; i++)
        if ((i > 0 && !json_write_raw(out, ",")) || !write_one_allowed(out, &report->allowed[i]))
            return false;
    return json_write_raw(out, "]");
}

static bool write_error(struct buffer *out, const struct report *report) {
    alkfw_status status;
    const char *message = report_error(report, &status);
    const char *code = alkfw_status_name(status);
    size_t n_message = report->verdict != NULL ? strlen(message) : report->record->message.length;

    return begin_member(out, "error") && json_write_raw(out, "{\"code\":") &&
           json_write_string(out, code, strlen(code)) && begin_member(out, "message") &&
           json_write_string(out, message, n_message) && json_write_raw(out, "}");
}

static bool write_scores(struct buffer *out, const alkfw_verdict *verdict) {
    return write_double(out, "score", verdict->score) &&
           write_double(out, "threshold", verdict->threshold) && write_signals(out, verdict) &&
           write_alarms(out, verdict);
}

bool verdict_write_json(struct buffer *out, const struct report *report) {
    alkfw_decision decision = report_decision(report);
    const alkfw_verdict *verdict = report->verdict;
    bool has_text = report->record->status == ALKFW_OK;

    return json_write_raw(out, "{\"schema\":\"alkfw/1\"") && write_place(out, report) &&
           write_string(out, "verdict", alkfw_decision_name(decision)) &&
           (decision == ALKFW_ERROR ? write_error(out, report) : write_scores(out, verdict)) &&
           write_allowed(out, report) &&
           (!has_text || write_unsigned(out, "bytes", report->record->text.length)) &&
           (decision == ALKFW_ERROR || write_unsigned(out, "windows", verdict->n_windows)) &&
           (report->model == NULL || write_string(out, "model", report->model)) &&
           (report->codebook == NULL || write_string(out, "codebook", report->codebook)) &&
           (!report->show_text || !has_text ||
            write_slice(out, "text", report->batch, report->record->text)) &&
           json_write_raw(out, "}\n");
}
