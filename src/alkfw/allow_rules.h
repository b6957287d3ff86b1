/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the configuration's key `allow`: findings that are accepted for a reason and until a
 * day. For allowance.c. */
#ifndef ALKFW_ALLOW_RULES_H
#define ALKFW_ALLOW_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"

struct allow_rules;

struct allow_rule {
    const char *reason;
    const char *expires; /* the last day on which the rule holds, YYYY-MM-DD in UTC */
};

/* What a rule can ask for. */
struct finding {
    const char *source; /* name of the input */
    const char *id;     /* [n_id], as JSON; n_id 0: none */
    size_t n_id;
    const char *signal;
    const char *fingerprint;
    const char *text; /* [n_text] */
    size_t n_text;
};

/* `text` is the key's value, or NULL: *rules is NULL then. */
ALKFW_MUST_CHECK alkfw_status allow_rules_parse(const char *text, struct allow_rules **rules,
                                                alkfw_error *error);
void allow_rules_free(struct allow_rules *rules);

/* The first rule that holds on the day `today`, in days since 1970-01-01, and all of whose members
 * fit the finding; or NULL. */
const struct allow_rule *allow_rules_find(const struct allow_rules *rules,
                                          const struct finding *finding, int64_t today);

/* Says of each rule once that it has expired. */
void allow_rules_tell_expired(struct allow_rules *rules, int64_t today);

#endif
