/* SPDX-License-Identifier: Apache-2.0 */
#include "model/safetensors.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "model/half.h"
#include "support/mapped_file.h"

/* As the reference implementation: a header over 100 MB is refused. */
enum { LENGTH_BYTES = 8, MAX_HEADER = 100000000 };

static const char METADATA[] = "__metadata__";

struct safetensors {
    struct mapped_file file;    /* bytes is NULL when the memory is someone else's */
    const unsigned char *bytes; /* [n_bytes] */
    size_t n_bytes;
    char *name;
    json_t *header; /* owns the tensors' names and the metadata */
    struct safetensors_tensor *tensors;
    size_t n_tensors;
};

static const struct {
    const char *name;
    size_t size;
} dtypes[] = {
    [SAFETENSORS_F64] = {"F64", 8}, [SAFETENSORS_F32] = {"F32", 4},
    [SAFETENSORS_F16] = {"F16", 2}, [SAFETENSORS_BF16] = {"BF16", 2},
    [SAFETENSORS_I64] = {"I64", 8}, [SAFETENSORS_I32] = {"I32", 4},
    [SAFETENSORS_I16] = {"I16", 2}, [SAFETENSORS_I8] = {"I8", 1},
    [SAFETENSORS_U8] = {"U8", 1},   [SAFETENSORS_BOOL] = {"BOOL", 1},
};

enum { N_DTYPES = sizeof dtypes / sizeof dtypes[0] };

const char *safetensors_dtype_name(enum safetensors_dtype dtype) {
    return dtypes[dtype].name;
}

size_t safetensors_dtype_size(enum safetensors_dtype dtype) {
    return dtypes[dtype].size;
}

/* ---- reading ------------------------------------------------------------- */

static alkfw_status damaged(const struct safetensors *file, const char *tensor, const char *reason,
                            alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_FORMAT,
                           "%s: tensor \"%.100s\" %s: the file is damaged, get it again",
                           file->name, tensor, reason);
}

static bool size_from_json(const json_t *value, size_t *result) {
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return false;
    *result = (size_t)json_integer_value(value);
    return true;
}

static alkfw_status parse_dtype(const struct safetensors *file, const json_t *entry,
                                struct safetensors_tensor *tensor, alkfw_error *error) {
    const char *name = json_string_value(json_object_get(entry, "dtype"));

    if (name == NULL)
        return damaged(file, tensor->name, "has no dtype", error);
    for (size_t i = 0; i < N_DTYPES; i++) {
        if (strcmp(name, dtypes[i].name) == 0) {
            tensor->dtype = (enum safetensors_dtype)i;
            return ALKFW_OK;
        }
    }
    return alkfw_error_set(
        error, ALKFW_E_UNSUPPORTED,
        "%s: tensor \"%.100s\" has the dtype \"%.20s\"; known are F64, F32, F16, "
        "BF16, I64, I32, I16, I8, U8 and BOOL",
        file->name, tensor->name, name);
}

static alkfw_status parse_shape(const struct safetensors *file, const json_t *entry,
                                struct safetensors_tensor *tensor, alkfw_error *error) {
    const json_t *shape = json_object_get(entry, "shape");

    if (!json_is_array(shape) || json_array_size(shape) > SAFETENSORS_MAX_DIMS)
        return damaged(file, tensor->name, "has no shape of at most 8 dimensions", error);
    tensor->n_dims = json_array_size(shape);
    tensor->n_elements = 1;
    for (size_t i = 0; i < tensor->n_dims; i++) {
        if (!size_from_json(json_array_get(shape, i), &tensor->shape[i]))
            return damaged(file, tensor->name, "has a dimension that is not a size", error);
        if (__builtin_mul_overflow(tensor->n_elements, tensor->shape[i], &tensor->n_elements))
            return damaged(file, tensor->name, "has a shape beyond any memory", error);
    }
    if (__builtin_mul_overflow(tensor->n_elements, dtypes[tensor->dtype].size, &tensor->n_bytes))
        return damaged(file, tensor->name, "has a shape beyond any memory", error);
    return ALKFW_OK;
}

static alkfw_status parse_tensor(const struct safetensors *file, const char *name,
                                 const json_t *entry, const unsigned char *data, size_t data_size,
                                 struct safetensors_tensor *tensor, alkfw_error *error) {
    size_t begin, end;

    tensor->name = name;
    if (!json_is_object(entry))
        return damaged(file, name, "is not described by an object", error);
    alkfw_status status = parse_dtype(file, entry, tensor, error);
    if (status == ALKFW_OK)
        status = parse_shape(file, entry, tensor, error);
    if (status != ALKFW_OK)
        return status;
    const json_t *offsets = json_object_get(entry, "data_offsets");
    if (json_array_size(offsets) != 2 || !size_from_json(json_array_get(offsets, 0), &begin) ||
        !size_from_json(json_array_get(offsets, 1), &end) || begin > end)
        return damaged(file, name, "has no data_offsets [begin, end]", error);
    if (end > data_size)
        return damaged(file, name, "lies beyond the end of the file", error);
    if (end - begin != tensor->n_bytes)
        return damaged(file, name, "has data_offsets that do not fit its shape", error);
    tensor->data = data + begin;
    return ALKFW_OK;
}

