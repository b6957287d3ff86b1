/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts that find a log again: prints, marks, the state's file, the names of rotation, locks.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alkfw/log_mark.h"
#include "alkfw/rotation.h"
#include "alkfw/run_lock.h"
#include "alkfw/state.h"
#include "run_tests.h"

static char folder[64];
static alkfw_error error;

static void setup(void) {
    memcpy(folder, "/tmp/check_logs.XXXXXX", 23);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void teardown(void) {
    char command[128];

    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(system(command), 0);
}

static int make_file(const char *name, const char *bytes, size_t n_bytes) {
    int descriptor = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, bytes, n_bytes), (ssize_t)n_bytes);
    return descriptor;
}

/* A print that grows in pieces of any size is that of the file at the same place. */
START_TEST(test_print) {
    char bytes[4 * LOG_PRINT_BYTES];
    static const size_t steps[] = {1, 7, 100, LOG_PRINT_BYTES - 1, LOG_PRINT_BYTES, 700};

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * i % 251);
    int descriptor = make_file("log", bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct log_print grown = {.n_head = 0}, read = {.n_head = 0};
        for (size_t at = 0; at + steps[i] <= sizeof bytes; at += steps[i]) {
            log_print_add(&grown, bytes + at, steps[i]);
            ck_assert(log_print_read(&read, descriptor, at + steps[i]));
            ck_assert_uint_eq(grown.n_head, read.n_head);
            ck_assert_uint_eq(grown.n_tail, read.n_tail);
            ck_assert_mem_eq(grown.head, read.head, read.n_head);
            ck_assert_mem_eq(grown.tail, read.tail, read.n_tail);
        }
        ck_assert(!log_print_read(&read, descriptor, sizeof bytes + 1));
    }
    (void)close(descriptor);
}
END_TEST

START_TEST(test_mark_fits) {
    static const char text[] = "first\nsecond\nthird\n";
    struct log_print print = {.n_head = 0};
    struct log_mark mark = {.offset = 13, .print = &print};

    log_print_add(&print, text, 13);
    log_mark_settle(&mark);
    int same = make_file("same", text, sizeof text - 1), as_long = make_file("as_long", text, 13);
    int head = make_file("head", "First\nsecond\nthird\n", 19);
    int tail = make_file("tail", "first\nsecond!third\n", 19);
    int shorter = make_file("shorter", text, 12), empty = make_file("empty", "", 0);
    ck_assert_int_eq(log_mark_compare(&mark, same), LOG_FITS);
    ck_assert_int_eq(log_mark_compare(&mark, as_long), LOG_FITS);
    ck_assert_int_eq(log_mark_compare(&mark, head), LOG_OTHER);
    ck_assert_int_eq(log_mark_compare(&mark, tail), LOG_OTHER);
    ck_assert_int_eq(log_mark_compare(&mark, shorter), LOG_OTHER);
    ck_assert_int_eq(log_mark_compare(&mark, empty), LOG_OTHER);
    mark = (struct log_mark){.offset = 0};
    mark.print = &(struct log_print){.n_head = 0};
    log_mark_settle(&mark);
    ck_assert_int_eq(log_mark_compare(&mark, empty), LOG_FITS);
    ck_assert_int_eq(log_mark_compare(&mark, same), LOG_FITS);
}
END_TEST

/* What was read is longer than the head: a copy that was made before its end begins as it does. */
START_TEST(test_mark_shorter) {
    char bytes[3 * LOG_PRINT_BYTES];
    struct log_print print = {.n_head = 0};
    struct log_mark mark = {.offset = sizeof bytes, .print = &print};

    memset(bytes, 'x', sizeof bytes);
    log_print_add(&print, bytes, sizeof bytes);
    log_mark_settle(&mark);
    mark.print = NULL;
    int copy = make_file("copy", bytes, sizeof bytes - 10);
    ck_assert_int_eq(log_mark_compare(&mark, copy), LOG_SHORTER);
    log_mark_to_end(&mark, copy);
    ck_assert_uint_eq(mark.offset, sizeof bytes - 10);
    ck_assert_int_eq(log_mark_compare(&mark, copy), LOG_FITS);
}
END_TEST

