/* SPDX-License-Identifier: Apache-2.0
 *
 * Logs: files that grow, are renamed and emptied between two looks at them. Each look reads on
 * where the last one ended, wherever those bytes are now. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/message.h"
#include "filter_parts.h"
#include "log.h"
#include "progress.h"
#include "rotation.h"
#include "signals.h"
#include "watch.h"

/* A log of the command line. */
struct followed {
    const char *path;
    const char *olddir; /* where its rotation moves it, or NULL */
    char *name;         /* in the state */
    bool is_open;
    bool has_unfinished; /* files before it, because it was empty: their writer may write on */
    struct log log;
    int last_failure; /* errno, or -1, that was told: it is told once; 0: there is none */
};

/* More than a log can be renamed or emptied while it is read, unless someone plays with us: the
 * next look goes on. */
enum { MAX_REOPENED = 8, MAX_RENAMED = 8 };

static bool has_stopped(void) {
    return *signals_stop() != 0;
}

/* ---- what a log was renamed to -------------------------------------------- */

/* The files that may hold what is missing, and the marks that they fit. */
struct predecessors {
    struct rotation rotation;
    struct log_mark **marks; /* [rotation.n_files]; NULL: was never seen */
    size_t n_gone;           /* marks that fit none of them: they may have been compressed */
};

/* -1 when the file at a path cannot be opened or is not the one that is meant. */
static int open_exactly(const char *path, uint64_t device, uint64_t inode) {
    struct stat info;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);

    if (descriptor < 0 ||
        (fstat(descriptor, &info) == 0 && info.st_dev == device && info.st_ino == inode))
        return descriptor;
    (void)close(descriptor);
    errno = ENOENT;
    return -1;
}

/* Files are renamed between the look at their folder and this: then it is looked for again. */
static int open_rotated(const struct followed *followed, const char *path, uint64_t device,
                        uint64_t inode) {
    int descriptor = open_exactly(path, device, inode);

    for (int i = 0; i < MAX_RENAMED && descriptor < 0 && errno == ENOENT; i++) {
        char *found = rotation_locate(followed->path, followed->olddir, device, inode);
        if (found == NULL)
            break;
        descriptor = open_exactly(found, device, inode);
        free(found);
    }
    return descriptor;
}

static bool is_taken(const struct predecessors *before, const struct log_mark *mark) {
    for (size_t i = 0; i < before->rotation.n_files; i++)
        if (before->marks[i] == mark)
            return true;
    return false;
}

/* A copy of the log, as copytruncate makes one, has its bytes but not its inode. When the youngest
 * is shorter than what was read, the last of it came after the copy was made: nothing is left to
 * read. */
static struct log_mark *find_by_content(const struct filter *filter, const char *name,
                                        const struct predecessors *before,
                                        const struct rotated_file *file, int descriptor) {
    const struct state *state = &filter->journal.state;
    bool is_youngest = file == &before->rotation.files[before->rotation.n_files - 1];

    for (size_t i = 0; i < state->n_marks; i++) {
        struct log_mark *mark = state->marks[i];
        if (mark->stage > LOG_ROTATED || mark->offset == 0 || mark->print != NULL ||
            is_taken(before, mark) || strcmp(mark->name, name) != 0)
            continue;
        enum log_fit fit = log_mark_compare(mark, descriptor);
        if (fit == LOG_OTHER || (fit == LOG_SHORTER && !is_youngest))
            continue;
        state_move(state, mark, file->device, file->inode);
        if (fit == LOG_SHORTER)
            log_mark_to_end(mark, descriptor);
        return mark;
    }
    return NULL;
}

static void assign_marks(struct filter *filter, const struct followed *followed,
                         struct predecessors *before, bool by_content) {
    const struct rotation *rotation = &before->rotation;

    for (size_t i = 0; i < rotation->n_files; i++) {
        const struct rotated_file *file = &rotation->files[i];
        if (before->marks[i] != NULL || (file->is_compressed && by_content))
            continue;
        int descriptor = open_rotated(followed, file->path, file->device, file->inode);
        if (descriptor < 0)
            continue; /* told when it is to be read */
        if (by_content) {
            before->marks[i] = find_by_content(filter, followed->name, before, file, descriptor);
        } else {
            struct log_mark *mark = state_find(&filter->journal.state, file->device, file->inode);
            if (mark != NULL && mark->print == NULL &&
                file->is_compressed == (mark->stage == LOG_COMPRESSED) &&
                log_mark_compare(mark, descriptor) == LOG_FITS)
                before->marks[i] = mark;
        }
        (void)close(descriptor);
    }
}

