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

#include "model/kernels/kernels_impl.h"

const struct kernels kernels_avx512 = {
    .name = "avx512",
    .gemm_f32 = gemm_f32,
    .gemm_int8 = kernels_gemm_int8_avx2,
    .quantize_row = quantize_row,
    .layer_norm = layer_norm,
    .softmax = softmax,
};

/* ---- with VNNI ----------------------------------------------------------- */

#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

/* sums += the products of 4 unsigned with 4 signed bytes. In assembly because gcc 12 spills every
 * sum to memory with _mm512_dpbusd_epi32, at half the speed (98 instead of 200 G/s). */
VNNI INLINE __m512i dot_bytes(__m512i sums, __m512i a, __m512i b) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(a), "v"(b));
    return sums;
}

/* From sums of products to c. */
VNNI INLINE void int8_store(const struct gemm_int8 *gemm, size_t row, size_t column, __m512i sums) {
    __m512i shift = _mm512_mullo_epi32(_mm512_set1_epi32(gemm->row_zeros[row]),
                                       _mm512_load_si512(gemm->column_sums + column));
    __m512 scale = _mm512_mul_ps(_mm512_set1_ps(gemm->row_scales[row]),
                                 _mm512_load_ps(gemm->column_scales + column));
    __m512 value = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_sub_epi32(sums, shift)), scale,
                                   _mm512_load_ps(gemm->bias + column));
    float *c = gemm->c + row * gemm->ldc + column;
    if (column + LANES <= gemm->n)
        _mm512_storeu_ps(c, value);
    else if (column < gemm->n)
        _mm512_mask_storeu_ps(c, first_lanes(gemm->n - column), value);
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
    int8_store(gemm, row + i, column, left##i);                                                    \
    int8_store(gemm, row + i, column + LANES, right##i);

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
    .softmax = softmax,
};
