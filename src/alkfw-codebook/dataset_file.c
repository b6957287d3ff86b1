/* SPDX-License-Identifier: Apache-2.0
 *
 * Features in a file: tensors "features" [n_windows, n_features] F32 and "windows" [n_windows, 4]
 * I32 (row, tokens, tokens in the span, tokens of the text in the span); "passage_features",
 * "passages" the same for passages, and "first_passage" [n_windows + 1] I32. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/dataset.h"
#include "model/safetensors.h"

#define FEATURES_FORMAT "alkfw-features/2"

enum { WINDOW_COLUMNS = 4 };

/* ---- writing --------------------------------------------------------------- */

struct entry {
    const char *key;
    const char *value;
};

static alkfw_status write_metadata(struct safetensors_writer *writer, const struct dataset *dataset,
                                   const struct corpus *corpus, alkfw_error *error) {
    char corpus_sha256[65];
    char taps[256];
    char passage_taps[256];
    char tokens[16];
    char overlap[16];
    char hidden_size[16];

    corpus_digest(corpus, corpus_sha256);
    (void)model_taps_format(dataset->plan.taps, dataset->plan.n_taps, taps, sizeof taps);
    (void)model_taps_format(dataset->passage_taps, dataset->n_passage_taps, passage_taps,
                            sizeof passage_taps);
    (void)snprintf(tokens, sizeof tokens, "%" PRIu32, dataset->plan.window_tokens);
    (void)snprintf(overlap, sizeof overlap, "%" PRIu32, dataset->plan.overlap_tokens);
    (void)snprintf(hidden_size, sizeof hidden_size, "%" PRIu32, dataset->model.hidden_size);
    const struct entry entries[] = {
        {"format", FEATURES_FORMAT},
        {"corpus.sha256", corpus_sha256},
        {"taps", taps},
        {"passage.taps", passage_taps},
        {"window.tokens", tokens},
        {"window.overlap", overlap},
        {"model.id", dataset->model.id},
        {"model.revision", dataset->model.revision},
        {"model.architecture", dataset->model.architecture},
        {"model.weights_sha256", dataset->model.weights_sha256},
        {"model.adapter_sha256", dataset->model.adapter_sha256},
        {"model.hidden_size", hidden_size},
        {"model.precision", model_precision_name(dataset->model.precision)},
    };
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
        alkfw_status status =
            safetensors_writer_metadata(writer, entries[i].key, entries[i].value, error);
        if (status != ALKFW_OK)
            return status;
    }
    return ALKFW_OK;
}

/* The windows of a part as rows of numbers, the caller's; NULL when memory is out. */
static int32_t *to_columns(const struct dataset_part *part) {
    int32_t *columns = calloc(part->n_windows + 1, WINDOW_COLUMNS * sizeof *columns);

    for (size_t i = 0; columns != NULL && i < part->n_windows; i++) {
        const struct dataset_window *window = &part->windows[i];
        columns[WINDOW_COLUMNS * i] = (int32_t)window->row;
        columns[WINDOW_COLUMNS * i + 1] = (int32_t)window->n_tokens;
        columns[WINDOW_COLUMNS * i + 2] = (int32_t)window->n_span_tokens;
        columns[WINDOW_COLUMNS * i + 3] = (int32_t)window->n_row_span_tokens;
    }
    return columns;
}

static alkfw_status add_part(struct safetensors_writer *writer, const struct dataset_part *part,
                             const char *features_name, const char *windows_name,
                             const int32_t *columns, alkfw_error *error) {
    const size_t features_shape[2] = {part->n_windows, part->n_features};
    const size_t windows_shape[2] = {part->n_windows, WINDOW_COLUMNS};

    alkfw_status status = safetensors_writer_add(writer, features_name, SAFETENSORS_F32,
                                                 features_shape, 2, part->features, error);
    if (status != ALKFW_OK)
        return status;
    return safetensors_writer_add(writer, windows_name, SAFETENSORS_I32, windows_shape, 2, columns,
                                  error);
}

static alkfw_status add_all(struct safetensors_writer *writer, const struct dataset *dataset,
                            const struct corpus *corpus, const int32_t *windows,
                            const int32_t *passages, const int32_t *first_passage,
                            alkfw_error *error) {
    const size_t shape[1] = {dataset->windows.n_windows + 1};

    alkfw_status status = write_metadata(writer, dataset, corpus, error);
    if (status == ALKFW_OK)
        status = add_part(writer, &dataset->windows, "features", "windows", windows, error);
    if (status == ALKFW_OK)
        status =
            add_part(writer, &dataset->passages, "passage_features", "passages", passages, error);
    if (status == ALKFW_OK)
        status = safetensors_writer_add(writer, "first_passage", SAFETENSORS_I32, shape, 1,
                                        first_passage, error);
    return status;
}

alkfw_status dataset_write(const struct dataset *dataset, const struct corpus *corpus,
                           const char *path, alkfw_error *error) {
    struct safetensors_writer *writer = NULL;
    size_t n_windows = dataset->windows.n_windows;
    int32_t *windows = to_columns(&dataset->windows);
    int32_t *passages = to_columns(&dataset->passages);
    int32_t *first_passage = calloc(n_windows + 1, sizeof *first_passage);
    alkfw_status status = ALKFW_OK;

    if (windows == NULL || passages == NULL || first_passage == NULL)
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    for (size_t i = 0; status == ALKFW_OK && i <= n_windows; i++)
        first_passage[i] = (int32_t)dataset->first_passage[i];
    if (status == ALKFW_OK)
        status = safetensors_writer_new(&writer, error);
    if (status == ALKFW_OK)
        status = add_all(writer, dataset, corpus, windows, passages, first_passage, error);
    if (status == ALKFW_OK)
        status = safetensors_writer_finish(writer, path, "features", error);
    safetensors_writer_free(writer);
    free(windows);
    free(passages);
    free(first_passage);
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
    const char *passage_taps = text_of(file, "passage.taps");
    alkfw_status status =
        model_taps_parse(text_of(file, "taps"), dataset->plan.taps, &dataset->plan.n_taps, error);
    if (status == ALKFW_OK && passage_taps[0] != '\0')
        status =
            model_taps_parse(passage_taps, dataset->passage_taps, &dataset->n_passage_taps, error);
    return status;
}

