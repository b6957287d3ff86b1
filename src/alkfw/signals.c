/* SPDX-License-Identifier: Apache-2.0 */
#include "signals.h"

#include <signal.h>
#include <stddef.h>

static volatile int stop; /* int is sig_atomic_t on every system that this runs on */
_Static_assert(sizeof(int) == sizeof(sig_atomic_t), "the flag is written by a signal handler");

static void remember(int number) {
    stop = number;
}

void signals_install(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    /* No SA_RESTART: a wait for input must end. SA_RESETHAND: the second signal kills. */
    struct sigaction action = {.sa_handler = remember, .sa_flags = (int)SA_RESETHAND};

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction before;
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(numbers[i], &action, NULL);
    }
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
