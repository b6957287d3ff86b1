/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts of one block of memory, each on a cache line. Used by forward.c and attention.c. */
#ifndef ALKFW_LAYOUT_H
#define ALKFW_LAYOUT_H

#include <stddef.h>

enum { LAYOUT_ALIGNMENT = 64 };

static inline size_t round_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

/* The next n_bytes at *offset. With memory == NULL only counts. The ceilings of model_config.h keep
 * the sum below 2^45. */
static inline void *layout_take(unsigned char *memory, size_t *offset, size_t n_bytes) {
    void *part = memory != NULL ? memory + *offset : NULL;

    *offset += round_up(n_bytes, LAYOUT_ALIGNMENT);
    return part;
}

#endif
