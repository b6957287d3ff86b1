/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include <string.h>

#include "excerpt.h"
#include "json_writer.h"
#include "support/number.h"
#include "support/utf8.h"

/* Untrusted bytes for people's eyes. */
static bool write_escaped(struct buffer *out, const char *bytes, size_t n_bytes) {
    size_t room = 4 * n_bytes + 1; /* every byte may become \xHH */

    if (!buffer_reserve(out, room))
        return false;
    out->length += utf8_escape(bytes, n_bytes, out->bytes + out->length, room);
    return true;
}

static bool write_place(struct buffer *out, const struct report *report) {
    const struct row *row = report->row;
    const char *source = batch_bytes(report->batch, row->source);
    bool is_standard_input = row->source.length == 1 && source[0] == '-';
    struct position place = report_place(report);

    if (place.line == 0)
        place.line = row->number;
    if (!(is_standard_input ? json_write_raw(out, "(standard input)")
                            : write_escaped(out, source, row->source.length)) ||
        !json_write_raw(out, ":"))
        return false;
    if (place.line > 0 && (!json_write_unsigned(out, place.line) || !json_write_raw(out, ":")))
        return false;
    if (place.column > 0 && (!json_write_unsigned(out, place.column) || !json_write_raw(out, ":")))
        return false;
    if (report->record->field.length > 0 &&
        (!json_write_raw(out, " ") ||
         !write_escaped(out, batch_bytes(report->batch, report->record->field),
                        report->record->field.length)))
        return false;
    return json_write_raw(out, " ");
}

static const char *const colors[] = {
    [ALKFW_PASS] = "\033[32m",
    [ALKFW_REVIEW] = "\033[33m",
    [ALKFW_ALARM] = "\033[1;31m",
    [ALKFW_ERROR] = "\033[35m",
};

static bool write_decision(struct buffer *out, const struct report *report) {
    alkfw_decision decision = report_decision(report);

    return (!report->color || json_write_raw(out, colors[decision])) &&
           json_write_raw(out, alkfw_decision_name(decision)) &&
           (!report->color || json_write_raw(out, "\033[0m"));
}

static bool write_score(struct buffer *out, double score) {
    char text[NUMBER_TEXT_SIZE];

    return json_write_raw(out, " ") &&
           buffer_append(out, text, number_format_double(score, 3, text));
}

static bool write_alarm(struct buffer *out, const alkfw_alarm *alarm) {
    return json_write_raw(out, ", ") && write_escaped(out, alarm->signal, strlen(alarm->signal)) &&
           write_score(out, alarm->score) && json_write_raw(out, " (") &&
           json_write_raw(out, alarm->severity) && json_write_raw(out, ") at bytes ") &&
           json_write_unsigned(out, alarm->start) && json_write_raw(out, "-") &&
           json_write_unsigned(out, alarm->end);
}

static bool write_allowed(struct buffer *out, const struct allowed *allowed) {
    const char *why = allowed->reason != NULL ? allowed->reason : "in the baseline";

    return json_write_raw(out, ", allowed ") &&
           write_escaped(out, allowed->alarm.signal, strlen(allowed->alarm.signal)) &&
           write_score(out, allowed->alarm.score) && json_write_raw(out, " (") &&
           write_escaped(out, why, strlen(why)) && json_write_raw(out, ")");
}

static bool write_excerpt(struct buffer *out, const struct report *report) {
    struct slice text = report->record->text;
    struct excerpt excerpt = {
        .text = {batch_bytes(report->batch, text), text.length},
        .is_shown = report->show_text,
        .color = report->color ? colors[report_decision(report)] : "",
    };

    if (!report_span(report, &excerpt.start, &excerpt.end)) {
        if (!report->show_text)
            return true;
        excerpt.start = excerpt.end = 0;
    }
    return json_write_raw(out, ": ") && excerpt_write(out, &excerpt);
}

static bool write_error(struct buffer *out, const struct report *report) {
    alkfw_status status;
    const char *message = report_error(report, &status);
    size_t n_message = report->verdict != NULL ? strlen(message) : report->record->message.length;

    return json_write_raw(out, " ") && json_write_raw(out, alkfw_status_name(status)) &&
           json_write_raw(out, ": ") && buffer_append(out, message, n_message);
}

bool verdict_write_text(struct buffer *out, const struct report *report) {
    const alkfw_verdict *verdict = report->verdict;

    if (!write_place(out, report) || !write_decision(out, report))
        return false;
    if (report_decision(report) == ALKFW_ERROR)
        return write_error(out, report) && json_write_raw(out, "\n");
    if (!write_score(out, verdict->score))
        return false;
    for (size_t i = 0; i < verdict->n_alarms; i++)
        if (!write_alarm(out, &verdict->alarms[i]))
            return false;
    for (size_t i = 0; i < report->n_allowed; i++)
        if (!write_allowed(out, &report->allowed[i]))
            return false;
    if (!write_excerpt(out, report))
        return false;
    return json_write_raw(out, "\n");
}
