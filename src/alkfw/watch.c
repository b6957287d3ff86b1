/* SPDX-License-Identifier: Apache-2.0 */
#include "watch.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

/* A look costs some microseconds. */
enum { LOOK_MS = 1000, LOOK_WITHOUT_INOTIFY_MS = 250 };

void watch_open(struct watch *watch) {
    watch->descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
}

void watch_add(struct watch *watch, const char *path) {
    const char *slash = strrchr(path, '/');

    if (watch->descriptor < 0)
        return;
    /* Through links: it is their target that grows. */
    (void)inotify_add_watch(watch->descriptor, path, IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF);
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    if (folder != NULL)
        (void)inotify_add_watch(watch->descriptor, folder, IN_CREATE | IN_MOVED_TO);
    free(folder);
}

static void forget_events(const struct watch *watch) {
    char events[4096];

    while (read(watch->descriptor, events, sizeof events) > 0)
        ;
}

void watch_wait(struct watch *watch, int most_ms, const volatile int *stop) {
    struct pollfd wanted = {.fd = watch->descriptor, .events = POLLIN};
    int wait_ms = watch->descriptor >= 0 ? LOOK_MS : LOOK_WITHOUT_INOTIFY_MS;
    sigset_t all, before;

    wait_ms = most_ms >= 0 && most_ms < wait_ms ? most_ms : wait_ms;
    struct timespec limit = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000L};
    /* Signals come in the wait only, so that none is lost between the look at *stop and the wait.
     */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &before);
    if (*stop == 0)
        (void)ppoll(&wanted, 1, &limit, &before);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (watch->descriptor >= 0)
        forget_events(watch);
}

void watch_close(struct watch *watch) {
    if (watch->descriptor >= 0)
        (void)close(watch->descriptor);
}
