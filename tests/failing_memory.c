/* SPDX-License-Identifier: Apache-2.0 */
#include "failing_memory.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

/* Allocations until one fails; SIZE_MAX: none will. Worker threads ask too. */
static atomic_size_t left = SIZE_MAX;
static atomic_bool has_failed;
static bool stays_away;

static bool is_to_fail(void) {
    size_t now = atomic_load(&left);

    if (now == SIZE_MAX)
        return false;
    while (now > 0 && !atomic_compare_exchange_weak(&left, &now, now - 1))
        continue;
    bool fails = now == 1 || (now == 0 && stays_away);
    if (fails)
        atomic_store(&has_failed, true);
    return fails;
}

/* What the linker puts in the place of each call, and what it was. */
#define WRAP(type, name, parameters, arguments)                                                    \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters {                                                                \
        return is_to_fail() ? NULL : __real_##name arguments;                                      \
    }

WRAP(void *, malloc, (size_t n_bytes), (n_bytes))
WRAP(void *, calloc, (size_t n, size_t n_bytes), (n, n_bytes))
WRAP(void *, realloc, (void *old, size_t n_bytes), (old, n_bytes))
WRAP(void *, aligned_alloc, (size_t alignment, size_t n_bytes), (alignment, n_bytes))
WRAP(char *, strdup, (const char *text), (text))
WRAP(char *, strndup, (const char *text, size_t n_bytes), (text, n_bytes))

void failing_memory_begin(size_t n, bool for_good) {
    atomic_store(&has_failed, false);
    stays_away = for_good;
    atomic_store(&left, n);
}

bool failing_memory_end(void) {
    atomic_store(&left, SIZE_MAX);
    return atomic_load(&has_failed);
}