START_TEST(test_state_round_trip) {
    static const char name[] = "/a b/\xC3\xA9\xFF%\"\\\n\x01";
    struct state state = {.n_marks = 0}, again;
    struct stat info;

    struct log_mark *mark = state_add(&state, name, UINT64_MAX, UINT64_MAX - 1);
    ck_assert_ptr_nonnull(mark);
    mark->offset = INT64_MAX;
    mark->n_rows = 3;
    mark->n_lines = 4;
    mark->stage = LOG_ROTATED;
    ck_assert_ptr_nonnull(state_add(&state, "/log", 1, 2));
    ck_assert_int_eq(state_save(&state, "state", &error), ALKFW_OK);
    ck_assert_int_eq(stat("state", &info), 0);
    ck_assert_uint_eq(info.st_mode & 0777, 0600);
    ck_assert_int_eq(access("state.new", F_OK), -1);
    ck_assert_int_eq(state_load(&again, "state", &error), ALKFW_OK);
    ck_assert_uint_eq(again.n_marks, 2);
    struct log_mark *found = state_find(&again, UINT64_MAX, UINT64_MAX - 1);
    ck_assert_ptr_nonnull(found);
    ck_assert_str_eq(found->name, name);
    ck_assert_uint_eq(found->offset, INT64_MAX);
    ck_assert_uint_eq(found->n_rows, 3);
    ck_assert_uint_eq(found->n_lines, 4);
    ck_assert_int_eq(found->stage, LOG_ROTATED);
    ck_assert_mem_eq(found->head, mark->head, sizeof mark->head);
    ck_assert_ptr_null(state_find(&again, 1, UINT64_MAX - 1));
    state_free(&state);
    state_free(&again);
}
END_TEST

/* An inode that is used again belongs to the newer mark; the older one is kept, without a file. */
START_TEST(test_state_inode_again) {
    struct state state = {.n_marks = 0}, again;

    struct log_mark *old = state_add(&state, "/old", 1, 2);
    struct log_mark *older = state_add(&state, "/older", 1, 3);
    struct log_mark *new = state_add(&state, "/new", 1, 2);
    ck_assert_ptr_eq(state_find(&state, 1, 2), new);
    state_move(&state, new, 1, 3);
    ck_assert_ptr_eq(state_find(&state, 1, 3), new);
    ck_assert_ptr_null(state_find(&state, 1, 2));
    ck_assert_ptr_null(state_find(&state, old->device, old->inode));
    ck_assert_uint_eq(older->inode, 0);
    ck_assert_int_eq(state_save(&state, "state", &error), ALKFW_OK);
    ck_assert_int_eq(state_load(&again, "state", &error), ALKFW_OK);
    ck_assert_uint_eq(again.n_marks, 3);
    state_remove(&state, old);
    ck_assert_uint_eq(state.n_marks, 2);
    state_free(&state);
    state_free(&again);
}
END_TEST

START_TEST(test_state_missing) {
    struct state state;

    ck_assert_int_eq(state_load(&state, "nowhere", &error), ALKFW_OK);
    ck_assert_uint_eq(state.n_marks, 0);
    state_free(&state);
}
END_TEST

/* "" is no rotation; else "1", "gz 1", "=20261123": compressed or not, number or stamp. */
static const struct {
    const char *base;
    const char *name;
    const char *parsed;
} names[] = {
    {"app.log", "app.log", ""},
    {"app.log", "app.log.1", "1"},
    {"app.log", "app.log.12.gz", "gz 12"},
    {"app.log", "app.log-20261123", "=20261123"},
    {"app.log", "app.log-20261123.xz", "gz =20261123.xz"},
    {"app.log", "app-20261123.log", "=20261123.log"},
    {"app.log", "app.1.log", "1"},
    {"app.log", "app_2026-11-23T17:00.log.zst", "gz =2026-11-23T17:00.log.zst"},
    {"app.log", "app.log.old", "1"},
    {"app.log", "app.log.bak", ""},
    {"app.log", "app.log.1.tmp", ""},
    {"app.log", "app.log.", ""},
    {"app.log", "app.log1", ""},
    {"app.log", "app.log.gz", ""},
    {"app.log", "app2.log", ""},
    {"app.log", "other.log.1", ""},
    {"app.log", ".log", ""},
    {"syslog", "syslog.0", "0"},
    {"syslog", "syslog-1", "1"},
    {".log", ".log.1", "1"},
    {".log", "1.log", ""},
    {"a", "a.99999", "99999"},
    {"a", "a.100000", "=100000"},
};

START_TEST(test_rotation_names) {
    struct rotated_file file;
    char parsed[64] = "";

    if (rotation_parse_name(names[_i].base, names[_i].name, &file)) {
        if (file.stamp != NULL)
            (void)snprintf(parsed, sizeof parsed, "%s=%s", file.is_compressed ? "gz " : "",
                           file.stamp);
        else
            (void)snprintf(parsed, sizeof parsed, "%s%llu", file.is_compressed ? "gz " : "",
                           (unsigned long long)file.number);
    }
    ck_assert_str_eq(parsed, names[_i].parsed);
}
END_TEST

