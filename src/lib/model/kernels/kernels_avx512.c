/* SPDX-License-Identifier: Apache-2.0
 *
 * AVX-512 (F, BW, DQ, VL): 32 registers of 16 floats. */
#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#include "model/kernels/kernels.h"
#include "model/kernels/kernels_isa.h"

#define VF __m512
#define GEMM_ROWS 14
enum { LANES = 16 };

#define vf_zero() _mm512_setzero_ps()
#define vf_set1(x) _mm512_set1_ps(x)
#define vf_load(p) _mm512_loadu_ps(p)
#define vf_store(p, x) _mm512_storeu_ps(p, x)
#define vf_add(a, b) _mm512_add_ps(a, b)
#define vf_sub(a, b) _mm512_sub_ps(a, b)
#define vf_mul(a, b) _mm512_mul_ps(a, b)
#define vf_div(a, b) _mm512_div_ps(a, b)
#define vf_max(a, b) _mm512_max_ps(a, b)
#define vf_min(a, b) _mm512_min_ps(a, b)
#define vf_fma(a, b, c) _mm512_fmadd_ps(a, b, c)
#define vf_fnma(a, b, c) _mm512_fnmadd_ps(a, b, c)
#define vf_round(x) _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define vf_sum(x) _mm512_reduce_add_ps(x)
#define vf_highest(x) _mm512_reduce_max_ps(x)
#define vf_first(x) _mm512_cvtss_f32(x)

static inline __mmask16 first_lanes(size_t n) {
    return (__mmask16)((1u << n) - 1);
}

static inline __m512 vf_load_partial(const float *p, size_t n) {
    return _mm512_maskz_loadu_ps(first_lanes(n), p);
}

static inline void vf_store_partial(float *p, __m512 x, size_t n) {
    _mm512_mask_storeu_ps(p, first_lanes(n), x);
}

#define vf_scale2(x, n) _mm512_scalef_ps(x, n)

static inline __m512i round_and_shift(__m512 x, int32_t zero) {
    __m512i words = _mm512_add_epi32(_mm512_cvtps_epi32(x), _mm512_set1_epi32(zero));
    return _mm512_max_epi32(words, _mm512_setzero_si512());
}

#define HAVE_VF_STORE_U8
static inline void vf_store_u8(uint8_t *p, __m512 x, int32_t zero, size_t n) {
    __m128i bytes = _mm512_cvtusepi32_epi8(round_and_shift(x, zero));
    if (n == LANES)
        _mm_storeu_si128((__m128i *)p, bytes);
    else
        _mm_mask_storeu_epi8(p, first_lanes(n), bytes);
}

#define HAVE_VF_STORE_I16
static inline void vf_store_i16(int16_t *p, __m512 x, int32_t zero, size_t n) {
    __m512i words = _mm512_min_epi32(round_and_shift(x, zero), _mm512_set1_epi32(255));
    _mm256_mask_storeu_epi16(p, first_lanes(n), _mm512_cvtepi32_epi16(words));
}

