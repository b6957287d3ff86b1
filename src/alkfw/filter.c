/* SPDX-License-Identifier: Apache-2.0 */
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/line_reader.h"
#include "cli/message.h"
#include "filter_parts.h"
#include "input.h"
#include "log.h"
#include "progress.h"
#include "signals.h"
#include "walk.h"

bool filter_flush(struct filter *filter, uint64_t n_read) {
    if (filter->batch.n_rows == 0)
        return true;
    progress_end();
    bool goes_on = scanner_run(&filter->scanner, &filter->batch);
    filter->is_broken |= !goes_on;
    filter->n_sure_rows = 0;
    progress_update(filter->tally, n_read);
    return goes_on;
}

bool filter_save(struct filter *filter) {
    alkfw_error error;

    if (filter->journal.path == NULL || !filter->journal.is_dirty)
        return true;
    bool saved = scanner_sync(&filter->scanner);
    if (saved && journal_save(&filter->journal, &error) != ALKFW_OK) {
        message_error("%s", error.message);
        filter->tally->has_failed = true;
        saved = false;
    }
    filter->is_broken |= !saved;
    return saved;
}

bool filter_add_failure(struct filter *filter, const char *source, uint64_t line,
                        const alkfw_error *error) {
    if (batch_add_row(&filter->batch, source, 0, line) &&
        batch_add_error(&filter->batch, "", 0, error))
        return true;
    message_error("out of memory");
    filter->tally->has_failed = true;
    filter->is_broken = true;
    return false;
}

/* Whether the log that is read is still what it was. If not, what was read since the last time may
 * begin in the midst of a line of another file: it is taken back. */
static bool log_is_sure(struct filter *filter) {
    if (filter->log == NULL || log_commit(filter->log)) {
        filter->n_sure_rows = filter->batch.n_rows;
        return true;
    }
    batch_cut(&filter->batch, filter->n_sure_rows);
    return false;
}

/* Reads rows for as long as the next is there, then scores them together: many at once from a file,
 * one line at a time from someone who types. */
bool filter_scan_input(struct filter *filter, struct input *input) {
    filter->n_sure_rows = filter->batch.n_rows;
    for (;;) {
        bool has_rows = filter->batch.n_rows > 0;
        if (has_rows && (batch_is_full(&filter->batch) || !input_ready(input))) {
            if (!log_is_sure(filter))
                return true;
            if (!filter_flush(filter, filter->n_read + input_position(input)))
                return false;
        }
        if (filter->batch.n_rows == 0 && journal_is_due(&filter->journal)) {
            if (!log_is_sure(filter))
                return true;
            if (!filter_save(filter))
                return false;
        }
        if (*signals_stop() != 0) {
            (void)log_is_sure(filter);
            return true;
        }
        enum input_result result = input_next(input, &filter->batch);
        if (filter->log != NULL && (result == INPUT_ROW || result == INPUT_SKIPPED)) {
            log_advance(filter->log);
            filter->journal.is_dirty = true;
        }
        switch (result) {
        case INPUT_ROW:
            break;
        case INPUT_SKIPPED:
            filter->tally->n_skipped++;
            break;
        case INPUT_END:
            if (!log_is_sure(filter))
                return true;
            if (input->n_rows == 0 && *signals_stop() == 0 && filter->log == NULL)
                message_info("%s: empty, nothing to scan", input->source);
            return true;
        case INPUT_FAILED:
            (void)log_is_sure(filter);
            return filter_add_failure(filter, input->source, input->error_line, &input->error);
        }
    }
}

static bool scan_file(struct filter *filter, const char *path) {
    struct input input;
    alkfw_error error;

    if (filter->settings->options.state != NULL)
        return filter_scan_log(filter, path);
    if (strcmp(path, "-") == 0 && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1)
        message_hint("reads standard input, one record a line; Control-D ends it, --help explains");
    if (input_open(&input, &filter->settings->input, path, &error) != ALKFW_OK)
        return filter_add_failure(filter, path, 0, &error);
    bool goes_on;
    if (sink_is_file(&filter->scanner.verdicts, input.descriptor) ||
        sink_is_file(&filter->scanner.passed, input.descriptor)) {
        (void)alkfw_error_set(&error, ALKFW_E_ARGUMENT, "is an output of this run too");
        goes_on = filter_add_failure(filter, path, 0, &error);
    } else {
        goes_on = filter_scan_input(filter, &input);
        if (goes_on && input.error.status == ALKFW_OK && *signals_stop() == 0 &&
            input_settle(&input, &error) != ALKFW_OK)
            goes_on = filter_add_failure(filter, path, 0, &error);
    }
    filter->n_read += input_position(&input);
    input_close(&input);
    return goes_on;
}

