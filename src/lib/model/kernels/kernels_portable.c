/* SPDX-License-Identifier: Apache-2.0
 *
 * For every CPU: the compiler's own vectors of 4 floats, which it maps to what the target has. */
#include <stdbool.h>
#include <string.h>

#include "model/kernels/kernels.h"
#include "model/kernels/kernels_isa.h"

typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));
#define VF vf
#define GEMM_ROWS 4
enum { LANES = 4 };

#define vf_zero() ((vf){0.0f, 0.0f, 0.0f, 0.0f})
#define vf_add(a, b) ((a) + (b))
#define vf_sub(a, b) ((a) - (b))
#define vf_mul(a, b) ((a) * (b))
#define vf_div(a, b) ((a) / (b))
#define vf_fma(a, b, c) ((a) * (b) + (c))
#define vf_fnma(a, b, c) ((c) - (a) * (b))
#define vf_first(x) ((x)[0])

static inline vf vf_set1(float x) {
    return (vf){x, x, x, x};
}

static inline vf vf_load(const float *p) {
    vf x;

    memcpy(&x, p, sizeof x);
    return x;
}

static inline void vf_store(float *p, vf x) {
    memcpy(p, &x, sizeof x);
}

static inline vf vf_load_partial(const float *p, size_t n) {
    vf x = vf_zero();

    memcpy(&x, p, n * sizeof *p);
    return x;
}

static inline void vf_store_partial(float *p, vf x, size_t n) {
    memcpy(p, &x, n * sizeof *p);
}

static inline vf vf_choose(vi where, vf a, vf b) {
    return (vf)((where & (vi)a) | (~where & (vi)b));
}

static inline vf vf_max(vf a, vf b) {
    return vf_choose(a > b, a, b);
}

static inline vf vf_min(vf a, vf b) {
    return vf_choose(a < b, a, b);
}

/* Adding 1.5 * 2^23 leaves no bits for a fraction: right for |x| < 2^22. */
static inline vf vf_round(vf x) {
    const vf magic = vf_set1(12582912.0f);

    return (x + magic) - magic;
}

static inline vf vf_exp2i(vf x) {
    return (vf)((__builtin_convertvector(x, vi) + 127) << 23);
}

static inline float vf_sum(vf x) {
    return (x[0] + x[2]) + (x[1] + x[3]);
}

static inline float vf_highest(vf x) {
    float a = x[0] > x[1] ? x[0] : x[1];
    float b = x[2] > x[3] ? x[2] : x[3];

    return a > b ? a : b;
}

static inline void vf_store_u8(uint8_t *p, vf x, size_t n) {
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)x[i];
}

#include "model/kernels/kernels_impl.h"
#include "model/kernels/kernels_int8.h"

const struct kernels kernels_portable = {
    .name = "portable",
    .gemm_f32 = gemm_f32,
    .gemm_int8 = gemm_int8,
    .quantize_row = quantize_row,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .transpose = transpose,
};
