/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/kernels/kernels.h"
#include "model/model.h"
#include "model/pooling.h"
#include "run_tests.h"
#include "tiny_model.h"

static const struct tiny_model sound = {.activation = NULL};

/* A directory for each test: the model in it, the cache in "cache" below. */
static char directory[] = "/tmp/check_model.XXXXXX";
static char cache[64];

static void make_directory(void) {
    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(cache, sizeof cache, "%s/cache", directory);
}

/* The path of the one file in the cache, or "" when there is none; fails when there are more,
 * temporary ones included. */
static void find_pack(char *path, size_t size) {
    DIR *entries = opendir(cache);
    int n_files = 0;

    path[0] = '\0';
    if (entries == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, size, "%s/%s", cache, entry->d_name);
        n_files++;
    }
    (void)closedir(entries);
    ck_assert_int_le(n_files, 1);
}

static void remove_directory(void) {
    char path[512];

    find_pack(path, sizeof path);
    (void)unlink(path);
    (void)rmdir(cache);
    tiny_model_remove(directory);
}

static struct model_options options_for(enum model_precision precision, const char *cache_path) {
    return (struct model_options){.directory = directory,
                                  .backend = "native",
                                  .precision = precision,
                                  .cache_directory = cache_path,
                                  .deepest_layer = UINT32_MAX};
}

static struct model *open_model(enum model_precision precision, const char *cache_path) {
    struct model_options options = options_for(precision, cache_path);
    struct model *model;
    alkfw_error error;

    alkfw_status status = model_open(&options, &model, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    return model;
}

static struct model_session *new_session(const struct model *model) {
    struct model_session *session;
    alkfw_error error;

