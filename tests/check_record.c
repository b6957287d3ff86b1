/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the filter that turn bytes into records and verdicts into bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw/batch.h"
#include "alkfw/field_path.h"
#include "alkfw/json_row.h"
#include "alkfw/json_writer.h"
#include "alkfw/matcher.h"
#include "alkfw/tally.h"
#include "cli/json_memory.h"
#include "failing_memory.h"
#include "run_tests.h"

static struct batch batch;
static alkfw_error error;

static void setup(void) {
    batch_init(&batch);
}

static void teardown(void) {
    batch_free(&batch);
}

/* The records of a JSON row as "field=text;" or "field!message;". */
static const char *records_of(const char *json, const char *field) {
    static char out[4096];
    struct field_path path;
    struct json_plan plan = {0};
    size_t length = 0;

    if (field != NULL) {
        ck_assert_int_eq(field_path_parse(field, "--field", &path, &error), ALKFW_OK);
        plan.field = &path;
    }
    batch_clear(&batch);
    ck_assert(batch_add_row(&batch, "a", 1, 1));
    ck_assert(json_row_add(&batch, &plan, json, strlen(json)));
    for (size_t i = 0; i < batch.n_records; i++) {
        const struct record *record = &batch.records[i];
        bool is_text = record->status == ALKFW_OK;
        struct slice said = is_text ? record->text : record->message;
        length +=
            (size_t)snprintf(out + length, sizeof out - length, "%.*s%c%.*s;",
                             (int)record->field.length, batch_bytes(&batch, record->field),
                             is_text ? '=' : '!', (int)said.length, batch_bytes(&batch, said));
    }
    if (field != NULL)
        field_path_free(&path);
    return out;
}

static const struct {
    const char *json;
    const char *field;
    const char *records;
} rows[] = {
    {"{\"prompt\":\"a\",\"text\":\"b\"}", NULL, "prompt=a;"},
    {"{\"prompt\":null,\"text\":\"b\"}", NULL, "text=b;"},
    {"{\"prompt\":\"\"}", NULL, "prompt=;"},
    {"{\"prompt\":[\"a\",\"b\"]}", NULL, "prompt[0]=a;prompt[1]=b;"},
    {"{\"prompt\":[{\"role\":\"user\",\"content\":\"a\"}]}", NULL, "prompt[0].content=a;"},
    {"{\"messages\":[{\"content\":\"a\"},{\"content\":[{\"type\":\"text\",\"text\":\"b\"}]}]}",
     NULL, "messages[0].content=a;messages[1].content[0].text=b;"},
    {"{\"messages\":[{\"content\":\"a\"},{\"content\":7}]}", NULL,
     "messages[0].content=a;messages[1].content!field messages[1].content is a number, not text;"},
    {"{\"messages\":[]}", NULL,
     "!none of prompt, text, input, content, messages[].content is there; name the text's field "
     "with --field;"},
    {"\"a\"", NULL, "=a;"},
    {"\"a\"", "prompt", "prompt!field prompt is absent;"},
    {"{\"a\":{\"b\":[[\"x\",\"y\"],[\"z\"]]}}", "a.b[][]", "a.b[0][0]=x;a.b[0][1]=y;a.b[1][0]=z;"},
    {"{\"a\":{\"b\":[[\"x\",\"y\"],[\"z\"]]}}", "a.b[0][1]", "a.b[0][1]=y;"},
    {"[{\"t\":\"x\"}]", "[].t", "[0].t=x;"},
    {"{\"a.b\":\"x\"}", "a\\.b", "a.b=x;"},
    {"{\"a\":true}", "a", "a!field a is true or false, not text;"},
};

START_TEST(finds_the_texts_of_a_row) {
    ck_assert_str_eq(records_of(rows[_i].json, rows[_i].field), rows[_i].records);
}
END_TEST

