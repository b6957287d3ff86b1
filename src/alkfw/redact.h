/* SPDX-License-Identifier: Apache-2.0
 *
 * Takes the alarmed parts out of a text and puts the text back where it was read. Used by scanner.c
 * for --redact. */
#ifndef ALKFW_REDACT_H
#define ALKFW_REDACT_H

#include <stdbool.h>

#include "alkfw.h"
#include "batch.h"
#include "support/buffer.h"

/* Appends the text with each span of the alarms, joined where they touch, replaced by the marker.
 * A character that a span cuts goes whole. False when memory is out. */
ALKFW_MUST_CHECK bool redact_text(struct buffer *out, alkfw_text text, const alkfw_alarm *alarms,
                                  size_t n_alarms, const char *marker);

/* Appends the row as it was read, with new texts for its records: texts[i] is that of record
 * first + i, bytes NULL: as it was. In JSON every string equal to the old text is replaced, keys
 * left out; all other bytes stay. *found is false when a text is nowhere. False when memory is out.
 */
ALKFW_MUST_CHECK bool redact_row(struct buffer *out, const struct batch *batch,
                                 const struct row *row, size_t first, const alkfw_text *texts,
                                 bool *found);

#endif
