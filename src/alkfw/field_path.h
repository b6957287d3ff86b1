/* SPDX-License-Identifier: Apache-2.0
 *
 * Paths to the text in a JSON record: prompt, data.text, messages[].content, turns[0].user. */
#ifndef ALKFW_FIELD_PATH_H
#define ALKFW_FIELD_PATH_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"

enum { FIELD_MAX_STEPS = 16, FIELD_NAME_SIZE = 512 };

struct field_step {
    enum field_step_kind { FIELD_KEY, FIELD_EACH, FIELD_INDEX } kind;
    const char *key; /* FIELD_KEY */
    size_t index;    /* FIELD_INDEX */
};

struct field_path {
    char *text;  /* as it was given */
    char *names; /* storage of the keys, NUL after each */
    struct field_step steps[FIELD_MAX_STEPS];
    size_t n_steps;
};

/* Parses a path: names divided by '.', each followed by any number of [] (every element) or [N];
 * a backslash takes the next character as it is. ALKFW_E_CONFIG: malformed; `origin` begins
 * the message. */
ALKFW_MUST_CHECK alkfw_status field_path_parse(const char *text, const char *origin,
                                               struct field_path *path, alkfw_error *error);
void field_path_free(struct field_path *path);

/* Called for each value that a path leads to; `name` says where it is ("messages[2].content").
 * Returns false to stop. */
typedef bool field_visit(void *context, const char *name, json_t *value);

/* Whether an element of a list is gone into. */
typedef bool field_filter(void *context, const json_t *element);

/* Visits every value that is there and not null; `wants` is NULL when every element is gone into.
 * Returns false when a visit did. */
bool field_path_walk(const struct field_path *path, json_t *root, field_filter *wants,
                     field_visit *visit, void *context);

#endif
