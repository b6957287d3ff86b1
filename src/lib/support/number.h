/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers from text and to text, the same in every locale. */
#ifndef ALKFW_SUPPORT_NUMBER_H
#define ALKFW_SUPPORT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"

/* The whole of `text` as a finite decimal number ("0.5", "-1e3"); false for anything else. */
ALKFW_MUST_CHECK bool number_parse_double(const char *text, double *value);

/* The whole of `text` as decimal digits; false for anything else, overflow included. */
ALKFW_MUST_CHECK bool number_parse_unsigned(const char *text, uint64_t *value);

/* As above with an optional suffix: K, M, G or T (powers of 1024), each also as "KiB". */
ALKFW_MUST_CHECK bool number_parse_size(const char *text, uint64_t *value);

/* Long enough for what the two functions below write, the NUL included. */
enum { NUMBER_TEXT_SIZE = 32 };

size_t number_format_unsigned(uint64_t value, char out[NUMBER_TEXT_SIZE]);

/* A JSON number with `digits` (1 to 15) significant digits and no trailing zeros: "0.984", "1",
 * "2.5e-07". `value` must be finite. Returns the length. */
size_t number_format_double(double value, int digits, char out[NUMBER_TEXT_SIZE]);

#endif