static int compare_data(const void *left, const void *right) {
    const struct safetensors_tensor *a = left, *b = right;

    if (a->data != b->data)
        return a->data < b->data ? -1 : 1;
    return (a->n_bytes > b->n_bytes) - (a->n_bytes < b->n_bytes); /* empty ones first */
}

/* The format wants the data covered without overlap and without holes. */
static alkfw_status check_cover(const struct safetensors *file, const unsigned char *data,
                                size_t data_size, alkfw_error *error) {
    const unsigned char *at = data;

    for (size_t i = 0; i < file->n_tensors; i++) {
        const struct safetensors_tensor *tensor = &file->tensors[i];
        if (tensor->data < at)
            return damaged(file, tensor->name, "overlaps another one", error);
        if (tensor->data > at)
            return damaged(file, tensor->name, "has a hole before it", error);
        at = tensor->data + tensor->n_bytes;
    }
    if ((size_t)(at - data) != data_size)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: %zu bytes after the last tensor: the file is damaged, get it "
                               "again",
                               file->name, data_size - (size_t)(at - data));
    return ALKFW_OK;
}

static alkfw_status check_metadata(const struct safetensors *file, alkfw_error *error) {
    json_t *metadata = json_object_get(file->header, METADATA);
    const char *key;
    json_t *value;

    if (metadata == NULL)
        return ALKFW_OK;
    if (!json_is_object(metadata))
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: __metadata__ is not an object",
                               file->name);
    json_object_foreach(metadata, key, value) {
        if (!json_is_string(value))
            return alkfw_error_set(error, ALKFW_E_FORMAT,
                                   "%s: the value of \"%.100s\" in __metadata__ is not a string",
                                   file->name, key);
    }
    return ALKFW_OK;
}

static alkfw_status parse_header(struct safetensors *file, alkfw_error *error) {
    const unsigned char *bytes = file->bytes;
    uint64_t length = 0;
    json_error_t problem;
    const char *name;
    json_t *entry;

    if (file->n_bytes < LENGTH_BYTES)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: %zu bytes is too short for a safetensors file", file->name,
                               file->n_bytes);
    for (int i = 0; i < LENGTH_BYTES; i++)
        length |= (uint64_t)bytes[i] << (8 * i);
    if (length > file->n_bytes - LENGTH_BYTES || length > MAX_HEADER)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: the header's length %llu is beyond the file's %zu bytes or the "
                               "limit: the file is truncated or not a safetensors file",
                               file->name, (unsigned long long)length, file->n_bytes);
    file->header = json_loadb((const char *)bytes + LENGTH_BYTES, (size_t)length,
                              JSON_REJECT_DUPLICATES, &problem);
    if (file->header == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: the header is not valid JSON: %s",
                               file->name, problem.text);
    if (!json_is_object(file->header))
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: the header is not a JSON object",
                               file->name);
    alkfw_status status = check_metadata(file, error);
    if (status != ALKFW_OK)
        return status;

    const unsigned char *data = bytes + LENGTH_BYTES + length;
    size_t data_size = file->n_bytes - LENGTH_BYTES - (size_t)length;
    file->tensors = calloc(json_object_size(file->header) + 1, sizeof *file->tensors);
    if (file->tensors == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", file->name);
    json_object_foreach(file->header, name, entry) {
        if (strcmp(name, METADATA) == 0)
            continue;
        status = parse_tensor(file, name, entry, data, data_size, &file->tensors[file->n_tensors],
                              error);
        if (status != ALKFW_OK)
            return status;
        file->n_tensors++;
    }
    qsort(file->tensors, file->n_tensors, sizeof *file->tensors, compare_data);
    return check_cover(file, data, data_size, error);
}

/* Takes the mapping, also when it fails. */
static alkfw_status open_bytes(const struct mapped_file *mapping, const void *bytes, size_t n_bytes,
                               const char *name, struct safetensors **result, alkfw_error *error) {
    struct safetensors *file = calloc(1, sizeof *file);
    struct mapped_file unused = *mapping;

    *result = NULL;
    if (file == NULL) {
        mapped_file_close(&unused);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", name);
    }
    file->file = *mapping;
    file->bytes = bytes;
    file->n_bytes = n_bytes;
    file->name = strdup(name);
    alkfw_status status = file->name == NULL
                              ? alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", name)
                              : parse_header(file, error);
    if (status != ALKFW_OK) {
        safetensors_close(file);
        return status;
    }
    *result = file;
    return ALKFW_OK;
}

alkfw_status safetensors_open(const char *path, const char *what, struct safetensors **result,
                              alkfw_error *error) {
    struct mapped_file mapping;

    *result = NULL;
    alkfw_status status = mapped_file_open(&mapping, path, what, error);
    if (status != ALKFW_OK)
        return status;
    return open_bytes(&mapping, mapping.bytes, mapping.n_bytes, path, result, error);
}

