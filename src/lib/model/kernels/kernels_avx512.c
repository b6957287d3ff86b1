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

static inline __m512 vf_exp2i(__m512 x) {
    __m512i biased = _mm512_add_epi32(_mm512_cvtps_epi32(x), _mm512_set1_epi32(127));
    return _mm512_castsi512_ps(_mm512_slli_epi32(biased, 23));
}

static inline void vf_store_u8(uint8_t *p, __m512 x, size_t n) {
    _mm512_mask_cvtepi32_storeu_epi8(p, first_lanes(n), _mm512_cvtps_epi32(x));
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

const struct kernels kernels_avx512 = {
    .name = "avx512",
    .gemm_f32 = gemm_f32,
    .gemm_int8 = kernels_gemm_int8_avx2,
    .quantize_row = quantize_row,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
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

#define INT8_DECLARE(i)                                                                            \
    const uint8_t *a##i = a + i * gemm->lda;                                                       \
    __m512i left##i = _mm512_setzero_si512(), right##i = _mm512_setzero_si512();
#define INT8_STEP(i)                                                                               \
    {                                                                                              \
        int32_t group;                                                                             \
        memcpy(&group, a##i + l, sizeof group);                                                    \
        __m512i x = _mm512_set1_epi32(group);                                                      \
        left##i = dot_bytes(left##i, x, b_left);                                                   \
        right##i = dot_bytes(right##i, x, b_right);                                                \
    }
#define INT8_STORE(i)                                                                              \
    {                                                                                              \
        __m512i zero = _mm512_set1_epi32(gemm->row_zeros[row + i]);                                \
        __m512 scale = _mm512_set1_ps(gemm->row_scales[row + i]);                                  \
        float *c = gemm->c + (row + i) * gemm->ldc + column;                                       \
        int8_store(&columns_left, zero, scale, left##i, c);                                        \
        int8_store(&columns_right, zero, scale, right##i, c + LANES);                              \
    }

#define INT8_TILE(n_rows)                                                                          \
    VNNI static void int8_tile_##n_rows(const struct gemm_int8 *gemm, size_t row, size_t column) { \
        size_t k = (gemm->k + INT8_GROUP - 1) / INT8_GROUP * INT8_GROUP;                           \
        const uint8_t *a = gemm->a + row * gemm->lda;                                              \
        const int8_t *panel = gemm->panels + column * k;                                           \
        REPEAT_##n_rows(INT8_DECLARE) for (size_t l = 0; l < k; l += INT8_GROUP) {                 \
            __m512i b_left = _mm512_load_si512(panel + l * PANEL_WIDTH);                           \
            __m512i b_right = _mm512_load_si512(panel + l * PANEL_WIDTH + 64);                     \
            REPEAT_##n_rows(INT8_STEP)                                                             \
        }                                                                                          \
        struct int8_columns columns_left = int8_load_columns(gemm, column);                        \
        struct int8_columns columns_right = int8_load_columns(gemm, column + LANES);               \
        REPEAT_##n_rows(INT8_STORE)                                                                \
    }

typedef void int8_tile(const struct gemm_int8 *gemm, size_t row, size_t column);

FOR_EACH_ROW_COUNT(INT8_TILE)

#define INT8_TILE_ENTRY(n_rows) [n_rows] = int8_tile_##n_rows,
static int8_tile *const int8_tiles[GEMM_ROWS + 1] = {FOR_EACH_ROW_COUNT(INT8_TILE_ENTRY)};

static void gemm_int8_vnni(const struct gemm_int8 *gemm) {
    for (size_t column = 0; column < gemm->n; column += PANEL_WIDTH) {
        size_t n_columns = gemm->n - column < PANEL_WIDTH ? gemm->n - column : PANEL_WIDTH;
        size_t n_rows;
        for (size_t row = 0; row < gemm->m; row += n_rows) {
            n_rows = block_rows(gemm->m, row, GEMM_ROWS);
            int8_tiles[n_rows](gemm, row, column);
            if (gemm->activation != ACTIVATION_NONE)
                activate_tile(gemm->activation, gemm->c + row * gemm->ldc + column, gemm->ldc,
                              n_rows, n_columns);
        }
    }
}

const struct kernels kernels_avx512_vnni = {
    .name = "avx512-vnni",
    .gemm_f32 = gemm_f32,
    .gemm_int8 = gemm_int8_vnni,
    .quantize_row = quantize_row,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .transpose = transpose,
};