/* Reads a rotated file from a mark on; at its end it is done with, if its successor has begun. */
static bool scan_rotated(struct filter *filter, const struct followed *followed, const char *path,
                         struct log_mark *mark, bool has_successor) {
    struct log log;
    alkfw_error error;

    int descriptor = open_rotated(followed, path, mark->device, mark->inode);
    if (descriptor < 0) {
        (void)alkfw_error_set(&error, ALKFW_E_IO, "cannot open: %s", strerror(errno));
        return filter_add_failure(filter, path, 0, &error);
    }
    if (log_open(&log, &filter->settings->input, followed->path, path, descriptor, mark, &error) !=
        ALKFW_OK)
        return filter_add_failure(filter, path, 0, &error);
    log_keep_unfinished(&log, !has_successor);
    filter->log = &log;
    bool goes_on = filter_scan_input(filter, &log.input);
    filter->log = NULL;
    if (log_commit(&log) && goes_on && !has_stopped() && log.input.error.status == ALKFW_OK)
        mark->stage = has_successor ? LOG_FINISHED : LOG_ROTATED;
    filter->journal.is_dirty = true;
    filter->n_read += input_position(&log.input);
    log_close(&log);
    return goes_on;
}

/* What was read last is under none of the names that rotation gives. */
static bool tell_lost(struct filter *filter, const struct followed *followed,
                      const struct predecessors *before, const struct log_mark *lost) {
    const struct rotation *rotation = &before->rotation;
    const char *olddir = followed->olddir;
    const char *compressed = NULL;
    alkfw_error error;

    for (size_t i = 0; i < rotation->n_files; i++)
        if (rotation->files[i].is_compressed)
            compressed = rotation->files[i].path;
    (void)alkfw_error_set(
        &error, ALKFW_E_MISSING,
        "was emptied or replaced; what it may have held behind byte %llu is %s%s any more and was "
        "not scanned%s%s%s",
        (unsigned long long)lost->offset,
        olddir == NULL ? "not beside it" : "neither beside it nor in ",
        olddir == NULL ? "" : olddir,
        compressed != NULL ? "; it may be in "
        : olddir == NULL   ? "; --olddir names the folder if rotation moved it to another"
                           : "",
        compressed == NULL ? "" : compressed,
        compressed == NULL ? "" : ", which is compressed: zcat or the like can pipe it to alkfw");
    return filter_add_failure(filter, followed->path, 0, &error);
}

/* Remembers a rotated file without reading it. */
static void ignore(struct filter *filter, const struct followed *followed,
                   const struct rotated_file *file) {
    int descriptor = open_rotated(followed, file->path, file->device, file->inode);
    struct log_mark *mark = descriptor < 0 ? NULL
                                           : state_add(&filter->journal.state, followed->name,
                                                       file->device, file->inode);

    if (mark != NULL) {
        mark->stage = file->is_compressed ? LOG_COMPRESSED : LOG_IGNORED;
        log_mark_to_end(mark, descriptor);
        filter->journal.is_dirty = true;
    }
    if (descriptor >= 0)
        (void)close(descriptor);
}

/* A file that was rotated away since the last look and that no look has ever seen. */
static bool scan_unseen(struct filter *filter, const struct followed *followed,
                        const struct rotated_file *file, bool has_successor) {
    alkfw_error error;
    struct log_mark *mark =
        state_add(&filter->journal.state, followed->name, file->device, file->inode);

    if (mark != NULL)
        return scan_rotated(filter, followed, file->path, mark, has_successor);
    (void)alkfw_error_set(&error, ALKFW_E_MEMORY, "out of memory");
    return filter_add_failure(filter, file->path, 0, &error);
}

