/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the key `allow`: findings that are accepted, each for a reason and until a date. In
 * text form they are a JSON array of objects whose members are strings, which is YAML too. For the
 * configuration module only. */
#ifndef ALKFW_CONFIG_RULES_H
#define ALKFW_CONFIG_RULES_H

#include <jansson.h>

#include "alkfw.h"

enum { CONFIG_RULES_MAX = 1000 };

/* Checks one rule: a reason, a day on which it ends, and at least one member that says what it is
 * for. ALKFW_E_CONFIG; `where` begins the message. */
ALKFW_MUST_CHECK alkfw_status config_rule_check(const json_t *rule, const char *where,
                                                alkfw_error *error);

/* Checks rules in text form and writes them anew, to be freed by the caller. */
ALKFW_MUST_CHECK alkfw_status config_rules_canonical(const char *text, const char *where,
                                                     char **canonical, alkfw_error *error);

#endif
