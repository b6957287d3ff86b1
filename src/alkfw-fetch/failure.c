/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static enum fetch_status fill(struct failure *failure, enum fetch_status status, bool transient,
                              const char *format, va_list arguments) {
    failure->status = status;
    failure->transient = transient;
    failure->wait_s = 0;
    if (vsnprintf(failure->message, sizeof failure->message, format, arguments) < 0)
        memcpy(failure->message, "message lost", sizeof "message lost");
    return status;
}

enum fetch_status fail_for_good(struct failure *failure, enum fetch_status status,
                                const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    (void)fill(failure, status, false, format, arguments);
    va_end(arguments);
    return status;
}

enum fetch_status fail_for_now(struct failure *failure, enum fetch_status status,
                               const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    (void)fill(failure, status, true, format, arguments);
    va_end(arguments);
    return status;
}

enum fetch_status fail_errno(struct failure *failure, const char *what, const char *path) {
    int number = errno;

    if (number == ENOSPC || number == EDQUOT || number == EFBIG)
        return fail_for_good(
            failure, FETCH_DISK_FULL,
            "%s %s: %s; make room or set HF_HUB_CACHE to a larger disk, what has arrived "
            "is kept",
            what, path, strerror(number));
    return fail_for_good(failure, number == ENOMEM ? FETCH_MEMORY : FETCH_CACHE, "%s %s: %s", what,
                         path, strerror(number));
}

enum fetch_status fail_memory(struct failure *failure) {
    return fail_for_good(failure, FETCH_MEMORY, "out of memory");
}