/* Compressed files that are new: each is one of those that are gone, the oldest first; what is more
 * was never read. */
static bool settle_compressed(struct filter *filter, const struct followed *followed,
                              const struct predecessors *before, bool may_be_unseen) {
    size_t n_explained = before->n_gone;
    bool goes_on = true;
    alkfw_error error;

    for (size_t i = 0; i < before->rotation.n_files && goes_on; i++) {
        const struct rotated_file *file = &before->rotation.files[i];
        if (!file->is_compressed || before->marks[i] != NULL)
            continue;
        ignore(filter, followed, file);
        if (!may_be_unseen || n_explained > 0) {
            n_explained -= n_explained > 0;
            continue;
        }
        (void)alkfw_error_set(&error, ALKFW_E_UNSUPPORTED,
                              "was rotated and compressed before it was scanned: zcat or the like "
                              "can pipe it to alkfw");
        goes_on = filter_add_failure(filter, file->path, 0, &error);
    }
    return goes_on;
}

/* Whether its writer has left a file that was rotated: what came after it has something in it. */
static bool is_left(const struct predecessors *before, bool has_successor) {
    for (size_t i = 0; i < before->rotation.n_files && !has_successor; i++)
        has_successor = before->marks[i] != NULL && before->marks[i]->stage == LOG_CURRENT &&
                        before->rotation.files[i].size > 0;
    return has_successor;
}

/* Marks of the log that no file beside it fits. Those that were done with are forgotten; of the
 * others one is looked for under any name. */
static bool settle_missing(struct filter *filter, const struct followed *followed,
                           const struct log_mark *current, struct predecessors *before,
                           bool has_successor) {
    struct state *state = &filter->journal.state;
    bool goes_on = true;

    for (size_t i = 0; i < state->n_marks && goes_on; i++) {
        struct log_mark *mark = state->marks[i];
        if (mark == current || mark->print != NULL || strcmp(mark->name, followed->name) != 0 ||
            is_taken(before, mark))
            continue;
        bool is_done = mark->stage >= LOG_FINISHED ||
                       (mark->stage == LOG_ROTATED && is_left(before, has_successor));
        char *path =
            is_done ? NULL
                    : rotation_locate(followed->path, followed->olddir, mark->device, mark->inode);
        int descriptor = path == NULL ? -1 : open_exactly(path, mark->device, mark->inode);
        if (descriptor >= 0 && log_mark_compare(mark, descriptor) == LOG_FITS) {
            goes_on = scan_rotated(filter, followed, path, mark, has_successor);
        } else {
            if (!is_done) {
                goes_on = tell_lost(filter, followed, before, mark);
            }
            before->n_gone += mark->stage != LOG_COMPRESSED;
            state_remove(state, mark);
            filter->journal.is_dirty = true;
            i--;
        }
        if (descriptor >= 0)
            (void)close(descriptor);
        free(path);
    }
    return goes_on;
}

/* Takes the log's present file out of the list: it can have been renamed since it was opened. */
static void leave_out(struct rotation *rotation, const struct stat *present) {
    size_t n_kept = 0;

    for (size_t i = 0; i < rotation->n_files; i++) {
        if (rotation->files[i].device == present->st_dev &&
            rotation->files[i].inode == present->st_ino)
            free(rotation->files[i].path);
        else
            rotation->files[n_kept++] = rotation->files[i];
    }
    rotation->n_files = n_kept;
}

/* Reads, oldest first, the rotated files that the state knows, and those that it has never seen. Of
 * the latter there are none when the log's present file has been read from: it was not rotated. */
