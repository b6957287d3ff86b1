/* SPDX-License-Identifier: Apache-2.0
 *
 * A growable array of bytes with a ceiling that it can never pass. */
#ifndef ALKFW_SUPPORT_BUFFER_H
#define ALKFW_SUPPORT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"

struct buffer {
    char *bytes; /* [length] used of [capacity]; NULL when nothing was ever appended */
    size_t length;
    size_t capacity;
    size_t ceiling; /* largest length in bytes */
};

void buffer_init(struct buffer *buffer, size_t ceiling);
void buffer_free(struct buffer *buffer);

/* Appends; false when the ceiling would be passed or memory is out, the buffer unchanged. */
ALKFW_MUST_CHECK bool buffer_append(struct buffer *buffer, const void *bytes, size_t n_bytes);

/* Makes room for n_bytes more without changing length. */
ALKFW_MUST_CHECK bool buffer_reserve(struct buffer *buffer, size_t n_bytes);

#endif
