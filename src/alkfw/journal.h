/* SPDX-License-Identifier: Apache-2.0
 *
 * The state of a run: loaded and locked at its start, written from time to time and at its end. It
 * must be written only when the verdicts of all that it says was read are written: then a run that
 * is killed has some records scanned again by the next, and none is left out. */
#ifndef ALKFW_JOURNAL_H
#define ALKFW_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "alkfw.h"
#include "state.h"

struct journal {
    struct state state;
    const char *path; /* NULL: remembered for this run only */
    int state_lock;   /* descriptors, or -1 */
    int run_lock;
    bool is_dirty;  /* set when the state changes */
    int64_t due_ms; /* monotonic: when it is to be written next */
};

/* Takes the locks, PATH.lock and `lock`, and loads the state; either path may be NULL. Close in any
 * case. */
ALKFW_MUST_CHECK alkfw_status journal_open(struct journal *journal, const char *path,
                                           const char *lock, alkfw_error *error);
/* Whether there is something to write, and it is time to. */
bool journal_is_due(const struct journal *journal);
/* Milliseconds until then; -1: nothing is to be written. */
int journal_wait_ms(const struct journal *journal);
ALKFW_MUST_CHECK alkfw_status journal_save(struct journal *journal, alkfw_error *error);
/* Does not write. */
void journal_close(struct journal *journal);

#endif
