/* SPDX-License-Identifier: Apache-2.0
 *
 * A tiny model of each architecture in the table, made from what the table says of it: that it
 * opens, runs, and keeps the promises of model.h. That its numbers are right, scripts/compare-model
 * says. */
#include <check.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/model.h"
#include "model/model_tensors.h"
#include "run_tests.h"
#include "tiny_model.h"

enum {
    VOCABULARY = 64,
    HIDDEN = 32,
    LAYERS = 3,
    HEADS = 4,
    INNER = 48,
    POSITIONS = 200,
    MAX_TENSORS = 128
};

static char directory[] = "/tmp/check_every.XXXXXX";
static char adapter_path[64]; /* in it */

static void make_directory(void) {
    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(adapter_path, sizeof adapter_path, "%s/adapter.safetensors", directory);
}

static void remove_directory(void) {
    (void)unlink(adapter_path);
    tiny_model_remove(directory);
}

/* ---- config.json --------------------------------------------------------- */

static void write_size(FILE *file, const char *key, int value) {
    if (key != NULL)
        fprintf(file, "\"%s\":%d,", key, value);
}

static void write_sizes(FILE *file, const struct architecture *entry) {
    write_size(file, entry->keys.hidden_size, HIDDEN);
    write_size(file, entry->keys.n_layers, LAYERS);
    write_size(file, entry->keys.n_heads, HEADS);
    write_size(file, entry->keys.n_key_heads, HEADS / 2);
    write_size(file, entry->keys.intermediate_size, INNER);
    write_size(file, entry->keys.n_positions, POSITIONS);
    write_size(file, entry->keys.n_types, 2);
    write_size(file, entry->keys.window, 8);
    write_size(file, entry->keys.pattern, 2);
    if (entry->keys.needs_window != NULL)
        fprintf(file, "\"%s\":true,", entry->keys.needs_window);
    if (entry->positions == POSITIONS_RELATIVE)
        fprintf(file, "\"relative_attention\":true,\"pos_att_type\":\"c2p|p2c\","
                      "\"position_buckets\":8,\"norm_rel_ebd\":\"layer_norm\",");
    fprintf(file, "\"vocab_size\":%d", VOCABULARY);
}

/* Writes config.json and reads it back. */
static struct model_config write_config(const struct architecture *entry) {
    struct model_config config;
    char path[512], json[2048];
    alkfw_error error;

    (void)snprintf(path, sizeof path, "%s/config.json", directory);
    FILE *file = fopen(path, "w+");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "{\"model_type\":\"%s\",", entry->name);
    if (entry->text_config != NULL)
        fprintf(file, "\"%s\":{", entry->text_config);
    write_sizes(file, entry);
    fprintf(file, entry->text_config != NULL ? "}}\n" : "}\n");
    rewind(file);
    size_t n_bytes = fread(json, 1, sizeof json, file);
    ck_assert_int_eq(fclose(file), 0);
    alkfw_status status = model_config_parse(json, n_bytes, path, &config, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    return config;
}

/* ---- weights ------------------------------------------------------------- */

enum { RANK = 2 };

/* The adapter of every test: up[row][r], and down[r][column]. */
static float up_at(size_t row, size_t r) {
    return (float)((row * 31 + r * 17) % 13) / 13 - 0.5f;
}

static float down_at(size_t r, size_t column) {
    return (float)((column * 7 + r * 5) % 11) / 11 - 0.5f;
}

struct tensors {
    struct safetensors_writer *writer;
    bool is_changed; /* as the adapter changes them */
    float *data[MAX_TENSORS];
    size_t n;
};

static void add(struct tensors *tensors, const struct model_tensor *tensor) {
    size_t shape[] = {tensor->n_rows, tensor->n_columns};
    size_t n_dims = tensor->n_columns > 0 ? 2 : 1;
    size_t n_elements = n_dims == 2 ? shape[0] * shape[1] : shape[0];
    float *data = malloc(n_elements * sizeof *data);
    alkfw_error error;

    ck_assert_ptr_nonnull(data);
    ck_assert_uint_lt(tensors->n, MAX_TENSORS);
    for (size_t i = 0; i < n_elements; i++)
        data[i] = (float)((i * 7919 + tensors->n * 104729 + i * i % 1013) % 1009) / 1009 - 0.5f;
    ck_assert_int_eq(safetensors_writer_add(tensors->writer, tensor->name, SAFETENSORS_F32, shape,
                                            n_dims, data, &error),
                     ALKFW_OK);
    tensors->data[tensors->n++] = data;
}

