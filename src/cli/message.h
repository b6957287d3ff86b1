/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages of the programs on standard error: "alkfw: mail.txt: cannot open: ...".
 * Untrusted text in them is escaped here and nowhere else. */
#ifndef ALKFW_MESSAGE_H
#define ALKFW_MESSAGE_H

#include "alkfw.h"

/* Sets the name that begins every message ("alkfw", "alkfw-fetch"): the program's own, not argv[0].
 * The pointer is kept. */
void message_program(const char *name);

void message_error(const char *format, ...) ALKFW_PRINTF(1, 2);
/* As an error; for what is none. */
void message_hint(const char *format, ...) ALKFW_PRINTF(1, 2);
void message_warning(const char *format, ...) ALKFW_PRINTF(1, 2);
/* Only with --verbose (message_verbosity >= 1). */
void message_info(const char *format, ...) ALKFW_PRINTF(1, 2);
void message_verbosity(int level);

#endif
