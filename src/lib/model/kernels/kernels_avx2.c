/* SPDX-License-Identifier: Apache-2.0
 *
 * AVX2 and FMA: 16 registers of 8 floats. */
#include <immintrin.h>
#include <stdbool.h>
#include <string.h>

#include "model/kernels/kernels.h"
#include "model/kernels/kernels_isa.h"

#define VF __m256
#define GEMM_ROWS 6
enum { LANES = 8 };

#define vf_zero() _mm256_setzero_ps()
#define vf_set1(x) _mm256_set1_ps(x)
#define vf_load(p) _mm256_loadu_ps(p)
#define vf_store(p, x) _mm256_storeu_ps(p, x)
#define vf_add(a, b) _mm256_add_ps(a, b)
#define vf_sub(a, b) _mm256_sub_ps(a, b)
#define vf_mul(a, b) _mm256_mul_ps(a, b)
#define vf_div(a, b) _mm256_div_ps(a, b)
#define vf_max(a, b) _mm256_max_ps(a, b)
#define vf_min(a, b) _mm256_min_ps(a, b)
#define vf_fma(a, b, c) _mm256_fmadd_ps(a, b, c)
#define vf_fnma(a, b, c) _mm256_fnmadd_ps(a, b, c)
#define vf_round(x) _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define vf_first(x) _mm256_cvtss_f32(x)

static inline __m256i first_lanes(size_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline __m256 vf_load_partial(const float *p, size_t n) {
    return _mm256_maskload_ps(p, first_lanes(n));
}

static inline void vf_store_partial(float *p, __m256 x, size_t n) {
    _mm256_maskstore_ps(p, first_lanes(n), x);
}

static inline float vf_sum(__m256 x) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

static inline float vf_highest(__m256 x) {
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}

static inline __m256 vf_scale2(__m256 x, __m256 n) {
    __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_mul_ps(x, _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23)));
}

#define HAVE_VF_STORE_I16
static inline void vf_store_i16(int16_t *p, __m256 x, int32_t zero, size_t n) {
    __m256i words = _mm256_add_epi32(_mm256_cvtps_epi32(x), _mm256_set1_epi32(zero));
    words =
        _mm256_min_epi32(_mm256_max_epi32(words, _mm256_setzero_si256()), _mm256_set1_epi32(255));
    __m128i halves =
        _mm_packs_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    if (n == LANES)
        _mm_storeu_si128((__m128i *)p, halves);
    else
        memcpy(p, &halves, n * sizeof *p);
}

/* Pairs, then fours within each half of the registers, then the halves. */
#define HAVE_VF_TRANSPOSE
static inline void vf_transpose(const float *in, size_t stride, float *out) {
    __m256 a[8], b[8];

    for (size_t i = 0; i < 8; i++)
        a[i] = _mm256_loadu_ps(in + i * stride);
    for (size_t i = 0; i < 8; i += 2) {
        b[i] = _mm256_unpacklo_ps(a[i], a[i + 1]);
        b[i + 1] = _mm256_unpackhi_ps(a[i], a[i + 1]);
    }
    for (size_t i = 0; i < 8; i += 4) {
        a[i] = _mm256_shuffle_ps(b[i], b[i + 2], _MM_SHUFFLE(1, 0, 1, 0));
        a[i + 1] = _mm256_shuffle_ps(b[i], b[i + 2], _MM_SHUFFLE(3, 2, 3, 2));
        a[i + 2] = _mm256_shuffle_ps(b[i + 1], b[i + 3], _MM_SHUFFLE(1, 0, 1, 0));
        a[i + 3] = _mm256_shuffle_ps(b[i + 1], b[i + 3], _MM_SHUFFLE(3, 2, 3, 2));
    }
    for (size_t i = 0; i < 4; i++) {
        _mm256_storeu_ps(out + i * PANEL_WIDTH, _mm256_permute2f128_ps(a[i], a[i + 4], 0x20));
        _mm256_storeu_ps(out + (i + 4) * PANEL_WIDTH, _mm256_permute2f128_ps(a[i], a[i + 4], 0x31));
    }
}

