/* SPDX-License-Identifier: Apache-2.0
 *
 * What the canaries and the codebook's digest have shown once need not be shown at every start: a
 * note in the cache says that this build, with these kernels, has proved this very codebook on
 * these very weights. Used by firewall.c.
 *
 * A note is no more than a memory of work done. Whoever can write it can write the packed weights
 * beside it too, so it adds nothing to what the cache is trusted with. */
#ifndef ALKFW_PROOF_H
#define ALKFW_PROOF_H

#include <stdbool.h>

#include "codebook/codebook.h"
#include "model/model.h"

enum { PROOF_TEXT_SIZE = 1024 };

struct proof {
    const char *directory;      /* the caller's */
    char *path;                 /* NULL: nothing can be remembered */
    char text[PROOF_TEXT_SIZE]; /* what was proved, and the whole of the note */
};

/* cache_directory may be NULL, and must outlive the proof. Never fails: without memory, or with
 * parts that cannot be told from others (not from a file), nothing holds and nothing is kept. */
void proof_init(struct proof *proof, const char *cache_directory, const struct codebook *codebook,
                const struct model *model);
void proof_free(struct proof *proof);

bool proof_holds(const struct proof *proof);

/* Writes the note, atomically. A cache that cannot be written only costs the next start time. */
void proof_keep(const struct proof *proof);

#endif
