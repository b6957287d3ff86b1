/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include <string.h>

#include "support/utf8.h"

alkfw_decision report_decision(const struct report *report) {
    return report->verdict != NULL ? report->verdict->decision : ALKFW_ERROR;
}

const char *report_error(const struct report *report, alkfw_status *status) {
    if (report->verdict != NULL) {
        *status = report->verdict->error.status;
        return report->verdict->error.message;
    }
    *status = report->record->status;
    return batch_bytes(report->batch, report->record->message);
}

alkfw_alarm verdict_review(const alkfw_verdict *verdict) {
    alkfw_alarm review = {"score", "review", verdict->score, verdict->p_value, 0, verdict->n_bytes};

    for (size_t i = 0; i < verdict->n_signals; i++) {
        const alkfw_signal *signal = &verdict->signals[i];
        if (i == 0 || signal->score > review.score)
            review = (alkfw_alarm){signal->name,    "review",      signal->score,
                                   signal->p_value, signal->start, signal->end};
    }
    return review;
}

/* A byte-order mark is no column. */
struct position report_position(const struct report *report, size_t at) {
    const struct row *row = report->row;
    const char *text = batch_bytes(report->batch, report->record->text);
    struct position position = {row->line, report->record->column};
    uint32_t code_point;

    if (row->is_file)
        position = (struct position){1, 1};
    for (size_t i = 0; position.column > 0 && i < at;) {
        i += utf8_decode(text + i, at - i, &code_point);
        position.column++;
        if (code_point == '\n')
            position = (struct position){position.line + 1, 1};
    }
    return position;
}

bool report_span(const struct report *report, size_t *start, size_t *end) {
    const alkfw_verdict *verdict = report->verdict;
    alkfw_decision decision = report_decision(report);
    alkfw_alarm alarm = {0};

    if (decision == ALKFW_REVIEW)
        alarm = verdict_review(verdict);
    else if (decision == ALKFW_ALARM && verdict->n_alarms > 0)
        alarm = verdict->alarms[0];
    *start = alarm.start;
    *end = alarm.end;
    return alarm.start < alarm.end && alarm.end <= report->record->text.length;
}

struct position report_place(const struct report *report) {
    size_t start, end;

    if (report_span(report, &start, &end))
        return report_position(report, start);
    return (struct position){report->row->is_file ? 1 : report->row->line, 0};
}

const struct verdict_format *verdict_format(const char *name) {
    static const struct verdict_format formats[] = {
        {"json", verdict_write_json, NULL},
        {"text", verdict_write_text, NULL},
        {"github", verdict_write_github, verdict_end_github},
        {"sarif", verdict_write_sarif, verdict_end_sarif},
    };

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return &formats[0]; /* the schema lets nothing else through */
}

void verdict_run_init(struct verdict_run *run) {
    memset(run, 0, sizeof *run);
    buffer_init(&run->errors, SIZE_MAX / 4);
}

void verdict_run_free(struct verdict_run *run) {
    buffer_free(&run->errors);
}
