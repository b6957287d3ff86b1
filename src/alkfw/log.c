/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void observe(void *context, const char *bytes, size_t n_bytes) {
    struct log *log = context;

    log_print_add(&log->seen, bytes, n_bytes);
}

alkfw_status log_open(struct log *log, const struct input_plan *plan, const char *name,
                      const char *source, int descriptor, struct log_mark *mark,
                      alkfw_error *error) {
    memset(log, 0, sizeof *log);
    alkfw_status status = input_open_descriptor(&log->input, plan, name, descriptor, error);
    if (status != ALKFW_OK) {
        (void)close(descriptor);
        return status;
    }
    if (!log->input.format->by_lines)
        status = alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                                 "%s cannot be resumed; --state and --follow are for lines, jsonl "
                                 "and null",
                                 log->input.format->name);
    else if (!log_print_read(&log->given, descriptor, mark->offset) ||
             !log_mark_has_print(mark, &log->given))
        status = alkfw_error_set(error, ALKFW_E_MISMATCH, "was emptied when it was to be read");
    else if (lseek(descriptor, (off_t)mark->offset, SEEK_SET) < 0)
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot read: %s", strerror(errno));
    if (status != ALKFW_OK) {
        input_close(&log->input);
        return status;
    }
    log->seen = log->given;
    log->marked = log->given;
    log->start = mark->offset;
    log->offset = mark->offset;
    log->mark = mark;
    mark->print = &log->marked;
    log->input.source = source;
    log->input.n_rows = mark->n_rows;
    log->input.n_lines = mark->n_lines;
    log->input.lines.bytes.observe = observe;
    log->input.lines.bytes.context = log;
    return ALKFW_OK;
}

void log_close(struct log *log) {
    log_mark_settle(log->mark);
    log->mark->print = NULL;
    input_close(&log->input);
}

void log_keep_unfinished(struct log *log, bool keeps) {
    log->input.lines.keeps_unfinished = keeps;
    byte_reader_resume(&log->input.lines.bytes);
}

void log_advance(struct log *log) {
    log->offset = log->start + line_reader_offset(&log->input.lines);
    log->given = log->seen;
}

bool log_commit(struct log *log) {
    struct log_mark *mark = log->mark;

    log_mark_settle(mark);
    log->is_cut = log->is_cut || log_mark_compare(mark, log->input.descriptor) != LOG_FITS ||
                  !log_print_begins(&log->given, log->input.descriptor);
    if (log->is_cut)
        return false;
    log->marked = log->given;
    mark->offset = log->offset;
    mark->n_rows = log->input.n_rows;
    mark->n_lines = log->input.n_lines;
    return true;
}

enum log_change log_look(struct log *log, const char *path) {
    struct stat info;

    if (!log_commit(log))
        return LOG_CUT;
    /* Until its successor is written to, the writer has perhaps not opened it yet. */
    if (stat(path, &info) == 0 && info.st_size > 0 &&
        (info.st_dev != log->input.device || info.st_ino != log->input.inode))
        return LOG_MOVED;
    return LOG_UNCHANGED;
}

char *log_name(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t n_folder = (size_t)(base - path);
    char *folder = n_folder > 0 ? strndup(path, n_folder) : strdup(".");
    /* Not of the log itself: a link to the log of the day is the log's name. */
    char *real = folder == NULL ? NULL : realpath(folder, NULL);
    char *name = NULL;

    if (real != NULL && asprintf(&name, "%s/%s", strcmp(real, "/") == 0 ? "" : real, base) < 0)
        name = NULL;
    free(real);
    free(folder);
    return name;
}
