/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "hub/environment.h"
#include "support/utf8.h"

enum { MAX_LINE = 256, DEFAULT_COLUMNS = 80 };

static double seconds_between(const struct timespec *from, const struct timespec *to) {
    return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

/* "812 B", "39.1 MB" */
static void format_bytes(double n_bytes, char *out, size_t size) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    size_t unit = 0;

    while (n_bytes >= 999.5 && unit + 1 < sizeof units / sizeof units[0]) {
        n_bytes /= 1000;
        unit++;
    }
    (void)snprintf(out, size, "%.*f %s", unit > 0 && n_bytes < 99.95, n_bytes, units[unit]);
}

/* "0:04", "1:02:03" */
static void format_time(double seconds, char *out, size_t size) {
    unsigned long n = seconds > 0 && seconds < 1e7 ? (unsigned long)(seconds + 0.5) : 0;

    if (n >= 3600)
        (void)snprintf(out, size, "%lu:%02lu:%02lu", n / 3600, n / 60 % 60, n % 60);
    else
        (void)snprintf(out, size, "%lu:%02lu", n / 60, n % 60);
}

static size_t columns(void) {
    struct winsize window;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 20)
        return window.ws_col < MAX_LINE ? window.ws_col : MAX_LINE - 1;
    return DEFAULT_COLUMNS;
}

/* "43%  39.1 MB of 90.9 MB  12.3 MB/s  0:04 left" */
static void format_numbers(const struct progress *progress, double elapsed, char *out,
                           size_t size) {
    char got[24], all[24], rate_text[24], time_text[24];
    uint64_t n_new = progress->received - progress->received_at_start;
    double rate = elapsed > 0 ? (double)n_new / elapsed : 0;
    double left = (double)progress->total - (double)progress->received;
    bool done = left <= 0;

    format_bytes((double)progress->received, got, sizeof got);
    format_bytes(rate, rate_text, sizeof rate_text);
    if (progress->total <= 0) {
        (void)snprintf(out, size, "%s  %s/s", got, rate_text);
        return;
    }
    format_bytes((double)progress->total, all, sizeof all);
    format_time(done ? elapsed : rate > 0 ? left / rate : 0, time_text, sizeof time_text);
    (void)snprintf(out, size, "%3d%%  %s of %s  %s/s  %s%s%s",
                   (int)(100.0 * (double)progress->received / (double)progress->total), got, all,
                   rate_text, done ? "in " : "", time_text, done ? "" : " left");
}

static void draw(struct progress *progress, const struct timespec *now) {
    char label[64], numbers[MAX_LINE];
    size_t room = columns() - 2; /* the last column makes some terminals go to the next line */

    format_numbers(progress, seconds_between(&progress->start, now), numbers, sizeof numbers);
    size_t n_numbers = strlen(numbers);
    room = room > n_numbers + 8 ? room - n_numbers : 8;
    utf8_escape(progress->label, strlen(progress->label), label,
                room + 1 < sizeof label ? room + 1 : sizeof label);
    (void)fprintf(stderr, "\r%s %s\033[K", label, numbers);
    (void)fflush(stderr);
    progress->drawn = true;
    progress->last_drawn = *now;
}

void progress_init(struct progress *progress) {
    const char *terminal = hub_variable("TERM");

    memset(progress, 0, sizeof *progress);
    progress->enabled = isatty(STDERR_FILENO) == 1 && terminal != NULL &&
                        strcmp(terminal, "dumb") != 0 &&
                        !hub_variable_is_true("HF_HUB_DISABLE_PROGRESS_BARS");
}

void progress_start(struct progress *progress, const char *label, int64_t total,
                    uint64_t received) {
    progress->label = label;
    progress->total = total;
    progress->received = progress->received_at_start = received;
    (void)clock_gettime(CLOCK_MONOTONIC, &progress->start);
    progress->last_drawn = progress->start;
}

void progress_update(struct progress *progress, uint64_t received) {
    struct timespec now;

    if (received < progress->received_at_start)
        progress->received_at_start = 0; /* begun anew */
    progress->received = received;
    if (!progress->enabled)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (seconds_between(&progress->last_drawn, &now) >= 0.1)
        draw(progress, &now);
}

void progress_clear(struct progress *progress) {
    if (progress->drawn)
        (void)fputs("\r\033[K", stderr);
    progress->drawn = false;
}

void progress_finish(struct progress *progress) {
    struct timespec now;

    /* A file that came too fast for a line needs none. */
    if (!progress->drawn)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    draw(progress, &now);
    (void)fputc('\n', stderr);
    progress->drawn = false;
}
