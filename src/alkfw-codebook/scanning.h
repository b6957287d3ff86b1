/* SPDX-License-Identifier: Apache-2.0
 *
 * A corpus through the public interface of the library, so that the figures of eval and report are
 * those of alkfw itself. */
#ifndef ALKFW_CODEBOOK_SCANNING_H
#define ALKFW_CODEBOOK_SCANNING_H

#include "alkfw-codebook/evaluation.h"
#include "alkfw-codebook/options.h"
#include "alkfw.h"

struct scanning {
    struct corpus corpus;
    struct codebook *codebook;
    alkfw_firewall *firewall;
    struct evaluation evaluation;
};

/* Opens the operands CODEBOOK CORPUS... of eval and report. To be closed after an error too. */
ALKFW_MUST_CHECK alkfw_status scanning_open(struct scanning *scanning,
                                            const struct options *options, alkfw_error *error);
void scanning_close(struct scanning *scanning);

/* Fills evaluation->outcomes [corpus->n_rows], which the caller frees after an error too. */
ALKFW_MUST_CHECK alkfw_status scanning_run(struct evaluation *evaluation, alkfw_firewall *firewall,
                                           alkfw_error *error);

#endif
