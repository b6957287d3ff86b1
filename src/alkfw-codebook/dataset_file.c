/* SPDX-License-Identifier: Apache-2.0
 *
 * Features in a file: tensors "features" [n_windows, n_features] F32 and "windows" [n_windows, 4]
 * I32 (row, tokens, tokens in the span, tokens of the text in the span). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/dataset.h"
#include "model/safetensors.h"

#define FEATURES_FORMAT "alkfw-features/1"

enum { WINDOW_COLUMNS = 4 };

static const char *const precision_names[] = {
    [MODEL_PRECISION_AUTO] = "auto",
    [MODEL_PRECISION_FP32] = "fp32",
    [MODEL_PRECISION_INT8] = "int8",
};

/* ---- writing --------------------------------------------------------------- */

struct entry {
    const char *key;
    const char *value;
};

static alkfw_status write_metadata(struct safetensors_writer *writer, const struct dataset *dataset,
                                   const struct corpus *corpus, alkfw_error *error) {
    char corpus_sha256[65];
    char taps[256];
    char tokens[16];
    char overlap[16];
    char hidden_size[16];

    corpus_digest(corpus, corpus_sha256);
    (void)model_taps_format(dataset->plan.taps, dataset->plan.n_taps, taps, sizeof taps);
    (void)snprintf(tokens, sizeof tokens, "%" PRIu32, dataset->plan.window_tokens);
    (void)snprintf(overlap, sizeof overlap, "%" PRIu32, dataset->plan.overlap_tokens);
    (void)snprintf(hidden_size, sizeof hidden_size, "%" PRIu32, dataset->model.hidden_size);
    const struct entry entries[] = {
        {"format", FEATURES_FORMAT},
        {"corpus.sha256", corpus_sha256},
        {"taps", taps},
        {"window.tokens", tokens},
        {"window.overlap", overlap},
        {"model.id", dataset->model.id},
        {"model.revision", dataset->model.revision},
        {"model.architecture", dataset->model.architecture},
        {"model.weights_sha256", dataset->model.weights_sha256},
        {"model.hidden_size", hidden_size},
        {"model.precision", precision_names[dataset->model.precision]},
    };
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        alkfw_status status =
            safetensors_writer_metadata(writer, entries[i].key, entries[i].value, error);
        if (status != ALKFW_OK)
            return status;
    }
    return ALKFW_OK;
}

alkfw_status dataset_write(const struct dataset *dataset, const struct corpus *corpus,
                           const char *path, alkfw_error *error) {
    const size_t features_shape[2] = {dataset->n_windows, dataset->n_features};
    const size_t windows_shape[2] = {dataset->n_windows, WINDOW_COLUMNS};
    struct safetensors_writer *writer = NULL;
    int32_t *windows = calloc(dataset->n_windows, WINDOW_COLUMNS * sizeof *windows);

    if (windows == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    for (size_t i = 0; i < dataset->n_windows; i++) {
        const struct dataset_window *window = &dataset->windows[i];
        windows[WINDOW_COLUMNS * i] = (int32_t)window->row;
        windows[WINDOW_COLUMNS * i + 1] = (int32_t)window->n_tokens;
        windows[WINDOW_COLUMNS * i + 2] = (int32_t)window->n_span_tokens;
        windows[WINDOW_COLUMNS * i + 3] = (int32_t)window->n_row_span_tokens;
    }
    alkfw_status status = safetensors_writer_new(&writer, error);
    if (status == ALKFW_OK)
        status = write_metadata(writer, dataset, corpus, error);
    if (status == ALKFW_OK)
        status = safetensors_writer_add(writer, "features", SAFETENSORS_F32, features_shape, 2,
                                        dataset->features, error);
    if (status == ALKFW_OK)
        status = safetensors_writer_add(writer, "windows", SAFETENSORS_I32, windows_shape, 2,
                                        windows, error);
    if (status == ALKFW_OK)
        status = safetensors_writer_finish(writer, path, "features", error);
    safetensors_writer_free(writer);
    free(windows);
    return status;
}

/* ---- reading --------------------------------------------------------------- */

static alkfw_status damaged(const char *path, const char *what, alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_FORMAT,
                           "features %s: %s; write them again with alkfw-codebook features", path,
                           what);
}

static const char *text_of(const struct safetensors *file, const char *key) {
    const char *value = safetensors_metadata(file, key);
    return value == NULL ? "" : value;
}

static uint32_t number_of(const struct safetensors *file, const char *key) {
    return (uint32_t)strtoul(text_of(file, key), NULL, 10);
}

