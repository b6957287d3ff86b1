/* SPDX-License-Identifier: Apache-2.0
 *
 * A firewall over the codebook at hand, for eval and verify. */
#ifndef ALKFW_CODEBOOK_FIREWALL_CHOICE_H
#define ALKFW_CODEBOOK_FIREWALL_CHOICE_H

#include "alkfw-codebook/options.h"
#include "alkfw.h"

/* Opens model and codebook, and so proves the canaries. */
ALKFW_MUST_CHECK alkfw_status firewall_choice_open(const struct options *options,
                                                   const char *codebook_path,
                                                   alkfw_firewall **firewall, alkfw_error *error);

#endif
