/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>

#include "alkfw-fetch/url.h"
#include "run_tests.h"

static struct url_origin origin(const char *url) {
    struct url_origin result;

    ck_assert_msg(url_origin(url, &result), "%s", url);
    return result;
}

static bool same(const char *a, const char *b) {
    struct url_origin first = origin(a), second = origin(b);
    return url_same_origin(&first, &second);
}

/* The token goes where this says yes. */
START_TEST(origins_are_told_apart) {
    ck_assert(same("https://hub.example", "https://HUB.example:443/a?b#c"));
    ck_assert(same("http://hub.example:80/", "http://hub.example"));
    ck_assert(!same("https://hub.example", "http://hub.example"));
    ck_assert(!same("https://hub.example", "http://hub.example:443"));
    ck_assert(!same("https://hub.example", "https://hub.example:8443"));
    ck_assert(!same("https://hub.example", "https://hub.example.evil.example"));
    ck_assert(!same("https://hub.example", "https://cdn.hub.example"));
    ck_assert(!same("https://hub.example", "https://hub.example%2eevil.example"));
    ck_assert(!same("https://127.0.0.1", "https://127.0.0.2"));
}
END_TEST

START_TEST(what_is_no_address_is_refused) {
    static const char *const bad[] = {"",
                                      "https://",
                                      "hub.example",
                                      "//hub.example/x",
                                      "https://ann@hub.example",
                                      "https://ann:secret@hub.example",
                                      "https://hub.example@evil.example",
                                      "https://hub.example:99999",
                                      "https://hub exa/",
                                      "https://hub.example\n"};
    struct url_origin result;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!url_origin(bad[i], &result), "%s", bad[i]);
    ck_assert_str_eq(origin("file:///etc/passwd").scheme, "file");
}
END_TEST

START_TEST(only_this_machine_is_loopback) {
    static const char *const yes[] = {"http://127.0.0.1", "http://127.9.9.9:80", "http://[::1]:80",
                                      "http://LOCALHOST"};
    static const char *const no[] = {"http://127.evil.example",
                                     "http://127.0.0.1.evil.example",
                                     "http://localhost.example",
                                     "http://12.7.0.1",
                                     "http://[::2]",
                                     "http://0.0.0.0"};

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        struct url_origin result = origin(yes[i]);
        ck_assert_msg(url_is_loopback(&result), "%s", yes[i]);
    }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        struct url_origin result = origin(no[i]);
        ck_assert_msg(!url_is_loopback(&result), "%s", no[i]);
    }
}
END_TEST

START_TEST(locations_are_resolved) {
    static const struct {
        const char *location, *resolved;
    } cases[] = {
        {"/x/y?z", "https://hub.example/x/y?z"},
        {"https://cdn.example/q", "https://cdn.example/q"},
        {"//cdn.example/q", "https://cdn.example/q"},
        {"other", "https://hub.example/a/other"},
        {"file:///etc/passwd", "file:///etc/passwd"},
        {"gopher://x/", "gopher://x/"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *resolved = url_resolve("https://hub.example/a/b", cases[i].location);
        ck_assert_ptr_nonnull(resolved);
        ck_assert_str_eq(resolved, cases[i].resolved);
        free(resolved);
    }
    ck_assert_ptr_null(url_resolve("https://hub.example/a/b", "http://"));
}
END_TEST

START_TEST(names_are_escaped) {
    char *escaped = url_escape("refs/pr/1 \xC3\xA9~._-?#%", false);
    ck_assert_str_eq(escaped, "refs%2Fpr%2F1%20%C3%A9~._-%3F%23%25");
    free(escaped);
    escaped = url_escape("a/b c", true);
    ck_assert_str_eq(escaped, "a/b%20c");
    free(escaped);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("fetch_url");

    tcase_add_test(tests, origins_are_told_apart);
    tcase_add_test(tests, what_is_no_address_is_refused);
    tcase_add_test(tests, only_this_machine_is_loopback);
    tcase_add_test(tests, locations_are_resolved);
    tcase_add_test(tests, names_are_escaped);
    return run_tests("fetch_url", tests);
}