    ck_assert_int_eq(model_session_new(model, &session, &error), ALKFW_OK);
    return session;
}

/* ---- agreement with transformers ----------------------------------------- */

static json_t *load_goldens(void) {
    const char *source = getenv("srcdir");
    char path[512];
    json_error_t problem;

    (void)snprintf(path, sizeof path, "%s/tests/golden/tiny-bert.json",
                   source != NULL ? source : ".");
    json_t *goldens = json_load_file(path, 0, &problem);
    ck_assert_msg(goldens != NULL, "%s: %s", path, problem.text);
    return goldens;
}

static void check_vector(const float *got, const json_t *expected, double tolerance) {
    ck_assert_uint_eq(json_array_size(expected), TINY_HIDDEN);
    for (size_t i = 0; i < TINY_HIDDEN; i++)
        ck_assert_double_eq_tol((double)got[i], json_real_value(json_array_get(expected, i)),
                                tolerance);
}

static void check_golden(const struct model *model, struct model_session *session,
                         const json_t *golden, double tolerance) {
    int32_t ids[TINY_POSITIONS];
    const json_t *expected_ids = json_object_get(golden, "ids");
    uint32_t n_tokens = (uint32_t)json_array_size(expected_ids);
    uint32_t offsets[2] = {0, n_tokens};
    uint32_t layer = (uint32_t)json_integer_value(json_object_get(golden, "layer"));
    struct model_batch batch = {ids, offsets, 1};
    float pooled[TINY_HIDDEN];
    const float *states;
    alkfw_error error;

    for (uint32_t i = 0; i < n_tokens; i++)
        ids[i] = (int32_t)json_integer_value(json_array_get(expected_ids, i));
    ck_assert_int_eq(model_hidden_states(model, session, &batch, &layer, 1, &states, &error),
                     ALKFW_OK);
    pool(POOLING_MEAN, states, n_tokens, TINY_HIDDEN, pooled);
    check_vector(pooled, json_object_get(golden, "mean"), tolerance);
    pool(POOLING_LAST, states, n_tokens, TINY_HIDDEN, pooled);
    check_vector(pooled, json_object_get(golden, "last"), tolerance);
}

/* All goldens of one activation function under the kernels chosen. */
static void check_goldens(const struct tiny_model *tiny, const char *activation, double tolerance) {
    json_t *goldens = load_goldens(), *golden;
    size_t index, n_checked = 0;

    tiny_model_write(directory, tiny);
    struct model *model = open_model(MODEL_PRECISION_FP32, NULL);
    struct model_session *session = new_session(model);
    json_array_foreach(goldens, index, golden) {
        const char *name = json_string_value(json_object_get(golden, "activation"));
        if (strcmp(name, activation) == 0) {
            check_golden(model, session, golden, tolerance);
            n_checked++;
        }
    }
    ck_assert_uint_ge(n_checked, 5);
    model_session_free(session);
    model_close(model);
    json_decref(goldens);
}

START_TEST(states_agree_with_transformers) {
    static const char *const activations[] = {"gelu", "gelu_new", "relu"};

    ck_assert_ptr_nonnull(kernels_select(kernels_name_at((size_t)_i)));
    for (size_t i = 0; i < 3; i++) {
        struct tiny_model tiny = {.activation = activations[i]};
        check_goldens(&tiny, activations[i], 1e-5);
    }
}
END_TEST

START_TEST(names_with_a_prefix_and_two_files_are_read) {
    struct tiny_model tiny = {.prefix = "bert.", .n_files = 2};

    check_goldens(&tiny, "gelu", 1e-5);
}
END_TEST

START_TEST(weights_of_16_bits_are_read) {
    struct tiny_model half = {.dtype = SAFETENSORS_F16}, brain = {.dtype = SAFETENSORS_BF16};

    check_goldens(&half, "gelu", 2e-2); /* the weights are cut to 11 bits */
    check_goldens(&brain, "gelu", 2e-1);
}
END_TEST

/* ---- batches ------------------------------------------------------------- */

enum { N_WINDOWS = 23 };

static void make_windows(int32_t *ids, uint32_t *offsets) {
    offsets[0] = 0;
    for (uint32_t i = 0; i < N_WINDOWS; i++) {
        uint32_t length = 1 + i * 7 % TINY_POSITIONS;
        offsets[i + 1] = offsets[i] + length;
        for (uint32_t t = offsets[i]; t < offsets[i + 1]; t++)
            ids[t] = (int32_t)((t * 13 + i) % TINY_VOCABULARY);
    }
}

static void check_independence(enum model_precision precision) {
    static const uint32_t layers[] = {0, 2, 3};
    int32_t ids[N_WINDOWS * TINY_POSITIONS];
    uint32_t offsets[N_WINDOWS + 1];
    const float *all[3], *one[3];
    alkfw_error error;

    make_windows(ids, offsets);
    tiny_model_write(directory, &sound);
    struct model *model = open_model(precision, NULL);
    struct model_session *session = new_session(model), *other = new_session(model);
    struct model_batch batch = {ids, offsets, N_WINDOWS};
    ck_assert_int_eq(model_hidden_states(model, session, &batch, layers, 3, all, &error), ALKFW_OK);
    for (size_t i = 0; i < N_WINDOWS; i++) {
        uint32_t length = offsets[i + 1] - offsets[i], single_offsets[] = {0, length};
        struct model_batch single = {ids + offsets[i], single_offsets, 1};
        ck_assert_int_eq(model_hidden_states(model, other, &single, layers, 3, one, &error),
                         ALKFW_OK);
        for (size_t layer = 0; layer < 3; layer++)
            ck_assert_mem_eq(one[layer], all[layer] + (size_t)offsets[i] * TINY_HIDDEN,
                             (size_t)length * TINY_HIDDEN * sizeof(float));
    }
    model_session_free(session);
    model_session_free(other);
    model_close(model);
}

START_TEST(a_window_does_not_depend_on_its_batch) {
    ck_assert_ptr_nonnull(kernels_select(kernels_name_at((size_t)_i)));
    check_independence(MODEL_PRECISION_FP32);
    check_independence(MODEL_PRECISION_INT8);
}
END_TEST

/* The states of the last layer of one window. */
static void run_window(const struct model *model, float states[10 * TINY_HIDDEN]) {
    static const int32_t ids[] = {2, 5, 9, 40, 41, 42, 63, 7, 8, 3};
    static const uint32_t offsets[] = {0, 10};
    static const uint32_t layer = TINY_LAYERS;
    struct model_session *session = new_session(model);
    struct model_batch batch = {ids, offsets, 1};
    const float *result;
    alkfw_error error;

    ck_assert_int_eq(model_hidden_states(model, session, &batch, &layer, 1, &result, &error),
                     ALKFW_OK);
    memcpy(states, result, 10 * TINY_HIDDEN * sizeof *states);
    model_session_free(session);
}

START_TEST(int8_is_close_to_fp32) {
    float exact[10 * TINY_HIDDEN], quantized[10 * TINY_HIDDEN];
    double product = 0.0, exact_norm = 0.0, quantized_norm = 0.0;

    tiny_model_write(directory, &sound);
    struct model *model = open_model(MODEL_PRECISION_AUTO, NULL);
    ck_assert_int_eq(model_get_info(model)->precision, MODEL_PRECISION_FP32);
    run_window(model, exact);
    model_close(model);
    model = open_model(MODEL_PRECISION_INT8, NULL);
    ck_assert_int_eq(model_get_info(model)->precision, MODEL_PRECISION_INT8);
    run_window(model, quantized);
    model_close(model);
    for (size_t i = 0; i < 10 * TINY_HIDDEN; i++) {
        product += (double)exact[i] * (double)quantized[i];
        exact_norm += (double)exact[i] * (double)exact[i];
        quantized_norm += (double)quantized[i] * (double)quantized[i];
    }
    ck_assert_double_gt(product / sqrt(exact_norm * quantized_norm), 0.999);
    ck_assert_mem_ne(exact, quantized, sizeof exact);
}
END_TEST

START_TEST(meaningless_arguments_are_refused) {
    static const int32_t bad_ids[] = {5, TINY_VOCABULARY, -1};
    int32_t ids[TINY_POSITIONS + 1] = {5};
    uint32_t whole[] = {0, 1}, too_long[] = {0, TINY_POSITIONS + 1}, empty[] = {0, 0};
    uint32_t falling[] = {0, 3, 2}, late[] = {1, 2};
    uint32_t first = 0, too_deep = TINY_LAYERS + 1, twice[] = {1, 1};
    const struct {
        struct model_batch batch;
        const uint32_t *layers;
        size_t n_layers;
    } cases[] = {
        {{ids, whole, 1}, &too_deep, 1},      {{ids, whole, 1}, twice, 2},
        {{ids, too_long, 1}, &first, 1},      {{ids, empty, 1}, &first, 1},
        {{ids, falling, 2}, &first, 1},       {{ids, late, 1}, &first, 1},
        {{bad_ids + 1, whole, 1}, &first, 1}, {{bad_ids + 2, whole, 1}, &first, 1},
    };
    const float *states[2];
    alkfw_error error;

    tiny_model_write(directory, &sound);
    struct model *model = open_model(MODEL_PRECISION_FP32, NULL);
    struct model_session *session = new_session(model);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        ck_assert_int_eq(model_hidden_states(model, session, &cases[i].batch, cases[i].layers,
                                             cases[i].n_layers, states, &error),
                         ALKFW_E_ARGUMENT);
    struct model_batch nothing = {ids, whole, 0};
    ck_assert_int_eq(model_hidden_states(model, session, &nothing, &first, 1, states, &error),
                     ALKFW_OK);
    model_session_free(session);
    model_close(model);
}
END_TEST

START_TEST(nothing_above_the_deepest_layer_is_there) {
    struct model_options options = options_for(MODEL_PRECISION_FP32, cache);
    int32_t ids[] = {2, 3};
    uint32_t offsets[] = {0, 2}, layers[] = {1, 2};
    struct model_batch batch = {ids, offsets, 1};
    const float *states[2];
    struct model *model;
    alkfw_error error;

    tiny_model_write(directory, &sound);
    options.deepest_layer = 1;
    ck_assert_int_eq(model_open(&options, &model, &error), ALKFW_OK);
    ck_assert_uint_eq(model_get_info(model)->n_layers, TINY_LAYERS);
    struct model_session *session = new_session(model);
    ck_assert_int_eq(model_hidden_states(model, session, &batch, layers, 1, states, &error),
                     ALKFW_OK);
    ck_assert_int_eq(model_hidden_states(model, session, &batch, layers, 2, states, &error),
                     ALKFW_E_ARGUMENT);
    model_session_free(session);
    model_close(model);
}
END_TEST

/* ---- refusals ------------------------------------------------------------ */

static void check_refused(alkfw_status status, const char *message) {
    struct model_options options = options_for(MODEL_PRECISION_FP32, cache);
    char pack[512];
    struct model *model;
    alkfw_error error;

    ck_assert_int_eq(model_open(&options, &model, &error), status);
    ck_assert_ptr_null(model);
    ck_assert_msg(strstr(error.message, message) != NULL, "message: %s", error.message);
    find_pack(pack, sizeof pack);
    ck_assert_str_eq(pack, "");
}

static const struct {
    struct tiny_model model;
    alkfw_status status;
    const char *message;
} refused[] = {
    {{.architecture = "mamba"},
     ALKFW_E_UNSUPPORTED,
     "\"mamba\" is not known; this version runs: bert, "},
    {{.activation = "mish"}, ALKFW_E_UNSUPPORTED, "\"mish\""},
    {{.without = "encoder.layer.1.output.dense.bias"},
     ALKFW_E_FORMAT,
     "no tensor \"encoder.layer.1.output.dense.bias\""},
    {{.short_tensor = "encoder.layer.2.intermediate.dense.weight"},
     ALKFW_E_FORMAT,
     "80 x 48 elements"},
    {{.short_tensor = "embeddings.word_embeddings.weight"}, ALKFW_E_FORMAT, "64 x 48 elements"},
    {{.not_finite = "encoder.layer.0.attention.self.key.weight"},
     ALKFW_E_FORMAT,
     "\"encoder.layer.0.attention.self.key.weight\" has a value that is not finite"},
    {{.not_finite = "embeddings.word_embeddings.weight"}, ALKFW_E_FORMAT, "not finite"},
    {{.n_heads = 5},
     ALKFW_E_FORMAT,
     "\"hidden_size\" 48 is not a multiple of \"num_attention_heads\" 5"},
    {{.n_hidden_layers = 128}, ALKFW_E_FORMAT, "no tensor \"encoder.layer.3."},
    {{.n_hidden_layers = 129}, ALKFW_E_FORMAT, "\"num_hidden_layers\""},
    {{.n_hidden_layers = -1}, ALKFW_E_FORMAT, "\"num_hidden_layers\""},
};

START_TEST(unsound_models_are_refused_and_leave_no_pack) {
    tiny_model_write(directory, &refused[_i].model);
    check_refused(refused[_i].status, refused[_i].message);
}
END_TEST

START_TEST(each_missing_or_damaged_file_has_its_message) {
    static const struct {
        const char *name;
        const char *message; /* when it is cut in half */
    } files[] = {
        {"config.json", "config.json: line"},
        {"tokenizer.json", "tokenizer.json"},
        {"model.safetensors", "model.safetensors"},
    };
    char path[512];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct stat info;
        tiny_model_write(directory, &sound);
        (void)snprintf(path, sizeof path, "%s/%s", directory, files[i].name);
        ck_assert_int_eq(stat(path, &info), 0);
        ck_assert_int_eq(truncate(path, info.st_size / 2), 0);
        check_refused(ALKFW_E_FORMAT, files[i].message);
        ck_assert_int_eq(truncate(path, 0), 0);
        check_refused(ALKFW_E_FORMAT, files[i].message);
        ck_assert_int_eq(unlink(path), 0);
        check_refused(ALKFW_E_MISSING, files[i].name);
    }
}
END_TEST

