/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGINT, SIGTERM and SIGHUP end the run after the records that are being scored: the handler only
 * sets a flag, and the signal is raised again at the end so that the parent sees what ended us.
 * SIGUSR1 prints progress at once. */
#ifndef ALKFW_SIGNALS_H
#define ALKFW_SIGNALS_H

#include <stdbool.h>

/* Signals that the parent ignores stay ignored. A second signal ends the process at once. */
void signals_install(void);

/* Not 0 once a signal has come: its number. For the readers, which must not wait then. */
const volatile int *signals_stop(void);

/* Raises the signal that came, if one did, with its default action: does not return then. */
void signals_raise_again(void);

#endif
