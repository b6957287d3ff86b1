/* SPDX-License-Identifier: Apache-2.0
 *
 * As much of Check as tests/check_kernels.c uses, for targets that have no Check installed:
 * scripts/check-neon compiles with this folder first. A failed assertion ends the program. */
#ifndef CROSS_CHECK_H
#define CROSS_CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void cross_test(int _i);

struct cross_entry {
    const char *name;
    cross_test *test;
    int start, end;
};

typedef struct TCase {
    const char *name;
    struct cross_entry entries[64];
    int n_entries;
} TCase;

typedef struct Suite {
    TCase *tests;
} Suite;

typedef Suite SRunner;

enum { CK_NORMAL };

static inline TCase *tcase_create(const char *name) {
    static TCase tests;

    tests.name = name;
    return &tests;
}

static inline void cross_add(TCase *tests, const char *name, cross_test *test, int start, int end) {
    if (tests->n_entries == 64)
        abort();
    tests->entries[tests->n_entries++] = (struct cross_entry){name, test, start, end};
}

static inline Suite *suite_create(const char *name) {
    static Suite suite;

    (void)name;
    return &suite;
}

static inline void suite_add_tcase(Suite *suite, TCase *tests) {
    suite->tests = tests;
}

static inline SRunner *srunner_create(Suite *suite) {
    return suite;
}

static inline void srunner_run_all(SRunner *runner, int mode) {
    int n_checks = 0;

    (void)mode;
    for (int i = 0; i < runner->tests->n_entries; i++) {
        const struct cross_entry *entry = &runner->tests->entries[i];
        for (int loop = entry->start; loop < entry->end; loop++, n_checks++)
            entry->test(loop);
    }
    printf("100%%: Checks: %d, Failures: 0, Errors: 0\n", n_checks);
}

static inline int srunner_ntests_failed(SRunner *runner) {
    (void)runner;
    return 0;
}

static inline void srunner_free(SRunner *runner) {
    (void)runner;
}

#define START_TEST(name) static void name(__attribute__((unused)) int _i)
#define END_TEST
#define tcase_set_timeout(tests, seconds) ((void)(tests)) /* the emulator takes its time */
#define tcase_add_test(tests, test) cross_add(tests, #test, test, 0, 1)
#define tcase_add_loop_test(tests, test, start, end) cross_add(tests, #test, test, start, end)

#define ck_assert(condition)                                                                       \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                \
            exit(EXIT_FAILURE);                                                                    \
        }                                                                                          \
    } while (0)
#define ck_assert_int_eq(a, b) ck_assert((a) == (b))
#define ck_assert_ptr_eq(a, b) ck_assert((a) == (b))
#define ck_assert_ptr_null(a) ck_assert((a) == NULL)
#define ck_assert_ptr_nonnull(a) ck_assert((a) != NULL)
#define ck_assert_str_eq(a, b) ck_assert(strcmp(a, b) == 0)
#define ck_assert_mem_eq(a, b, n) ck_assert(memcmp(a, b, n) == 0)
#define ck_assert_float_eq(a, b) ck_assert((a) == (b))
#define ck_assert_double_eq_tol(a, b, tolerance) ck_assert(fabs((a) - (b)) < (tolerance))

#endif