START_TEST(a_missing_part_is_named) {
    struct tiny_model model = {.n_files = 2};
    char path[512];

    tiny_model_write(directory, &model);
    (void)snprintf(path, sizeof path, "%s/part-2.safetensors", directory);
    ck_assert_int_eq(unlink(path), 0);
    check_refused(ALKFW_E_MISSING, "part-2.safetensors: No such file");
}
END_TEST

/* Writes over the first place where the weights' header says `old`. */
static void patch_weights(const char *old, const char *new) {
    static char bytes[1 << 20];
    char path[512];

    (void)snprintf(path, sizeof path, "%s/model.safetensors", directory);
    FILE *file = fopen(path, "r+b");
    ck_assert_ptr_nonnull(file);
    size_t n_bytes = fread(bytes, 1, sizeof bytes, file);
    char *at = memmem(bytes, n_bytes, old, strlen(old));
    ck_assert_ptr_nonnull(at);
    ck_assert_int_eq(fseek(file, (long)(at - bytes), SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(new, 1, strlen(new), file), strlen(new));
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(unknown_types_of_weights_are_named) {
    tiny_model_write(directory, &sound);
    patch_weights("\"F32\"", "\"F4X\"");
    check_refused(ALKFW_E_UNSUPPORTED, "has the dtype \"F4X\"; known are F64, F32, F16, ");
    tiny_model_write(directory, &sound);
    patch_weights("\"F32\"", "\"I32\"");
    check_refused(ALKFW_E_FORMAT, " is I32 where floating point is needed");
}
END_TEST

/* Adds a token to the tokenizer, which has 57 in its vocabulary. */
static void add_token(const char *content) {
    static const char list[] = "\"added_tokens\":[";
    char path[512];
    size_t n_bytes;

    (void)snprintf(path, sizeof path, "%s/tokenizer.json", directory);
    FILE *file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    static char json[1 << 16];
    n_bytes = fread(json, 1, sizeof json - 1, file);
    ck_assert_int_eq(fclose(file), 0);
    json[n_bytes] = '\0';
    char *rest = strstr(json, list);
    ck_assert_ptr_nonnull(rest);
    rest += sizeof list - 1;
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file,
            "%.*s{\"id\":57,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,"
            "\"rstrip\":false,\"normalized\":false,\"special\":true},%s",
            (int)(rest - json), json, content, rest);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(an_added_token_without_a_row_is_no_hindrance) {
    struct model_options options = options_for(MODEL_PRECISION_FP32, NULL);
    struct tiny_model exact = {.n_words = 57};
    struct model *model;
    alkfw_error error;

    tiny_model_write(directory, &exact);
    add_token("<image>");
    alkfw_status status = model_open(&options, &model, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    ck_assert_uint_eq(tokenizer_vocabulary_size(model_get_tokenizer(model)), 57);
    model_close(model);
}
END_TEST

START_TEST(a_tokenizer_with_more_tokens_than_the_model_is_refused) {
    struct model_options options = options_for(MODEL_PRECISION_FP32, NULL);
    struct tiny_model fewer = {.n_words = 50};
    struct model *model;
    alkfw_error error;

    tiny_model_write(directory, &fewer);
    ck_assert_int_eq(model_open(&options, &model, &error), ALKFW_E_MISMATCH);
    ck_assert_ptr_null(model);
    ck_assert_ptr_nonnull(strstr(error.message, "has 57 tokens, the model 50"));
}
END_TEST

/* The address space that this process has now. */
static rlim_t address_space(void) {
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL || fscanf(file, "%lu", &pages) != 1)
        pages = 0;
    if (file != NULL)
        (void)fclose(file);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/* Sanitizers and valgrind need address space of their own. */
static bool can_limit_memory(void) {
#if defined(__SANITIZE_ADDRESS__)
    return false;
#else
    const char *preloaded = getenv("LD_PRELOAD");

    return (preloaded == NULL || strstr(preloaded, "valgrind") == NULL) && address_space() > 0;
#endif
}

START_TEST(a_model_larger_than_memory_is_refused_wherever_it_runs_out) {
    struct model_options options = options_for(MODEL_PRECISION_FP32, NULL);
    struct rlimit limit, whole;
    struct model *model = NULL;
    alkfw_status status = ALKFW_E_MEMORY;
    alkfw_error error;
    int n_refused = 0;

    if (!can_limit_memory())
        return;
    tiny_model_write(directory, &sound);
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &whole), 0);
    limit = whole;
    for (rlim_t room = 0; status != ALKFW_OK && room < (rlim_t)64 << 20; room += 32768) {
        limit.rlim_cur = address_space() + room;
        ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
        status = model_open(&options, &model, &error);
        ck_assert_int_eq(setrlimit(RLIMIT_AS, &whole), 0);
        ck_assert_msg(status == ALKFW_OK || status == ALKFW_E_MEMORY, "%d: %s", (int)status,
                      error.message);
        ck_assert_msg(status == ALKFW_OK || strstr(error.message, "memory") != NULL, "%s",
                      error.message);
        n_refused += status != ALKFW_OK;
    }
    ck_assert_int_eq(status, ALKFW_OK);
    ck_assert_int_gt(n_refused, 0);
    model_close(model);
}
END_TEST

START_TEST(other_backends_say_what_is_missing) {
    struct model_options options = options_for(MODEL_PRECISION_FP32, NULL);
    struct model *model;
    alkfw_error error;

    tiny_model_write(directory, &sound);
    options.backend = "torch";
    options.torch_module = "/nowhere/alkfw-torch.so";
    ck_assert_int_eq(model_open(&options, &model, &error), ALKFW_E_MISSING);
    ck_assert_ptr_nonnull(strstr(error.message, "alkfw-torch.so"));
    ck_assert_ptr_nonnull(strstr(error.message, "--with-torch"));
    options.backend = "abacus";
    ck_assert_int_eq(model_open(&options, &model, &error), ALKFW_E_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(error.message, "native, torch"));
    options.backend = "native";
    options.device = "cuda";
    ck_assert_int_eq(model_open(&options, &model, &error), ALKFW_E_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(error.message, "cuda"));
    options.device = "cpu";
    options.precision = MODEL_PRECISION_BF16;
    ck_assert_int_eq(model_open(&options, &model, &error), ALKFW_E_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(error.message, "bf16"));
}
END_TEST

/* ---- the cache ----------------------------------------------------------- */

/* Opens with the cache and checks the states against those of a model packed into memory. */
static void check_open_with(const char *cache_path) {
    float expected[10 * TINY_HIDDEN], got[10 * TINY_HIDDEN];
    struct model *model = open_model(MODEL_PRECISION_FP32, NULL);

    run_window(model, expected);
    model_close(model);
    model = open_model(MODEL_PRECISION_FP32, cache_path);
    run_window(model, got);
    ck_assert_mem_eq(got, expected, sizeof got);
    ck_assert_uint_eq(strlen(model_get_info(model)->weights_sha256), 64);
    model_close(model);
}

START_TEST(a_second_start_maps_the_pack_of_the_first) {
    char path[512], again[512];
    struct stat first, second;

    tiny_model_write(directory, &sound);
    check_open_with(cache);
    find_pack(path, sizeof path);
    ck_assert_str_ne(path, "");
    ck_assert_int_eq(stat(path, &first), 0);
    check_open_with(cache);
    find_pack(again, sizeof again);
    ck_assert_str_eq(path, again);
    ck_assert_int_eq(stat(again, &second), 0);
    ck_assert(first.st_ino == second.st_ino && first.st_size == second.st_size);
}
END_TEST

START_TEST(another_model_in_the_same_place_is_another_pack) {
    struct tiny_model changed = {.change = 1};
    char path[512];

    tiny_model_write(directory, &sound);
    check_open_with(cache);
    find_pack(path, sizeof path);
    ck_assert_int_eq(unlink(path), 0);
    tiny_model_write(directory, &changed);
    check_open_with(cache);
    char other[512];
    find_pack(other, sizeof other);
    ck_assert_str_ne(path, other);
}
END_TEST

/* Writes n_bytes of garbage at an offset, or cuts the file there when n_bytes is 0. */
static void damage(const char *path, off_t offset, size_t n_bytes) {
    if (n_bytes == 0) {
        ck_assert_int_eq(truncate(path, offset), 0);
        return;
    }
    int descriptor = open(path, O_WRONLY);
    ck_assert_int_ge(descriptor, 0);
    for (size_t i = 0; i < n_bytes; i++)
        ck_assert_int_eq(pwrite(descriptor, "\xA5", 1, offset + (off_t)i), 1);
    ck_assert_int_eq(close(descriptor), 0);
}

START_TEST(a_damaged_pack_is_built_again) {
    char path[512];
    struct stat sound_info, info;

    tiny_model_write(directory, &sound);
    check_open_with(cache);
    find_pack(path, sizeof path);
    ck_assert_int_eq(stat(path, &sound_info), 0);
    const struct {
        off_t offset;
        size_t n_bytes;
    } damages[] = {
        {0, 0},   {10, 0},  {200, 0},  {sound_info.st_size - 1, 0},
        {0, 1},   {8, 4},   {12, 4},   {16, 4},
        {40, 8},  {60, 10}, {130, 10}, {190, 8},
        {200, 8},
    };
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        damage(path, damages[i].offset, damages[i].n_bytes);
        check_open_with(cache);
        ck_assert_int_eq(stat(path, &info), 0);
        ck_assert_int_eq(info.st_size, sound_info.st_size);
        ck_assert_uint_ne(info.st_ino, sound_info.st_ino);
        sound_info = info;
    }
}
END_TEST

