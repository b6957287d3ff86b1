/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads a tokenizer.json into a tokenizer_spec. For tokenizer.c. */
#ifndef ALKFW_TOKENIZER_JSON_H
#define ALKFW_TOKENIZER_JSON_H

#include <stddef.h>

#include "alkfw.h"
#include "model/tokenizer/image.h"

enum { TOKENIZER_MAX_OWNED = 16 };

struct tokenizer_document {
    void *root;                       /* json_t, which owns the strings of the spec */
    void *vocabulary;                 /* json_t, when the root has it in another form */
    void *owned[TOKENIZER_MAX_OWNED]; /* further memory that the spec points to */
    struct tokenizer_spec spec;
};

/* Errors as tokenizer_parse. tokenizer_json_free is called whatever it returned. */
ALKFW_MUST_CHECK alkfw_status tokenizer_json_read(const char *json, size_t n_bytes,
                                                  const char *name,
                                                  struct tokenizer_document *document,
                                                  alkfw_error *error);
void tokenizer_json_free(struct tokenizer_document *document);

#endif
