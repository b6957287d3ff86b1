/* SPDX-License-Identifier: Apache-2.0
 *
 * From one JSON value to the records in it. Shared by the jsonl and json readers. */
#ifndef ALKFW_JSON_ROW_H
#define ALKFW_JSON_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "batch.h"
#include "field_path.h"

struct json_plan {
    const struct field_path *field; /* NULL: the first present of the default paths */
    const struct field_path *id;    /* NULL: none */
    const char *roles;              /* "user,tool": the messages that are read; NULL: all */
};

/* The default paths, in order. */
enum { JSON_DEFAULT_PATHS = 5 };
extern const char *const json_default_paths[JSON_DEFAULT_PATHS];

/* Adds the records of a JSON value to the batch's last row: texts, or an error record for what is
 * broken, absent or not text. Duplicate keys are an error, since the reader downstream may take
 * the other one. False when memory is out. */
ALKFW_MUST_CHECK bool json_row_add(struct batch *batch, const struct json_plan *plan,
                                   const char *json, size_t n_bytes);

#endif