/* Where the tokenizer's image lies in the pack. */
static off_t find_image(const char *path) {
    static unsigned char bytes[1 << 20];
    struct model *model = open_model(MODEL_PRECISION_FP32, cache);
    size_t image_size;
    const void *image = tokenizer_image(model_get_tokenizer(model), &image_size);
    FILE *file = fopen(path, "rb");

    ck_assert_ptr_nonnull(file);
    size_t n_bytes = fread(bytes, 1, sizeof bytes, file);
    ck_assert_int_eq(fclose(file), 0);
    const unsigned char *at = memmem(bytes, n_bytes, image, image_size);
    ck_assert_ptr_nonnull(at);
    model_close(model);
    return (off_t)(at - bytes);
}

/* As after an update of the tokenizer's image alone. */
START_TEST(a_pack_with_an_unknown_image_is_built_again) {
    char path[512];

    tiny_model_write(directory, &sound);
    check_open_with(cache);
    find_pack(path, sizeof path);
    off_t offset = find_image(path);
    damage(path, offset, 32);
    check_open_with(cache);
    ck_assert_int_eq(find_image(path), offset);
}
END_TEST

START_TEST(a_cache_that_is_a_file_costs_nothing_but_time) {
    tiny_model_write(directory, &sound);
    FILE *file = fopen(cache, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fclose(file), 0);
    check_open_with(cache);
    check_open_with("/proc/alkfw/nowhere");
    ck_assert_int_eq(unlink(cache), 0);
}
END_TEST

