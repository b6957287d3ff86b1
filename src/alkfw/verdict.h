/* SPDX-License-Identifier: Apache-2.0
 *
 * Verdicts as text. A format is a function that writes one verdict, and for a format that makes one
 * document of a run a function that ends it; `report` is all that they see. */
#ifndef ALKFW_VERDICT_H
#define ALKFW_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "alkfw.h"
#include "batch.h"
#include "fingerprint.h"
#include "support/buffer.h"

/* What a document of the run remembers from one verdict to the next. */
struct verdict_run {
    bool has_begun; /* its head is written */
    uint64_t n_results;
    uint64_t n_errors;
    struct buffer errors; /* they come behind the results */
};

void verdict_run_init(struct verdict_run *run);
void verdict_run_free(struct verdict_run *run);

/* What would alarm, or be for review, and is accepted. */
struct allowed {
    alkfw_alarm alarm;
    bool is_review;
    char fingerprint[FINGERPRINT_SIZE];
    bool in_baseline;
    const char *reason;  /* of the rule that allows it; NULL: the baseline does */
    const char *expires; /* of that rule, YYYY-MM-DD */
};

struct report {
    const struct batch *batch;
    const struct row *row;
    const struct record *record;
    const alkfw_verdict *verdict; /* NULL: the record could not be read, see its status */
    const char *model;            /* identities; NULL when nothing was loaded */
    const char *codebook;
    struct verdict_run *run;
    const struct allowed *allowed; /* [n_allowed], no longer among the verdict's alarms */
    size_t n_allowed;
    bool has_allowance; /* there are rules or a baseline */
    bool has_baseline;
    bool show_text;
    bool color;
};

/* How a run came out. */
struct verdict_outcome {
    bool succeeded;
    int exit_status;
    int stop;            /* the signal that ended the run, or 0 */
    const char *failure; /* the error that ended it, or NULL */
};

/* What the report decides, and why when that is ALKFW_ERROR. */
alkfw_decision report_decision(const struct report *report);
const char *report_error(const struct report *report, alkfw_status *status);

/* What stands for a verdict of ALKFW_REVIEW, which has no alarms: its strongest signal, with the
 * severity "review". */
alkfw_alarm verdict_review(const alkfw_verdict *verdict);

/* A place in the input, from 1. line 0: lines mean nothing there. column, in characters, 0: the
 * text is not written there as it is scored (a JSON string, a CSV field), and only the line is
 * known. */
struct position {
    uint64_t line;
    uint64_t column;
};

/* Where the byte `at` of the text is. */
struct position report_position(const struct report *report, size_t at);

/* The bytes of the text that the verdict rests on: its strongest alarm's, or the strongest signal's
 * of what is for review. False: there are none. */
bool report_span(const struct report *report, size_t *start, size_t *end);

/* Where that span begins; without one the line on which the row begins. */
struct position report_place(const struct report *report);

/* Appends one verdict with its newline; false when memory is out, and then `out` may hold a part
 * of it. */
typedef bool verdict_write(struct buffer *out, const struct report *report);
typedef bool verdict_end(struct buffer *out, struct verdict_run *run,
                         const struct verdict_outcome *outcome);

struct verdict_format {
    const char *name;
    verdict_write *write;
    verdict_end *end; /* NULL: nothing comes behind the verdicts */
};

/* The format that --output names. */
const struct verdict_format *verdict_format(const char *name);

/* One JSON object, schema alkfw/1: etc/alkfw-verdict-1.schema.json. */
ALKFW_MUST_CHECK bool verdict_write_json(struct buffer *out, const struct report *report);

/* One line for people, with a masked excerpt:
 * SOURCE:LINE:COLUMN: alarm 0.984, override 0.984 (high) at bytes 4-10: "xxx [xxxxxx] xxx." */
ALKFW_MUST_CHECK bool verdict_write_text(struct buffer *out, const struct report *report);

/* A command for the runner of a GitHub workflow; nothing for what passes, and never the text. At
 * the end one for what ended the run before it was done. */
ALKFW_MUST_CHECK bool verdict_write_github(struct buffer *out, const struct report *report);
ALKFW_MUST_CHECK bool verdict_end_github(struct buffer *out, struct verdict_run *run,
                                         const struct verdict_outcome *outcome);

/* A document of SARIF 2.1.0: a result for each alarm and review, and in its tail the errors. */
ALKFW_MUST_CHECK bool verdict_write_sarif(struct buffer *out, const struct report *report);
ALKFW_MUST_CHECK bool verdict_end_sarif(struct buffer *out, struct verdict_run *run,
                                        const struct verdict_outcome *outcome);

#endif
