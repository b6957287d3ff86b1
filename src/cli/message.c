/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/utf8.h"

static const char *program = "alkfw";
static int verbosity;

void message_program(const char *name) {
    program = name;
}

void message_verbosity(int level) {
    verbosity = level;
}

/* The runner of a GitHub workflow obeys "##[command]" anywhere in a line of a job's output. */
static void print_inert(const char *text) {
    for (const char *mark; (mark = strstr(text, "##[")) != NULL; text = mark + 2)
        (void)fprintf(stderr, "%.*s\\x23", (int)(mark + 1 - text), text);
    (void)fprintf(stderr, "%s\n", text);
}

static void print(const char *severity, const char *format, va_list arguments) {
    char text[4096];
    char escaped[4096];

    if (vsnprintf(text, sizeof text, format, arguments) < 0)
        return;
    size_t n_bytes = 0;
    while (text[n_bytes] != '\0')
        n_bytes++;
    utf8_escape(text, n_bytes, escaped, sizeof escaped);
    (void)fprintf(stderr, "%s: %s", program, severity);
    print_inert(escaped);
}

void message_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print("", format, arguments);
    va_end(arguments);
}

void message_hint(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print("", format, arguments);
    va_end(arguments);
}

void message_warning(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    print("warning: ", format, arguments);
    va_end(arguments);
}

void message_info(const char *format, ...) {
    if (verbosity < 1)
        return;
    va_list arguments;
    va_start(arguments, format);
    print("", format, arguments);
    va_end(arguments);
}
