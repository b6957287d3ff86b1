/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "alkfw/allow_rules.h"
#include "alkfw/baseline.h"
#include "run_tests.h"
#include "support/date.h"

static alkfw_error error;

START_TEST(dates_are_days_that_exist) {
    static const char *const refused[] = {"",           "2024-2-29",  "2023-02-29",  "1900-02-29",
                                          "2024-13-01", "2024-00-10", "2024-04-31",  "2024-01-00",
                                          "24-01-01",   "2024/01/01", "2024-01-01T", "0000-01-01"};
    static const struct {
        const char *text;
        int64_t days; /* date -u -d TEXT +%s / 86400 */
    } known[] = {{"1970-01-01", 0},     {"1969-12-31", -1},     {"2000-02-29", 11016},
                 {"2024-02-29", 19782}, {"2100-03-01", 47541},  {"9999-12-31", 2932896},
                 {"2026-11-24", 20781}, {"0001-01-01", -719162}};
    int64_t days;

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        ck_assert_msg(!date_parse(refused[i], &days), "'%s'", refused[i]);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        ck_assert_msg(date_parse(known[i].text, &days), "'%s'", known[i].text);
        ck_assert_int_eq(days, known[i].days);
    }
}
END_TEST

static const struct finding finding = {
    .source = "./docs/guide/a.md",
    .id = "\"m-\\u0031\"",
    .n_id = 10,
    .signal = "override",
    .fingerprint = "0123456789abcdef0123456789abcdef",
    .text = "abc",
    .n_text = 3,
};

static const struct {
    const char *members;
    bool fits;
} rules[] = {
    {"'source':'docs/**/*.md'", true},
    {"'source':'docs/'", true},
    {"'source':'/docs/'", true},
    {"'source':'*.md'", true},
    {"'source':'docs/*.md'", false},
    {"'source':'guide/'", false},
    {"'source':'**/guide/'", true},
    {"'source':'a.txt'", false},
    {"'id':'m-1'", true},
    {"'id':'m-'", false},
    {"'id':'\\\"m-\\\\u0031\\\"'", false},
    {"'signal':'override'", true},
    {"'signal':'novelty,override'", true},
    {"'signal':'over'", false},
    {"'signal':'overrider'", false},
    {"'fingerprint':'0123456789abcdef0123456789abcdef'", true},
    {"'fingerprint':'0123456789abcdef0123456789abcdee'", false},
    {"'sha256':'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'", true},
    {"'sha256':'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ae'", false},
    {"'source':'docs/','id':'m-1','signal':'override'", true},
    {"'source':'docs/','id':'m-2','signal':'override'", false},
};

