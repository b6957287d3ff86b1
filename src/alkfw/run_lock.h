/* SPDX-License-Identifier: Apache-2.0
 *
 * A file that one run at a time holds. The kernel lets go of it when the process ends, however it
 * ends; the file itself stays, because removing it could take it from under a run that waits. */
#ifndef ALKFW_RUN_LOCK_H
#define ALKFW_RUN_LOCK_H

#include "alkfw.h"

/* Creates the file if need be and locks it. *descriptor stays open for as long as the lock is to be
 * held. ALKFW_E_LIMIT: another run holds it. */
ALKFW_MUST_CHECK alkfw_status run_lock_take(const char *path, int *descriptor, alkfw_error *error);

#endif
