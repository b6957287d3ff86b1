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

static inline vf vf_scale2(vf x, vf n) {
    return x * (vf)((__builtin_convertvector(n, vi) + 127) << 23);
}

static inline float vf_sum(vf x) {
    return (x[0] + x[2]) + (x[1] + x[3]);
}

static inline float vf_highest(vf x) {
    float a = x[0] > x[1] ? x[0] : x[1];
    float b = x[2] > x[3] ? x[2] : x[3];

    return a > b ? a : b;
}

#define HAVE_VF_STORE_U8
static inline void vf_store_u8(uint8_t *p, vf x, int32_t zero, size_t n) {
    vi words = __builtin_convertvector(vf_round(x), vi) + zero;

    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(words[i] < 0 ? 0 : words[i] > 255 ? 255 : words[i]);
}

#include "model/kernels/kernels_impl.h"
/* ---- 8 bits -------------------------------------------------------------- */

static void gemm_int8(const struct gemm_int8 *gemm) {
    size_t n_groups = (gemm->k + INT8_GROUP - 1) / INT8_GROUP;

    for (size_t column = 0; column < gemm->n; column += PANEL_WIDTH) {
        const int8_t *panel = gemm->panels + column * n_groups * INT8_GROUP;
        size_t n_columns = gemm->n - column < PANEL_WIDTH ? gemm->n - column : PANEL_WIDTH;
        for (size_t row = 0; row < gemm->m; row++) {
            const uint8_t *a = (const uint8_t *)gemm->a + row * gemm->lda;
            float *c = gemm->c + row * gemm->ldc + column;
            int32_t sums[PANEL_WIDTH] = {0};
            for (size_t l = 0; l < n_groups * INT8_GROUP; l += INT8_GROUP) {
                const int8_t *b = panel + l * PANEL_WIDTH;
                for (size_t j = 0; j < PANEL_WIDTH; j++)
                    sums[j] += a[l] * b[4 * j] + a[l + 1] * b[4 * j + 1] + a[l + 2] * b[4 * j + 2] +
                               a[l + 3] * b[4 * j + 3];
            }
            for (size_t j = 0; j < n_columns; j++) {
                int32_t sum = sums[j] - gemm->row_zeros[row] * gemm->column_sums[column + j];
                float scale = gemm->row_scales[row] * gemm->column_scales[column + j];
                c[j] = (float)sum * scale + gemm->bias[column + j];
            }
            if (gemm->activation != ACTIVATION_NONE)
                activate_tile(gemm->activation, c, gemm->ldc, 1, n_columns);
        }
    }
}

const struct kernels kernels_portable = {
    .name = "portable",
    .quantized_size = sizeof(uint8_t),
    .gemm_f32 = gemm_f32,
    .gemm_int8 = gemm_int8,
    .quantize_row = quantize_row_u8,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .dot = dot,
    .sum_rows = sum_rows,
    .highest_of_rows = highest_of_rows,
    .transpose = transpose,
};
