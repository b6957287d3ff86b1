/* SPDX-License-Identifier: Apache-2.0 */
#include "model/safetensors.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "support/atomic_file.h"

enum { LENGTH_BYTES = 8, ALIGNMENT = 64 };

struct part {
    const void *data;
    size_t n_bytes;
};

struct safetensors_writer {
    json_t *header; /* in the order of the calls */
    json_t *metadata;
    struct part *parts; /* [n_parts] of [capacity] */
    size_t n_parts;
    size_t capacity;
    size_t data_size; /* bytes of all parts */
};

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for a safetensors file");
}

alkfw_status safetensors_writer_new(struct safetensors_writer **result, alkfw_error *error) {
    struct safetensors_writer *writer = calloc(1, sizeof *writer);

    *result = NULL;
    if (writer == NULL)
        return out_of_memory(error);
    writer->header = json_object();
    writer->metadata = json_object();
    if (writer->header == NULL || writer->metadata == NULL ||
        json_object_set(writer->header, "__metadata__", writer->metadata) != 0) {
        safetensors_writer_free(writer);
        return out_of_memory(error);
    }
    *result = writer;
    return ALKFW_OK;
}

void safetensors_writer_free(struct safetensors_writer *writer) {
    if (writer == NULL)
        return;
    json_decref(writer->header);
    json_decref(writer->metadata);
    free(writer->parts);
    free(writer);
}

alkfw_status safetensors_writer_metadata(struct safetensors_writer *writer, const char *key,
                                         const char *value, alkfw_error *error) {
    json_t *text = json_string(value);

    if (text == NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "metadata \"%s\" is not UTF-8", key);
    if (json_object_get(writer->metadata, key) != NULL) {
        json_decref(text);
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "metadata \"%s\" is given twice", key);
    }
    return json_object_set_new(writer->metadata, key, text) == 0 ? ALKFW_OK : out_of_memory(error);
}

static json_t *json_sizes(const size_t *sizes, size_t n_sizes) {
    json_t *list = json_array();

    for (size_t i = 0; list != NULL && i < n_sizes; i++) {
        if (json_array_append_new(list, json_integer((json_int_t)sizes[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static alkfw_status append_part(struct safetensors_writer *writer, const void *data, size_t n_bytes,
                                alkfw_error *error) {
    if (writer->n_parts == writer->capacity) {
        size_t capacity = writer->capacity == 0 ? 16 : writer->capacity * 2;
        struct part *parts = realloc(writer->parts, capacity * sizeof *parts);
        if (parts == NULL)
            return out_of_memory(error);
        writer->parts = parts;
        writer->capacity = capacity;
    }
    writer->parts[writer->n_parts++] = (struct part){data, n_bytes};
    writer->data_size += n_bytes;
    return ALKFW_OK;
}

alkfw_status safetensors_writer_add(struct safetensors_writer *writer, const char *name,
                                    enum safetensors_dtype dtype, const size_t *shape,
                                    size_t n_dims, const void *data, alkfw_error *error) {
    size_t n_bytes = safetensors_dtype_size(dtype);
    size_t end;

    if (n_dims > SAFETENSORS_MAX_DIMS || json_object_get(writer->header, name) != NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "tensor \"%s\" is given twice or has over 8 dimensions", name);
    for (size_t i = 0; i < n_dims; i++) {
        if (__builtin_mul_overflow(n_bytes, shape[i], &n_bytes))
            return alkfw_error_set(error, ALKFW_E_ARGUMENT, "tensor \"%s\" is too large", name);
    }
    if (__builtin_add_overflow(writer->data_size, n_bytes, &end) || end > INT64_MAX)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "tensor \"%s\" is too large", name);

    const size_t offsets[2] = {writer->data_size, end};
    json_t *entry = json_pack("{s:s, s:o, s:o}", "dtype", safetensors_dtype_name(dtype), "shape",
                              json_sizes(shape, n_dims), "data_offsets", json_sizes(offsets, 2));
    if (entry == NULL || json_object_set_new(writer->header, name, entry) != 0)
        return out_of_memory(error);
    return append_part(writer, data, n_bytes, error);
}

static alkfw_status write_parts(const struct safetensors_writer *writer, struct atomic_file *file,
                                const char *header, alkfw_error *error) {
    static const char spaces[] = "                                "
                                 "                                ";
    size_t header_size = strlen(header);
    size_t n_spaces = (ALIGNMENT - (LENGTH_BYTES + header_size) % ALIGNMENT) % ALIGNMENT;
    unsigned char length[LENGTH_BYTES];

    for (int i = 0; i < LENGTH_BYTES; i++)
        length[i] = (unsigned char)((uint64_t)(header_size + n_spaces) >> (8 * i));
    alkfw_status status = atomic_file_write(file, length, sizeof length, error);
    if (status == ALKFW_OK)
        status = atomic_file_write(file, header, header_size, error);
    if (status == ALKFW_OK)
        status = atomic_file_write(file, spaces, n_spaces, error);
    for (size_t i = 0; status == ALKFW_OK && i < writer->n_parts; i++)
        status = atomic_file_write(file, writer->parts[i].data, writer->parts[i].n_bytes, error);
    return status;
}

alkfw_status safetensors_writer_finish(struct safetensors_writer *writer, const char *path,
                                       const char *what, alkfw_error *error) {
    struct atomic_file file;
    char *header = json_dumps(writer->header, JSON_COMPACT);

    if (header == NULL)
        return out_of_memory(error);
    alkfw_status status = atomic_file_begin(&file, path, what, error);
    if (status == ALKFW_OK) {
        status = write_parts(writer, &file, header, error);
        if (status == ALKFW_OK)
            status = atomic_file_commit(&file, error);
        else
            atomic_file_abort(&file);
    }
    free(header);
    return status;
}
