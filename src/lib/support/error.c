/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/utf8.h"

const char *alkfw_status_name(alkfw_status status) {
    static const char *const names[] = {
        [ALKFW_OK] = "ok",
        [ALKFW_E_MEMORY] = "memory",
        [ALKFW_E_ARGUMENT] = "argument",
        [ALKFW_E_IO] = "io",
        [ALKFW_E_MISSING] = "missing",
        [ALKFW_E_FORMAT] = "format",
        [ALKFW_E_UNSUPPORTED] = "unsupported",
        [ALKFW_E_MISMATCH] = "mismatch",
        [ALKFW_E_CONFIG] = "config",
        [ALKFW_E_LIMIT] = "limit",
        [ALKFW_E_RECORD] = "record",
        [ALKFW_E_CANARY] = "canary",
        [ALKFW_E_NETWORK] = "network",
    };
    size_t index = (size_t)status;
    return index < sizeof names / sizeof names[0] ? names[index] : "unknown";
}

const char *alkfw_version(void) {
    return PACKAGE_VERSION;
}

alkfw_status alkfw_error_set(alkfw_error *error, alkfw_status status, const char *format, ...) {
    char text[ALKFW_MESSAGE_SIZE * 2];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    error->status = status;
    if (length < 0) {
        memcpy(error->message, "message lost", sizeof "message lost");
        return status;
    }
    size_t n_bytes = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    utf8_escape(text, n_bytes, error->message, sizeof error->message);
    return status;
}
