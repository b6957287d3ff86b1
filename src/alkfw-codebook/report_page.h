/* SPDX-License-Identifier: Apache-2.0
 *
 * An evaluation as one HTML page that needs nothing else: no script, no font, no picture from
 * elsewhere. Whatever comes from the corpus or the codebook is escaped. */
#ifndef ALKFW_CODEBOOK_REPORT_PAGE_H
#define ALKFW_CODEBOOK_REPORT_PAGE_H

#include <stdio.h>

#include "alkfw-codebook/evaluation.h"

/* Failed writes show in ferror(out). show_text: the worst errors with their text. */
ALKFW_MUST_CHECK alkfw_status report_page_write(FILE *out, const struct evaluation *evaluation,
                                                bool show_text, alkfw_error *error);

#endif
