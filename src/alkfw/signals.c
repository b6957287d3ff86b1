/* SPDX-License-Identifier: Apache-2.0 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

#include "progress.h"

static volatile int stop; /* int is sig_atomic_t on every system that this runs on */
_Static_assert(sizeof(int) == sizeof(sig_atomic_t), "the flag is written by a signal handler");

static void remember(int number) {
    stop = number;
}

static void tell_progress(int number) {
    int before = errno;

    (void)number;
    progress_report();
    errno = before;
}

/* Signals that the parent ignores stay ignored. */
static void handle(int number, const struct sigaction *action) {
    struct sigaction before;

    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        (void)sigaction(number, action, NULL);
}

void signals_install(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    /* No SA_RESTART: a wait for input must end. SA_RESETHAND: the second signal kills. */
    struct sigaction end = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};
    struct sigaction tell = {.sa_handler = tell_progress, .sa_flags = SA_RESTART};

    (void)sigemptyset(&end.sa_mask);
    (void)sigemptyset(&tell.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        handle(numbers[i], &end);
    handle(SIGUSR1, &tell);
    /* A file that grows past its limit is an error of that write: of a verdict it is told, of the
     * cache it costs time. */
    (void)signal(SIGXFSZ, SIG_IGN);
}

const volatile int *signals_stop(void) {
    return &stop;
}

void signals_raise_again(void) {
    if (stop == 0)
        return;
    (void)signal(stop, SIG_DFL);
    (void)raise(stop);
}