static const struct allow_rule *find(const char *members, const struct finding *sought,
                                     int64_t today, struct allow_rules **parsed) {
    static const char format[] = "[{'reason':'other','expires':'2024-02-29','id':'other'},"
                                 "{'reason':'why','expires':'2024-02-29',%s}]";
    char text[512];

    (void)snprintf(text, sizeof text, format, members);
    for (char *at = text; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    ck_assert_int_eq(allow_rules_parse(text, parsed, &error), ALKFW_OK);
    return allow_rules_find(*parsed, sought, today);
}

START_TEST(a_rule_fits_by_all_of_its_members) {
    struct allow_rules *parsed;
    const struct allow_rule *found = find(rules[_i].members, &finding, 19782, &parsed);

    ck_assert_int_eq(found != NULL, rules[_i].fits);
    if (found != NULL) {
        ck_assert_str_eq(found->reason, "why");
        ck_assert_str_eq(found->expires, "2024-02-29");
    }
    allow_rules_free(parsed);
}
END_TEST

START_TEST(a_rule_holds_to_the_end_of_its_last_day) {
    struct allow_rules *parsed;

    ck_assert_ptr_nonnull(find("'id':'m-1'", &finding, 19782, &parsed));
    ck_assert_ptr_null(allow_rules_find(parsed, &finding, 19783));
    ck_assert_ptr_nonnull(allow_rules_find(parsed, &finding, 0));
    allow_rules_free(parsed);
    ck_assert_int_eq(allow_rules_parse(NULL, &parsed, &error), ALKFW_OK);
    ck_assert_ptr_null(allow_rules_find(parsed, &finding, 0));
    ck_assert_int_eq(allow_rules_parse("[{'id':1}]", &parsed, &error), ALKFW_E_MEMORY);
    ck_assert_int_eq(allow_rules_parse("[{\"id\":\"1\"}]", &parsed, &error), ALKFW_E_CONFIG);
}
END_TEST

START_TEST(an_identifier_that_is_a_number) {
    struct allow_rules *parsed;
    struct finding numbered = finding;

    numbered.id = "17";
    numbered.n_id = 2;
    ck_assert_ptr_nonnull(find("'id':'17'", &numbered, 0, &parsed));
    numbered.n_id = 0;
    ck_assert_ptr_null(allow_rules_find(parsed, &numbered, 0));
    allow_rules_free(parsed);
}
END_TEST

static const struct {
    const char *json;
    alkfw_status status;
    const char *message; /* begins so */
} bad[] = {
    {"", ALKFW_E_FORMAT, "b.json: the baseline is not JSON, at line 1"},
    {"{\"schema\":\"alkfw-baseline/1\",\n\"findings\":[\n", ALKFW_E_FORMAT,
     "b.json: the baseline is not JSON, at line 3"},
    {"{\"schema\":\"a\",\"schema\":\"a\"}", ALKFW_E_FORMAT, "b.json: the baseline is not JSON"},
    {"[]", ALKFW_E_FORMAT, "b.json: not a baseline"},
    {"{\"schema\":\"alkfw/1\"}", ALKFW_E_FORMAT, "b.json: not a baseline"},
    {"{\"schema\":\"alkfw-baseline/2\"}", ALKFW_E_UNSUPPORTED,
     "b.json: a baseline of another version, alkfw-baseline/2 and not alkfw-baseline/1"},
    {"{\"schema\":\"alkfw-baseline/1\"}", ALKFW_E_FORMAT, "b.json: the baseline has no list"},
    {"{\"schema\":\"alkfw-baseline/1\",\"findings\":[1]}", ALKFW_E_FORMAT,
     "b.json: finding 1 of the baseline needs"},
    {"{\"schema\":\"alkfw-baseline/1\",\"findings\":[{\"fingerprint\":\"0123\",\"signal\":\"\","
     "\"source\":\"\"}]}",
     ALKFW_E_FORMAT, "b.json: finding 1 of the baseline needs"},
};

START_TEST(a_bad_baseline_is_told_from_a_good_one) {
    struct baseline *baseline;

    ck_assert_int_eq(baseline_new(&baseline, &error), ALKFW_OK);
    ck_assert_int_eq(baseline_parse(baseline, bad[_i].json, strlen(bad[_i].json), "b.json", &error),
                     bad[_i].status);
    ck_assert_msg(strncmp(error.message, bad[_i].message, strlen(bad[_i].message)) == 0, "%s",
                  error.message);
    baseline_free(baseline);
}
END_TEST

/* Many findings, most of them several times: each is kept once. */
START_TEST(a_baseline_is_a_set) {
    struct baseline *baseline;
    char hexadecimal[FINGERPRINT_SIZE];

    ck_assert_int_eq(baseline_new(&baseline, &error), ALKFW_OK);
    ck_assert(!baseline_has(baseline, finding.fingerprint));
    ck_assert_uint_eq(baseline_count(baseline), 0);
    for (unsigned i = 0; i < 5000; i++) {
        (void)snprintf(hexadecimal, sizeof hexadecimal, "%032x", i % 300);
        ck_assert(baseline_add(baseline, hexadecimal, "override", "a"));
    }
    ck_assert_uint_eq(baseline_count(baseline), 300);
    ck_assert_uint_eq(baseline_count_found(baseline), 0);
    for (unsigned i = 0; i < 400; i++) {
        (void)snprintf(hexadecimal, sizeof hexadecimal, "%032x", i);
        ck_assert_int_eq(baseline_has(baseline, hexadecimal), i < 300);
    }
    ck_assert_uint_eq(baseline_count_found(baseline), 300);
    baseline_free(baseline);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("allowance");

    tcase_add_test(tests, dates_are_days_that_exist);
    tcase_add_loop_test(tests, a_rule_fits_by_all_of_its_members, 0,
                        sizeof rules / sizeof rules[0]);
    tcase_add_test(tests, a_rule_holds_to_the_end_of_its_last_day);
    tcase_add_test(tests, an_identifier_that_is_a_number);
    tcase_add_loop_test(tests, a_bad_baseline_is_told_from_a_good_one, 0,
                        sizeof bad / sizeof bad[0]);
    tcase_add_test(tests, a_baseline_is_a_set);
    return run_tests("allowance", tests);
}
