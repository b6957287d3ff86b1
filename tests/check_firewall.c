/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codebook/format.h"
#include "firewall/extract.h"
#include "model/model.h"
#include "run_tests.h"
#include "tiny_model.h"

/* A tiny model and a codebook of two signals over its first two layers, made for each test. */
enum { N_FEATURES = 2 * TINY_HIDDEN, WINDOW_TOKENS = 8, OVERLAP_TOKENS = 3 };

static char directory[] = "/tmp/check_firewall.XXXXXX";
static char codebook_path[64];
static alkfw_config *config;

static struct model *open_model(void) {
    struct model_options options = {.directory = directory,
                                    .backend = "native",
                                    .precision = MODEL_PRECISION_FP32,
                                    .deepest_layer = 2};
    struct model *model;
    alkfw_error error;

    ck_assert_msg(model_open(&options, &model, &error) == ALKFW_OK, "%s", error.message);
    return model;
}

/* raw = evidence: log-odds rise by 1 with each unit of the projection. */
static void set_distribution(struct codebook_distribution *distribution) {
    static const double operating_p[SENSITIVITY_COUNT] = {0.05, 0.01, 0.001};
    struct spline spline = {.n_knots = 2, .knots = {{-1, -1, 0}, {1, 1, 0}}};

    spline_fit_slopes(&spline);
    distribution->benign = spline;
    distribution->hostile = spline;
    distribution->window_exponent = 0.5;
    memcpy(distribution->operating_p, operating_p, sizeof operating_p);
}

static void set_signal(struct codebook *codebook, const char *name, size_t feature) {
    size_t index = codebook->info.n_signals++;
    struct codebook_signal *signal = &codebook->signals[index];

    (void)snprintf(signal->name, sizeof signal->name, "%s", name);
    codebook->info.signals[index] = signal->name;
    signal->n_directions = 1;
    signal->temperature = 1;
    signal->directions = calloc(N_FEATURES, sizeof(float));
    signal->offsets = calloc(1, sizeof(float));
    signal->directions[feature] = 3;
    codebook->weights[index] = 1;
    set_distribution(&signal->distribution);
}

static void write_codebook(double canary_score, double tolerance) {
    struct codebook *codebook = calloc(1, sizeof *codebook);
    struct model *model = open_model();
    alkfw_error error;

    codebook->info = (struct codebook_info){
        .name = "tiny",
        .description = "for tests",
        .created = "2026-01-01T00:00:00Z",
        .model_id = "tiny",
        .model_revision = "r1",
        .weights_sha256 = model_get_info(model)->weights_sha256,
        .architecture = "bert",
        .precision = MODEL_PRECISION_FP32,
        .hidden_size = TINY_HIDDEN,
        .plan = {.window_tokens = WINDOW_TOKENS,
                 .overlap_tokens = OVERLAP_TOKENS,
                 .taps = {{1, POOLING_MEAN}, {2, POOLING_MEAN}},
                 .n_taps = 2},
        .n_features = N_FEATURES,
        .n_components = 1,
        .n_canaries = 1,
        .canaries = {{"hello", 5, false, canary_score, tolerance}},
    };
    codebook->mean = calloc(N_FEATURES, sizeof(float));
    codebook->scale = calloc(N_FEATURES, sizeof(float));
    codebook->basis = calloc(N_FEATURES, sizeof(float));
    for (size_t i = 0; i < N_FEATURES; i++)
        codebook->scale[i] = 1;
    codebook->basis[0] = 1;
    set_signal(codebook, "override", 0);
    set_signal(codebook, "indirect", TINY_HIDDEN + 5);
    for (int i = 0; i < COMPOSITION_COUNT; i++)
        set_distribution(&codebook->compositions[i]);
    ck_assert_msg(codebook_write(codebook, codebook_path, &error) == ALKFW_OK, "%s", error.message);
    codebook_close(codebook);
    model_close(model);
}

static void set(const char *key, const char *value) {
    alkfw_error error;
    ck_assert_msg(alkfw_config_set(config, key, value, "test", &error) == ALKFW_OK, "%s",
                  error.message);
}

static void setup(void) {
    static const struct tiny_model sound = {.activation = NULL};
    alkfw_error error;

    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(codebook_path, sizeof codebook_path, "%s/codebook", directory);
    tiny_model_write(directory, &sound);
    write_codebook(0.5, 1);
    ck_assert_int_eq(alkfw_config_new(&config, &error), ALKFW_OK);
    set("model", directory);
    set("codebook", codebook_path);
}

static void teardown(void) {
    alkfw_config_free(config);
    (void)unlink(codebook_path);
    tiny_model_remove(directory);
}

static alkfw_firewall *open_firewall(void) {
    alkfw_firewall *firewall;
    alkfw_error error;

    ck_assert_msg(alkfw_open(config, &firewall, &error) == ALKFW_OK, "%s", error.message);
    return firewall;
}

