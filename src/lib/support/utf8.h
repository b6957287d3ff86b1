/* SPDX-License-Identifier: Apache-2.0
 *
 * UTF-8 from hostile sources: decoding that never fails, and escaping for people's eyes. */
#ifndef ALKFW_SUPPORT_UTF8_H
#define ALKFW_SUPPORT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Decodes the character at text[0..n_bytes), n_bytes > 0, and returns how many bytes it takes
 * (1 to 4). Ill-formed input gives UTF8_REPLACEMENT for each maximal subpart (Unicode 15,
 * section 3.9, table 3-8), as Python's errors="replace" and the Rust standard library do. */
size_t utf8_decode(const char *text, size_t n_bytes, uint32_t *code_point);

/* Length of a byte-order mark at the start of the text: 3 or 0. */
size_t utf8_bom(const char *text, size_t n_bytes);

/* How many characters utf8_decode finds. */
size_t utf8_count(const char *text, size_t n_bytes);

/* Control characters (C0, DEL, C1), line and paragraph separators, zero-width and bidirectional
 * controls, tag characters: what a terminal obeys or a reader does not see. */
bool utf8_is_unprintable(uint32_t code_point);

/* Copies text to out[0..out_size) (out_size > 0) with a terminating NUL. Unprintable characters and
 * ill-formed bytes become \xHH; cut at a character boundary, with "..." at the end, when it does
 * not fit. Returns the length written. */
size_t utf8_escape(const char *text, size_t n_bytes, char *out, size_t out_size);

#endif