START_TEST(messages_never_quote_the_record) {
    ck_assert_ptr_null(strstr(records_of("{\"prompt\":\"x\" SECRET}", NULL), "SECRET"));
    ck_assert_ptr_null(strstr(records_of("SECRET", NULL), "SECRET"));
}
END_TEST

START_TEST(paths_have_a_ceiling) {
    struct field_path path;

    ck_assert_int_eq(field_path_parse("a[][][][][][][][][][][][][][][]", "--field", &path, &error),
                     ALKFW_OK);
    ck_assert_uint_eq(path.n_steps, 16);
    field_path_free(&path);
    ck_assert_int_eq(
        field_path_parse("a[][][][][][][][][][][][][][][][]", "--field", &path, &error),
        ALKFW_E_CONFIG);
    ck_assert_int_eq(field_path_parse("a[99999999999]", "--field", &path, &error), ALKFW_E_CONFIG);
}
END_TEST

static bool count_visits(void *context, const char *name, json_t *value) {
    (void)value;
    ck_assert_uint_lt(strlen(name), FIELD_NAME_SIZE);
    ++*(int *)context;
    return true;
}

START_TEST(long_names_are_cut) {
    char key[2 * FIELD_NAME_SIZE], text[2 * sizeof key];
    struct field_path path;
    int n_visits = 0;

    memset(key, 'k', sizeof key);
    key[sizeof key - 1] = '\0';
    (void)snprintf(text, sizeof text, "%s[].b", key);
    ck_assert_int_eq(field_path_parse(text, "--field", &path, &error), ALKFW_OK);
    json_t *root = json_pack("{s:[{s:s},{s:s}]}", key, "b", "x", "b", "y");
    ck_assert(field_path_walk(&path, root, NULL, count_visits, &n_visits));
    ck_assert_int_eq(n_visits, 2);
    json_decref(root);
    field_path_free(&path);
}
END_TEST

