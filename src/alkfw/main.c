/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw: screens text before a large language model reads it. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/json_memory.h"
#include "cli/message.h"
#include "filter.h"
#include "loader.h"
#include "settings.h"
#include "signals.h"
#include "tally.h"

/* A file that is opened must never get the number of standard output, which a caller may have
 * closed: verdicts would be written into it. The wrong direction makes using them an error. */
static void keep_standard_descriptors(void) {
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What was printed has arrived, or it is an error. */
static void settle_standard_output(struct tally *tally) {
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return;
    message_error("standard output: cannot write: %s", strerror(errno));
    tally->has_failed = true;
}

static void print_version(bool with_backends) {
    char backends[2048];

    (void)printf("alkfw %s\n", alkfw_version());
    if (!with_backends)
        return;
    (void)alkfw_describe(backends, sizeof backends);
    (void)fputs(backends, stdout);
}

static void run(struct settings *settings, struct tally *tally) {
    alkfw_error error;

    switch (settings->options.command) {
    case COMMAND_SCAN:
        filter_run(settings, tally);
        return;
    case COMMAND_FETCH:
        if (loader_fetch(settings, &error) != ALKFW_OK) {
            message_error("%s", error.message);
            tally->has_failed = true;
        }
        return;
    case COMMAND_PRINT_CONFIG:
        settings_print(settings, stdout);
        break;
    case COMMAND_HELP:
        options_print_help(stdout);
        break;
    case COMMAND_VERSION:
        print_version(settings->options.verbosity > 0);
        break;
    }
    settle_standard_output(tally);
}

/* A heap for each thread keeps what any of them has needed once: 5 to 10 MB with two. The threads
 * hand on few and large blocks, so that one heap is no slower. */
static void share_one_heap(void) {
#ifdef M_ARENA_MAX /* glibc */
    (void)mallopt(M_ARENA_MAX, 1);
#endif
}

int main(int argc, char **argv) {
    struct settings settings;
    struct tally tally = {0};
    alkfw_error error;

    message_program("alkfw");
    share_one_heap();
    json_memory_or_exit(EXIT_STATUS_ERROR);
    keep_standard_descriptors();
    signals_install();
    if (settings_read(&settings, argc, argv, &error) == ALKFW_OK) {
        run(&settings, &tally);
    } else {
        message_error("%s", error.message);
        tally.has_failed = true;
    }
    int status = tally_exit_status(&tally, settings.alarm_status);
    settings_free(&settings);
    /* Last, when all that was read is told: the parent is to see what ended us. */
    signals_raise_again();
    return status;
}
