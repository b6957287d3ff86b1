/* SPDX-License-Identifier: Apache-2.0
 *
 * Verdicts as text. A format is one function; `report` is all that it sees. */
#ifndef ALKFW_VERDICT_H
#define ALKFW_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "alkfw.h"
#include "batch.h"
#include "support/buffer.h"

struct report {
    const struct batch *batch;
    const struct row *row;
    const struct record *record;
    const alkfw_verdict *verdict; /* NULL: the record could not be read, see its status */
    const char *model;            /* identities; NULL when nothing was loaded */
    const char *codebook;
    bool show_text;
    bool color;
};

/* What the report decides, and why when that is ALKFW_ERROR. */
alkfw_decision report_decision(const struct report *report);
const char *report_error(const struct report *report, alkfw_status *status);

/* The line of the input on which the strongest alarm is, else on which the row begins; 0 when lines
 * mean nothing there. */
uint64_t report_line(const struct report *report);

/* Appends one verdict with its newline; false when memory is out. */
typedef bool verdict_write(struct buffer *out, const struct report *report);

/* One JSON object, schema alkfw/1: etc/alkfw-verdict-1.schema.json. */
ALKFW_MUST_CHECK bool verdict_write_json(struct buffer *out, const struct report *report);

/* One line for people: SOURCE:LINE: alarm 0.984 override (high) bytes 120-188 */
ALKFW_MUST_CHECK bool verdict_write_text(struct buffer *out, const struct report *report);

/* A command for the runner of a GitHub workflow; nothing for what passes, and never the text. */
ALKFW_MUST_CHECK bool verdict_write_github(struct buffer *out, const struct report *report);

#endif
