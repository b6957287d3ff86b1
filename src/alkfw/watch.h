/* SPDX-License-Identifier: Apache-2.0
 *
 * Waits until files may have changed: inotify says so at once, where it can. Where it cannot (a
 * network file system, a folder that is another one now, no instances left) the wait just ends
 * soon: that something changed is for the caller to find out. */
#ifndef ALKFW_WATCH_H
#define ALKFW_WATCH_H

struct watch {
    int descriptor; /* of inotify, or -1 */
};

void watch_open(struct watch *watch);
/* A file, and what is created and renamed in its folder. To be repeated when the file is another.
 */
void watch_add(struct watch *watch, const char *path);
/* Waits for a change, for at most `most_ms` (-1: as long as is usual), or until *stop is set. */
void watch_wait(struct watch *watch, int most_ms, const volatile int *stop);
void watch_close(struct watch *watch);

#endif
