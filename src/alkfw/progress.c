/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static double seconds_since(const struct timespec *start) {
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

void progress_start(struct progress *progress, bool wanted) {
    memset(progress, 0, sizeof *progress);
    progress->is_shown = wanted && isatty(STDERR_FILENO) == 1;
    (void)clock_gettime(CLOCK_MONOTONIC, &progress->start);
}

static uint64_t n_records(const struct tally *tally) {
    uint64_t n = 0;

    for (int i = 0; i <= ALKFW_ERROR; i++)
        n += tally->n_verdicts[i];
    return n;
}

void progress_update(struct progress *progress, const struct tally *tally) {
    if (!progress->is_shown || (progress->last.tv_sec != 0 && seconds_since(&progress->last) < 0.2))
        return;
    double seconds = seconds_since(&progress->start);
    double megabytes = (double)tally->n_bytes / 1e6;
    (void)fprintf(stderr, "\r\033[K%llu records, %.2f MB, %.3f MB/s, %llu alarms",
                  (unsigned long long)n_records(tally), megabytes,
                  seconds > 0 ? megabytes / seconds : 0.0,
                  (unsigned long long)tally->n_verdicts[ALKFW_ALARM]);
    (void)fflush(stderr);
    (void)clock_gettime(CLOCK_MONOTONIC, &progress->last);
}

void progress_end(struct progress *progress) {
    if (progress->is_shown && progress->last.tv_sec != 0)
        (void)fputs("\r\033[K", stderr);
}

void progress_summary(const struct progress *progress, const struct tally *tally) {
    (void)fprintf(
        stderr,
        "alkfw: %llu records: %llu pass, %llu review, %llu alarm, %llu error; "
        "%llu lines skipped; %llu bytes scored in %.1f s\n",
        (unsigned long long)n_records(tally), (unsigned long long)tally->n_verdicts[ALKFW_PASS],
        (unsigned long long)tally->n_verdicts[ALKFW_REVIEW],
        (unsigned long long)tally->n_verdicts[ALKFW_ALARM],
        (unsigned long long)tally->n_verdicts[ALKFW_ERROR], (unsigned long long)tally->n_skipped,
        (unsigned long long)tally->n_bytes, seconds_since(&progress->start));
}