START_TEST(a_full_disk_costs_nothing_but_time) {
    struct rlimit limit;
    char path[512];

    tiny_model_write(directory, &sound);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = 10000;
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    check_open_with(cache);
    limit.rlim_cur = limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    find_pack(path, sizeof path);
    ck_assert_str_eq(path, "");
}
END_TEST

START_TEST(processes_that_pack_at_once_all_end_right) {
    enum { N_PROCESSES = 6 };
    char path[512];

    tiny_model_write(directory, &sound);
    for (int i = 0; i < N_PROCESSES; i++) {
        pid_t child = fork();
        ck_assert_int_ge(child, 0);
        if (child == 0) {
            struct model *model = open_model(MODEL_PRECISION_FP32, cache);
            float states[10 * TINY_HIDDEN];
            run_window(model, states);
            model_close(model);
            _exit(EXIT_SUCCESS);
        }
    }
    for (int i = 0; i < N_PROCESSES; i++) {
        int status;
        ck_assert_int_gt(wait(&status), 0);
        ck_assert_int_eq(status, 0);
    }
    find_pack(path, sizeof path); /* one file, no temporary ones */
    ck_assert_str_ne(path, "");
    check_open_with(cache);
}
END_TEST

/* ---- taps and pooling ---------------------------------------------------- */