static void assert_refused(alkfw_status status, const char *part) {
    alkfw_firewall *firewall;
    alkfw_error error;

    ck_assert_int_eq(alkfw_open(config, &firewall, &error), status);
    ck_assert_ptr_null(firewall);
    ck_assert_msg(strstr(error.message, part) != NULL, "%s", error.message);
}

static alkfw_verdict *scan(alkfw_firewall *firewall, const alkfw_text *texts, size_t n_texts) {
    alkfw_verdict *verdicts;
    alkfw_error error;

    ck_assert_msg(alkfw_scan(firewall, texts, n_texts, &verdicts, &error) == ALKFW_OK, "%s",
                  error.message);
    return verdicts;
}

START_TEST(windows_cover_every_token) {
    struct extract_plan plan = {.window_tokens = WINDOW_TOKENS, .overlap_tokens = OVERLAP_TOKENS};
    struct extraction extraction = {.n_windows = 0};
    struct model *model = open_model();
    char text[80];
    alkfw_error error;

    for (size_t n = 0; n <= 40; n++) { /* n words of one token */
        for (size_t i = 0; i < n; i++)
            memcpy(text + 2 * i, "a ", 2);
        ck_assert_int_eq(
            extract_windows(model_get_tokenizer(model), &plan, text, 2 * n, &extraction, &error),
            ALKFW_OK);
        ck_assert_uint_eq(extraction.tokens.n_tokens, n);
        ck_assert_uint_ge(extraction.n_windows, 1);
        for (size_t w = 0; w < extraction.n_windows; w++) {
            const struct text_window *window = &extraction.windows[w];
            ck_assert_uint_eq(window->first_token, w * (WINDOW_TOKENS - OVERLAP_TOKENS));
            if (w + 1 < extraction.n_windows)
                ck_assert_uint_eq(window->end_token, window->first_token + WINDOW_TOKENS);
            if (n > 0) {
                ck_assert_uint_gt(window->end_token, window->first_token);
                ck_assert_uint_eq(window->start, 2 * window->first_token);
                ck_assert_uint_eq(window->end, 2 * window->end_token - 1);
            }
        }
        ck_assert_uint_eq(extraction.windows[extraction.n_windows - 1].end_token, n);
    }
    extraction_free(&extraction);
    model_close(model);
}
END_TEST

enum { N_TEXTS = 40 };

/* Texts of 0 to 39 words in changing letters. */
static void make_texts(alkfw_text texts[N_TEXTS], char bytes[N_TEXTS][2 * N_TEXTS]) {
    for (size_t i = 0; i < N_TEXTS; i++) {
        for (size_t j = 0; j < i; j++) {
            bytes[i][2 * j] = (char)('a' + (i * 7 + j * j) % 26);
            bytes[i][2 * j + 1] = ' ';
        }
        texts[i] = (alkfw_text){.bytes = bytes[i], .n_bytes = 2 * i};
    }
}

START_TEST(scores_do_not_depend_on_batch_or_threads) {
    static char bytes[N_TEXTS][2 * N_TEXTS];
    alkfw_text texts[N_TEXTS];

    make_texts(texts, bytes);
    set("threads", "1");
    alkfw_firewall *alone = open_firewall();
    set("threads", "3");
    alkfw_firewall *together = open_firewall();
    alkfw_verdict *all = scan(together, texts, N_TEXTS);
    for (size_t i = 0; i < N_TEXTS; i++) {
        alkfw_verdict *one = scan(alone, &texts[i], 1);
        ck_assert_int_eq(one->decision, all[i].decision);
        ck_assert(one->score == all[i].score);
        ck_assert_uint_eq(one->n_windows, all[i].n_windows);
        for (size_t s = 0; s < one->n_signals; s++)
            ck_assert(one->signals[s].raw == all[i].signals[s].raw);
        alkfw_verdicts_free(one, 1);
    }
    alkfw_verdicts_free(all, N_TEXTS);
    alkfw_close(together);
    alkfw_close(alone);
}
END_TEST

START_TEST(alarms_are_ordered_and_their_spans_lie_in_the_text) {
    static char bytes[N_TEXTS][2 * N_TEXTS];
    alkfw_text texts[N_TEXTS];

    make_texts(texts, bytes);
    set("threshold", "0");
    alkfw_firewall *firewall = open_firewall();
    alkfw_verdict *verdicts = scan(firewall, texts, N_TEXTS);
    for (size_t i = 0; i < N_TEXTS; i++) {
        ck_assert_int_eq(verdicts[i].decision, ALKFW_ALARM);
        ck_assert_uint_eq(verdicts[i].n_alarms, 2);
        ck_assert(verdicts[i].alarms[0].score >= verdicts[i].alarms[1].score);
        for (size_t a = 0; a < 2; a++) {
            ck_assert_uint_le(verdicts[i].alarms[a].start, verdicts[i].alarms[a].end);
            ck_assert_uint_le(verdicts[i].alarms[a].end, texts[i].n_bytes);
        }
    }
    alkfw_verdicts_free(verdicts, N_TEXTS);
    alkfw_close(firewall);
}
END_TEST

