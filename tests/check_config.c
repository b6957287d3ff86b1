/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "config/yaml.h"
#include "run_tests.h"
#include "support/number.h"

static alkfw_config *config;
static alkfw_error error;

static void setup(void) {
    ck_assert_int_eq(alkfw_config_new(&config, &error), ALKFW_OK);
}

static void teardown(void) {
    alkfw_config_free(config);
}

static alkfw_status parse(const char *yaml) {
    return config_yaml_parse(config, yaml, strlen(yaml), "a.yaml", &error);
}

START_TEST(every_default_is_valid_and_canonical) {
    for (int i = 0; i < CONFIG_KEY_COUNT; i++) {
        const struct config_key *key = &config_keys[i];
        char *canonical;
        ck_assert_ptr_nonnull(key->name);
        ck_assert_str_eq(alkfw_config_key((size_t)i), key->name);
        ck_assert_ptr_nonnull(alkfw_config_help(key->name));
        if (key->default_value == NULL)
            continue;
        ck_assert_int_eq(config_key_canonical(key, key->default_value, "x", &canonical, &error),
                         ALKFW_OK);
        ck_assert_str_eq(canonical, key->default_value);
        free(canonical);
    }
    ck_assert_ptr_null(alkfw_config_key(CONFIG_KEY_COUNT));
}
END_TEST

START_TEST(reads_every_type) {
    double threshold;
    uint64_t max_bytes;

    ck_assert_int_eq(parse("# comment\nmodel: ./a b\nthreshold: 0.75\nthreads: 2\n"
                           "signals: [override, indirect]\nonly:\n  - alarm\n  - error\n"
                           "max_bytes: 2M\nshow_text: true\nsensitivity: strict\ninput: null\n"),
                     ALKFW_OK);
    ck_assert_str_eq(alkfw_config_get(config, "model"), "./a b");
    ck_assert_str_eq(alkfw_config_get(config, "signals"), "override,indirect");
    ck_assert_str_eq(alkfw_config_get(config, "only"), "alarm,error");
    ck_assert_str_eq(alkfw_config_get(config, "input"), "null");
    ck_assert_str_eq(alkfw_config_get(config, "output"), "json"); /* the default */
    ck_assert_ptr_null(alkfw_config_get(config, "review"));
    ck_assert_ptr_null(alkfw_config_get(config, "no such key"));
    ck_assert(config_number(config, "threshold", &threshold));
    ck_assert_double_eq(threshold, 0.75);
    ck_assert(config_integer(config, "max_bytes", &max_bytes));
    ck_assert_uint_eq(max_bytes, 2u << 20);
    ck_assert(config_boolean(config, "show_text"));
    ck_assert(!config_boolean(config, "summary"));
}
END_TEST

START_TEST(rules_are_the_same_as_yaml_and_as_json) {
    static const char json[] =
        "[{\"reason\":\"it's ours\",\"expires\":\"2099-12-31\",\"signal\":\"a,b\"},"
        "{\"reason\":\"r\",\"expires\":\"2099-01-01\",\"id\":\"7\"}]";

    ck_assert_int_eq(parse("allow:\n  - reason: it's ours\n    expires: 2099-12-31\n"
                           "    signal:\n    - a\n    - b\n"
                           "  - {reason: r, expires: 2099-01-01, id: 7}\n"),
                     ALKFW_OK);
    ck_assert_str_eq(alkfw_config_get(config, "allow"), json);
    ck_assert_int_eq(alkfw_config_set(config, "allow", json, "ALKFW_ALLOW", &error), ALKFW_OK);
    ck_assert_str_eq(alkfw_config_get(config, "allow"), json);
    ck_assert_int_eq(alkfw_config_set(config, "allow", "[1]", "ALKFW_ALLOW", &error),
                     ALKFW_E_CONFIG);
    ck_assert_str_eq(error.message, "ALKFW_ALLOW: a rule of allow must be a mapping");
}
END_TEST

START_TEST(nothing_is_a_configuration_too) {
    ck_assert_int_eq(parse(""), ALKFW_OK);
    ck_assert_int_eq(parse("# only a comment\n"), ALKFW_OK);
    ck_assert_int_eq(parse("---\n"), ALKFW_OK);
}
END_TEST

