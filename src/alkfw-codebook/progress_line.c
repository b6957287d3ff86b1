/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/progress_line.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool enabled;
    bool drawn;
    struct timespec start; /* of the step at hand */
    struct timespec last;  /* when it was drawn */
} line;

static double seconds_between(const struct timespec *from, const struct timespec *to) {
    return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

void progress_line_enable(bool wanted) {
    line.enabled = wanted && isatty(STDERR_FILENO);
}

void progress_line_show(const char *what, size_t done, size_t total) {
    struct timespec now;

    if (!line.enabled)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (total == 0) {
        (void)fprintf(stderr, "\r\033[K%s", what);
        line.start = now;
    } else {
        if (line.start.tv_sec == 0)
            line.start = now;
        if (done < total && seconds_between(&line.last, &now) < 0.1)
            return;
        double elapsed = seconds_between(&line.start, &now);
        double left = done > 0 ? elapsed * (double)(total - done) / (double)done : 0;
        (void)fprintf(stderr, "\r\033[K%s %zu %%, %d:%02d left", what, 100 * done / total,
                      (int)left / 60, (int)left % 60);
    }
    line.last = now;
    line.drawn = true;
    (void)fflush(stderr);
}

void progress_line_end(void) {
    if (line.drawn)
        (void)fputs("\r\033[K", stderr);
    line.drawn = false;
    line.start = (struct timespec){0};
}