static bool scan_predecessors(struct filter *filter, const struct followed *followed,
                              const struct stat *present, const struct log_mark *current) {
    bool has_successor = present->st_size > 0;
    struct predecessors before = {.n_gone = 0};
    alkfw_error error;
    bool goes_on = true;

    if (rotation_list(&before.rotation, followed->path, followed->olddir, &error) != ALKFW_OK) {
        rotation_free(&before.rotation);
        return filter_add_failure(filter, followed->path, 0, &error);
    }
    leave_out(&before.rotation, present);
    before.marks = calloc(before.rotation.n_files + 1, sizeof(struct log_mark *));
    if (before.marks == NULL) {
        (void)alkfw_error_set(&error, ALKFW_E_MEMORY, "out of memory");
        goes_on = filter_add_failure(filter, followed->path, 0, &error);
        goto out;
    }
    assign_marks(filter, followed, &before, false);
    assign_marks(filter, followed, &before, true);
    goes_on = settle_missing(filter, followed, current, &before, has_successor);
    bool may_be_unseen = current == NULL || current->offset == 0;
    if (goes_on)
        goes_on = settle_compressed(filter, followed, &before, may_be_unseen);
    for (size_t i = 0; i < before.rotation.n_files && goes_on && !has_stopped(); i++) {
        const struct rotated_file *file = &before.rotation.files[i];
        struct log_mark *mark = before.marks[i];
        if (mark != NULL && mark->stage < LOG_IGNORED)
            goes_on = scan_rotated(filter, followed, file->path, mark, has_successor);
        else if (mark == NULL && !file->is_compressed && may_be_unseen)
            goes_on = scan_unseen(filter, followed, file, has_successor);
    }
out:
    free(before.marks);
    rotation_free(&before.rotation);
    return goes_on;
}

/* The first look at a log: what was rotated before it is not read, but known. */
static bool ignore_predecessors(struct filter *filter, const struct followed *followed,
                                const struct stat *present) {
    struct rotation rotation;
    alkfw_error error;
    bool goes_on = true;

    if (rotation_list(&rotation, followed->path, followed->olddir, &error) != ALKFW_OK)
        goes_on = filter_add_failure(filter, followed->path, 0, &error);
    leave_out(&rotation, present);
    for (size_t i = 0; i < rotation.n_files; i++)
        if (state_find(&filter->journal.state, rotation.files[i].device, rotation.files[i].inode) ==
            NULL)
            ignore(filter, followed, &rotation.files[i]);
    rotation_free(&rotation);
    return goes_on;
}

/* ---- the log itself ------------------------------------------------------- */

static bool has_marks(const struct state *state, const char *name) {
    for (size_t i = 0; i < state->n_marks; i++)
        if (strcmp(state->marks[i]->name, name) == 0)
            return true;
    return false;
}

/* Reads what came before the log's present file, or at the first look remembers it. */
static bool look_before(struct filter *filter, struct followed *followed,
                        const struct stat *present, const struct log_mark *mark) {
    if (!has_marks(&filter->journal.state, followed->name))
        return ignore_predecessors(filter, followed, present);
    followed->has_unfinished = present->st_size == 0;
    return scan_predecessors(filter, followed, present, mark);
}

/* The mark that fits the log's present file: its own, or when the file was restored or its device
 * has another number now, one that has its name and its bytes. */
static struct log_mark *find_current(const struct state *state, const char *name,
                                     const struct stat *info, int descriptor) {
    struct log_mark *mark = state_find(state, info->st_dev, info->st_ino);

    if (mark != NULL && log_mark_compare(mark, descriptor) == LOG_FITS)
        return mark;
    for (size_t i = 0; i < state->n_marks; i++) {
        mark = state->marks[i];
        if (mark->offset == 0 || mark->stage > LOG_ROTATED || mark->print != NULL ||
            strcmp(mark->name, name) != 0 || log_mark_compare(mark, descriptor) != LOG_FITS)
            continue;
        state_move(state, mark, info->st_dev, info->st_ino);
        return mark;
    }
    return NULL;
}

/* An open that failed. A log to follow that is not there yet is waited for. */
static bool tell_unopened(struct filter *filter, struct followed *followed, int number) {
    alkfw_error error;
    bool is_told = followed->last_failure == number;

    followed->last_failure = number;
    if (is_told)
        return true;
    if (number == ENOENT && filter->settings->options.follow) {
        message_warning("%s: is not there yet; waiting for it", followed->path);
        return true;
    }
    (void)alkfw_error_set(&error, number == ENOENT ? ALKFW_E_MISSING : ALKFW_E_IO,
                          "cannot open: %s", strerror(number));
    return filter_add_failure(filter, followed->path, 0, &error);
}

