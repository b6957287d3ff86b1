/* SPDX-License-Identifier: Apache-2.0
 *
 * Text to token ids with byte offsets, as the `tokenizer.json` of a Hugging Face repository says.
 * Ids and offsets are those of Hugging Face `tokenizers`. A tokenizer is one position-independent
 * block of memory (the image), so that it can be kept in a file and mapped at the next start. */
#ifndef ALKFW_TOKENIZER_H
#define ALKFW_TOKENIZER_H

#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"

struct tokenizer;

/* Tokens of one text. Grown by tokenizer_encode and reused over calls: no allocation per token. */
struct token_list {
    int32_t *ids;     /* [n_tokens], each in [0, vocabulary size) */
    uint32_t *starts; /* [n_tokens] first byte of the text that the token stands for */
    uint32_t *ends;   /* [n_tokens] one past its last byte; start <= end <= n_bytes */
    size_t n_tokens;
    size_t capacity;
};

/* Parses a tokenizer.json of n_bytes. ALKFW_E_FORMAT: not JSON, or inconsistent;
 * ALKFW_E_UNSUPPORTED: a model, normalizer, pre-tokenizer or post-processor that this version does
 * not know, named in the message with the ones that it knows. `name` is the file's name for
 * messages. The tokenizer is immutable and may be used by many threads. */
ALKFW_MUST_CHECK alkfw_status tokenizer_parse(const char *json, size_t n_bytes, const char *name,
                                              struct tokenizer **result, alkfw_error *error);

/* The same for a model with rows for the ids below n_rows. An added token without one is left out
 * and is text like any other, as "<image_soft_token>" of Gemma 3 in its models that see no images:
 * in an attack it must not make a window that cannot be scored. */
ALKFW_MUST_CHECK alkfw_status tokenizer_parse_for(const char *json, size_t n_bytes,
                                                  const char *name, size_t n_rows,
                                                  struct tokenizer **result, alkfw_error *error);

/* The image of a tokenizer, for the packed file: 64-byte aligned, owned by the tokenizer. */
const void *tokenizer_image(const struct tokenizer *tokenizer, size_t *n_bytes);

/* A tokenizer over an image that lies in memory that outlives it (an mmapped file). Every offset
 * in it is checked: a damaged image is ALKFW_E_FORMAT, never a wild read. */
ALKFW_MUST_CHECK alkfw_status tokenizer_from_image(const void *image, size_t n_bytes,
                                                   struct tokenizer **result, alkfw_error *error);
void tokenizer_free(struct tokenizer *tokenizer);

/* Encodes text (any bytes, at most 2^31 - 1 of them; ill-formed UTF-8 is read as U+FFFD for each
 * maximal subpart) without special tokens and without truncation; `tokens` is overwritten. */
ALKFW_MUST_CHECK alkfw_status tokenizer_encode(const struct tokenizer *tokenizer, const char *text,
                                               size_t n_bytes, struct token_list *tokens,
                                               alkfw_error *error);
void token_list_free(struct token_list *tokens);

/* What the post-processor's template for a single sequence puts before and after the content
 * ([CLS] and [SEP] for BERT). Up to TOKENIZER_MAX_SPECIAL on either side. */
enum { TOKENIZER_MAX_SPECIAL = 8 };
struct tokenizer_template {
    int32_t prefix[TOKENIZER_MAX_SPECIAL];
    size_t n_prefix;
    int32_t suffix[TOKENIZER_MAX_SPECIAL];
    size_t n_suffix;
};

const struct tokenizer_template *tokenizer_get_template(const struct tokenizer *tokenizer);
size_t tokenizer_vocabulary_size(const struct tokenizer *tokenizer); /* largest id + 1 */

#endif
