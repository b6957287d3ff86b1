/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line of alkfw-fetch. */
#ifndef ALKFW_FETCH_OPTIONS_H
#define ALKFW_FETCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw-fetch/failure.h"
#include "alkfw-fetch/http.h"

struct options {
    const char *repository; /* "owner/name" */
    const char *revision;   /* branch, tag or commit */
    char **files;           /* [n_files]; none: what a model needs */
    size_t n_files;
    const char *to_directory; /* NULL: only into the cache */
    uint64_t max_bytes;       /* of everything that is downloaded */
    struct http_limits limits;
    int verbosity;
    bool help;
    bool version;
};

/* Parses argv and validates every name in it. The pointers are argv's. */
ALKFW_MUST_CHECK enum fetch_status options_parse(int argc, char **argv, struct options *options,
                                                 struct failure *failure);

void options_print_help(void);

#endif
