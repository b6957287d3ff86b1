/* SPDX-License-Identifier: Apache-2.0
 *
 * What the readers of the parts of a tokenizer.json have in common. For tokenizer_json.c and
 * json_*.c. */
#ifndef ALKFW_TOKENIZER_JSON_READING_H
#define ALKFW_TOKENIZER_JSON_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "alkfw.h"
#include "model/tokenizer/image.h"
#include "model/tokenizer/tokenizer_json.h"

struct reading {
    const char *name; /* of the file */
    const json_t *root;
    struct tokenizer_document *document;
    struct tokenizer_spec *spec; /* of the document */
    json_t *vocabulary;          /* the model's: tokens and their ids */
    alkfw_error *error;
};

#define FAIL_FORMAT(reading, ...) alkfw_error_set((reading)->error, ALKFW_E_FORMAT, __VA_ARGS__)
#define FAIL_MEMORY(reading, what)                                                                 \
    alkfw_error_set((reading)->error, ALKFW_E_MEMORY, "%s: no memory for the %s", (reading)->name, \
                    what)

alkfw_status json_get_boolean(const struct reading *reading, const json_t *object,
                              const char *where, const char *key, bool *value);
/* false where the key is missing or null */
alkfw_status json_get_optional_boolean(const struct reading *reading, const json_t *object,
                                       const char *where, const char *key, bool *value);
alkfw_status json_get_string(const struct reading *reading, const json_t *object, const char *where,
                             const char *key, const char **value, size_t *n_bytes);
/* "" where the key is missing or null */
alkfw_status json_get_optional_string(const struct reading *reading, const json_t *object,
                                      const char *where, const char *key, const char **value,
                                      size_t *n_bytes);

/* Keys have no NUL in them: a string that has one is no key. */
const json_t *json_get_by_string(const json_t *object, const char *key, size_t n_key);

/* Reads an id of `where`. */
alkfw_status json_check_id(const struct reading *reading, const json_t *field, const char *where,
                           int32_t *id);

/* An object of the root with its type; *object is NULL where the file has null or nothing. */
alkfw_status json_get_part(const struct reading *reading, const char *key, const json_t **object,
                           const char **type);
/* The type of an object that may be NULL; `key` names it. */
alkfw_status json_get_type(const struct reading *reading, const json_t *object, const char *key,
                           const char **type);
alkfw_status json_unsupported(const struct reading *reading, const char *part, const char *type,
                              const char *known);

/* ---- the parts ------------------------------------------------------------ */

alkfw_status json_read_normalizer(const struct reading *reading);     /* json_steps.c */
alkfw_status json_read_pre_tokenizer(const struct reading *reading);  /* json_steps.c */
alkfw_status json_read_model(struct reading *reading);                /* json_model.c */
alkfw_status json_read_post_processor(const struct reading *reading); /* json_post_processor.c */

#endif
