/* SPDX-License-Identifier: Apache-2.0
 *
 * Scores batches and writes what comes of it: verdicts, messages, and with --pass the rows that
 * are clean. */
#ifndef ALKFW_SCANNER_H
#define ALKFW_SCANNER_H

#include <stdbool.h>
#include <stddef.h>

#include "allowance.h"
#include "batch.h"
#include "settings.h"
#include "sink.h"
#include "tally.h"

struct scanner {
    const struct settings *settings;
    struct tally *tally;
    alkfw_firewall *firewall; /* NULL until a text is there to score */
    struct allowance *allowance;
    struct verdict_run run;
    bool is_open;        /* the run has begun: its document is to be ended */
    alkfw_error failure; /* what ended the run, if its status is not ALKFW_OK */
    struct sink verdicts;
    struct sink passed;       /* of --pass */
    bool wrote_element;       /* of the JSON array that is copied out */
    size_t n_messages;        /* of records; the flood is cut */
    unsigned char *decisions; /* [decisions_capacity], of the batch's records */
    alkfw_text *redacted;     /* [decisions_capacity]; bytes NULL: not redacted; owned */
    size_t decisions_capacity;
};

/* ALKFW_E_IO: the file of --verdicts cannot be created. Close in any case. */
ALKFW_MUST_CHECK alkfw_status scanner_open(struct scanner *scanner, const struct settings *settings,
                                           struct tally *tally, alkfw_error *error);

/* Scores what is in the batch, writes, and clears it. False when the run cannot go on (no model, a
 * failed write): told already and counted. */
ALKFW_MUST_CHECK bool scanner_run(struct scanner *scanner, struct batch *batch);

/* Waits until what was written outlives a crash of the machine. False as above. */
ALKFW_MUST_CHECK bool scanner_sync(struct scanner *scanner);

/* Settles the last writes; a failure is told and counted. */
void scanner_close(struct scanner *scanner);

#endif