static bool refuse(struct filter *filter, struct followed *followed, int descriptor,
                   const char *reason) {
    alkfw_error error;
    bool is_told = followed->last_failure == -1;

    (void)close(descriptor);
    followed->last_failure = -1;
    (void)alkfw_error_set(&error, ALKFW_E_ARGUMENT, "%s", reason);
    return is_told || filter_add_failure(filter, followed->path, 0, &error);
}

/* Takes the descriptor. */
static bool open_at_mark(struct filter *filter, struct followed *followed, int descriptor,
                         struct log_mark *mark) {
    alkfw_error error;

    alkfw_status status = log_open(&followed->log, &filter->settings->input, followed->path,
                                   followed->path, descriptor, mark, &error);
    if (status == ALKFW_E_MISMATCH)
        return true; /* emptied meanwhile: to be opened again */
    if (status != ALKFW_OK) {
        bool is_told = followed->last_failure == -1;
        followed->last_failure = -1;
        return is_told || filter_add_failure(filter, followed->path, 0, &error);
    }
    log_keep_unfinished(&followed->log, true);
    followed->is_open = true;
    followed->last_failure = 0;
    /* What is not read again is not expected. */
    filter->n_to_expect -= mark->offset < filter->n_to_expect ? mark->offset : filter->n_to_expect;
    progress_expect(filter->n_to_expect);
    return true;
}

/* Opens the file that is at the log's path now, when what came before it is read. Without a failure
 * of the run it may stay closed: that is told. */
static bool open_log(struct filter *filter, struct followed *followed) {
    struct state *state = &filter->journal.state;
    struct stat info;

    /* O_NONBLOCK: a FIFO is refused, not waited for. */
    int descriptor = open(followed->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return tell_unopened(filter, followed, errno);
    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode))
        return refuse(filter, followed, descriptor,
                      "is not a regular file; --state and --follow cannot resume it");
    if (sink_is_file(&filter->scanner.verdicts, descriptor) ||
        sink_is_file(&filter->scanner.passed, descriptor))
        return refuse(filter, followed, descriptor, "is an output of this run too");
    struct log_mark *mark = find_current(state, followed->name, &info, descriptor);
    if (mark != NULL && mark->print != NULL)
        return refuse(filter, followed, descriptor, "is named twice");
    struct log_print print = {.n_head = 0};
    (void)log_print_read(&print, descriptor, (uint64_t)info.st_size);
    bool goes_on = look_before(filter, followed, &info, mark);
    if (!goes_on || has_stopped() || !log_print_begins(&print, descriptor)) {
        /* Emptied while its predecessors were read, and so has one more: to be opened again. */
        (void)close(descriptor);
        return goes_on;
    }
    if (mark == NULL)
        mark = state_add(state, followed->name, info.st_dev, info.st_ino);
    if (mark == NULL)
        return refuse(filter, followed, descriptor, "out of memory");
    if (strcmp(mark->name, followed->name) == 0)
        mark->stage = LOG_CURRENT; /* else a rotated file that is named itself */
    filter->journal.is_dirty = true;
    return open_at_mark(filter, followed, descriptor, mark);
}

static void close_log(struct filter *filter, struct followed *followed) {
    if (!followed->is_open)
        return;
    filter->n_read += input_position(&followed->log.input);
    (void)log_commit(&followed->log);
    log_close(&followed->log);
    followed->is_open = false;
}

static bool scan_open_log(struct filter *filter, struct followed *followed) {
    filter->log = &followed->log;
    bool goes_on = filter_scan_input(filter, &followed->log.input);
    filter->log = NULL;
    return goes_on;
}

/* The log has another file now: reads the last of the old one. */
static bool finish_log(struct filter *filter, struct followed *followed) {
    log_keep_unfinished(&followed->log, false);
    bool goes_on = scan_open_log(filter, followed);
    if (log_commit(&followed->log) && goes_on && !has_stopped() &&
        followed->log.input.error.status == ALKFW_OK)
        followed->log.mark->stage = LOG_FINISHED;
    filter->journal.is_dirty = true;
    return goes_on;
}