START_TEST(taps_have_a_text_form) {
    static const char text[] = "3:mean,5:mean,5:cls,12:max,0:last";
    struct model_tap taps[MODEL_MAX_TAPS];
    size_t n_taps;
    char out[64];
    alkfw_error error;

    ck_assert_int_eq(model_taps_parse(text, taps, &n_taps, &error), ALKFW_OK);
    ck_assert_uint_eq(n_taps, 5);
    ck_assert_uint_eq(taps[3].layer, 12);
    ck_assert_int_eq(taps[3].pooling, POOLING_MAX);
    ck_assert_uint_eq(model_taps_format(taps, n_taps, out, sizeof out), strlen(text));
    ck_assert_str_eq(out, text);
    ck_assert_uint_eq(model_taps_format(taps, n_taps, out, 7), strlen(text));
    ck_assert_str_eq(out, "3:mean");
}
END_TEST

START_TEST(bad_taps_are_refused) {
    static const char *const texts[] = {
        "",
        "3",
        "mean",
        "3:",
        ":mean",
        "3:median",
        "3:mean,",
        ",3:mean",
        "3 :mean",
        "-1:mean",
        "3:mean,3:mean",
        "99999:mean",
        "0:cls,1:cls,2:cls,3:cls,4:cls,5:cls,6:cls,7:cls,8:cls,9:cls,10:cls,11:cls,12:cls,13:cls,"
        "14:cls,15:cls,16:cls",
    };
    struct model_tap taps[MODEL_MAX_TAPS];
    size_t n_taps;
    alkfw_error error;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert_msg(model_taps_parse(texts[i], taps, &n_taps, &error) == ALKFW_E_ARGUMENT, "%s",
                      texts[i]);
}
END_TEST

