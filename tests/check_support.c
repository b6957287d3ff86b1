/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alkfw.h"
#include "run_tests.h"
#include "support/atomic_file.h"
#include "support/build_tree.h"
#include "support/buffer.h"
#include "support/utf8.h"
#include "support/worker_pool.h"

START_TEST(decode_replaces_each_maximal_subpart) {
    /* The example of Unicode 15, table 3-11. */
    static const char text[] = "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41";
    static const size_t lengths[] = {2, 1, 3, 2, 1};
    size_t at = 0;

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        uint32_t code_point;
        ck_assert_uint_eq(utf8_decode(text + at, sizeof text - 1 - at, &code_point), lengths[i]);
        ck_assert_uint_eq(code_point, i + 1 < 5 ? UTF8_REPLACEMENT : 'A');
        at += lengths[i];
    }
    ck_assert_uint_eq(at, sizeof text - 1);
}
END_TEST

START_TEST(decode_refuses_overlong_and_surrogates) {
    static const char *const texts[] = {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint32_t code_point;
        ck_assert_uint_eq(utf8_decode(texts[i], strlen(texts[i]), &code_point), 1);
        ck_assert_uint_eq(code_point, UTF8_REPLACEMENT);
    }
}
END_TEST

START_TEST(escape_hides_what_a_terminal_obeys) {
    char out[64];

    utf8_escape("a\x1b[2J\xE2\x80\xAE\xFFz", 9, out, sizeof out);
    ck_assert_str_eq(out, "a\\x1b[2J\\xe2\\x80\\xae\\xff");
    utf8_escape("0123456789", 10, out, 8);
    ck_assert_str_eq(out, "0123...");
    utf8_escape("\xC3\xA9\xC3\xA9\xC3\xA9", 6, out, 6);
    ck_assert_str_eq(out, "\xC3\xA9...");
}
END_TEST

START_TEST(error_message_is_escaped) {
    alkfw_error error;

    ck_assert_int_eq(alkfw_error_set(&error, ALKFW_E_IO, "cannot open %s", "a\nb"), ALKFW_E_IO);
    ck_assert_str_eq(error.message, "cannot open a\\x0ab");
}
END_TEST

START_TEST(buffer_never_passes_its_ceiling) {
    struct buffer buffer;

    buffer_init(&buffer, 5);
    ck_assert(buffer_append(&buffer, "abc", 3));
    ck_assert(!buffer_append(&buffer, "def", 3));
    ck_assert(buffer_append(&buffer, "de", 2));
    ck_assert_uint_eq(buffer.length, 5);
    ck_assert_mem_eq(buffer.bytes, "abcde", 5);
    buffer_free(&buffer);
}
END_TEST

enum { N_JOBS = 200, N_TASKS = 64 };
struct job {
    atomic_int runs[N_TASKS];
    atomic_int busy[4];
};

static void count_task(void *context, size_t worker, size_t task) {
    struct job *job = context;
    ck_assert_int_eq(atomic_fetch_add(&job->busy[worker], 1), 0);
    atomic_fetch_add(&job->runs[task], 1);
    atomic_fetch_sub(&job->busy[worker], 1);
}

START_TEST(pool_runs_every_task_once) {
    alkfw_error error;
    struct worker_pool *pool;

    ck_assert_int_eq(worker_pool_new(4, &pool, &error), ALKFW_OK);
    for (size_t i = 0; i < N_JOBS; i++) {
        struct job job = {0};
        size_t n_tasks = i % (N_TASKS + 1); /* few tasks first, so that threads start late */
        worker_pool_run(pool, n_tasks, count_task, &job);
        for (size_t task = 0; task < N_TASKS; task++)
            ck_assert_int_eq(job.runs[task], task < n_tasks);
    }
    worker_pool_free(pool);
    ck_assert_int_eq(worker_pool_new(0, &pool, &error), ALKFW_E_ARGUMENT);
    ck_assert_ptr_null(pool);
}
END_TEST

