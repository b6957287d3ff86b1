/* SPDX-License-Identifier: Apache-2.0
 *
 * The backend torch: what is wrong with a module is said in any build; what a model computes is
 * tested where the module is built. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "model/model.h"
#include "model/torch/torch_module.h"
#include "run_tests.h"
#include "tiny_model.h"

static char directory[] = "/tmp/check_torch.XXXXXX";
static char module[64]; /* a path in it */

static void make_directory(void) {
    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(module, sizeof module, "%s/module.so", directory);
}

static void remove_directory(void) {
    (void)unlink(module);
    tiny_model_remove(directory);
}

/* ---- files --------------------------------------------------------------- */

static char *read_file(const char *path, size_t *n_bytes) {
    FILE *file = fopen(path, "rb");

    ck_assert_msg(file != NULL, "%s", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    *n_bytes = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*n_bytes + 1);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, *n_bytes, file), *n_bytes);
    (void)fclose(file);
    return bytes;
}

static void write_file(const char *path, const void *bytes, size_t n_bytes) {
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n_bytes, file), n_bytes);
    ck_assert_int_eq(fclose(file), 0);
}

static void check_module(const char *path, alkfw_status expected, const char *message) {
    const struct torch_api *api;
    alkfw_error error = {.status = ALKFW_OK};

    ck_assert_int_eq(torch_module_load(path, &api, &error), expected);
    ck_assert_msg(strstr(error.message, message) != NULL, "%s", error.message);
}

/* ---- modules ------------------------------------------------------------- */

START_TEST(a_missing_module_says_what_to_install) {
    check_module("/nowhere/alkfw-torch.so", ALKFW_E_MISSING, "--with-torch=DIR");
}
END_TEST

START_TEST(what_is_no_module_is_refused) {
    write_file(module, "", 0);
    check_module(module, ALKFW_E_FORMAT, "cut short");
    write_file(module, "#!/bin/sh\nexit 0\n", 17);
    check_module(module, ALKFW_E_FORMAT, "no shared object");
}
END_TEST

START_TEST(a_module_that_was_cut_short_is_refused) {
    size_t n_bytes;
    char *bytes = read_file(FAKE_MODULE, &n_bytes);

    for (size_t i = 1; i < 16; i++) {
        write_file(module, bytes, n_bytes * i / 16);
        check_module(module, ALKFW_E_FORMAT, "cut short");
    }
    write_file(module, bytes, n_bytes - 1);
    check_module(module, ALKFW_E_FORMAT, "cut short");
    free(bytes);
}
END_TEST

/* Puts a name of the same length in place of one in the module. */
static void write_with_name(const char *path, const char *name, const char *other) {
    size_t n_bytes, length = strlen(name);
    char *bytes = read_file(path, &n_bytes);
    bool found = false;

    for (char *at = bytes; (at = memmem(at, n_bytes - (size_t)(at - bytes), name, length)) != NULL;
         at += length) {
        memcpy(at, other, length);
        found = true;
    }
    ck_assert_msg(found, "%s has no %s", path, name);
    write_file(module, bytes, n_bytes);
    free(bytes);
}

START_TEST(a_module_of_another_version_is_refused) {
    check_module(FAKE_MODULE, ALKFW_E_MISMATCH, "another version of alkfw");
    write_with_name(FAKE_MODULE, TORCH_SHIM_SYMBOL, "alkfw_torch_apj");
    check_module(module, ALKFW_E_MISMATCH, TORCH_SHIM_SYMBOL);
}
END_TEST

#ifdef HAVE_TORCH
static const struct tiny_model sound = {.activation = NULL};

START_TEST(another_libtorch_is_named) {
    write_with_name(TORCH_MODULE, "libtorch_cpu.so", "libtorch_xpu.so");
    check_module(module, ALKFW_E_UNSUPPORTED, "libtorch_xpu.so");
    check_module(module, ALKFW_E_UNSUPPORTED, "apt install libtorch-dev");
    /* the right name, and none of the functions that it should have */
    write_with_name(TORCH_MODULE, "_ZN2at4_ops", "_ZN2at4_opX");
    check_module(module, ALKFW_E_UNSUPPORTED, "undefined symbol");
}
END_TEST

/* ---- models -------------------------------------------------------------- */

static struct model_options options_for(const char *backend) {
    return (struct model_options){
        .directory = directory, .backend = backend, .deepest_layer = UINT32_MAX};
}

static void check_refused(const struct model_options *options, alkfw_status expected,
                          const char *message) {
    struct model *model;
    alkfw_error error = {.status = ALKFW_OK};

    ck_assert_int_eq(model_open(options, &model, &error), expected);
    ck_assert_msg(strstr(error.message, message) != NULL, "%s", error.message);
}