static alkfw_status read_plan(struct dataset *dataset, const struct safetensors *file,
                              const struct corpus *corpus, const char *path, alkfw_error *error) {
    char corpus_sha256[65];

    if (strcmp(text_of(file, "format"), FEATURES_FORMAT) != 0)
        return damaged(path, "the format is not " FEATURES_FORMAT, error);
    corpus_digest(corpus, corpus_sha256);
    if (strcmp(text_of(file, "corpus.sha256"), corpus_sha256) != 0)
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "features %s are of another corpus; name the same files in the same "
                               "order",
                               path);
    dataset->plan.window_tokens = number_of(file, "window.tokens");
    dataset->plan.overlap_tokens = number_of(file, "window.overlap");
    if (dataset->plan.overlap_tokens >= dataset->plan.window_tokens)
        return damaged(path, "the windows overlap too much", error);
    return model_taps_parse(text_of(file, "taps"), dataset->plan.taps, &dataset->plan.n_taps,
                            error);
}

static alkfw_status read_identity(struct dataset *dataset, const struct safetensors *file,
                                  const char *path, alkfw_error *error) {
    struct model_identity *model = &dataset->model;
    const char *sha256 = text_of(file, "model.weights_sha256");

    if (strlen(sha256) != sizeof model->weights_sha256 - 1)
        return damaged(path, "the model's digest is malformed", error);
    memcpy(model->weights_sha256, sha256, sizeof model->weights_sha256);
    model->hidden_size = number_of(file, "model.hidden_size");
    model->precision = strcmp(text_of(file, "model.precision"), "int8") == 0 ? MODEL_PRECISION_INT8
                                                                             : MODEL_PRECISION_FP32;
    model->id = strdup(text_of(file, "model.id"));
    model->revision = strdup(text_of(file, "model.revision"));
    model->architecture = strdup(text_of(file, "model.architecture"));
    if (model->id == NULL || model->revision == NULL || model->architecture == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    return ALKFW_OK;
}

/* The windows of row i, then those of row i + 1, every row with at least one. */
static alkfw_status read_windows(struct dataset *dataset, const unsigned char *data, size_t n_rows,
                                 const char *path, alkfw_error *error) {
    dataset->windows = calloc(dataset->n_windows, sizeof *dataset->windows);
    dataset->first_window = calloc(n_rows + 1, sizeof *dataset->first_window);
    if (dataset->windows == NULL || dataset->first_window == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    size_t row = SIZE_MAX;
    for (size_t i = 0; i < dataset->n_windows; i++) {
        int32_t columns[WINDOW_COLUMNS];
        memcpy(columns, data + i * sizeof columns, sizeof columns);
        for (size_t c = 0; c < WINDOW_COLUMNS; c++) {
            if (columns[c] < 0)
                return damaged(path, "a window is malformed", error);
        }
        size_t next = (size_t)columns[0];
        if (next != row) {
            if (next != row + 1 || next >= n_rows)
                return damaged(path, "the windows do not follow the rows", error);
            dataset->first_window[next] = i;
            row = next;
        }
        dataset->windows[i] = (struct dataset_window){.row = next,
                                                      .n_tokens = (uint32_t)columns[1],
                                                      .n_span_tokens = (uint32_t)columns[2],
                                                      .n_row_span_tokens = (uint32_t)columns[3]};
    }
    if (row + 1 != n_rows)
        return damaged(path, "rows without windows", error);
    dataset->first_window[n_rows] = dataset->n_windows;
    return ALKFW_OK;
}

static alkfw_status read_tensors(struct dataset *dataset, const struct safetensors *file,
                                 const struct corpus *corpus, const char *path,
                                 alkfw_error *error) {
    const struct safetensors_tensor *features = safetensors_find(file, "features");
    const struct safetensors_tensor *windows = safetensors_find(file, "windows");

    dataset->n_features = dataset->plan.n_taps * (size_t)dataset->model.hidden_size;
    if (features == NULL || features->n_dims != 2 || features->shape[1] != dataset->n_features ||
        windows == NULL || windows->dtype != SAFETENSORS_I32 || windows->n_dims != 2 ||
        windows->shape[0] != features->shape[0] || windows->shape[1] != WINDOW_COLUMNS)
        return damaged(path, "the tensors have wrong shapes", error);
    dataset->n_windows = features->shape[0];
    alkfw_status status = read_windows(dataset, windows->data, corpus->n_rows, path, error);
    if (status != ALKFW_OK)
        return status;
    dataset->features = malloc(features->n_elements * sizeof *dataset->features + 1);
    if (dataset->features == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    return safetensors_copy_f32(file, features, dataset->features, error);
}

alkfw_status dataset_read(struct dataset *dataset, const struct corpus *corpus, const char *path,
                          alkfw_error *error) {
    struct safetensors *file;

    memset(dataset, 0, sizeof *dataset);
    alkfw_status status = safetensors_open(path, "features", &file, error);
    if (status != ALKFW_OK)
        return status;
    status = read_plan(dataset, file, corpus, path, error);
    if (status == ALKFW_OK)
        status = read_identity(dataset, file, path, error);
    if (status == ALKFW_OK)
        status = read_tensors(dataset, file, corpus, path, error);
    safetensors_close(file);
    return status;
}