/* ---- files that appear whole ------------------------------------------------- */

static alkfw_status write_whole(const char *path, const char *text, bool alone) {
    struct atomic_file file;
    alkfw_error error;

    alkfw_status status = alone ? atomic_file_begin_alone(&file, path, "test", 0600, &error)
                                : atomic_file_begin(&file, path, "test", &error);
    if (status != ALKFW_OK)
        return status;
    ck_assert_int_eq(atomic_file_write(&file, text, strlen(text), &error), ALKFW_OK);
    return atomic_file_commit(&file, &error);
}

static void check_holds(const char *path, const char *text) {
    char held[64] = "";
    FILE *file = fopen(path, "r");

    ck_assert_ptr_nonnull(file);
    size_t length = fread(held, 1, sizeof held - 1, file);
    (void)fclose(file);
    ck_assert_uint_eq(length, strlen(text));
    ck_assert_str_eq(held, text);
}

START_TEST(only_regular_files_are_replaced) {
    char folder[] = "/tmp/check_support.XXXXXX", path[64], link[64], pipe[64];
    struct stat info;
    bool alone = _i == 1;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/file", folder);
    (void)snprintf(link, sizeof link, "%s/link", folder);
    (void)snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    ck_assert_int_eq(write_whole(path, "one", alone), ALKFW_OK);
    check_holds(path, "one");
    ck_assert_int_eq(symlink("file", link), 0);
    ck_assert_int_eq(write_whole(link, "two", alone), ALKFW_OK);
    check_holds(path, "two");
    ck_assert(lstat(link, &info) == 0 && S_ISLNK(info.st_mode));
    ck_assert_int_eq(mkfifo(pipe, 0600), 0);
    ck_assert_int_eq(write_whole(pipe, "three", alone), ALKFW_E_ARGUMENT);
    ck_assert(lstat(pipe, &info) == 0 && S_ISFIFO(info.st_mode));
    ck_assert_int_eq(write_whole(folder, "three", alone), ALKFW_E_ARGUMENT);
    ck_assert_int_eq(unlink(path) + unlink(link) + unlink(pipe), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

/* What anybody may write to above an installation is not asked. */
START_TEST(a_build_tree_is_not_looked_for_above_an_installation) {
    static const struct {
        const char *folder;
        bool is_of_tree;
    } cases[] = {
        {"", true},      {"/.libs", true},       {"/tests/.libs", true}, {"/tests/bench", true},
        {"/bin", false}, {"/prefix/bin", false}, {"/tests/bin", false}};
    char top[] = "/tmp/check_support.XXXXXX";
    char path[PATH_MAX], tree[PATH_MAX];

    ck_assert_ptr_nonnull(mkdtemp(top));
    (void)snprintf(path, sizeof path, "%s/config.status", top);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fclose(file), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char folder[PATH_MAX];
        (void)snprintf(folder, sizeof folder, "%s%s", top, cases[i].folder);
        ck_assert_msg(build_tree_find(folder, tree) == cases[i].is_of_tree, "%s", cases[i].folder);
        if (cases[i].is_of_tree)
            ck_assert_str_eq(tree, top);
    }
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(top), 0);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("support");

    tcase_add_test(tests, decode_replaces_each_maximal_subpart);
    tcase_add_test(tests, decode_refuses_overlong_and_surrogates);
    tcase_add_test(tests, escape_hides_what_a_terminal_obeys);
    tcase_add_test(tests, error_message_is_escaped);
    tcase_add_test(tests, buffer_never_passes_its_ceiling);
    tcase_add_test(tests, pool_runs_every_task_once);
    tcase_add_test(tests, a_build_tree_is_not_looked_for_above_an_installation);
    tcase_add_loop_test(tests, only_regular_files_are_replaced, 0, 2);
    return run_tests("support", tests);
}
