/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of every Check program: `return run_tests("module", tests);` from main. */
#ifndef RUN_TESTS_H
#define RUN_TESTS_H

#include <check.h>
#include <stdlib.h>

static inline int run_tests(const char *name, TCase *tests) {
    Suite *suite = suite_create(name);

    /* Only to end a hang: the default of 4 s is less than a busy machine can need. */
    tcase_set_timeout(tests, 300);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int n_failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