enum { N_WINDOWS = 7, N_TOKENS = N_WINDOWS * TINY_POSITIONS };

static const uint32_t layers[] = {0, 1, 2, 3};

enum { N_LAYERS = 4, N_VALUES = N_TOKENS * TINY_HIDDEN };

static void make_windows(int32_t ids[N_TOKENS], uint32_t offsets[N_WINDOWS + 1]) {
    offsets[0] = 0;
    for (uint32_t i = 0; i < N_WINDOWS; i++) {
        uint32_t length = 1 + i * 11 % TINY_POSITIONS;
        offsets[i + 1] = offsets[i] + length;
        for (uint32_t t = offsets[i]; t < offsets[i + 1]; t++)
            ids[t] = (int32_t)((t * 13 + i) % TINY_VOCABULARY);
    }
}

/* states[N_LAYERS][N_VALUES], each window for itself when `apart`. */
static size_t run(const struct model_options *options, bool apart, float *states) {
    struct model *model;
    struct model_session *session;
    int32_t ids[N_TOKENS];
    uint32_t offsets[N_WINDOWS + 1];
    const float *got[N_LAYERS];
    alkfw_error error;

    alkfw_status status = model_open(options, &model, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    ck_assert_int_eq(model_session_new(model, &session, &error), ALKFW_OK);
    make_windows(ids, offsets);
    size_t n_windows = apart ? 1 : N_WINDOWS;
    for (size_t i = 0; i < N_WINDOWS; i += n_windows) {
        uint32_t shifted[N_WINDOWS + 1], n_tokens = offsets[i + n_windows] - offsets[i];
        for (size_t j = 0; j <= n_windows; j++)
            shifted[j] = offsets[i + j] - offsets[i];
        struct model_batch batch = {ids + offsets[i], shifted, n_windows};
        status = model_hidden_states(model, session, &batch, layers, N_LAYERS, got, &error);
        ck_assert_msg(status == ALKFW_OK, "%s", error.message);
        for (size_t layer = 0; layer < N_LAYERS; layer++)
            memcpy(states + layer * N_VALUES + (size_t)offsets[i] * TINY_HIDDEN, got[layer],
                   (size_t)n_tokens * TINY_HIDDEN * sizeof(float));
    }
    model_session_free(session);
    model_close(model);
    return (size_t)offsets[N_WINDOWS] * TINY_HIDDEN;
}

static float largest_difference(const struct tiny_model *tiny, enum model_precision precision) {
    static float expected[N_LAYERS * N_VALUES], got[N_LAYERS * N_VALUES];
    struct model_options native = options_for("native"), torch = options_for("torch");
    float largest = 0.0f;

    tiny_model_write(directory, tiny);
    torch.precision = precision;
    size_t n_values = run(&native, false, expected);
    ck_assert_uint_eq(run(&torch, false, got), n_values);
    for (size_t layer = 0; layer < N_LAYERS; layer++)
        for (size_t i = 0; i < n_values; i++)
            largest =
                fmaxf(largest, fabsf(got[layer * N_VALUES + i] - expected[layer * N_VALUES + i]));
    return largest;
}

START_TEST(torch_agrees_with_native) {
    static const struct tiny_model models[] = {
        {.activation = "gelu"},
        {.activation = "gelu_new", .prefix = "bert.", .n_files = 2},
        {.activation = "relu", .dtype = SAFETENSORS_F16},
        {.dtype = SAFETENSORS_BF16},
    };
    float difference = largest_difference(&models[_i], MODEL_PRECISION_FP32);

    ck_assert_float_lt(difference, 1e-5f);
}
END_TEST

START_TEST(bfloat16_is_close) {
    float difference = largest_difference(&sound, MODEL_PRECISION_BF16);

    ck_assert_float_lt(difference, 0.15f);
    ck_assert_float_gt(difference, 1e-4f); /* or it was not what ran */
}
END_TEST

/* The format aligns nothing: a header that is a byte longer moves all tensors by one. */
START_TEST(weights_need_not_be_aligned) {
    static float expected[N_LAYERS * N_VALUES], got[N_LAYERS * N_VALUES];
    struct model_options options = options_for("torch");
    char path[64];
    size_t n_bytes;

    tiny_model_write(directory, &sound);
    size_t n_values = run(&options, false, expected);
    (void)snprintf(path, sizeof path, "%s/model.safetensors", directory);
    char *bytes = read_file(path, &n_bytes), *moved = malloc(n_bytes + 1);
    ck_assert_ptr_nonnull(moved);
    uint64_t header;
    memcpy(&header, bytes, sizeof header);
    memcpy(moved, bytes, 8 + (size_t)header);
    moved[8 + header] = ' ';
    memcpy(moved + 9 + header, bytes + 8 + header, n_bytes - 8 - (size_t)header);
    header++;
    memcpy(moved, &header, sizeof header);
    write_file(path, moved, n_bytes + 1);
    free(bytes);
    free(moved);
    (void)run(&options, false, got);
    for (size_t layer = 0; layer < N_LAYERS; layer++)
        for (size_t i = 0; i < n_values; i++)
            ck_assert_float_eq_tol(got[layer * N_VALUES + i], expected[layer * N_VALUES + i],
                                   1e-6f);
}
END_TEST

START_TEST(a_window_does_not_depend_on_its_batch) {
    static float together[N_LAYERS * N_VALUES], apart[N_LAYERS * N_VALUES];
    struct model_options options = options_for("torch");

    tiny_model_write(directory, &sound);
    options.precision = _i == 0 ? MODEL_PRECISION_FP32 : MODEL_PRECISION_BF16;
    size_t n_values = run(&options, false, together);
    (void)run(&options, true, apart);
    for (size_t layer = 0; layer < N_LAYERS; layer++)
        ck_assert_mem_eq(apart + layer * N_VALUES, together + layer * N_VALUES,
                         n_values * sizeof(float));
}
END_TEST

START_TEST(what_runs_is_said) {
    struct model_options options = options_for("torch");
    struct model *model;
    alkfw_error error;

    tiny_model_write(directory, &sound);
    options.deepest_layer = 2;
    ck_assert_int_eq(model_open(&options, &model, &error), ALKFW_OK);
    const struct model_info *info = model_get_info(model);
    ck_assert_str_eq(info->backend, "torch");
    ck_assert_ptr_eq(strstr(info->kernel, "libtorch "), info->kernel);
    ck_assert_int_eq(info->precision, MODEL_PRECISION_FP32);
    ck_assert_uint_eq(info->n_layers, TINY_LAYERS);
    ck_assert_uint_eq(strlen(info->weights_sha256), 64);
    model_close(model);
}
END_TEST

START_TEST(settings_that_torch_has_not_are_refused) {
    struct model_options options = options_for("torch");

    tiny_model_write(directory, &sound);
    options.precision = MODEL_PRECISION_INT8;
    check_refused(&options, ALKFW_E_UNSUPPORTED, "int8");
    options.precision = MODEL_PRECISION_FP32;
    options.device = "abacus";
    check_refused(&options, ALKFW_E_CONFIG, "abacus");
    options.device = "cuda:77"; /* no libtorch, or no machine, has it */
    struct model *model;
    alkfw_error error;
    ck_assert_int_ne(model_open(&options, &model, &error), ALKFW_OK);
    ck_assert_msg(strstr(error.message, "cuda") != NULL, "%s", error.message);
}
END_TEST

START_TEST(unsound_models_are_refused) {
    static const struct {
        struct tiny_model model;
        alkfw_status status;
        const char *message;
    } models[] = {
        {{.architecture = "mamba"}, ALKFW_E_UNSUPPORTED, "\"mamba\""},
        {{.without = "encoder.layer.1.output.dense.bias"}, ALKFW_E_FORMAT, "layer.1.output.dense"},
        {{.short_tensor = "encoder.layer.2.intermediate.dense.weight"}, ALKFW_E_FORMAT, "layer.2"},
        {{.not_finite = "encoder.layer.2.attention.self.key.bias"}, ALKFW_E_FORMAT, "not finite"},
        {{.not_finite = "embeddings.word_embeddings.weight"}, ALKFW_E_FORMAT, "word_embeddings"},
    };
    struct model_options options = options_for("torch");

    tiny_model_write(directory, &models[_i].model);
    check_refused(&options, models[_i].status, models[_i].message);
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* which takes all addresses itself */
static size_t address_space(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%lu", &pages), 1);
    (void)fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A model with one wide block, its weights a hole in a sparse file. Returns the file's size. */
static size_t write_wide_model(void) {
    enum { HIDDEN = 1024, INNER = 65536 };
    static const struct {
        const char *name;
        size_t n_rows, n_columns;
    } tensors[] = {
        {"attention.self.query", HIDDEN, HIDDEN},  {"attention.self.key", HIDDEN, HIDDEN},
        {"attention.self.value", HIDDEN, HIDDEN},  {"attention.output.dense", HIDDEN, HIDDEN},
        {"attention.output.LayerNorm", HIDDEN, 0}, {"intermediate.dense", INNER, HIDDEN},
        {"output.dense", HIDDEN, INNER},           {"output.LayerNorm", HIDDEN, 0},
    };
    char path[64], header[8192];
    size_t length = 0, offset = 0;
    int n;

#define ADD(name, suffix, shape, n_elements)                                                       \
    n = snprintf(header + length, sizeof header - length,                                          \
                 "%s\"%s%s\":{\"dtype\":\"F16\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",         \
                 length == 1 ? "" : ",", name, suffix, shape, offset, offset + 2 * (n_elements));  \
    length += (size_t)n;                                                                           \
    offset += 2 * (n_elements)
    header[length++] = '{';
    char shape[64];
    (void)snprintf(shape, sizeof shape, "[%d,%d]", TINY_VOCABULARY, HIDDEN);
    ADD("embeddings.word_embeddings", ".weight", shape, (size_t)TINY_VOCABULARY * HIDDEN);
    (void)snprintf(shape, sizeof shape, "[8,%d]", HIDDEN);
    ADD("embeddings.position_embeddings", ".weight", shape, (size_t)8 * HIDDEN);
    (void)snprintf(shape, sizeof shape, "[2,%d]", HIDDEN);
    ADD("embeddings.token_type_embeddings", ".weight", shape, (size_t)2 * HIDDEN);
    (void)snprintf(shape, sizeof shape, "[%d]", HIDDEN);
    ADD("embeddings.LayerNorm", ".weight", shape, (size_t)HIDDEN);
    ADD("embeddings.LayerNorm", ".bias", shape, (size_t)HIDDEN);
    for (size_t i = 0; i < sizeof tensors / sizeof tensors[0]; i++) {
        char name[128];
        size_t n_rows = tensors[i].n_rows, n_columns = tensors[i].n_columns;
        (void)snprintf(name, sizeof name, "encoder.layer.0.%s", tensors[i].name);
        (void)snprintf(shape, sizeof shape, n_columns == 0 ? "[%zu]" : "[%zu,%zu]", n_rows,
                       n_columns);
        ADD(name, ".weight", shape, n_rows * (n_columns == 0 ? 1 : n_columns));
        (void)snprintf(shape, sizeof shape, "[%zu]", n_rows);
        ADD(name, ".bias", shape, n_rows);
    }
#undef ADD
    header[length++] = '}';
    (void)snprintf(path, sizeof path, "%s/model.safetensors", directory);
    uint64_t size = length;
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(&size, sizeof size, 1, file), 1);
    ck_assert_uint_eq(fwrite(header, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(truncate(path, (off_t)(8 + length + offset)), 0);
    (void)snprintf(path, sizeof path, "%s/config.json", directory);
    (void)snprintf(header, sizeof header,
                   "{\"model_type\":\"bert\",\"vocab_size\":%d,\"hidden_size\":%d,"
                   "\"num_hidden_layers\":1,\"num_attention_heads\":16,\"intermediate_size\":%d,"
                   "\"max_position_embeddings\":8,\"type_vocab_size\":2,\"hidden_act\":\"gelu\"}",
                   TINY_VOCABULARY, HIDDEN, INNER);
    write_file(path, header, strlen(header));
    return 8 + length + offset;
}

START_TEST(a_model_larger_than_memory_is_an_error) {
    static float states[N_LAYERS * N_VALUES];
    struct model_options options = options_for("torch");
    struct rlimit limit;

    tiny_model_write(directory, &sound);
    (void)run(&options, false, states); /* libtorch is there from here on */
    size_t n_bytes = write_wide_model();
    ck_assert_int_eq(getrlimit(RLIMIT_AS, &limit), 0);
    limit.rlim_cur = address_space() + n_bytes + ((size_t)100 << 20);
    ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
    check_refused(&options, ALKFW_E_MEMORY, "memory");
}
END_TEST
#endif
#endif

int main(void) {
    TCase *tests = tcase_create("torch");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, a_missing_module_says_what_to_install);
    tcase_add_test(tests, what_is_no_module_is_refused);
    tcase_add_test(tests, a_module_that_was_cut_short_is_refused);
    tcase_add_test(tests, a_module_of_another_version_is_refused);
#ifdef HAVE_TORCH
    tcase_add_test(tests, another_libtorch_is_named);
    tcase_add_loop_test(tests, torch_agrees_with_native, 0, 4);
    tcase_add_test(tests, bfloat16_is_close);
    tcase_add_test(tests, weights_need_not_be_aligned);
    tcase_add_loop_test(tests, a_window_does_not_depend_on_its_batch, 0, 2);
    tcase_add_test(tests, what_runs_is_said);
    tcase_add_test(tests, settings_that_torch_has_not_are_refused);
    tcase_add_loop_test(tests, unsound_models_are_refused, 0, 5);
#ifndef __SANITIZE_ADDRESS__
    tcase_add_test(tests, a_model_larger_than_memory_is_an_error);
#endif
#endif
    return run_tests("torch", tests);
}