alkfw_status safetensors_parse(const void *bytes, size_t n_bytes, const char *name,
                               struct safetensors **result, alkfw_error *error) {
    struct mapped_file none = {.bytes = NULL};

    return open_bytes(&none, bytes, n_bytes, name, result, error);
}

void safetensors_close(struct safetensors *file) {
    if (file == NULL)
        return;
    json_decref(file->header);
    free(file->tensors);
    free(file->name);
    mapped_file_close(&file->file);
    free(file);
}

const char *safetensors_name(const struct safetensors *file) {
    return file->name;
}

const unsigned char *safetensors_bytes(const struct safetensors *file, size_t *n_bytes) {
    *n_bytes = file->n_bytes;
    return file->bytes;
}

void safetensors_release(const struct safetensors *file) {
    mapped_file_release(&file->file);
}

const char *safetensors_identity(const struct safetensors *file) {
    return file->file.identity;
}

size_t safetensors_n_tensors(const struct safetensors *file) {
    return file->n_tensors;
}

const struct safetensors_tensor *safetensors_tensor_at(const struct safetensors *file,
                                                       size_t index) {
    return &file->tensors[index];
}

const struct safetensors_tensor *safetensors_find(const struct safetensors *file,
                                                  const char *name) {
    for (size_t i = 0; i < file->n_tensors; i++) {
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    }
    return NULL;
}

const char *safetensors_metadata(const struct safetensors *file, const char *key) {
    return json_string_value(json_object_get(json_object_get(file->header, METADATA), key));
}

const char *safetensors_metadata_key(const struct safetensors *file, size_t index) {
    void *at = json_object_iter(json_object_get(file->header, METADATA));

    while (at != NULL && index-- > 0)
        at = json_object_iter_next(json_object_get(file->header, METADATA), at);
    return at == NULL ? NULL : json_object_iter_key(at);
}

static double element(const struct safetensors_tensor *tensor, size_t index) {
    const unsigned char *at = tensor->data + index * dtypes[tensor->dtype].size;
    uint16_t bits;
    float single;
    double value;

    switch (tensor->dtype) {
    case SAFETENSORS_F64:
        memcpy(&value, at, sizeof value);
        return value;
    case SAFETENSORS_F32:
        memcpy(&single, at, sizeof single);
        return (double)single;
    case SAFETENSORS_F16:
        memcpy(&bits, at, sizeof bits);
        return (double)half_to_float(bits);
    case SAFETENSORS_BF16:
        memcpy(&bits, at, sizeof bits);
        return (double)bfloat16_to_float(bits);
    default:
        return (double)NAN; /* not reached: check_floating comes first */
    }
}

static alkfw_status check_floating(const struct safetensors *file,
                                   const struct safetensors_tensor *tensor, alkfw_error *error) {
    if (tensor->dtype <= SAFETENSORS_BF16)
        return ALKFW_OK;
    return alkfw_error_set(error, ALKFW_E_FORMAT,
                           "%s: tensor \"%.100s\" is %s where floating point is needed", file->name,
                           tensor->name, dtypes[tensor->dtype].name);
}

static alkfw_status not_finite(const struct safetensors *file,
                               const struct safetensors_tensor *tensor, size_t index,
                               alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_FORMAT,
                           "%s: tensor \"%.100s\" has a value that is not finite at element %zu: "
                           "the file is damaged, get it again",
                           file->name, tensor->name, index);
}

/* The common case in a loop that the compiler turns into vector code: a codebook is read at every
 * start. False when a value is not finite. */
static bool copy_finite_f32(const unsigned char *data, size_t n, float *out) {
    uint32_t n_wrong = 0;

    memcpy(out, data, n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &out[i], sizeof bits);
        n_wrong += (bits & 0x7F800000u) == 0x7F800000u;
    }
    return n_wrong == 0;
}

alkfw_status safetensors_copy_part_f32(const struct safetensors *file,
                                       const struct safetensors_tensor *tensor, size_t first,
                                       size_t n, float *out, alkfw_error *error) {
    alkfw_status status = check_floating(file, tensor, error);

    if (tensor->dtype == SAFETENSORS_F32 &&
        copy_finite_f32(tensor->data + first * sizeof *out, n, out))
        return ALKFW_OK;
    for (size_t i = 0; status == ALKFW_OK && i < n; i++) {
        out[i] = (float)element(tensor, first + i);
        if (!isfinite(out[i]))
            status = not_finite(file, tensor, first + i, error);
    }
    return status;
}

alkfw_status safetensors_copy_f32(const struct safetensors *file,
                                  const struct safetensors_tensor *tensor, float *out,
                                  alkfw_error *error) {
    return safetensors_copy_part_f32(file, tensor, 0, tensor->n_elements, out, error);
}

alkfw_status safetensors_copy_f64(const struct safetensors *file,
                                  const struct safetensors_tensor *tensor, double *out,
                                  alkfw_error *error) {
    alkfw_status status = check_floating(file, tensor, error);

    for (size_t i = 0; status == ALKFW_OK && i < tensor->n_elements; i++) {
        out[i] = element(tensor, i);
        if (!isfinite(out[i]))
            status = not_finite(file, tensor, i, error);
    }
    return status;
}