static const struct {
    const char *yaml;
    const char *message;
} bad[] = {
    {"output: json\ntreshold: 0.5\n",
     "a.yaml:2:1: unknown key 'treshold'; did you mean 'threshold'?"},
    {"zzzzzz: 1\n", "a.yaml:1:1: unknown key 'zzzzzz'"},
    {"threshold: high\n", "a.yaml:1:12: threshold must be a number from 0 to 1, not 'high'"},
    {"threshold: 1.5\n", "a.yaml:1:12: threshold must be a number from 0 to 1, not '1.5'"},
    {"threshold: \"0.5\"\n",
     "a.yaml:1:12: threshold must be a number from 0 to 1, not quoted text"},
    {"threshold:\n", "a.yaml:1:11: threshold must be a number from 0 to 1, not empty"},
    {"threads: [1]\n", "a.yaml:1:10: threads must be an integer from 1 to 256, not a list"},
    {"threads: -1\n", "a.yaml:1:10: threads must be an integer from 1 to 256, not '-1'"},
    {"threads: {a: 1}\n", "a.yaml:1:10: threads must be an integer from 1 to 256, not a mapping"},
    {"show_text: yes\n", "a.yaml:1:12: show_text must be true or false, not 'yes'"},
    {"output: xml\n", "a.yaml:1:9: output must be one of json, text, github, sarif, not 'xml'"},
    {"only: alarm,oops\n",
     "a.yaml:1:7: only must be none or a list of pass, review, alarm, error, not 'alarm,oops'"},
    {"only: [[alarm]]\n", "a.yaml:1:8: only must be none or a list of pass, review, alarm, error, "
                          "not a nested list or mapping"},
    {"max_bytes: 0\n", "a.yaml:1:12: max_bytes must be a size from 1 to 2147483647 bytes "
                       "(K, M, G understood), not '0'"},
    {"threads: 1\nthreads: 1\n", "a.yaml:2:1: threads is set twice in this file"},
    {"- threads\n", "a.yaml:1:1: a configuration is a mapping, 'key: value' on each line"},
    {"threads: 1\n---\nthreads: 1\n", "a.yaml:2:1: a configuration is one YAML document"},
    {"model: &a x\n", "a.yaml:1:8: anchors and aliases are not allowed in a configuration"},
    {"model: *a\n", "a.yaml:1:8: anchors and aliases are not allowed in a configuration"},
    {"model: !!str x\n", "a.yaml:1:8: tags are not allowed in a configuration"},
    {"? [a]\n: 1\n", "a.yaml:1:3: a key must be plain text"},
    {"model: \"a\\0b\"\n", "a.yaml:1:8: a NUL character is not allowed in a configuration"},
    {"allow:\n- reason: a\n  source: b\n",
     "a.yaml:2:3: a rule of allow needs expires: the last day of the rule, YYYY-MM-DD"},
    {"allow:\n- {id: a}\n",
     "a.yaml:2:3: a rule of allow needs reason: text that says why this is no attack"},
    {"allow:\n- {reason: a, expires: 2023-02-29}\n",
     "a.yaml:2:3: expires of a rule of allow must be the last day of the rule, YYYY-MM-DD, not "
     "'2023-02-29'"},
    {"allow:\n- {reason: a, expires: 2024-02-29}\n",
     "a.yaml:2:3: a rule of allow needs source, id, signal, fingerprint or sha256: it must not "
     "hold "
     "for everything"},
    {"allow:\n- {reasons: a}\n",
     "a.yaml:2:3: unknown key 'reasons' in a rule of allow; known are reason, expires, source, id, "
     "signal, fingerprint and sha256"},
    {"allow:\n- {id: a, id: a}\n", "a.yaml:2:11: a key is set twice in a rule"},
    {"allow:\n- {id: {a: b}}\n", "a.yaml:2:8: a value in a rule must be text"},
    {"allow:\n- [a]\n",
     "a.yaml:2:3: allow must be a list of mappings, not a list of anything else"},
    {"allow: a\n", "a.yaml:1:8: allow must be a list of at most 1000 rules, as JSON"},
    {"allow: {a: b}\n", "a.yaml:1:8: allow must be a list of mappings, not a mapping"},
    {"model: 'a\n", "a.yaml:2:1: not valid YAML: found unexpected end of stream"},
};

START_TEST(says_what_is_wrong_and_where) {
    ck_assert_int_eq(parse(bad[_i].yaml), ALKFW_E_CONFIG);
    ck_assert_str_eq(error.message, bad[_i].message);
}
END_TEST