/* Pairs, then fours within each quarter of the registers, then the quarters. */
#define HAVE_VF_TRANSPOSE
static inline void vf_transpose(const float *in, size_t stride, float *out) {
    __m512 a[16], b[16];

    for (size_t i = 0; i < 16; i++)
        a[i] = _mm512_loadu_ps(in + i * stride);
    for (size_t i = 0; i < 16; i += 2) {
        b[i] = _mm512_unpacklo_ps(a[i], a[i + 1]);
        b[i + 1] = _mm512_unpackhi_ps(a[i], a[i + 1]);
    }
    for (size_t i = 0; i < 16; i += 4) {
        a[i] = _mm512_shuffle_ps(b[i], b[i + 2], _MM_SHUFFLE(1, 0, 1, 0));
        a[i + 1] = _mm512_shuffle_ps(b[i], b[i + 2], _MM_SHUFFLE(3, 2, 3, 2));
        a[i + 2] = _mm512_shuffle_ps(b[i + 1], b[i + 3], _MM_SHUFFLE(1, 0, 1, 0));
        a[i + 3] = _mm512_shuffle_ps(b[i + 1], b[i + 3], _MM_SHUFFLE(3, 2, 3, 2));
    }
    for (size_t i = 0; i < 4; i++) {
        __m512 even01 = _mm512_shuffle_f32x4(a[i], a[i + 4], _MM_SHUFFLE(2, 0, 2, 0));
        __m512 even23 = _mm512_shuffle_f32x4(a[i + 8], a[i + 12], _MM_SHUFFLE(2, 0, 2, 0));
        __m512 odd01 = _mm512_shuffle_f32x4(a[i], a[i + 4], _MM_SHUFFLE(3, 1, 3, 1));
        __m512 odd23 = _mm512_shuffle_f32x4(a[i + 8], a[i + 12], _MM_SHUFFLE(3, 1, 3, 1));
        _mm512_storeu_ps(out + i * PANEL_WIDTH,
                         _mm512_shuffle_f32x4(even01, even23, _MM_SHUFFLE(2, 0, 2, 0)));
        _mm512_storeu_ps(out + (i + 4) * PANEL_WIDTH,
                         _mm512_shuffle_f32x4(odd01, odd23, _MM_SHUFFLE(2, 0, 2, 0)));
        _mm512_storeu_ps(out + (i + 8) * PANEL_WIDTH,
                         _mm512_shuffle_f32x4(even01, even23, _MM_SHUFFLE(3, 1, 3, 1)));
        _mm512_storeu_ps(out + (i + 12) * PANEL_WIDTH,
                         _mm512_shuffle_f32x4(odd01, odd23, _MM_SHUFFLE(3, 1, 3, 1)));
    }
}

#include "model/kernels/kernels_impl.h"

/* ---- 8 bits without VNNI -------------------------------------------------- */

/* As kernels_avx2.c; one register holds 8 columns of 2 partial sums. */
INLINE void madd_store(const struct gemm_int8 *gemm, size_t row, size_t column, __m512i low,
                       __m512i high) {
    const __m512i even =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i odd =
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    __m512i sums = _mm512_add_epi32(_mm512_permutex2var_epi32(low, even, high),
                                    _mm512_permutex2var_epi32(low, odd, high));
    __m512i columns = _mm512_load_si512(gemm->column_sums + column);
    __m512i shift = _mm512_mullo_epi32(_mm512_set1_epi32(gemm->row_zeros[row]), columns);
    __m512 scale = _mm512_mul_ps(_mm512_set1_ps(gemm->row_scales[row]),
                                 _mm512_load_ps(gemm->column_scales + column));
    __m512 value = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(sums, shift)), scale,
                                   _mm512_load_ps(gemm->bias + column));
    size_t n_left = gemm->n - column;
    _mm512_mask_storeu_ps(gemm->c + row * gemm->ldc + column,
                          n_left >= LANES ? (__mmask16)0xFFFF : first_lanes(n_left), value);
}

#define INT8_NAME(part) madd_##part
#define INT8_TARGET
#define INT8_ROWS 12
#define INT8_COLUMNS 16
#define INT8_INPUT int16_t
#define INT8_DECLARE(i) __m512i low##i = _mm512_setzero_si512(), high##i = _mm512_setzero_si512();
#define INT8_LOAD(weights)                                                                         \
    __m512i b_low = _mm512_cvtepi8_epi16(_mm256_load_si256((const __m256i *)(weights)));           \
    __m512i b_high = _mm512_cvtepi8_epi16(_mm256_load_si256((const __m256i *)(weights) + 1));
