/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json_memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/message.h"

static int exit_status;

static void *allocate(size_t n_bytes) {
    void *memory = malloc(n_bytes);

    if (memory == NULL) {
        message_error("out of memory for JSON");
        _exit(exit_status); /* no handler runs, and no half of an output is flushed */
    }
    return memory;
}

void json_memory_or_exit(int status) {
    exit_status = status;
    json_set_alloc_funcs(allocate, free);
}
