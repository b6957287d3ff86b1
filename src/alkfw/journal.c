/* SPDX-License-Identifier: Apache-2.0 */
#include "journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "run_lock.h"

/* Writing waits for the disk: it gets at most a twentieth of the time. */
enum { SAVE_INTERVAL_MS = 250, SAVE_SHARE = 20 };

static int64_t now_ms(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_same_file(const char *path, int descriptor) {
    struct stat named, open;

    return descriptor >= 0 && stat(path, &named) == 0 && fstat(descriptor, &open) == 0 &&
           named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

alkfw_status journal_open(struct journal *journal, const char *path, const char *lock,
                          alkfw_error *error) {
    char *state_lock = NULL;
    alkfw_status status = ALKFW_OK;

    memset(journal, 0, sizeof *journal);
    journal->path = path;
    journal->state_lock = -1;
    journal->run_lock = -1;
    /* Not the state itself: it is replaced at each write, and a lock on the old file locks nothing.
     */
    if (path != NULL && asprintf(&state_lock, "%s.lock", path) < 0)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    if (path != NULL)
        status = run_lock_take(state_lock, &journal->state_lock, error);
    if (status == ALKFW_OK && lock != NULL && !is_same_file(lock, journal->state_lock))
        status = run_lock_take(lock, &journal->run_lock, error);
    if (status == ALKFW_OK && path != NULL)
        status = state_load(&journal->state, path, error);
    free(state_lock);
    return status;
}

int journal_wait_ms(const struct journal *journal) {
    if (journal->path == NULL || !journal->is_dirty)
        return -1;
    int64_t left_ms = journal->due_ms - now_ms();
    return left_ms > 0 ? (int)left_ms : 0;
}

bool journal_is_due(const struct journal *journal) {
    return journal_wait_ms(journal) == 0;
}

alkfw_status journal_save(struct journal *journal, alkfw_error *error) {
    if (journal->path == NULL || !journal->is_dirty)
        return ALKFW_OK;
    int64_t start_ms = now_ms();
    alkfw_status status = state_save(&journal->state, journal->path, error);
    int64_t end_ms = now_ms(), pause_ms = SAVE_SHARE * (end_ms - start_ms);
    journal->due_ms = end_ms + (pause_ms > SAVE_INTERVAL_MS ? pause_ms : SAVE_INTERVAL_MS);
    journal->is_dirty = false;
    return status;
}

void journal_close(struct journal *journal) {
    state_free(&journal->state);
    if (journal->run_lock >= 0)
        (void)close(journal->run_lock);
    if (journal->state_lock >= 0)
        (void)close(journal->state_lock);
}
