/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alkfw-codebook/layer_choice.h"
#include "run_tests.h"
#include "tiny_model.h"

static char directory[] = "/tmp/check_layer_choice.XXXXXX";

static void make_directory(void) {
    ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void remove_directory(void) {
    char path[512];

    (void)snprintf(path, sizeof path, "%s/corpus.jsonl", directory);
    (void)unlink(path);
    tiny_model_remove(directory);
}

/* ---- as the user says ---------------------------------------------------- */

START_TEST(a_list_is_read) {
    struct layer_choice choice;
    alkfw_error error;

    ck_assert_int_eq(layer_choice_parse("0,4,17", &choice, &error), ALKFW_OK);
    ck_assert_uint_eq(choice.n_layers, 3);
    ck_assert_uint_eq(choice.layers[0], 0);
    ck_assert_uint_eq(choice.layers[2], 17);
    ck_assert_uint_eq(choice.best, 2);
}
END_TEST

START_TEST(bad_lists_are_refused) {
    static const char *const texts[] = {"",    ",",     "1,",   "a",  "1,1",           "2,1",
                                        "1 2", "12345", "1,,2", "-1", "1,2,3,4,5,6,7", "Auto"};
    struct layer_choice choice;
    alkfw_error error;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ck_assert_msg(layer_choice_parse(texts[i], &choice, &error) == ALKFW_E_ARGUMENT, "%s",
                      texts[i]);
        ck_assert_ptr_nonnull(strstr(error.message, "write auto, or"));
    }
}
END_TEST

START_TEST(the_token_that_has_seen_all_is_read) {
    const struct layer_choice choice = {.layers = {2, 5}, .n_layers = 2, .best = 0};
    struct model_info info = {.is_causal = false};
    struct model_tap passages[MODEL_MAX_TAPS];
    struct extract_plan plan;
    size_t n_passages;
    char text[128];

    layer_choice_taps(&choice, &info, &plan, passages, &n_passages);
    (void)model_taps_format(plan.taps, plan.n_taps, text, sizeof text);
    ck_assert_str_eq(text, "2:mean,5:mean,2:cls,2:max");
    (void)model_taps_format(passages, n_passages, text, sizeof text);
    ck_assert_str_eq(text, "2:mean,5:mean");
    info.is_causal = true;
    layer_choice_taps(&choice, &info, &plan, passages, &n_passages);
    (void)model_taps_format(plan.taps, plan.n_taps, text, sizeof text);
    ck_assert_str_eq(text, "2:mean,5:mean,2:last,2:max");
}
END_TEST

/* ---- by measurement ------------------------------------------------------ */

/* Hostile texts are of letters that benign ones lack. */
static void read_texts(struct corpus *corpus, int n_sources) {
    char path[512], *paths[] = {path};
    alkfw_error error;

    (void)snprintf(path, sizeof path, "%s/corpus.jsonl", directory);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < 40 * n_sources; i++) {
        int label = i % 2, first = label ? 'q' : 'a';
        fprintf(file, "{\"text\":\"%c%c %c%c%c %c\",\"label\":%d,\"source\":\"s%d\"", first + i % 9,
                first + i * 7 % 9, first + i / 3 % 9, first + i * 5 % 9, 'a' + i % 26,
                first + i / 7 % 9, label, i % n_sources);
        fprintf(file, label ? ",\"category\":\"override\"}\n" : "}\n");
    }
    ck_assert_int_eq(fclose(file), 0);
    alkfw_status status = corpus_read(corpus, paths, 1, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
}

static alkfw_status choose(int n_sources, size_t n_threads, struct layer_choice *choice,
                           alkfw_error *error) {
    const struct model_options options = {.directory = directory, .deepest_layer = UINT32_MAX};
    const struct model_identity identity = {.id = (char[]){"tiny"}, .revision = (char[]){""}};
    struct worker_pool *pool;
    struct model *model;
    struct corpus corpus;

    ck_assert_int_eq(model_open(&options, &model, error), ALKFW_OK);
    ck_assert_int_eq(worker_pool_new(n_threads, &pool, error), ALKFW_OK);
    memset(&corpus, 0, sizeof corpus);
    read_texts(&corpus, n_sources);
    alkfw_status status =
        layer_choice_auto(&corpus, model, &identity, n_threads, pool, NULL, choice, error);
    corpus_free(&corpus);
    worker_pool_free(pool);
    model_close(model);
    return status;
}

START_TEST(layers_are_chosen_alike_by_any_number_of_threads) {
    const struct tiny_model sound = {.activation = NULL};
    struct layer_choice one, three;
    alkfw_error error;

    tiny_model_write(directory, &sound);
    alkfw_status status = choose(5, 1, &one, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    ck_assert_int_eq(choose(5, 3, &three, &error), ALKFW_OK);
    ck_assert_mem_eq(&one, &three, sizeof one);
    ck_assert_uint_eq(one.n_layers, TINY_LAYERS); /* it has no more */
    for (uint32_t i = 0; i < TINY_LAYERS; i++)
        ck_assert_uint_eq(one.layers[i], i + 1);
    ck_assert_uint_lt(one.best, one.n_layers);
}
END_TEST

START_TEST(too_few_sources_are_named) {
    const struct tiny_model sound = {.activation = NULL};
    struct layer_choice choice;
    alkfw_error error;

    tiny_model_write(directory, &sound);
    ck_assert_int_eq(choose(2, 1, &choice, &error), ALKFW_E_RECORD);
    ck_assert_msg(strstr(error.message, "2 sources") != NULL, "%s", error.message);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("layer_choice");

    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, a_list_is_read);
    tcase_add_test(tests, bad_lists_are_refused);
    tcase_add_test(tests, the_token_that_has_seen_all_is_read);
    tcase_add_test(tests, layers_are_chosen_alike_by_any_number_of_threads);
    tcase_add_test(tests, too_few_sources_are_named);
    return run_tests("layer_choice", tests);
}