/* What was just added, changed. The writer has only its address yet. */
static void change(struct tensors *tensors, const struct model_tensor *tensor) {
    float *data = tensors->data[tensors->n - 1];

    for (size_t row = 0; row < tensor->n_rows; row++)
        for (size_t column = 0; column < tensor->n_columns; column++)
            for (size_t r = 0; r < RANK; r++)
                data[row * tensor->n_columns + column] += up_at(row, r) * down_at(r, column);
}

static void add_role(struct tensors *tensors, const struct model_config *config,
                     enum tensor_role role, uint32_t block) {
    struct model_tensor tensor;

    if (model_tensor_weight(config, role, block, &tensor)) {
        add(tensors, &tensor);
        if (tensors->is_changed && role >= TENSOR_QKV && tensor.n_columns > 0)
            change(tensors, &tensor);
    }
    if (model_tensor_bias(config, role, block, &tensor))
        add(tensors, &tensor);
}

/* `first` is TENSOR_WORDS or TENSOR_TIED_WORDS; `extra` the name of one more tensor, or NULL. */
static void write_weights(const struct model_config *config, enum tensor_role first,
                          const struct model_tensor *extra, bool is_changed) {
    struct tensors *tensors = calloc(1, sizeof *tensors);
    char path[512];
    alkfw_error error;

    ck_assert_ptr_nonnull(tensors);
    tensors->is_changed = is_changed;
    ck_assert_int_eq(safetensors_writer_new(&tensors->writer, &error), ALKFW_OK);
    add_role(tensors, config, first, 0);
    for (int role = TENSOR_POSITIONS; role < TENSOR_QKV; role++)
        add_role(tensors, config, (enum tensor_role)role, 0);
    for (uint32_t block = 0; block < LAYERS; block++) {
        for (int role = TENSOR_QKV; role < N_TENSOR_ROLES; role++)
            add_role(tensors, config, (enum tensor_role)role, block);
    }
    if (extra != NULL)
        add(tensors, extra);
    (void)snprintf(path, sizeof path, "%s/model.safetensors", directory);
    ck_assert_int_eq(safetensors_writer_finish(tensors->writer, path, "weights", &error), ALKFW_OK);
    safetensors_writer_free(tensors->writer);
    for (size_t i = 0; i < tensors->n; i++)
        free(tensors->data[i]);
    free(tensors);
}

static const struct architecture *write_model(int index) {
    const struct architecture *entry = architecture_at((size_t)index);
    struct model_config config = write_config(entry);

    write_weights(&config, TENSOR_WORDS, NULL, false);
    tiny_model_write_tokenizer(directory);
    return entry;
}

/* ---- adapters ------------------------------------------------------------ */

static void add_adapter(struct tensors *tensors, const char *weight, size_t n_rows,
                        size_t n_columns) {
    struct model_tensor down = {.n_rows = RANK, .n_columns = n_columns};
    struct model_tensor up = {.n_rows = n_rows, .n_columns = RANK};

    (void)snprintf(down.name, sizeof down.name, "adapter.%.110s.down", weight);
    (void)snprintf(up.name, sizeof up.name, "adapter.%.110s.up", weight);
    add(tensors, &down);
    for (size_t i = 0; i < RANK * n_columns; i++)
        tensors->data[tensors->n - 1][i] = down_at(i / n_columns, i % n_columns);
    add(tensors, &up);
    for (size_t i = 0; i < n_rows * RANK; i++)
        tensors->data[tensors->n - 1][i] = up_at(i / RANK, i % RANK);
}

/* An adapter of all matrices of the first n_blocks blocks; `digest` is what it says of itself, or
 * NULL. */
static void write_adapter(const struct model_config *config, uint32_t n_blocks,
                          const char *digest) {
    struct tensors *tensors = calloc(1, sizeof *tensors);
    struct model_tensor tensor;
    alkfw_error error;

    ck_assert_ptr_nonnull(tensors);
    ck_assert_int_eq(safetensors_writer_new(&tensors->writer, &error), ALKFW_OK);
    if (digest != NULL)
        ck_assert_int_eq(
            safetensors_writer_metadata(tensors->writer, "adapter.sha256", digest, &error),
            ALKFW_OK);
    for (uint32_t block = 0; block < n_blocks; block++)
        for (int role = TENSOR_QKV; role < N_TENSOR_ROLES; role++)
            if (model_tensor_weight(config, (enum tensor_role)role, block, &tensor) &&
                tensor.n_columns > 0)
                add_adapter(tensors, tensor.name, tensor.n_rows, tensor.n_columns);
    ck_assert_int_eq(safetensors_writer_finish(tensors->writer, adapter_path, "adapter", &error),
                     ALKFW_OK);
    safetensors_writer_free(tensors->writer);
    for (size_t i = 0; i < tensors->n; i++)
        free(tensors->data[i]);
    free(tensors);
}

