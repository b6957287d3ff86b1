/* SPDX-License-Identifier: Apache-2.0
 *
 * One line on standard error that says how far a command is, on a terminal only. */
#ifndef ALKFW_CODEBOOK_PROGRESS_LINE_H
#define ALKFW_CODEBOOK_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>

void progress_line_enable(bool wanted);

/* "WHAT 45 %, 1:20 left". total 0: just WHAT. Redrawn at most ten times a second. */
void progress_line_show(const char *what, size_t done, size_t total);

/* Clears the line. */
void progress_line_end(void);

#endif