START_TEST(json_strings_are_valid_and_safe) {
    static const char text[] = "a\"\\\b\f\n\r\t\x01\x7f\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81\xC3\xA9"
                               "\xF0\x9F\x98\x80\xFF\xED\xA0\x80\xEF\xBF\xBD";
    struct buffer out;

    buffer_init(&out, 1024);
    ck_assert(json_write_string(&out, text, sizeof text - 1));
    ck_assert(buffer_append(&out, "", 1));
    ck_assert_str_eq(
        out.bytes,
        "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f\\u009b\\u202e\\udb40\\udc41\xC3\xA9"
        "\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    buffer_free(&out);
}
END_TEST

START_TEST(writers_tell_when_memory_is_out) {
    struct buffer out;

    for (size_t ceiling = 0; ceiling < 9; ceiling++) {
        buffer_init(&out, ceiling);
        ck_assert(!json_write_string(&out, "a\n\x01", 3)); /* "a\n\u0001" takes 11 */
        buffer_free(&out);
    }
}
END_TEST

START_TEST(exit_status_by_the_table) {
    for (unsigned seen = 0; seen < 32; seen++) {
        struct tally tally = {
            .n_verdicts = {seen & 1, seen >> 1 & 1, seen >> 2 & 1, seen >> 3 & 1},
            .has_failed = (seen & 16) != 0,
        };
        int expected = (seen & 24) != 0 ? 2 : (seen & 4) != 0 ? 1 : (seen & 2) != 0 ? 3 : 0;
        ck_assert_int_eq(tally_exit_status(&tally, 1), expected);
        ck_assert_int_eq(tally_exit_status(&tally, 0), expected == 1 ? 0 : expected);
    }
}
END_TEST

START_TEST(matcher_prefers_the_named_group) {
    static const struct {
        const char *pattern;
        size_t start, end;
    } cases[] = {
        {"b+", 1, 3},     {"a(b)", 1, 2},     {"(a)(?<prompt>b+)", 1, 3},
        {"(x)?bb", 1, 3}, {"c(?=(d))", 5, 6},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct matcher *matcher;
        bool found;
        size_t start, end;
        ck_assert_int_eq(matcher_new(cases[i].pattern, &matcher, &error), ALKFW_OK);
        ck_assert_int_eq(matcher_find(matcher,
                                      "abb\xFF"
                                      "cd",
                                      6, &found, &start, &end, &error),
                         ALKFW_OK);
        ck_assert(found);
        ck_assert_uint_eq(start, cases[i].start);
        ck_assert_uint_eq(end, cases[i].end);
        matcher_free(matcher);
    }
}
END_TEST

START_TEST(batch_keeps_rows_and_records_apart) {
    batch_clear(&batch);
    for (int row = 0; row < 100; row++) {
        ck_assert(batch_add_row(&batch, row < 50 ? "a" : "b", (uint64_t)row, 0));
        ck_assert(batch_set_raw(&batch, "raw", 3));
        for (int i = 0; i < row % 3; i++)
            ck_assert(batch_add_text(&batch, "f", 1, "text", 4));
    }
    ck_assert(batch_is_full(&batch));
    size_t record = 0;
    for (size_t row = 0; row < batch.n_rows; row++) {
        ck_assert_mem_eq(batch_bytes(&batch, batch.rows[row].source), row < 50 ? "a" : "b", 1);
        ck_assert_uint_eq(batch.rows[row].n_records, row % 3);
        for (size_t i = 0; i < row % 3; i++)
            ck_assert_uint_eq(batch.records[record++].row, row);
    }
    ck_assert_uint_eq(record, batch.n_records);
    ck_assert_uint_eq(batch.n_text_bytes, 4 * record);
}
END_TEST

/* jansson is never without memory: the program has ended. */
START_TEST(json_without_memory_ends_the_program) {
    json_memory_or_exit(2);
    failing_memory_begin((size_t)_i + 1, false);
    json_t *value = json_loads("{\"prompt\":[\"a long text\",1]}", 0, NULL);
    (void)failing_memory_end();
    json_decref(value);
}
END_TEST

/* However a row goes on, its text is in the batch or the caller is told. */
START_TEST(a_row_without_memory_is_no_row_without_text) {
    static const char json[] = "{\"messages\":[{\"content\":\"a text\"},{\"content\":\"b\"}]}";
    struct json_plan plan = {0};
    bool has_failed = true;
    size_t n_failures = 0;

    for (size_t n = 1; has_failed; n++) {
        struct batch own;
        batch_init(&own);
        failing_memory_begin(n, false);
        bool added = batch_add_row(&own, "a", 1, 1) && batch_set_raw(&own, json, sizeof json - 1) &&
                     json_row_add(&own, &plan, json, sizeof json - 1);
        has_failed = failing_memory_end();
        n_failures += !added;
        ck_assert(!added || own.n_records == 2);
        batch_free(&own);
    }
    ck_assert_uint_gt(n_failures, 2);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("record");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, finds_the_texts_of_a_row, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tests, messages_never_quote_the_record);
    tcase_add_test(tests, paths_have_a_ceiling);
    tcase_add_test(tests, long_names_are_cut);
    tcase_add_test(tests, json_strings_are_valid_and_safe);
    tcase_add_test(tests, writers_tell_when_memory_is_out);
    tcase_add_test(tests, exit_status_by_the_table);
    tcase_add_test(tests, matcher_prefers_the_named_group);
    tcase_add_test(tests, batch_keeps_rows_and_records_apart);
    /* A program that ends in the middle of a value leaves what jansson had of it, a leak to
     * valgrind. */
    if (getenv("UNDER_VALGRIND") == NULL)
        tcase_add_loop_exit_test(tests, json_without_memory_ends_the_program, 2, 0, 8);
    tcase_add_test(tests, a_row_without_memory_is_no_row_without_text);
    return run_tests("record", tests);
}
