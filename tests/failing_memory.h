/* SPDX-License-Identifier: Apache-2.0
 *
 * Memory that runs out when a test says so. A Check program that links failing_memory.c has
 * $(failing_memory_ldflags), so that what our own code asks for comes here. What other libraries
 * ask for does not: jansson 2.14 writes beyond its memory when a string cannot grow, which is why
 * the programs end where it gets none (cli/json_memory.h). */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* The n-th allocation from now on fails (from 1), and all that follow when `for_good`. */
void failing_memory_begin(size_t n, bool for_good);

/* Memory is back. Whether an allocation has failed. */
bool failing_memory_end(void);

#endif
