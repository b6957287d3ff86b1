/* SPDX-License-Identifier: Apache-2.0
 *
 * The files of a repository at a commit, as the Hub's model-info API lists them. */
#ifndef ALKFW_FETCH_LISTING_H
#define ALKFW_FETCH_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw-fetch/failure.h"

struct listing {
    char commit[41];
    char **files; /* [n_files] names that hub_is_file_name passes */
    size_t n_files;
};

/* Parses the API's answer. Names that could leave the snapshot are left out. `what` is told in the
 * message of FETCH_NOT_THE_HUB. */
ALKFW_MUST_CHECK enum fetch_status listing_parse(const char *text, size_t n_bytes, const char *what,
                                                 struct listing *listing, struct failure *failure);
bool listing_has(const struct listing *listing, const char *file);
void listing_free(struct listing *listing);

#endif
