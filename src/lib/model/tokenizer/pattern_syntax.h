/* SPDX-License-Identifier: Apache-2.0
 *
 * Regular expressions of Oniguruma (Ruby's syntax), which `tokenizers` uses, as ones of PCRE2. For
 * pattern.c. */
#ifndef ALKFW_TOKENIZER_PATTERN_SYNTAX_H
#define ALKFW_TOKENIZER_PATTERN_SYNTAX_H

#include <stddef.h>

#include "support/buffer.h"

/* Appends the translation. NULL, or what in the pattern is not supported ("" when memory is out).
 */
const char *pattern_translate(const char *pattern, size_t n_bytes, struct buffer *translation);

#endif
