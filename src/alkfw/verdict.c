/* SPDX-License-Identifier: Apache-2.0 */
#include "verdict.h"

#include <string.h>

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

uint64_t report_line(const struct report *report) {
    const alkfw_verdict *verdict = report->verdict;
    const char *text = batch_bytes(report->batch, report->record->text);
    uint64_t line = 1;

    if (!report->row->is_file)
        return report->row->line;
    if (verdict == NULL || verdict->n_alarms == 0)
        return line;
    for (size_t i = 0; i < report->record->text.length && i < verdict->alarms[0].start; i++)
        line += text[i] == '\n';
    return line;
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