/* A log that was empty when it was opened is not empty any more: nobody writes to those before it.
 */
static bool finish_predecessors(struct filter *filter, struct followed *followed) {
    struct stat present;

    if (!followed->has_unfinished || fstat(followed->log.input.descriptor, &present) != 0 ||
        present.st_size == 0)
        return true;
    followed->has_unfinished = false;
    return scan_predecessors(filter, followed, &present, followed->log.mark);
}

/* Reads all that there is of a log now. It is left open. */
static bool look_at(struct filter *filter, struct followed *followed) {
    for (int i = 0; i < MAX_REOPENED; i++) {
        if (followed->is_open && log_look(&followed->log, followed->path) == LOG_CUT)
            close_log(filter, followed);
        if (!followed->is_open && !open_log(filter, followed))
            return false;
        if (has_stopped() || (!followed->is_open && followed->last_failure != 0))
            return true;
        if (!followed->is_open)
            continue;
        log_keep_unfinished(&followed->log, true);
        if (!scan_open_log(filter, followed))
            return false;
        if (has_stopped() || followed->log.input.error.status != ALKFW_OK)
            return true;
        enum log_change change = log_look(&followed->log, followed->path);
        if (change == LOG_UNCHANGED)
            return finish_predecessors(filter, followed);
        if (change == LOG_MOVED && !finish_log(filter, followed))
            return false;
        close_log(filter, followed);
    }
    return true;
}

static bool followed_init(struct filter *filter, struct followed *followed, const char *path) {
    memset(followed, 0, sizeof *followed);
    followed->path = path;
    followed->olddir = filter->settings->options.olddir;
    followed->name = log_name(path);
    return followed->name != NULL || tell_unopened(filter, followed, errno);
}

static void followed_free(struct filter *filter, struct followed *followed) {
    close_log(filter, followed);
    free(followed->name);
}

bool filter_scan_log(struct filter *filter, const char *path) {
    struct followed followed;

    bool goes_on = followed_init(filter, &followed, path);
    if (goes_on && followed.name != NULL)
        goes_on = look_at(filter, &followed);
    followed_free(filter, &followed);
    return goes_on;
}

/* ---- --follow ------------------------------------------------------------- */

/* One look at all of them; *has_moved says that one has another file now, which may hold more. */
static bool look_at_all(struct filter *filter, struct followed *logs, size_t n_logs,
                        struct watch *watch, bool *has_moved) {
    *has_moved = false;
    for (size_t i = 0; i < n_logs && !has_stopped(); i++) {
        ino_t inode = logs[i].is_open ? logs[i].log.input.inode : 0;
        /* Before the look: what comes after it is seen then. */
        watch_add(watch, logs[i].path);
        if (!look_at(filter, &logs[i]))
            return false;
        *has_moved |= logs[i].is_open && logs[i].log.input.inode != inode;
    }
    return filter_flush(filter, filter->n_read);
}

bool filter_follow(struct filter *filter) {
    const struct options *options = &filter->settings->options;
    struct followed *logs = calloc(options->n_files + 1, sizeof *logs);
    struct watch watch;
    size_t n_logs = 0;
    bool has_moved, goes_on = true;

    watch_open(&watch);
    for (size_t i = 0; i < options->n_files && goes_on && logs != NULL; i++) {
        goes_on = followed_init(filter, &logs[n_logs], options->files[i]);
        n_logs += logs[n_logs].name != NULL;
    }
    while (goes_on && !has_stopped() && n_logs > 0) {
        goes_on = look_at_all(filter, logs, n_logs, &watch, &has_moved);
        if (!goes_on || has_stopped() || has_moved)
            continue;
        if (journal_is_due(&filter->journal))
            goes_on = filter_save(filter);
        if (goes_on)
            watch_wait(&watch, journal_wait_ms(&filter->journal), signals_stop());
    }
    for (size_t i = 0; i < n_logs; i++)
        followed_free(filter, &logs[i]);
    watch_close(&watch);
    free(logs);
    return goes_on;
}
