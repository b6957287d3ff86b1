/* SPDX-License-Identifier: Apache-2.0 */
#include "model/adapter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/architecture.h"

enum { MAX_RANK = 256, MAX_TENSORS = 8192 };

static const char PREFIX[] = "adapter.";
static const char DOWN[] = ".down";
static const char UP[] = ".up";

struct matrix {
    char weight[TENSOR_NAME_SIZE];
    const struct safetensors_tensor *down;
    const struct safetensors_tensor *up;
};

struct adapter {
    const struct safetensors *file;
    struct safetensors *owned; /* the same, when adapter_open opened it */
    struct matrix *matrices;   /* [n_matrices], in the order of the file */
    size_t n_matrices;
    char sha256[DIGEST_HEX_SIZE];
};

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for an adapter");
}

/* ---- reading --------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end) {
    size_t n_text = strlen(text), n_end = strlen(end);

    return n_text >= n_end && strcmp(text + n_text - n_end, end) == 0;
}

static bool is_of_adapter(const struct safetensors_tensor *tensor) {
    return strncmp(tensor->name, PREFIX, sizeof PREFIX - 1) == 0;
}

/* "adapter.NAME.down" -> its matrix, with the tensor "adapter.NAME.up". */
static alkfw_status read_matrix(const struct adapter *adapter,
                                const struct safetensors_tensor *down, struct matrix *matrix,
                                alkfw_error *error) {
    char up[sizeof PREFIX + TENSOR_NAME_SIZE + sizeof DOWN];
    size_t n_name = strlen(down->name) - (sizeof PREFIX - 1) - (sizeof DOWN - 1);

    if (n_name == 0 || n_name >= sizeof matrix->weight)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: \"%.200s\" names no weight",
                               safetensors_name(adapter->file), down->name);
    memcpy(matrix->weight, down->name + sizeof PREFIX - 1, n_name);
    matrix->weight[n_name] = '\0';
    (void)snprintf(up, sizeof up, "%s%s%s", PREFIX, matrix->weight, UP);
    matrix->down = down;
    matrix->up = safetensors_find(adapter->file, up);
    if (matrix->up == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: there is no tensor \"%s\"",
                               safetensors_name(adapter->file), up);
    if (down->dtype != SAFETENSORS_F32 || matrix->up->dtype != SAFETENSORS_F32 ||
        down->n_dims != 2 || matrix->up->n_dims != 2 || down->shape[0] == 0 ||
        down->shape[0] > MAX_RANK || matrix->up->shape[1] != down->shape[0])
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: the adapter of \"%s\" is not [rank, columns] and [rows, rank] "
                               "of F32, with a rank of 1 to %d",
                               safetensors_name(adapter->file), matrix->weight, MAX_RANK);
    return ALKFW_OK;
}

static void compute_digest(const struct adapter *adapter, char hex[DIGEST_HEX_SIZE]) {
    struct digest digest;

    digest_begin(&digest);
    for (size_t i = 0; i < adapter_n_tensors(adapter); i++) {
        const struct safetensors_tensor *tensor = adapter_tensor_at(adapter, i);
        digest_tensor(&digest, tensor->name, tensor->dtype, tensor->shape, tensor->n_dims,
                      tensor->data, tensor->n_bytes);
    }
    digest_end(&digest, hex);
}

static alkfw_status read_matrices(struct adapter *adapter, alkfw_error *error) {
    size_t n_tensors = 0;

    for (size_t i = 0; i < safetensors_n_tensors(adapter->file); i++) {
        const struct safetensors_tensor *tensor = safetensors_tensor_at(adapter->file, i);
        if (!is_of_adapter(tensor))
            continue;
        n_tensors++;
        if (!ends_with(tensor->name, DOWN))
            continue;
        alkfw_status status =
            read_matrix(adapter, tensor, &adapter->matrices[adapter->n_matrices], error);
        if (status != ALKFW_OK)
            return status;
        adapter->n_matrices++;
    }
    if (n_tensors != adapter_n_tensors(adapter))
        return alkfw_error_set(
            error, ALKFW_E_FORMAT,
            "%s: a tensor of its adapter is neither \".down\" nor the \".up\" of "
            "one",
            safetensors_name(adapter->file));
    return ALKFW_OK;
}

alkfw_status adapter_read(const struct safetensors *file, struct adapter **result,
                          alkfw_error *error) {
    const char *claimed = safetensors_metadata(file, "adapter.sha256");
    size_t n = 0;

    *result = NULL;
    for (size_t i = 0; i < safetensors_n_tensors(file); i++)
        n += is_of_adapter(safetensors_tensor_at(file, i));
    if (n == 0)
        return ALKFW_OK;
    if (n > MAX_TENSORS)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: its adapter has %zu tensors, over %d",
                               safetensors_name(file), n, MAX_TENSORS);
    struct adapter *adapter = calloc(1, sizeof *adapter);
    if (adapter == NULL)
        return out_of_memory(error);
    adapter->file = file;
    adapter->matrices = calloc(n, sizeof *adapter->matrices);
    alkfw_status status =
        adapter->matrices != NULL ? read_matrices(adapter, error) : out_of_memory(error);
    if (status == ALKFW_OK && claimed != NULL && strlen(claimed) >= sizeof adapter->sha256)
        status = alkfw_error_set(error, ALKFW_E_FORMAT, "%s: adapter.sha256 is no digest",
                                 safetensors_name(file));
    if (status != ALKFW_OK) {
        adapter_free(adapter);
        return status;
    }
    if (claimed != NULL)
        memcpy(adapter->sha256, claimed, strlen(claimed) + 1);
    else
        compute_digest(adapter, adapter->sha256);
    *result = adapter;
    return ALKFW_OK;
}

