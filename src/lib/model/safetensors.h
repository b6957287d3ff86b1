/* SPDX-License-Identifier: Apache-2.0
 *
 * Safetensors files (https://github.com/huggingface/safetensors#format): the weights of models and
 * the codebooks of alkfw. Reading is by mmap and believes nothing: lengths, shapes, types and
 * offsets are checked against the file before a tensor can be reached. Whether values are finite
 * is for the user of a tensor to check. */
#ifndef ALKFW_SAFETENSORS_H
#define ALKFW_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"

enum safetensors_dtype {
    SAFETENSORS_F64 = 0,
    SAFETENSORS_F32,
    SAFETENSORS_F16,
    SAFETENSORS_BF16,
    SAFETENSORS_I64,
    SAFETENSORS_I32,
    SAFETENSORS_I16,
    SAFETENSORS_I8,
    SAFETENSORS_U8,
    SAFETENSORS_BOOL
};

const char *safetensors_dtype_name(enum safetensors_dtype dtype); /* "F32" */
size_t safetensors_dtype_size(enum safetensors_dtype dtype);      /* bytes of one element */

enum { SAFETENSORS_MAX_DIMS = 8 };

struct safetensors_tensor {
    const char *name;
    enum safetensors_dtype dtype;
    size_t n_dims; /* 0 for a scalar */
    size_t shape[SAFETENSORS_MAX_DIMS];
    size_t n_elements;         /* product of the shape; 1 for a scalar */
    const unsigned char *data; /* [n_bytes] little-endian, row-major. The format aligns nothing:
                                * read with memcpy or safetensors_copy_* */
    size_t n_bytes;            /* n_elements * safetensors_dtype_size(dtype) */
};

/* ---- reading ---------------------------------------------------------------------------------
 * Everything reached through a safetensors lives until safetensors_close. */
struct safetensors;

/* `what` says in messages what the file is for ("weights", "codebook"). */
ALKFW_MUST_CHECK alkfw_status safetensors_open(const char *path, const char *what,
                                               struct safetensors **result, alkfw_error *error);
/* The same over memory that outlives the result; `name` stands for the path in messages. */
ALKFW_MUST_CHECK alkfw_status safetensors_parse(const void *bytes, size_t n_bytes, const char *name,
                                                struct safetensors **result, alkfw_error *error);
void safetensors_close(struct safetensors *file);

const char *safetensors_name(const struct safetensors *file); /* the path, for messages */

/* The file's bytes, for a digest. */
const unsigned char *safetensors_bytes(const struct safetensors *file, size_t *n_bytes);

/* What was read of a mapped file need not stay in memory; tensors can still be read. */
void safetensors_release(const struct safetensors *file);

/* Which file it was and in what state (support/file_identity.h); "" for memory. */
const char *safetensors_identity(const struct safetensors *file);

/* Tensors in the order of their data. */
size_t safetensors_n_tensors(const struct safetensors *file);
const struct safetensors_tensor *safetensors_tensor_at(const struct safetensors *file,
                                                       size_t index);
/* NULL when there is none. */
const struct safetensors_tensor *safetensors_find(const struct safetensors *file, const char *name);

/* The value of a key in __metadata__; NULL when it is absent. */
const char *safetensors_metadata(const struct safetensors *file, const char *key);
/* The keys in the file's order; NULL past the last one. */
const char *safetensors_metadata_key(const struct safetensors *file, size_t index);

/* Copies and converts all elements of a floating-point tensor (F64, F32, F16, BF16) to
 * out[n_elements]. Any other type, and a value that is NaN or infinite (also: that becomes
 * infinite as float), is ALKFW_E_FORMAT with the tensor's name and that of the file. */
ALKFW_MUST_CHECK alkfw_status safetensors_copy_f32(const struct safetensors *file,
                                                   const struct safetensors_tensor *tensor,
                                                   float *out, alkfw_error *error);
/* The same for elements first ... first + n - 1, which the tensor has. */
ALKFW_MUST_CHECK alkfw_status safetensors_copy_part_f32(const struct safetensors *file,
                                                        const struct safetensors_tensor *tensor,
                                                        size_t first, size_t n, float *out,
                                                        alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status safetensors_copy_f64(const struct safetensors *file,
                                                   const struct safetensors_tensor *tensor,
                                                   double *out, alkfw_error *error);

/* ---- writing ---------------------------------------------------------------------------------
 * The same calls give the same bytes. The data of the first tensor starts at a multiple of 64
 * bytes (the header is padded with spaces); the format allows no gaps between tensors, so those
 * with wide elements should be added first to keep each aligned to its element size. */
struct safetensors_writer;

ALKFW_MUST_CHECK alkfw_status safetensors_writer_new(struct safetensors_writer **result,
                                                     alkfw_error *error);
void safetensors_writer_free(struct safetensors_writer *writer);

/* Keys and values are UTF-8; both are copied. A key given twice is ALKFW_E_ARGUMENT. */
ALKFW_MUST_CHECK alkfw_status safetensors_writer_metadata(struct safetensors_writer *writer,
                                                          const char *key, const char *value,
                                                          alkfw_error *error);

/* `data` is [product of shape] elements and is not copied: it must live until
 * safetensors_writer_finish. A name given twice is ALKFW_E_ARGUMENT. */
ALKFW_MUST_CHECK alkfw_status safetensors_writer_add(struct safetensors_writer *writer,
                                                     const char *name, enum safetensors_dtype dtype,
                                                     const size_t *shape, size_t n_dims,
                                                     const void *data, alkfw_error *error);

/* Writes the file atomically (support/atomic_file.h). The writer can be finished again under
 * another name. */
ALKFW_MUST_CHECK alkfw_status safetensors_writer_finish(struct safetensors_writer *writer,
                                                        const char *path, const char *what,
                                                        alkfw_error *error);

#endif