START_TEST(deep_nesting_ends_at_once) {
    static char yaml[200000];

    memset(yaml, '[', sizeof yaml);
    memcpy(yaml, "only: ", 6);
    ck_assert_int_eq(config_yaml_parse(config, yaml, sizeof yaml, "a.yaml", &error),
                     ALKFW_E_CONFIG);
    ck_assert_ptr_nonnull(strstr(error.message, "a.yaml:1:8: "));
}
END_TEST

START_TEST(a_bad_file_changes_nothing) {
    char path[] = "/tmp/check_config.XXXXXX";
    static const char yaml[] = "threads: 3\nthreshold: x\n";
    int descriptor = mkstemp(path);

    ck_assert_int_ge(descriptor, 0);
    ck_assert_int_eq(write(descriptor, yaml, sizeof yaml - 1), sizeof yaml - 1);
    ck_assert_int_eq(close(descriptor), 0);
    ck_assert_int_eq(alkfw_config_set(config, "threads", "7", "-t", &error), ALKFW_OK);
    ck_assert_int_eq(alkfw_config_load(config, path, &error), ALKFW_E_CONFIG);
    ck_assert_str_eq(alkfw_config_get(config, "threads"), "7");
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(alkfw_config_load(config, path, &error), ALKFW_E_MISSING);
    ck_assert_int_eq(alkfw_config_load(config, "/", &error), ALKFW_E_IO);
}
END_TEST

START_TEST(set_names_its_origin) {
    ck_assert_int_eq(alkfw_config_set(config, "threshold", "2", "ALKFW_THRESHOLD", &error),
                     ALKFW_E_CONFIG);
    ck_assert_str_eq(error.message,
                     "ALKFW_THRESHOLD: threshold must be a number from 0 to 1, not '2'");
    ck_assert_int_eq(alkfw_config_set(config, "only", "none", "-q", &error), ALKFW_OK);
    ck_assert_int_eq(alkfw_config_set(config, "output", "json,text", "-o", &error), ALKFW_E_CONFIG);
    ck_assert_int_eq(alkfw_config_set(config, "signals", "override,,x", "x", &error),
                     ALKFW_E_CONFIG);
}
END_TEST

START_TEST(numbers_are_exact_about_what_they_take) {
    static const char *const refused[] = {"",   " 1", "1 ", "0x1",   "inf", "nan",   "1,5",
                                          "1e", "-",  ".",  "1e999", "--1", "1.5.2", "e1"};
    double value;
    uint64_t whole;
    char out[NUMBER_TEXT_SIZE];

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        ck_assert_msg(!number_parse_double(refused[i], &value), "'%s'", refused[i]);
    ck_assert(number_parse_double("-1.5e2", &value));
    ck_assert_double_eq(value, -150.0);
    ck_assert(number_parse_unsigned("18446744073709551615", &whole));
    ck_assert(!number_parse_unsigned("18446744073709551616", &whole));
    ck_assert(number_parse_size("64k", &whole));
    ck_assert_uint_eq(whole, 65536);
    ck_assert(number_parse_size("1MiB", &whole));
    ck_assert_uint_eq(whole, 1048576);
    ck_assert(!number_parse_size("1MB", &whole)); /* decimal or binary? nobody can tell */
    ck_assert(number_parse_size("2T", &whole));
    ck_assert_uint_eq(whole, UINT64_C(2) << 40);
    ck_assert(!number_parse_size("99999999999G", &whole));
    ck_assert(!number_parse_size("1P", &whole));
    number_format_double(0.984, 6, out);
    ck_assert_str_eq(out, "0.984");
    number_format_double(2.5e-7, 6, out);
    ck_assert_str_eq(out, "2.5e-07");
    number_format_unsigned(UINT64_MAX, out);
    ck_assert_str_eq(out, "18446744073709551615");
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("config");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, every_default_is_valid_and_canonical);
    tcase_add_test(tests, reads_every_type);
    tcase_add_test(tests, rules_are_the_same_as_yaml_and_as_json);
    tcase_add_test(tests, nothing_is_a_configuration_too);
    tcase_add_loop_test(tests, says_what_is_wrong_and_where, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(tests, deep_nesting_ends_at_once);
    tcase_add_test(tests, a_bad_file_changes_nothing);
    tcase_add_test(tests, set_names_its_origin);
    tcase_add_test(tests, numbers_are_exact_about_what_they_take);
    return run_tests("config", tests);
}
