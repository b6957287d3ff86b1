/* SPDX-License-Identifier: Apache-2.0
 *
 * What alkfw-codebook asks of an open firewall beyond alkfw.h: how it cuts text into tokens, to
 * count in them. */
#ifndef ALKFW_FIREWALL_TOKENS_H
#define ALKFW_FIREWALL_TOKENS_H

#include "alkfw.h"
#include "model/tokenizer/tokenizer.h"

/* The model's; lives as long as the firewall, and may be used by several threads. */
const struct tokenizer *firewall_tokenizer(const alkfw_firewall *firewall);

#endif