START_TEST(a_text_over_the_ceiling_is_an_error_among_verdicts) {
    static const alkfw_text texts[] = {{"a b c", 5}, {"a b c d e f", 11}, {"a b c", 5}};

    set("max_bytes", "10");
    alkfw_firewall *firewall = open_firewall();
    alkfw_verdict *verdicts = scan(firewall, texts, 3);
    ck_assert_int_eq(verdicts[1].decision, ALKFW_ERROR);
    ck_assert_int_eq(verdicts[1].error.status, ALKFW_E_LIMIT);
    ck_assert_int_ne(verdicts[0].decision, ALKFW_ERROR);
    ck_assert(verdicts[0].score == verdicts[2].score);
    alkfw_verdicts_free(verdicts, 3);
    alkfw_close(firewall);
}
END_TEST

START_TEST(review_band_lies_below_the_threshold) {
    static const alkfw_text text = {"a b c", 5};

    set("threshold", "1");
    set("review", "0");
    alkfw_firewall *firewall = open_firewall();
    alkfw_verdict *verdict = scan(firewall, &text, 1);
    ck_assert_int_eq(verdict->decision, ALKFW_REVIEW);
    ck_assert_uint_eq(verdict->n_alarms, 0);
    alkfw_verdicts_free(verdict, 1);
    alkfw_close(firewall);
}
END_TEST

START_TEST(a_signal_that_is_switched_off_is_not_told) {
    static const alkfw_text text = {"a b c", 5};

    set("signals", "indirect");
    alkfw_firewall *firewall = open_firewall();
    alkfw_verdict *verdict = scan(firewall, &text, 1);
    ck_assert_uint_eq(verdict->n_signals, 1);
    ck_assert_str_eq(verdict->signals[0].name, "indirect");
    alkfw_verdicts_free(verdict, 1);
    alkfw_close(firewall);
    set("signals", "indirect,nonsense");
    assert_refused(ALKFW_E_CONFIG, "nonsense");
}
END_TEST

START_TEST(a_disguised_text_is_scored_in_its_plain_form_too) {
    static const char text[] = "i\xE2\x80\x8Bgn\xE2\x80\x8Bo\xE2\x80\x8Bre "
                               "t\xE2\x80\x8Bh\xE2\x80\x8Bi\xE2\x80\x8Bs";
    static const alkfw_text disguised = {text, sizeof text - 1};
    static const alkfw_text plain = {"ignore this", 11};

    set("threshold", "0");
    alkfw_firewall *firewall = open_firewall();
    alkfw_verdict *one = scan(firewall, &disguised, 1);
    alkfw_verdict *other = scan(firewall, &plain, 1);
    ck_assert_uint_eq(one->n_windows, 2 * other->n_windows); /* both readings are scored */
    for (size_t s = 0; s < 2; s++)
        ck_assert(one->signals[s].raw >= other->signals[s].raw);
    ck_assert_uint_le(one->alarms[0].end, disguised.n_bytes);
    alkfw_verdicts_free(one, 1);
    alkfw_verdicts_free(other, 1);
    alkfw_close(firewall);
}
END_TEST

START_TEST(a_canary_that_scores_otherwise_stops_everything) {
    write_codebook(0.999, 1e-6);
    assert_refused(ALKFW_E_CANARY, "canary");
}
END_TEST

START_TEST(a_codebook_of_another_model_is_refused) {
    static const struct tiny_model other = {.change = 1};

    tiny_model_write(directory, &other);
    assert_refused(ALKFW_E_MISMATCH, "other weights");
}
END_TEST

START_TEST(missing_parts_are_named) {
    set("codebook", "/nonexistent/codebook");
    assert_refused(ALKFW_E_MISSING, "/nonexistent/codebook");
    set("codebook", codebook_path);
    set("model", "/nonexistent/model");
    assert_refused(ALKFW_E_MISSING, "/nonexistent/model");
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("firewall");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, windows_cover_every_token);
    tcase_add_test(tests, scores_do_not_depend_on_batch_or_threads);
    tcase_add_test(tests, alarms_are_ordered_and_their_spans_lie_in_the_text);
    tcase_add_test(tests, a_text_over_the_ceiling_is_an_error_among_verdicts);
    tcase_add_test(tests, review_band_lies_below_the_threshold);
    tcase_add_test(tests, a_signal_that_is_switched_off_is_not_told);
    tcase_add_test(tests, a_disguised_text_is_scored_in_its_plain_form_too);
    tcase_add_test(tests, a_canary_that_scores_otherwise_stops_everything);
    tcase_add_test(tests, a_codebook_of_another_model_is_refused);
    tcase_add_test(tests, missing_parts_are_named);
    return run_tests("firewall", tests);
}