#define INT8_STEP(i)                                                                               \
    {                                                                                              \
        int64_t group;                                                                             \
        memcpy(&group, a##i + l, sizeof group);                                                    \
        __m512i x = _mm512_set1_epi64(group);                                                      \
        low##i = _mm512_add_epi32(low##i, _mm512_madd_epi16(x, b_low));                            \
        high##i = _mm512_add_epi32(high##i, _mm512_madd_epi16(x, b_high));                         \
    }
#define INT8_BEFORE_STORE
#define INT8_STORE(i) madd_store(gemm, row + i, column, low##i, high##i);
#include "model/kernels/kernels_int8.h"

const struct kernels kernels_avx512 = {
    .name = "avx512",
    .quantized_size = sizeof(int16_t),
    .gemm_f32 = gemm_f32,
    .gemm_int8 = madd_gemm,
    .quantize_row = quantize_row_i16,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .dot = dot,
    .sum_rows = sum_rows,
    .highest_of_rows = highest_of_rows,
    .transpose = transpose,
};

/* ---- with VNNI ----------------------------------------------------------- */

#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

/* sums += the products of 4 unsigned with 4 signed bytes. In assembly because gcc 12 spills every
 * sum to memory with _mm512_dpbusd_epi32, at half the speed (98 instead of 200 G/s). */
VNNI INLINE __m512i dot_bytes(__m512i sums, __m512i a, __m512i b) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(a), "v"(b));
    return sums;
}

/* Sums of products of 16 columns to c. */
struct int8_columns {
    __m512i sums;
    __m512 scales;
    __m512 bias;
    __mmask16 inside; /* of n */
};

VNNI INLINE struct int8_columns int8_load_columns(const struct gemm_int8 *gemm, size_t column) {
    size_t n_left = column < gemm->n ? gemm->n - column : 0;

    return (struct int8_columns){
        .sums = _mm512_load_si512(gemm->column_sums + column),
        .scales = _mm512_load_ps(gemm->column_scales + column),
        .bias = _mm512_load_ps(gemm->bias + column),
        .inside = n_left >= LANES ? (__mmask16)0xFFFF : first_lanes(n_left),
    };
}

VNNI INLINE void int8_store(const struct int8_columns *columns, __m512i zero, __m512 scale,
                            __m512i sums, float *c) {
    __m512i shift = _mm512_mullo_epi32(zero, columns->sums);
    __m512 value = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(sums, shift)),
                                   _mm512_mul_ps(scale, columns->scales), columns->bias);
    _mm512_mask_storeu_ps(c, columns->inside, value);
}

#define INT8_NAME(part) vnni_##part
#define INT8_TARGET VNNI
#define INT8_ROWS 14
#define INT8_COLUMNS 32
#define INT8_INPUT uint8_t
#define INT8_DECLARE(i) __m512i left##i = _mm512_setzero_si512(), right##i = _mm512_setzero_si512();
#define INT8_LOAD(weights)                                                                         \
    __m512i b_left = _mm512_load_si512(weights);                                                   \
    __m512i b_right = _mm512_load_si512((weights) + 64);
#define INT8_STEP(i)                                                                               \
    {                                                                                              \
        int32_t group;                                                                             \
        memcpy(&group, a##i + l, sizeof group);                                                    \
        __m512i x = _mm512_set1_epi32(group);                                                      \
        left##i = dot_bytes(left##i, x, b_left);                                                   \
        right##i = dot_bytes(right##i, x, b_right);                                                \
    }
#define INT8_BEFORE_STORE                                                                          \
    struct int8_columns columns_left = int8_load_columns(gemm, column);                            \
    struct int8_columns columns_right = int8_load_columns(gemm, column + LANES);
#define INT8_STORE(i)                                                                              \
    {                                                                                              \
        __m512i zero = _mm512_set1_epi32(gemm->row_zeros[row + i]);                                \
        __m512 scale = _mm512_set1_ps(gemm->row_scales[row + i]);                                  \
        float *c = gemm->c + (row + i) * gemm->ldc + column;                                       \
        int8_store(&columns_left, zero, scale, left##i, c);                                        \
        int8_store(&columns_right, zero, scale, right##i, c + LANES);                              \
    }
#include "model/kernels/kernels_int8.h"

const struct kernels kernels_avx512_vnni = {
    .name = "avx512-vnni",
    .quantized_size = sizeof(uint8_t),
    .gemm_f32 = gemm_f32,
    .gemm_int8 = vnni_gemm,
    .quantize_row = quantize_row_u8,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .dot = dot,
    .sum_rows = sum_rows,
    .highest_of_rows = highest_of_rows,
    .transpose = transpose,
};
