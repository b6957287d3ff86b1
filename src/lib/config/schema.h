/* SPDX-License-Identifier: Apache-2.0
 *
 * The one table of settings: name, type, range, default and meaning. It validates values from
 * YAML, from options and from the environment alike. For the configuration module only. */
#ifndef ALKFW_CONFIG_SCHEMA_H
#define ALKFW_CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"

enum config_type {
    CONFIG_TEXT,    /* anything but nothing */
    CONFIG_LIST,    /* words, "a,b" in text form */
    CONFIG_CHOICE,  /* one of `choices` */
    CONFIG_CHOICES, /* several of `choices`, or "none" */
    CONFIG_NUMBER,  /* in [minimum, maximum] */
    CONFIG_INTEGER, /* in [minimum, maximum] */
    CONFIG_SIZE,    /* bytes, in [minimum, maximum]; K, M and G are understood */
    CONFIG_BOOLEAN,
    CONFIG_RULES /* a JSON array in text form, see rules.h */
};

struct config_key {
    const char *name;
    enum config_type type;
    const char *default_value; /* in canonical text form; NULL: unset */
    double minimum;
    double maximum;
    const char *choices; /* "a,b,c" */
    const char *help;
};

enum { CONFIG_KEY_COUNT = 27 };
extern const struct config_key config_keys[CONFIG_KEY_COUNT];

/* The index of a key in config_keys, or -1. */
int config_key_find(const char *name);

/* The known key that is nearest to a misspelt one (edit distance at most a third of its
 * length), or NULL. */
const char *config_key_nearest(const char *name);

/* What a value of the key must be: "a number from 0 to 1", "one of json, text". Cut when it does
 * not fit. */
void config_key_allowed(const struct config_key *key, char *out, size_t out_size);

/* Checks a value and gives its canonical text form ("1M" becomes "1048576"), to be freed by the
 * caller. ALKFW_E_CONFIG: wrong type or range; `where` begins the message. */
ALKFW_MUST_CHECK alkfw_status config_key_canonical(const struct config_key *key, const char *value,
                                                   const char *where, char **canonical,
                                                   alkfw_error *error);

#endif