alkfw_status adapter_open(const char *path, struct adapter **result, alkfw_error *error) {
    struct safetensors *file;

    *result = NULL;
    alkfw_status status = safetensors_open(path, "adapter", &file, error);
    if (status != ALKFW_OK)
        return status;
    status = adapter_read(file, result, error);
    if (status == ALKFW_OK &&
        (*result == NULL || adapter_n_tensors(*result) != safetensors_n_tensors(file)))
        status = alkfw_error_set(error, ALKFW_E_FORMAT,
                                 "%s: not all of its tensors are \"adapter.NAME.down\" and "
                                 "\"adapter.NAME.up\"; scripts/train-adapter writes such a file",
                                 path);
    if (status != ALKFW_OK) {
        adapter_free(*result);
        *result = NULL;
        safetensors_close(file);
        return status;
    }
    (*result)->owned = file;
    return ALKFW_OK;
}

void adapter_free(struct adapter *adapter) {
    if (adapter == NULL)
        return;
    if (adapter->owned != NULL)
        safetensors_close(adapter->owned);
    free(adapter->matrices);
    free(adapter);
}

/* ---- what is in it --------------------------------------------------------- */

size_t adapter_n_tensors(const struct adapter *adapter) {
    return 2 * adapter->n_matrices;
}

const struct safetensors_tensor *adapter_tensor_at(const struct adapter *adapter, size_t index) {
    const struct matrix *matrix = &adapter->matrices[index / 2];

    return index % 2 == 0 ? matrix->down : matrix->up;
}

const char *adapter_sha256(const struct adapter *adapter) {
    return adapter->sha256;
}

alkfw_status adapter_check(const struct adapter *adapter, alkfw_error *error) {
    char digest[DIGEST_HEX_SIZE];

    compute_digest(adapter, digest);
    if (strcmp(digest, adapter->sha256) == 0)
        return ALKFW_OK;
    return alkfw_error_set(error, ALKFW_E_FORMAT,
                           "%s: adapter.sha256 does not fit the adapter, the file was changed",
                           safetensors_name(adapter->file));
}

const char *adapter_weight_at(const struct adapter *adapter, size_t index, size_t *n_rows,
                              size_t *n_columns) {
    const struct matrix *matrix = &adapter->matrices[index];

    *n_rows = matrix->up->shape[0];
    *n_columns = matrix->down->shape[1];
    return matrix->weight;
}

/* ---- one weight ------------------------------------------------------------ */

static alkfw_status copy_values(const struct adapter *adapter, const struct matrix *matrix,
                                struct adapter_change *change, alkfw_error *error) {
    change->down = malloc(matrix->down->n_elements * sizeof *change->down + 1);
    change->up = malloc(matrix->up->n_elements * sizeof *change->up + 1);
    if (change->down == NULL || change->up == NULL)
        return out_of_memory(error);
    alkfw_status status = safetensors_copy_f32(adapter->file, matrix->down, change->down, error);
    if (status == ALKFW_OK)
        status = safetensors_copy_f32(adapter->file, matrix->up, change->up, error);
    return status;
}

alkfw_status adapter_find(const struct adapter *adapter, const char *weight,
                          struct adapter_change *change, alkfw_error *error) {
    memset(change, 0, sizeof *change);
    for (size_t i = 0; adapter != NULL && i < adapter->n_matrices; i++) {
        const struct matrix *matrix = &adapter->matrices[i];
        if (strcmp(matrix->weight, weight) != 0)
            continue;
        change->rank = matrix->down->shape[0];
        change->n_rows = matrix->up->shape[0];
        change->n_columns = matrix->down->shape[1];
        alkfw_status status = copy_values(adapter, matrix, change, error);
        if (status != ALKFW_OK)
            adapter_change_free(change);
        return status;
    }
    return ALKFW_OK;
}

void adapter_change_free(struct adapter_change *change) {
    free(change->down);
    free(change->up);
    memset(change, 0, sizeof *change);
}

void adapter_add_row(const struct adapter_change *change, size_t row, float *values) {
    for (size_t r = 0; r < change->rank; r++) {
        const float *down = change->down + r * change->n_columns;
        float factor = change->up[row * change->rank + r];
        for (size_t c = 0; c < change->n_columns; c++)
            values[c] += factor * down[c];
    }
}

void adapter_add_column(const struct adapter_change *change, size_t column, float *values) {
    for (size_t row = 0; row < change->n_rows; row++) {
        const float *up = change->up + row * change->rank;
        for (size_t r = 0; r < change->rank; r++)
            values[row] += up[r] * change->down[r * change->n_columns + column];
    }
}
