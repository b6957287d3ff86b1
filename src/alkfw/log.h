/* SPDX-License-Identifier: Apache-2.0
 *
 * A log that is read from where an earlier run left it: an input, and the mark that moves on with
 * it. For filter_logs only. */
#ifndef ALKFW_LOG_H
#define ALKFW_LOG_H

#include <stdbool.h>

#include "alkfw.h"
#include "input.h"
#include "log_mark.h"

struct log {
    struct input input;
    struct log_mark *mark;
    uint64_t start;          /* where in the file the input begins */
    uint64_t offset;         /* behind all records that were given out */
    struct log_print seen;   /* of all that the reader took: it may be in the midst of a record */
    struct log_print given;  /* of what is up to `offset` */
    struct log_print marked; /* of what is up to the mark */
    bool is_cut; /* what was read behind the mark may be of another file: to be opened again */
};

/* Takes the descriptor of a regular file in any case, and reads on at the mark. `name` says what
 * format it is in, `source` is what verdicts call it; both and the mark must outlive the log, which
 * must stay where it is. ALKFW_E_UNSUPPORTED: a format that is not read by lines. */
ALKFW_MUST_CHECK alkfw_status log_open(struct log *log, const struct input_plan *plan,
                                       const char *name, const char *source, int descriptor,
                                       struct log_mark *mark, alkfw_error *error);
void log_close(struct log *log);

/* Whether a last line without its end is left until it has one. */
void log_keep_unfinished(struct log *log, bool keeps);

/* Counts what was read. After each row. */
void log_advance(struct log *log);

/* Moves the mark behind what was read, if the file is still what it was: else, while it was read,
 * it was emptied and has grown again, and where in the reading that was nobody can tell. The mark
 * stays then, and the log is cut. */
bool log_commit(struct log *log);

enum log_change {
    LOG_UNCHANGED, /* or it has grown */
    LOG_MOVED,     /* another file has its path, and there is something in it */
    LOG_CUT        /* what was read is not in it any more: emptied and written anew */
};
/* What happened to the file at `path`, which the log was opened from. Commits. */
enum log_change log_look(struct log *log, const char *path);

/* The absolute path, which names the log in the state; to be freed. NULL with errno set. */
char *log_name(const char *path);

#endif