/* Bytes of all inputs; 0 when it cannot be known, as of a pipe. */
static uint64_t count_bytes(const struct options *options) {
    struct stat info;
    uint64_t n_bytes = 0;

    for (size_t i = 0; i < options->n_files || (i == 0 && options->n_files == 0); i++) {
        const char *path = options->n_files == 0 ? "-" : options->files[i];
        int result = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &info) : stat(path, &info);
        if (result != 0 || !S_ISREG(info.st_mode))
            return 0;
        n_bytes += (uint64_t)info.st_size;
    }
    return n_bytes;
}

static bool visit_file(void *state, const char *path) {
    return *signals_stop() == 0 && scan_file(state, path);
}

static bool visit_failure(void *state, const char *path, const alkfw_error *error) {
    return filter_add_failure(state, path, 0, error);
}

/* An argument: a file, or with -r a folder too. */
static bool scan_argument(struct filter *filter, const char *path) {
    const struct walk_rules rules = {filter->include, filter->exclude};
    const struct walk_visitor visitor = {filter, visit_file, visit_failure};

    if (*signals_stop() != 0)
        return false;
    if (!filter->settings->options.recursive || strcmp(path, "-") == 0)
        return scan_file(filter, path);
    return walk(path, &rules, &visitor);
}

static bool scan_arguments(struct filter *filter) {
    const struct options *options = &filter->settings->options;

    filter->n_to_expect = count_bytes(options);
    progress_expect(filter->n_to_expect);
    if (options->n_files == 0)
        return scan_argument(filter, options->recursive ? "." : "-");
    for (size_t i = 0; i < options->n_files; i++)
        if (!scan_argument(filter, options->files[i]))
            return false;
    return true;
}

/* Names are read as they are needed: the list may be endless, as `find` piped in. */
static bool scan_listed(struct filter *filter, const char *list) {
    struct line_reader names;
    char path[PATH_MAX];
    const char *name;
    uint64_t n_name;
    bool terminated, goes_on = true;
    enum line_result result;
    bool is_standard_input = strcmp(list, "-") == 0;
    alkfw_error error;

    int descriptor = is_standard_input ? STDIN_FILENO : open(list, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        (void)alkfw_error_set(&error, ALKFW_E_IO, "cannot open list of files: %s", strerror(errno));
        return filter_add_failure(filter, list, 0, &error);
    }
    line_reader_init(&names, descriptor, '\0', sizeof path - 1);
    while (goes_on && *signals_stop() == 0) {
        result = line_reader_next(&names, &name, &n_name, &terminated, signals_stop());
        if (result == LINE_END)
            break;
        if (result == LINE_OK && n_name > 0) {
            memcpy(path, name, (size_t)n_name);
            path[n_name] = '\0';
            goes_on = scan_argument(filter, path);
            continue;
        }
        (void)alkfw_error_set(&error, ALKFW_E_IO, "list of files: %s",
                              result == LINE_FAILED ? strerror(errno)
                              : n_name == 0         ? "a name is empty"
                                                    : "a name is too long");
        goes_on = filter_add_failure(filter, list, 0, &error);
        if (result == LINE_FAILED)
            break;
    }
    line_reader_free(&names);
    if (!is_standard_input)
        (void)close(descriptor);
    return goes_on;
}

static alkfw_status read_patterns(struct filter *filter, alkfw_error *error) {
    const struct options *options = &filter->settings->options;
    alkfw_status status = ALKFW_OK;

    for (size_t i = 0; status == ALKFW_OK && i < options->n_include; i++)
        status = globs_add(&filter->include, options->include[i], error);
    for (size_t i = 0; status == ALKFW_OK && i < options->n_exclude; i++)
        status = globs_add(&filter->exclude, options->exclude[i], error);
    return status;
}

/* Reads everything, and scores and writes the last of it. */
static void scan(struct filter *filter) {
    const struct options *options = &filter->settings->options;

    batch_init(&filter->batch);
    if (options->follow)
        (void)filter_follow(filter);
    else if (options->files0_from != NULL)
        (void)scan_listed(filter, options->files0_from);
    else
        (void)scan_arguments(filter);
    /* After a signal too: what was read is scored and told. */
    if (!filter->is_broken && filter_flush(filter, filter->n_read))
        (void)filter_save(filter);
    progress_end();
    batch_free(&filter->batch);
}

void filter_run(const struct settings *settings, struct tally *tally) {
    struct filter filter = {.settings = settings, .tally = tally};
    alkfw_error error;

    progress_start(settings->progress);
    /* Before anything is created or emptied: another run may be using it. */
    alkfw_status status =
        journal_open(&filter.journal, settings->options.state, settings->options.lock, &error);
    if (status == ALKFW_OK) {
        status = scanner_open(&filter.scanner, settings, tally, &error);
        if (status == ALKFW_OK)
            status = read_patterns(&filter, &error);
        if (status == ALKFW_OK)
            scan(&filter);
        scanner_close(&filter.scanner);
    }
    if (status != ALKFW_OK) {
        message_error("%s", error.message);
        tally->has_failed = true;
    }
    globs_free(filter.include);
    globs_free(filter.exclude);
    journal_close(&filter.journal);
    if (settings->summary && !progress_summary(tally))
        tally->has_failed = true;
}