START_TEST(pooling_of_known_numbers) {
    enum { HIDDEN = 19, TOKENS = 3 }; /* a block of 16 and a rest */
    float states[TOKENS * HIDDEN], out[HIDDEN];

    for (int t = 0; t < TOKENS; t++) {
        for (int i = 0; i < HIDDEN; i++)
            states[t * HIDDEN + i] = (float)(i - 10) * (float)(t == 1 ? 5 : t);
    }
    pool(POOLING_MEAN, states, TOKENS, HIDDEN, out);
    for (int i = 0; i < HIDDEN; i++)
        ck_assert_float_eq_tol(out[i], (float)(i - 10) * 7.0f / 3.0f, 1e-5f);
    pool(POOLING_MAX, states, TOKENS, HIDDEN, out);
    for (int i = 0; i < HIDDEN; i++)
        ck_assert_float_eq(out[i], i >= 10 ? (float)(i - 10) * 5.0f : 0.0f);
    pool(POOLING_CLS, states, TOKENS, HIDDEN, out);
    ck_assert_mem_eq(out, states, sizeof out);
    pool(POOLING_LAST, states, TOKENS, HIDDEN, out);
    ck_assert_mem_eq(out, states + 2 * HIDDEN, sizeof out);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("model");
    int n_kernels = 0;

    while (kernels_name_at((size_t)n_kernels) != NULL)
        n_kernels++;
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_loop_test(tests, states_agree_with_transformers, 0, n_kernels);
    tcase_add_test(tests, names_with_a_prefix_and_two_files_are_read);
    tcase_add_test(tests, weights_of_16_bits_are_read);
    tcase_add_loop_test(tests, a_window_does_not_depend_on_its_batch, 0, n_kernels);
    tcase_add_test(tests, int8_is_close_to_fp32);
    tcase_add_test(tests, meaningless_arguments_are_refused);
    tcase_add_test(tests, nothing_above_the_deepest_layer_is_there);
    tcase_add_loop_test(tests, unsound_models_are_refused_and_leave_no_pack, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tests, each_missing_or_damaged_file_has_its_message);
    tcase_add_test(tests, a_missing_part_is_named);
    tcase_add_test(tests, unknown_types_of_weights_are_named);
    tcase_add_test(tests, an_added_token_without_a_row_is_no_hindrance);
    tcase_add_test(tests, a_tokenizer_with_more_tokens_than_the_model_is_refused);
    tcase_add_test(tests, a_model_larger_than_memory_is_refused_wherever_it_runs_out);
    tcase_add_test(tests, other_backends_say_what_is_missing);
    tcase_add_test(tests, a_second_start_maps_the_pack_of_the_first);
    tcase_add_test(tests, another_model_in_the_same_place_is_another_pack);
    tcase_add_test(tests, a_damaged_pack_is_built_again);
    tcase_add_test(tests, a_pack_with_an_unknown_image_is_built_again);
    tcase_add_test(tests, a_cache_that_is_a_file_costs_nothing_but_time);
    tcase_add_test(tests, a_full_disk_costs_nothing_but_time);
    tcase_add_test(tests, processes_that_pack_at_once_all_end_right);
    tcase_add_test(tests, taps_have_a_text_form);
    tcase_add_test(tests, bad_taps_are_refused);
    tcase_add_test(tests, pooling_of_known_numbers);
    return run_tests("model", tests);
}
