/* SPDX-License-Identifier: Apache-2.0
 *
 * The file of --state: how far logs were read. doc/formats.md describes it. There is no time in it,
 * so a clock that is set changes nothing. */
#ifndef ALKFW_STATE_H
#define ALKFW_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "log_mark.h"

struct state {
    struct log_mark **marks; /* [n_marks]; each stays where it is until it is removed */
    size_t n_marks;
    size_t capacity;
};

/* Reads a file; one that is not there is an empty state. ALKFW_E_FORMAT: it is damaged or no state;
 * ALKFW_E_UNSUPPORTED: of another version. A state is never begun anew in silence. `state` is to
 * be freed in any case. */
ALKFW_MUST_CHECK alkfw_status state_load(struct state *state, const char *path, alkfw_error *error);
/* The same of bytes; `path` is for messages. */
ALKFW_MUST_CHECK alkfw_status state_parse(struct state *state, const char *bytes, size_t n_bytes,
                                          const char *path, alkfw_error *error);

/* Replaces the file at once or not at all. The caller holds a lock that other writers respect. */
ALKFW_MUST_CHECK alkfw_status state_save(const struct state *state, const char *path,
                                         alkfw_error *error);
void state_free(struct state *state);

/* NULL: none. */
struct log_mark *state_find(const struct state *state, uint64_t device, uint64_t inode);

/* A mark at the beginning of a file; NULL when memory is out. */
struct log_mark *state_add(struct state *state, const char *name, uint64_t device, uint64_t inode);
/* Gives a mark another file. A mark that had that file has none then: its inode is used again. */
void state_move(const struct state *state, struct log_mark *mark, uint64_t device, uint64_t inode);
void state_remove(struct state *state, struct log_mark *mark);

#endif