#include "model/kernels/kernels_impl.h"

/* ---- 8 bits -------------------------------------------------------------- */

/* sums += the products of pairs of 16-bit numbers. In assembly because gcc 12 loads the inputs of
 * all rows at once and then spills every sum to memory, at two thirds of the speed (51
 * instead of 76 G/s). */
INLINE __m256i add_products(__m256i sums, __m256i a, __m256i b) {
    __m256i products;

    __asm__("vpmaddwd %3, %2, %1\n\tvpaddd %1, %0, %0"
            : "+x"(sums), "=&x"(products)
            : "x"(a), "x"(b));
    return sums;
}

/* Without VNNI, products of 8-bit numbers are summed by vpmaddwd, which is exact on 16-bit ones.
 * (vpmaddubsw would saturate at 255 * 127 * 2.) One register holds 4 columns of 2 partial sums. */
INLINE void int8_store(const struct gemm_int8 *gemm, size_t row, size_t column, __m256i low,
                       __m256i high) {
    enum { COLUMNS = 8 };
    /* low: columns 0 0 1 1 | 2 2 3 3, high: 4 4 5 5 | 6 6 7 7; the sum of neighbours is
     * 0 1 4 5 | 2 3 6 7 */
    __m256i sums = _mm256_permute4x64_epi64(_mm256_hadd_epi32(low, high), 0xD8);
    __m256i columns = _mm256_load_si256((const __m256i *)(gemm->column_sums + column));
    __m256i shift = _mm256_mullo_epi32(_mm256_set1_epi32(gemm->row_zeros[row]), columns);
    __m256 scale = _mm256_mul_ps(_mm256_set1_ps(gemm->row_scales[row]),
                                 _mm256_load_ps(gemm->column_scales + column));
    __m256 value = _mm256_fmadd_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(sums, shift)), scale,
                                   _mm256_load_ps(gemm->bias + column));
    float *c = gemm->c + row * gemm->ldc + column;
    if (column + COLUMNS <= gemm->n)
        _mm256_storeu_ps(c, value);
    else if (column < gemm->n)
        _mm256_maskstore_ps(c, first_lanes(gemm->n - column), value);
}

#define INT8_NAME(part) int8_##part
#define INT8_TARGET
#define INT8_ROWS 6
#define INT8_COLUMNS 8
#define INT8_INPUT int16_t
#define INT8_DECLARE(i) __m256i low##i = _mm256_setzero_si256(), high##i = _mm256_setzero_si256();
#define INT8_LOAD(weights)                                                                         \
    __m256i b_low = _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)(weights)));              \
    __m256i b_high = _mm256_cvtepi8_epi16(_mm_load_si128((const __m128i *)(weights) + 1));
#define INT8_STEP(i)                                                                               \
    {                                                                                              \
        int64_t group;                                                                             \
        memcpy(&group, a##i + l, sizeof group);                                                    \
        __m256i x = _mm256_set1_epi64x(group);                                                     \
        low##i = add_products(low##i, x, b_low);                                                   \
        high##i = add_products(high##i, x, b_high);                                                \
    }
#define INT8_BEFORE_STORE
#define INT8_STORE(i) int8_store(gemm, row + i, column, low##i, high##i);
#include "model/kernels/kernels_int8.h"

const struct kernels kernels_avx2 = {
    .name = "avx2",
    .quantized_size = sizeof(int16_t),
    .gemm_f32 = gemm_f32,
    .gemm_int8 = int8_gemm,
    .quantize_row = quantize_row_i16,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .dot = dot,
    .sum_rows = sum_rows,
    .highest_of_rows = highest_of_rows,
    .transpose = transpose,
};
