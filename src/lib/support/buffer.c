/* SPDX-License-Identifier: Apache-2.0 */
#include "support/buffer.h"

#include <stdlib.h>
#include <string.h>

void buffer_init(struct buffer *buffer, size_t ceiling) {
    memset(buffer, 0, sizeof *buffer);
    buffer->ceiling = ceiling;
}

void buffer_free(struct buffer *buffer) {
    free(buffer->bytes);
    buffer_init(buffer, buffer->ceiling);
}

bool buffer_reserve(struct buffer *buffer, size_t n_bytes) {
    if (n_bytes > buffer->ceiling - buffer->length)
        return false;
    size_t needed = buffer->length + n_bytes;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity =
        buffer->capacity > buffer->ceiling / 2 ? buffer->ceiling : buffer->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    if (capacity < 256 && buffer->ceiling >= 256)
        capacity = 256;
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL)
        return false;
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

bool buffer_append(struct buffer *buffer, const void *bytes, size_t n_bytes) {
    if (n_bytes == 0)
        return true;
    if (!buffer_reserve(buffer, n_bytes))
        return false;
    memcpy(buffer->bytes + buffer->length, bytes, n_bytes);
    buffer->length += n_bytes;
    return true;
}
