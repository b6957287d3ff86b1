/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/line_reader.h"
#include "run_tests.h"

static int ends[2];
static struct line_reader reader;
static const char *bytes;
static uint64_t n_bytes;
static bool terminated;

static void setup(void) {
    ck_assert_int_eq(pipe(ends), 0);
    line_reader_init(&reader, ends[0], '\n', 8);
}

static void teardown(void) {
    line_reader_free(&reader);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void feed(const char *text, size_t length) {
    ck_assert_int_eq(write(ends[1], text, length), (ssize_t)length);
}

static void hang_up(void) {
    ck_assert_int_eq(close(ends[1]), 0);
    ends[1] = -1;
}

static enum line_result next(void) {
    return line_reader_next(&reader, &bytes, &n_bytes, &terminated, NULL);
}

static void expect(const char *text, size_t length, bool with_delimiter) {
    ck_assert_int_eq(next(), LINE_OK);
    ck_assert_uint_eq(n_bytes, length);
    ck_assert_mem_eq(bytes, text, length);
    ck_assert_int_eq(terminated, with_delimiter);
}

START_TEST(gives_each_line_and_an_unterminated_last) {
    feed("a\n\nb\0c\r\nlast", 12);
    hang_up();
    expect("a", 1, true);
    expect("", 0, true);
    expect("b\0c\r", 4, true);
    ck_assert_uint_eq(reader.bytes.offset, 8);
    expect("last", 4, false);
    ck_assert_int_eq(next(), LINE_END);
    ck_assert_int_eq(next(), LINE_END);
}
END_TEST

START_TEST(no_empty_record_after_the_last_delimiter) {
    feed("a\n", 2);
    hang_up();
    expect("a", 1, true);
    ck_assert_int_eq(next(), LINE_END);
}
END_TEST

START_TEST(a_record_at_the_ceiling_passes_and_one_over_it_is_skipped) {
    feed("12345678\n123456789\nafter\n", 25);
    hang_up();
    expect("12345678", 8, true);
    ck_assert_int_eq(next(), LINE_TOO_LONG);
    ck_assert_uint_eq(n_bytes, 9);
    expect("after", 5, true);
    ck_assert_int_eq(next(), LINE_END);
}
END_TEST

START_TEST(a_huge_record_is_never_held) {
    static char chunk[1 << 16];

    memset(chunk, 'x', sizeof chunk);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 160; i++)
            if (write(ends[1], chunk, sizeof chunk) < 0)
                _exit(1);
        _exit(write(ends[1], "\nafter", 6) == 6 ? 0 : 1);
    }
    hang_up();
    ck_assert_int_eq(next(), LINE_TOO_LONG);
    ck_assert_uint_eq(n_bytes, 160 * sizeof chunk);
    ck_assert_uint_le(reader.bytes.pending.capacity, 3 * sizeof chunk);
    expect("after", 5, false);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

START_TEST(ready_only_with_a_whole_record) {
    ck_assert(!line_reader_ready(&reader));
    feed("part", 4);
    ck_assert(!line_reader_ready(&reader));
    feed("\nnext", 5);
    ck_assert(line_reader_ready(&reader));
    expect("part", 4, true);
    ck_assert(!line_reader_ready(&reader));
    hang_up();
    ck_assert(line_reader_ready(&reader)); /* the end is an answer too */
    expect("next", 4, false);
}
END_TEST

START_TEST(a_failed_read_is_told) {
    struct line_reader of_directory;

    line_reader_init(&of_directory, open("/", O_RDONLY), '\n', 8);
    errno = 0;
    ck_assert_int_eq(line_reader_next(&of_directory, &bytes, &n_bytes, &terminated, NULL),
                     LINE_FAILED);
    ck_assert_int_eq(errno, EISDIR);
    (void)close(of_directory.bytes.descriptor);
    line_reader_free(&of_directory);
}
END_TEST

static volatile int stopped;

static void stop(int number) {
    stopped = number;
}

START_TEST(a_signal_ends_the_wait) {
    struct sigaction action = {.sa_handler = stop};

    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    feed("part", 4);
    alarm(1);
    ck_assert_int_eq(line_reader_next(&reader, &bytes, &n_bytes, &terminated, &stopped), LINE_END);
    ck_assert(!reader.bytes.at_end);
    /* One that came before the wait ends it too. */
    ck_assert_int_eq(line_reader_next(&reader, &bytes, &n_bytes, &terminated, &stopped), LINE_END);
    ck_assert(!reader.bytes.at_end);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("line_reader");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, gives_each_line_and_an_unterminated_last);
    tcase_add_test(tests, no_empty_record_after_the_last_delimiter);
    tcase_add_test(tests, a_record_at_the_ceiling_passes_and_one_over_it_is_skipped);
    tcase_add_test(tests, a_huge_record_is_never_held);
    tcase_add_test(tests, ready_only_with_a_whole_record);
    tcase_add_test(tests, a_failed_read_is_told);
    tcase_add_test(tests, a_signal_ends_the_wait);
    return run_tests("line_reader", tests);
}
