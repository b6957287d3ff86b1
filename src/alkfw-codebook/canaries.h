/* SPDX-License-Identifier: Apache-2.0
 *
 * The two texts that prove at every start that model and codebook give what they gave when the
 * codebook was built. */
#ifndef ALKFW_CODEBOOK_CANARIES_H
#define ALKFW_CODEBOOK_CANARIES_H

#include "alkfw-codebook/corpus.h"
#include "codebook/codebook.h"

/* The first is benign, the second hostile. */
enum { N_CANARIES = 2 };

/* As rows whose texts are static. */
void canaries_rows(struct row rows[N_CANARIES]);

/* Stores them with their scores. Refused when the hostile one does not stand out from the benign
 * one, for then the scores prove nothing. A codebook that puts one on the wrong side of its
 * balanced operating point is only warned of: a corpus may be of quite other attacks. */
ALKFW_MUST_CHECK alkfw_status canaries_store(struct codebook_info *info,
                                             const double scores[N_CANARIES], alkfw_error *error);

#endif