/* Oldest first, by name; links and folders are no rotated logs. */
START_TEST(test_rotation_list) {
    static const char *const made[] = {"log.1",           "log.10",       "log.2.gz", "log",
                                       "log-20261123.gz", "log-20261122", "log.txt"};
    static const char *const wanted[] = {"./log-20261122", "./log-20261123.gz", "./log.10",
                                         "./log.2.gz", "./log.1"};
    struct rotation rotation;
    struct stat info;

    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        (void)close(make_file(made[i], "", 0));
    ck_assert_int_eq(symlink("log.1", "log.3"), 0);
    ck_assert_int_eq(mkdir("log.4", 0700), 0);
    ck_assert_int_eq(rotation_list(&rotation, "./log", NULL, &error), ALKFW_OK);
    ck_assert_uint_eq(rotation.n_files, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < rotation.n_files; i++)
        ck_assert_str_eq(rotation.files[i].path, wanted[i]);
    ck_assert_int_eq(stat("log.txt", &info), 0);
    char *path = rotation_locate("log", NULL, info.st_dev, info.st_ino);
    ck_assert_str_eq(path, "log.txt");
    free(path);
    ck_assert_ptr_null(rotation_locate("log", NULL, info.st_dev, 0));
    rotation_free(&rotation);
    ck_assert_int_eq(rotation_list(&rotation, "missing/log", NULL, &error), ALKFW_E_IO);
    rotation_free(&rotation);
}
END_TEST

/* The folder that rotation moves to counts from the log's own, and is listed once. */
START_TEST(test_rotation_olddir) {
    static const char *const made[] = {"logs/log.1", "old/log.3", "old/log.1", "old/other"};
    static const char *const wanted[] = {"logs/../old/log.3", "logs/../old/log.1", "logs/log.1"};
    struct rotation rotation;
    struct stat info;
    char absolute[80];

    ck_assert_int_eq(mkdir("logs", 0700), 0);
    ck_assert_int_eq(rotation_list(&rotation, "logs/log", "../old", &error), ALKFW_OK);
    ck_assert_uint_eq(rotation.n_files, 0);
    rotation_free(&rotation);
    ck_assert_int_eq(mkdir("old", 0700), 0);
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
        (void)close(make_file(made[i], "", 0));
    ck_assert_int_eq(rotation_list(&rotation, "logs/log", "../old", &error), ALKFW_OK);
    ck_assert_uint_eq(rotation.n_files, sizeof wanted / sizeof wanted[0]);
    for (size_t i = 0; i < rotation.n_files; i++)
        ck_assert_str_eq(rotation.files[i].path, wanted[i]);
    rotation_free(&rotation);
    ck_assert_int_eq(rotation_list(&rotation, "logs/log", "../logs/.", &error), ALKFW_OK);
    ck_assert_uint_eq(rotation.n_files, 1);
    rotation_free(&rotation);
    ck_assert_int_eq(rotation_list(&rotation, "logs/log", "log.1", &error), ALKFW_E_IO);
    ck_assert_ptr_nonnull(strstr(error.message, "logs/log.1/"));
    rotation_free(&rotation);
    ck_assert_int_eq(stat("old/other", &info), 0);
    (void)snprintf(absolute, sizeof absolute, "%s/old", folder);
    char *path = rotation_locate("logs/log", absolute, info.st_dev, info.st_ino);
    ck_assert_ptr_nonnull(path);
    ck_assert_ptr_nonnull(strstr(path, "/old/other"));
    free(path);
    ck_assert_ptr_null(rotation_locate("logs/log", NULL, info.st_dev, info.st_ino));
}
END_TEST

START_TEST(test_lock) {
    int first, second;

    ck_assert_int_eq(run_lock_take("lock", &first, &error), ALKFW_OK);
    ck_assert_int_eq(run_lock_take("lock", &second, &error), ALKFW_E_LIMIT);
    ck_assert_int_eq(second, -1);
    (void)close(first);
    ck_assert_int_eq(run_lock_take("lock", &first, &error), ALKFW_OK);
    (void)close(first);
    ck_assert_int_eq(run_lock_take("missing/lock", &first, &error), ALKFW_E_IO);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("logs");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_print);
    tcase_add_test(tests, test_mark_fits);
    tcase_add_test(tests, test_mark_shorter);
    tcase_add_test(tests, test_state_round_trip);
    tcase_add_test(tests, test_state_inode_again);
    tcase_add_test(tests, test_state_missing);
    tcase_add_loop_test(tests, test_rotation_names, 0, sizeof names / sizeof names[0]);
    tcase_add_test(tests, test_rotation_list);
    tcase_add_test(tests, test_rotation_olddir);
    tcase_add_test(tests, test_lock);
    return run_tests("logs", tests);
}
