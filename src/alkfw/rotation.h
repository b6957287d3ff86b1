/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of a log: the files that its rotation made, by their names. They lie beside it, or
 * in the folder that `olddir` names as logrotate's directive does: from the log's own folder,
 * unless it begins with a slash. Names and not times say which is older, because clocks are set. */
#ifndef ALKFW_ROTATION_H
#define ALKFW_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"

struct rotated_file {
    char *path; /* its folder as the log's own path and olddir name it */
    uint64_t device;
    uint64_t inode;
    uint64_t size;
    bool is_compressed;
    uint64_t number;   /* of "log.3"; higher is older */
    const char *stamp; /* "20261123" of "log-20261123", in `path`; lower is older. NULL: a number */
};

struct rotation {
    struct rotated_file *files; /* [n_files], oldest first */
    size_t n_files;
    size_t capacity;
};

/* Whether `name` is what a log `base` is renamed to: app.log.1, app.log-20261123.gz, app-1.log.
 * Fills in all of `file` but path and identity; its stamp lies in `name`. */
bool rotation_parse_name(const char *base, const char *name, struct rotated_file *file);

/* Lists the regular files of such names beside a log and in `olddir`, which may be NULL or not
 * there yet. To be freed in any case. */
ALKFW_MUST_CHECK alkfw_status rotation_list(struct rotation *rotation, const char *log,
                                            const char *olddir, alkfw_error *error);
void rotation_free(struct rotation *rotation);

/* The path of the regular file in one of these folders, whatever its name, that is this inode; to
 * be freed. NULL: there is none, or memory is out. */
char *rotation_locate(const char *log, const char *olddir, uint64_t device, uint64_t inode);

#endif
