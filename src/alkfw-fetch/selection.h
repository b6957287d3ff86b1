/* SPDX-License-Identifier: Apache-2.0
 *
 * Which files a model needs: its configuration, its tokenizer, its safetensors weights; no more,
 * and never pickle. */
#ifndef ALKFW_FETCH_SELECTION_H
#define ALKFW_FETCH_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw-fetch/repository.h"

struct selection {
    char **files; /* [n_files] */
    size_t n_files;
    bool is_sharded;       /* the index is among the files, what it names is not */
    const char *absent[4]; /* [n_absent] files that could be used and that the repository lacks */
    size_t n_absent;
};

/* From the files of a repository. FETCH_NO_MODEL: what is lacking cannot be done without. */
ALKFW_MUST_CHECK enum fetch_status selection_of_model(const struct listing *listing,
                                                      const char *repository_id,
                                                      struct selection *selection,
                                                      struct failure *failure);

/* From the files that are in a complete snapshot, with those that an index names. */
ALKFW_MUST_CHECK enum fetch_status
selection_of_directory(const char *directory, struct selection *selection, struct failure *failure);

void selection_free(struct selection *selection);

#endif