static alkfw_status read_identity(struct dataset *dataset, const struct safetensors *file,
                                  const char *path, alkfw_error *error) {
    struct model_identity *model = &dataset->model;
    const char *sha256 = text_of(file, "model.weights_sha256");

    if (strlen(sha256) != sizeof model->weights_sha256 - 1)
        return damaged(path, "the model's digest is malformed", error);
    memcpy(model->weights_sha256, sha256, sizeof model->weights_sha256);
    (void)snprintf(model->adapter_sha256, sizeof model->adapter_sha256, "%s",
                   text_of(file, "model.adapter_sha256"));
    model->hidden_size = number_of(file, "model.hidden_size");
    if (!model_precision_parse(text_of(file, "model.precision"), &model->precision))
        return damaged(path, "the model's precision is not known", error);
    model->id = strdup(text_of(file, "model.id"));
    model->revision = strdup(text_of(file, "model.revision"));
    model->architecture = strdup(text_of(file, "model.architecture"));
    if (model->id == NULL || model->revision == NULL || model->architecture == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    return ALKFW_OK;
}

/* The windows of row i, then those of row i + 1, every row with at least one. */
static alkfw_status read_windows(struct dataset_part *part, const unsigned char *data,
                                 size_t n_rows, const char *path, alkfw_error *error) {
    size_t row = SIZE_MAX;

    part->windows = calloc(part->n_windows, sizeof *part->windows);
    part->first_window = calloc(n_rows + 1, sizeof *part->first_window);
    if (part->windows == NULL || part->first_window == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    for (size_t i = 0; i < part->n_windows; i++) {
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
            part->first_window[next] = i;
            row = next;
        }
        part->windows[i] = (struct dataset_window){.row = next,
                                                   .n_tokens = (uint32_t)columns[1],
                                                   .n_span_tokens = (uint32_t)columns[2],
                                                   .n_row_span_tokens = (uint32_t)columns[3]};
    }
    if (row + 1 != n_rows)
        return damaged(path, "rows without windows", error);
    part->first_window[n_rows] = part->n_windows;
    return ALKFW_OK;
}

static alkfw_status read_part(struct dataset_part *part, const struct safetensors *file,
                              const char *features_name, const char *windows_name, size_t n_rows,
                              const char *path, alkfw_error *error) {
    const struct safetensors_tensor *features = safetensors_find(file, features_name);
    const struct safetensors_tensor *windows = safetensors_find(file, windows_name);

    if (features == NULL || features->n_dims != 2 || features->shape[1] != part->n_features ||
        windows == NULL || windows->dtype != SAFETENSORS_I32 || windows->n_dims != 2 ||
        windows->shape[0] != features->shape[0] || windows->shape[1] != WINDOW_COLUMNS)
        return damaged(path, "the tensors have wrong shapes", error);
    part->n_windows = features->shape[0];
    alkfw_status status = read_windows(part, windows->data, n_rows, path, error);
    if (status != ALKFW_OK)
        return status;
    part->features = malloc(features->n_elements * sizeof *part->features + 1);
    if (part->features == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    return safetensors_copy_f32(file, features, part->features, error);
}

/* Passages of window i are [first[i], first[i + 1]), at least one. */
static alkfw_status read_first_passage(struct dataset *dataset, const struct safetensors *file,
                                       const char *path, alkfw_error *error) {
    const struct safetensors_tensor *tensor = safetensors_find(file, "first_passage");
    size_t n_windows = dataset->windows.n_windows;
    int32_t before = -1;

    if (tensor == NULL || tensor->dtype != SAFETENSORS_I32 || tensor->n_dims != 1 ||
        tensor->shape[0] != n_windows + 1)
        return damaged(path, "the tensors have wrong shapes", error);
    dataset->first_passage = calloc(n_windows + 1, sizeof *dataset->first_passage);
    if (dataset->first_passage == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    for (size_t i = 0; i <= n_windows; i++) {
        int32_t first;
        memcpy(&first, tensor->data + i * sizeof first, sizeof first);
        if (first <= before)
            return damaged(path, "the passages do not follow the windows", error);
        dataset->first_passage[i] = (size_t)first;
        before = first;
    }
    if (dataset->first_passage[0] != 0 ||
        dataset->first_passage[n_windows] != dataset->passages.n_windows)
        return damaged(path, "the passages do not follow the windows", error);
    return ALKFW_OK;
}

static alkfw_status read_tensors(struct dataset *dataset, const struct safetensors *file,
                                 const struct corpus *corpus, const char *path,
                                 alkfw_error *error) {
    size_t hidden_size = dataset->model.hidden_size;

    dataset->windows.n_features = dataset->plan.n_taps * hidden_size;
    dataset->passages.n_features = dataset->n_passage_taps * hidden_size;
    alkfw_status status =
        read_part(&dataset->windows, file, "features", "windows", corpus->n_rows, path, error);
    if (status == ALKFW_OK && dataset->n_passage_taps > 0)
        status = read_part(&dataset->passages, file, "passage_features", "passages", corpus->n_rows,
                           path, error);
    if (status == ALKFW_OK && dataset->n_passage_taps > 0)
        status = read_first_passage(dataset, file, path, error);
    return status;
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