static struct adapter *open_adapter(void) {
    struct adapter *adapter;
    alkfw_error error;

    alkfw_status status = adapter_open(adapter_path, &adapter, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    return adapter;
}

/* ---- running ------------------------------------------------------------- */

static alkfw_status open_with(enum model_precision precision, struct model **model,
                              alkfw_error *error) {
    const struct model_options options = {.directory = directory,
                                          .backend = "native",
                                          .precision = precision,
                                          .deepest_layer = UINT32_MAX};

    return model_open(&options, model, error);
}

static struct model *open_model(enum model_precision precision) {
    struct model *model;
    alkfw_error error;

    alkfw_status status = open_with(precision, &model, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    return model;
}

/* Three windows, of which one is longer than what a session begins with. */
static const uint32_t offsets[] = {0, 7, 167, 180};
enum { N_TOKENS = 180 };

static void fill_ids(int32_t ids[N_TOKENS]) {
    for (int i = 0; i < N_TOKENS; i++)
        ids[i] = (i * i * 5 + i) % VOCABULARY;
}

/* All layers of a batch, one after the other, to out[LAYERS + 1][N_TOKENS][HIDDEN]. */
static void run_batch(const struct model *model, const struct model_batch *batch, float *out) {
    static const uint32_t layers[] = {0, 1, 2, 3};
    size_t n_values = batch->offsets[batch->n_windows] * (size_t)HIDDEN;
    struct model_session *session;
    const float *states[LAYERS + 1];
    alkfw_error error;

    ck_assert_int_eq(model_session_new(model, &session, &error), ALKFW_OK);
    ck_assert_int_eq(model_hidden_states(model, session, batch, layers, LAYERS + 1, states, &error),
                     ALKFW_OK);
    for (size_t i = 0; i <= LAYERS; i++)
        memcpy(out + i * n_values, states[i], n_values * sizeof *out);
    model_session_free(session);
}

/* All layers of the three windows. */
static void run_and_close(struct model *model, float *out) {
    int32_t ids[N_TOKENS];

    fill_ids(ids);
    run_batch(model, &(struct model_batch){ids, offsets, 3}, out);
    model_close(model);
}

static float *run_all(enum model_precision precision) {
    static float states[2][(LAYERS + 1) * N_TOKENS * HIDDEN];
    float *out = states[precision == MODEL_PRECISION_INT8];

    run_and_close(open_model(precision), out);
    return out;
}

START_TEST(states_are_finite_and_change_from_layer_to_layer) {
    const struct architecture *entry = write_model(_i);
    const float *states = run_all(MODEL_PRECISION_FP32);
    size_t n_values = (size_t)N_TOKENS * HIDDEN;

    for (size_t i = 0; i < (LAYERS + 1) * n_values; i++)
        ck_assert_msg(isfinite(states[i]), "%s", entry->name);
    for (size_t layer = 1; layer <= LAYERS; layer++)
        ck_assert_mem_ne(states + layer * n_values, states + (layer - 1) * n_values,
                         n_values * sizeof *states);
}
END_TEST

START_TEST(a_window_does_not_depend_on_its_batch) {
    const struct architecture *entry = write_model(_i);
    const float *together = run_all(MODEL_PRECISION_FP32);
    static float alone[(LAYERS + 1) * N_TOKENS * HIDDEN];
    struct model *model = open_model(MODEL_PRECISION_FP32);
    int32_t ids[N_TOKENS];

    fill_ids(ids);
    ck_assert_str_eq(model_get_info(model)->architecture, entry->name);
    for (size_t window = 0; window < 3; window++) {
        uint32_t n_tokens = offsets[window + 1] - offsets[window], ends[] = {0, n_tokens};
        run_batch(model, &(struct model_batch){ids + offsets[window], ends, 1}, alone);
        for (size_t layer = 0; layer <= LAYERS; layer++)
            ck_assert_mem_eq(alone + layer * n_tokens * HIDDEN,
                             together + (layer * N_TOKENS + offsets[window]) * HIDDEN,
                             n_tokens * HIDDEN * sizeof *alone);
    }
    model_close(model);
}
END_TEST

START_TEST(int8_is_close_to_fp32) {
    const struct architecture *entry = write_model(_i);
    const float *wide = run_all(MODEL_PRECISION_FP32), *narrow = run_all(MODEL_PRECISION_INT8);

    for (size_t layer = 0; layer <= LAYERS; layer++) {
        double product = 0.0, left = 0.0, right = 0.0;
        for (size_t i = 0; i < (size_t)N_TOKENS * HIDDEN; i++) {
            double x = (double)wide[layer * N_TOKENS * HIDDEN + i];
            double y = (double)narrow[layer * N_TOKENS * HIDDEN + i];
            product += x * y;
            left += x * x;
            right += y * y;
        }
        ck_assert_msg(product / sqrt(left * right) > 0.98, "%s: layer %zu: cosine %f", entry->name,
                      layer, product / sqrt(left * right));
    }
}
END_TEST

static void run_adapted(const char *backend, enum model_precision precision, float *out) {
    struct adapter *adapter = open_adapter();
    const struct model_options options = {.directory = directory,
                                          .backend = backend,
                                          .precision = precision,
                                          .deepest_layer = UINT32_MAX,
                                          .adapter = adapter};
    struct model *model;
    alkfw_error error;

    alkfw_status status = model_open(&options, &model, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    ck_assert_str_eq(model_get_info(model)->adapter_sha256, adapter_sha256(adapter));
    adapter_free(adapter); /* nothing of it is needed any more */
    run_and_close(model, out);
}

static void check_states(const float *got, const float *expected, const char *what) {
    size_t n_values = (size_t)N_TOKENS * HIDDEN;

    for (size_t layer = 0; layer <= LAYERS; layer++) {
        float largest = 0.0f, difference = 0.0f;
        for (size_t i = layer * n_values; i < (layer + 1) * n_values; i++) {
            largest = fmaxf(largest, fabsf(expected[i]));
            difference = fmaxf(difference, fabsf(got[i] - expected[i]));
        }
        ck_assert_msg(difference <= 1e-4f * largest, "%s: layer %zu: %g of %g", what, layer,
                      (double)difference, (double)largest);
    }
}

START_TEST(an_adapter_is_as_if_the_weights_were_others) {
    static float got[(LAYERS + 1) * N_TOKENS * HIDDEN];
    const struct architecture *entry = write_model(_i);
    struct model_config config = write_config(entry);

    write_adapter(&config, LAYERS, NULL);
    run_adapted("native", MODEL_PRECISION_FP32, got);
#ifdef HAVE_TORCH
    static float of_torch[(LAYERS + 1) * N_TOKENS * HIDDEN];
    run_adapted("torch", MODEL_PRECISION_FP32, of_torch);
    check_states(of_torch, got, entry->name);
#endif
    const float *unchanged = run_all(MODEL_PRECISION_FP32);
    ck_assert_mem_ne(unchanged, got, sizeof got);
    write_weights(&config, TENSOR_WORDS, NULL, true);
    check_states(got, run_all(MODEL_PRECISION_FP32), entry->name);
}
END_TEST

#ifdef HAVE_TORCH
static void check_same_description(const struct model *model) {
    struct model *native = open_model(MODEL_PRECISION_FP32);
    const struct model_info *expected = model_get_info(native), *info = model_get_info(model);

    ck_assert_str_eq(info->architecture, expected->architecture);
    ck_assert_uint_eq(info->n_layers, expected->n_layers);
    ck_assert_uint_eq(info->hidden_size, expected->hidden_size);
    ck_assert_int_eq(info->is_causal, expected->is_causal);
    ck_assert_uint_eq(info->max_tokens, expected->max_tokens);
    model_close(native);
}

START_TEST(torch_agrees_with_native) {
    const struct architecture *entry = write_model(_i);
    const float *expected = run_all(MODEL_PRECISION_FP32);
    static float got[(LAYERS + 1) * N_TOKENS * HIDDEN];
    const struct model_options options = {
        .directory = directory, .backend = "torch", .deepest_layer = UINT32_MAX};
    struct model *model;
    alkfw_error error;

    alkfw_status status = model_open(&options, &model, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    check_same_description(model);
    run_and_close(model, got);
    check_states(got, expected, entry->name);
}
END_TEST
#endif

/* ---- adapters that do not fit -------------------------------------------- */

static void check_adapter_refused(uint32_t deepest_layer, alkfw_status expected,
                                  const char *message) {
    struct adapter *adapter = open_adapter();
    const struct model_options options = {.directory = directory,
                                          .backend = "native",
                                          .deepest_layer = deepest_layer,
                                          .adapter = adapter};
    struct model *model;
    alkfw_error error;

    ck_assert_int_eq(model_open(&options, &model, &error), expected);
    ck_assert_msg(strstr(error.message, message) != NULL, "%s", error.message);
    adapter_free(adapter);
}

START_TEST(an_adapter_that_does_not_fit_is_refused) {
    static const char wrong[] = "0000000000000000000000000000000000000000000000000000000000000000";
    struct model_config config = write_config(write_model(0));

    write_adapter(&config, LAYERS, NULL);
    check_adapter_refused(1, ALKFW_E_MISMATCH, "no matrix of the first 1 blocks");
    write_adapter(&config, LAYERS, wrong);
    check_adapter_refused(UINT32_MAX, ALKFW_E_FORMAT, "does not fit the adapter");
}
END_TEST

START_TEST(a_file_that_is_no_adapter_is_refused) {
    char weights[128];
    struct adapter *adapter;
    alkfw_error error;

    (void)write_model(0);
    (void)snprintf(weights, sizeof weights, "%s/model.safetensors", directory);
    ck_assert_int_eq(adapter_open(weights, &adapter, &error), ALKFW_E_FORMAT);
    ck_assert_ptr_null(adapter);
    ck_assert_ptr_nonnull(strstr(error.message, "train-adapter"));
    ck_assert_int_eq(adapter_open(adapter_path, &adapter, &error), ALKFW_E_MISSING);
}
END_TEST

/* ---- weights that do not fit --------------------------------------------- */

START_TEST(tied_words_are_found_under_their_other_name) {
    const struct architecture *entry = architecture_at((size_t)_i);
    struct model_config config = write_config(entry);
    struct model *model;
    alkfw_error error;

    write_weights(&config, TENSOR_TIED_WORDS, NULL, false);
    tiny_model_write_tokenizer(directory);
    alkfw_status status = open_with(MODEL_PRECISION_FP32, &model, &error);
    if (entry->tensors[TENSOR_TIED_WORDS] != NULL) {
        ck_assert_msg(status == ALKFW_OK, "%s", error.message);
        model_close(model);
        return;
    }
    ck_assert_int_eq(status, ALKFW_E_FORMAT);
    ck_assert_msg(strstr(error.message, entry->tensors[TENSOR_WORDS]) != NULL, "%s", error.message);
}
END_TEST

/* A bias that config.json denies would be left out of every value. */
START_TEST(a_bias_that_is_not_expected_is_named) {
    const struct architecture *entry = architecture_at((size_t)_i);
    struct model_config config = write_config(entry);
    struct model_tensor bias, none;
    struct model *model;
    alkfw_error error;

    if (model_tensor_bias(&config, TENSOR_ATTENTION_OUTPUT, 1, &none))
        return;
    ck_assert(architecture_tensor_name(entry, TENSOR_ATTENTION_OUTPUT, 1, "bias", bias.name));
    bias.n_rows = HIDDEN;
    bias.n_columns = 0;
    write_weights(&config, TENSOR_WORDS, &bias, false);
    tiny_model_write_tokenizer(directory);
    ck_assert_int_eq(open_with(MODEL_PRECISION_FP32, &model, &error), ALKFW_E_FORMAT);
    ck_assert_msg(strstr(error.message, bias.name) != NULL &&
                      strstr(error.message, "do not fit config.json") != NULL,
                  "%s", error.message);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("every_architecture");
    int n = (int)architecture_count();

    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_loop_test(tests, states_are_finite_and_change_from_layer_to_layer, 0, n);
    tcase_add_loop_test(tests, a_window_does_not_depend_on_its_batch, 0, n);
    tcase_add_loop_test(tests, int8_is_close_to_fp32, 0, n);
    tcase_add_loop_test(tests, tied_words_are_found_under_their_other_name, 0, n);
    tcase_add_loop_test(tests, a_bias_that_is_not_expected_is_named, 0, n);
    tcase_add_loop_test(tests, an_adapter_is_as_if_the_weights_were_others, 0, n);
    tcase_add_test(tests, an_adapter_that_does_not_fit_is_refused);
    tcase_add_test(tests, a_file_that_is_no_adapter_is_refused);
#ifdef HAVE_TORCH
    tcase_add_loop_test(tests, torch_agrees_with_native, 0, n);
#endif
    return run_tests("every_architecture", tests);
}
