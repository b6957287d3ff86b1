/* SPDX-License-Identifier: Apache-2.0
 *
 * Where output goes: a descriptor, what waits to be written, and whether writing has failed. */
#ifndef ALKFW_SINK_H
#define ALKFW_SINK_H

#include <stdbool.h>

#include "support/buffer.h"

struct sink {
    int descriptor;
    const char *name;      /* for messages: "standard output", or a file's name; kept */
    struct buffer pending; /* appended to by the writers of verdicts */
    bool is_terminal;
    bool has_failed; /* told already; nothing more is written */
};

void sink_init(struct sink *sink, int descriptor, const char *name);

/* Whether the sink is the regular file that is open as `descriptor`: reading what is being written
 * would never end. */
bool sink_is_file(const struct sink *sink, int descriptor);

/* Creates a file, or empties or goes on with one that is there. `path` is kept. */
ALKFW_MUST_CHECK alkfw_status sink_open(struct sink *sink, const char *path, bool appends,
                                        alkfw_error *error);

/* Writes all that is pending. False, after a message the first time, when it cannot. */
ALKFW_MUST_CHECK bool sink_flush(struct sink *sink);

/* Waits until what was written to a file is on the disk. False as above. */
ALKFW_MUST_CHECK bool sink_sync(struct sink *sink);

/* A file that was opened is closed, which can fail too: full disks of network file systems are told
 * there. Nothing is pending then or writing has failed. */
ALKFW_MUST_CHECK bool sink_close(struct sink *sink);

#endif
