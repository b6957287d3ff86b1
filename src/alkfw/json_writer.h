/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON text into a buffer. Everything is valid UTF-8 and safe on a terminal, whatever the bytes. */
#ifndef ALKFW_JSON_WRITER_H
#define ALKFW_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "support/buffer.h"

/* Each returns false when memory is out. */

ALKFW_MUST_CHECK bool json_write_raw(struct buffer *out, const char *text);

/* A string with its quotes. Ill-formed UTF-8 is written as U+FFFD, for each maximal subpart;
 * control, bidirectional and tag characters are escaped. */
ALKFW_MUST_CHECK bool json_write_string(struct buffer *out, const char *text, size_t n_bytes);

ALKFW_MUST_CHECK bool json_write_unsigned(struct buffer *out, uint64_t value);

/* A score or a probability; 0 for what is not finite, which JSON cannot say. */
ALKFW_MUST_CHECK bool json_write_double(struct buffer *out, double value);

#endif
