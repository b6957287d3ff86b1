/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Volatile for the handler, which runs in the thread that writes here: the others block signals. */
static struct {
    bool is_shown; /* asked for, and standard error is a terminal */
    bool is_drawn;
    volatile int64_t start_ms; /* of the monotonic clock: a clock that is set does not matter */
    int64_t drawn_ms;
    volatile uint64_t n_records;
    volatile uint64_t n_bytes;
    volatile uint64_t n_alarms;
    volatile uint64_t n_read;
    volatile uint64_t n_expected;
} account;

enum { REDRAW_MS = 200, LINE_SIZE = 256 };

static const char wipe[] = "\r\033[K";

static int64_t now_ms(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_start(bool wanted) {
    account.is_shown = wanted && isatty(STDERR_FILENO) == 1;
    account.start_ms = now_ms();
}

void progress_expect(uint64_t n_bytes) {
    account.n_expected = n_bytes;
}

static uint64_t n_records(const struct tally *tally) {
    uint64_t n = 0;

    for (int i = 0; i <= ALKFW_ERROR; i++)
        n += tally->n_verdicts[i];
    return n;
}

/* A line is put together by hand, because a signal handler may not call printf. */
struct line {
    char bytes[LINE_SIZE];
    size_t length;
};

static void add_text(struct line *line, const char *text) {
    while (*text != '\0' && line->length < sizeof line->bytes)
        line->bytes[line->length++] = *text++;
}

/* `value` in units of 10^-n_decimals. */
static void add_number(struct line *line, uint64_t value, int n_decimals) {
    char digits[32];
    size_t at = sizeof digits - 1;

    digits[at] = '\0';
    for (int n = 0; value > 0 || n <= n_decimals; n++) {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
        if (n_decimals > 0 && n == n_decimals - 1)
            digits[--at] = '.';
    }
    add_text(line, digits + at);
}

/* Hours, minutes and seconds: 1:02:03 or 2:03. */
static void add_time(struct line *line, uint64_t seconds) {
    uint64_t hours = seconds / 3600, minutes = seconds / 60 % 60;

    if (hours > 0) {
        add_number(line, hours, 0);
        add_text(line, minutes < 10 ? ":0" : ":");
    }
    add_number(line, minutes, 0);
    add_text(line, seconds % 60 < 10 ? ":0" : ":");
    add_number(line, seconds % 60, 0);
}

static void compose(struct line *line) {
    int64_t elapsed_ms = account.start_ms > 0 ? now_ms() - account.start_ms : 0;
    uint64_t n_read = account.n_read, n_expected = account.n_expected;

    add_number(line, account.n_records, 0);
    add_text(line, " records, ");
    add_number(line, account.n_bytes / 10000, 2);
    add_text(line, " MB, ");
    add_number(line, elapsed_ms > 0 ? account.n_bytes / (uint64_t)elapsed_ms : 0, 3);
    add_text(line, " MB/s, ");
    add_number(line, account.n_alarms, 0);
    add_text(line, " alarms");
    if (n_read > 0 && n_read <= n_expected) {
        double left = (double)(n_expected - n_read) / (double)n_read;
        add_text(line, ", ");
        add_time(line, (uint64_t)(left * (double)elapsed_ms / 1000));
        add_text(line, " left");
    }
}

void progress_update(const struct tally *tally, uint64_t n_read) {
    struct line line = {.length = 0};

    account.n_records = n_records(tally);
    account.n_bytes = tally->n_bytes;
    account.n_alarms = tally->n_verdicts[ALKFW_ALARM];
    account.n_read = n_read;
    if (!account.is_shown || (account.is_drawn && now_ms() - account.drawn_ms < REDRAW_MS))
        return;
    compose(&line);
    (void)fprintf(stderr, "%s%.*s", wipe, (int)line.length, line.bytes);
    (void)fflush(stderr);
    account.drawn_ms = now_ms();
    account.is_drawn = true;
}

void progress_end(void) {
    if (account.is_drawn)
        (void)fputs(wipe, stderr);
}

void progress_report(void) {
    struct line line = {.length = 0};

    if (account.is_shown)
        add_text(&line, wipe);
    add_text(&line, "alkfw: ");
    compose(&line);
    add_text(&line, "\n");
    ssize_t written = write(STDERR_FILENO, line.bytes, line.length);
    (void)written; /* there is nobody to tell */
}

bool progress_summary(const struct tally *tally) {
    int64_t elapsed_ms = now_ms() - account.start_ms;
    char redacted[48] = "";

    if (tally->n_redacted > 0)
        (void)snprintf(redacted, sizeof redacted, "%llu redacted; ",
                       (unsigned long long)tally->n_redacted);
    (void)fprintf(stderr,
                  "alkfw: %llu records: %llu pass, %llu review, %llu alarm, %llu error; "
                  "%s%llu lines skipped; %llu bytes scored in %.1f s\n",
                  (unsigned long long)n_records(tally),
                  (unsigned long long)tally->n_verdicts[ALKFW_PASS],
                  (unsigned long long)tally->n_verdicts[ALKFW_REVIEW],
                  (unsigned long long)tally->n_verdicts[ALKFW_ALARM],
                  (unsigned long long)tally->n_verdicts[ALKFW_ERROR], redacted,
                  (unsigned long long)tally->n_skipped, (unsigned long long)tally->n_bytes,
                  (double)elapsed_ms / 1000);
    return ferror(stderr) == 0;
}
