/* SPDX-License-Identifier: Apache-2.0
 *
 * From the names in the settings to a firewall: finds model and codebook, fetches what is missing
 * if it may. Called when the first record is there, never before. */
#ifndef ALKFW_LOADER_H
#define ALKFW_LOADER_H

#include "alkfw.h"
#include "settings.h"

ALKFW_MUST_CHECK alkfw_status loader_open(const struct settings *settings,
                                          alkfw_firewall **firewall, alkfw_error *error);

/* --fetch: brings model and codebook into the cache. */
ALKFW_MUST_CHECK alkfw_status loader_fetch(const struct settings *settings, alkfw_error *error);

#endif
