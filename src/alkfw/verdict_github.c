/* SPDX-License-Identifier: Apache-2.0
 *
 * Annotations of a GitHub workflow: a command a line, which the runner finds in the job's output.
 * It undoes %25, %0D, %0A and in properties %3A and %2C (actions/toolkit, command.ts); a line that
 * untrusted bytes could begin would be a command of theirs. */
#include "verdict.h"

#include <string.h>

#include "json_writer.h"
#include "support/number.h"
#include "support/utf8.h"

/* %0A, which the runner undoes in capitals only, or \x0a as everywhere else. */
static bool write_byte(struct buffer *out, bool is_undone, unsigned char byte) {
    const char *digits = is_undone ? "0123456789ABCDEF" : "0123456789abcdef";

    return json_write_raw(out, is_undone ? "%" : "\\x") &&
           buffer_append(out, (char[2]){digits[byte >> 4], digits[byte & 15]}, 2);
}

/* Untrusted bytes as data of a command, or as one of its properties. What the runner does not undo
 * but a reader of the log must not meet becomes \xHH. */
static bool write_escaped(struct buffer *out, const char *text, size_t n_bytes, bool is_property) {
    const char *undone = is_property ? "%\r\n:," : "%\r\n";

    for (size_t at = 0, length; at < n_bytes; at += length) {
        uint32_t code_point;
        length = utf8_decode(text + at, n_bytes - at, &code_point);
        bool is_undone = length == 1 && text[at] != '\0' && strchr(undone, text[at]) != NULL;
        bool is_hidden = code_point == UTF8_REPLACEMENT || utf8_is_unprintable(code_point);
        if (!is_undone && !is_hidden) {
            if (!buffer_append(out, text + at, length))
                return false;
            continue;
        }
        for (size_t i = 0; i < length; i++)
            if (!write_byte(out, is_undone, (unsigned char)text[at + i]))
                return false;
    }
    return true;
}

static bool write_slice(struct buffer *out, const struct batch *batch, struct slice slice,
                        bool is_property) {
    return write_escaped(out, batch_bytes(batch, slice), slice.length, is_property);
}

static bool write_text(struct buffer *out, const char *text) {
    return write_escaped(out, text, strlen(text), false);
}

static bool write_score(struct buffer *out, double score) {
    char text[NUMBER_TEXT_SIZE];

    return buffer_append(out, text, number_format_double(score, 3, text));
}

/* "file=prompts.txt,line=3,col=7,": nothing for standard input, which is no file of the repository.
 */
static bool write_file(struct buffer *out, const struct report *report) {
    const struct row *row = report->row;
    struct position place = report_place(report);

    if (row->source.length == 1 && *batch_bytes(report->batch, row->source) == '-')
        return true;
    return json_write_raw(out, "file=") && write_slice(out, report->batch, row->source, true) &&
           (place.line == 0 ||
            (json_write_raw(out, ",line=") && json_write_unsigned(out, place.line))) &&
           (place.column == 0 ||
            (json_write_raw(out, ",col=") && json_write_unsigned(out, place.column))) &&
           json_write_raw(out, ",");
}

static bool write_title(struct buffer *out, const struct report *report) {
    const alkfw_verdict *verdict = report->verdict;
    alkfw_decision decision = report_decision(report);
    const char *what = decision == ALKFW_ERROR ? "not scanned" : alkfw_decision_name(decision);

    if (decision == ALKFW_ALARM && verdict->n_alarms > 0)
        what = verdict->alarms[0].signal;
    return json_write_raw(out, "title=alkfw%3A ") && write_escaped(out, what, strlen(what), true);
}

static bool write_alarm(struct buffer *out, const alkfw_alarm *alarm) {
    return json_write_raw(out, ", ") && write_text(out, alarm->signal) &&
           json_write_raw(out, " ") && write_score(out, alarm->score) &&
           json_write_raw(out, " (") && write_text(out, alarm->severity) &&
           json_write_raw(out, ") at bytes ") && json_write_unsigned(out, alarm->start) &&
           json_write_raw(out, "-") && json_write_unsigned(out, alarm->end);
}

static bool write_scores(struct buffer *out, const alkfw_verdict *verdict) {
    if (!write_text(out, alkfw_decision_name(verdict->decision)) || !json_write_raw(out, " ") ||
        !write_score(out, verdict->score))
        return false;
    for (size_t i = 0; i < verdict->n_alarms; i++)
        if (!write_alarm(out, &verdict->alarms[i]))
            return false;
    return true;
}

static bool write_error(struct buffer *out, const struct report *report) {
    alkfw_status status;
    const char *message = report_error(report, &status);
    size_t n_message = report->verdict != NULL ? strlen(message) : report->record->message.length;

    return write_text(out, alkfw_status_name(status)) && json_write_raw(out, ": ") &&
           write_escaped(out, message, n_message, false);
}

/* " (record 3, field data.text, id 42)" */
static bool write_record(struct buffer *out, const struct report *report) {
    const struct row *row = report->row;
    const struct batch *batch = report->batch;

    if (row->number == 0)
        return true;
    return json_write_raw(out, " (record ") && json_write_unsigned(out, row->number) &&
           (report->record->field.length == 0 ||
            (json_write_raw(out, ", field ") &&
             write_slice(out, batch, report->record->field, false))) &&
           (row->id.length == 0 ||
            (json_write_raw(out, ", id ") && write_slice(out, batch, row->id, false))) &&
           json_write_raw(out, ")");
}

bool verdict_write_github(struct buffer *out, const struct report *report) {
    alkfw_decision decision = report_decision(report);

    if (decision == ALKFW_PASS)
        return true;
    return json_write_raw(out, decision == ALKFW_REVIEW ? "::warning " : "::error ") &&
           write_file(out, report) && write_title(out, report) && json_write_raw(out, "::") &&
           (decision == ALKFW_ERROR ? write_error(out, report)
                                    : write_scores(out, report->verdict)) &&
           write_record(out, report) && json_write_raw(out, "\n");
}

bool verdict_end_github(struct buffer *out, struct verdict_run *run,
                        const struct verdict_outcome *outcome) {
    (void)run;
    return outcome->failure == NULL ||
           (json_write_raw(out, "::error title=alkfw%3A failed::") &&
            write_text(out, outcome->failure) && json_write_raw(out, "\n"));
}
