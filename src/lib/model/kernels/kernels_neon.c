/* SPDX-License-Identifier: Apache-2.0
 *
 * NEON of 64-bit ARM: 32 registers of 4 floats. */
#include <arm_neon.h>
#include <stdbool.h>
#include <string.h>

#include "model/kernels/kernels.h"
#include "model/kernels/kernels_isa.h"

#define VF float32x4_t
#define GEMM_ROWS 12
enum { LANES = 4 };

#define vf_zero() vdupq_n_f32(0.0f)
#define vf_set1(x) vdupq_n_f32(x)
#define vf_load(p) vld1q_f32(p)
#define vf_store(p, x) vst1q_f32(p, x)
#define vf_add(a, b) vaddq_f32(a, b)
#define vf_sub(a, b) vsubq_f32(a, b)
#define vf_mul(a, b) vmulq_f32(a, b)
#define vf_div(a, b) vdivq_f32(a, b)
#define vf_max(a, b) vmaxq_f32(a, b)
#define vf_min(a, b) vminq_f32(a, b)
#define vf_fma(a, b, c) vfmaq_f32(c, a, b)
#define vf_fnma(a, b, c) vfmsq_f32(c, a, b)
#define vf_round(x) vrndnq_f32(x)
#define vf_sum(x) vaddvq_f32(x)
#define vf_highest(x) vmaxvq_f32(x)
#define vf_first(x) vgetq_lane_f32(x, 0)

static inline float32x4_t vf_load_partial(const float *p, size_t n) {
    float lanes[4] = {0.0f, 0.0f, 0.0f, 0.0f};

    memcpy(lanes, p, n * sizeof *p);
    return vld1q_f32(lanes);
}

static inline void vf_store_partial(float *p, float32x4_t x, size_t n) {
    float lanes[4];

    vst1q_f32(lanes, x);
    memcpy(p, lanes, n * sizeof *p);
}

static inline float32x4_t vf_exp2i(float32x4_t x) {
    int32x4_t biased = vaddq_s32(vcvtq_s32_f32(x), vdupq_n_s32(127));
    return vreinterpretq_f32_s32(vshlq_n_s32(biased, 23));
}

static inline void vf_store_u8(uint8_t *p, float32x4_t x, size_t n) {
    uint32_t lanes[4];

    vst1q_u32(lanes, vcvtq_u32_f32(x));
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)lanes[i];
}

#include "model/kernels/kernels_impl.h"

/* ---- 8 bits -------------------------------------------------------------- */

/* The widening multiplications of the base instruction set; 4 columns a step, exact. */
enum { INT8_COLUMNS = 4 };

INLINE void int8_store(const struct gemm_int8 *gemm, size_t row, size_t column, int32x4_t sums) {
    int32x4_t shift = vmulq_n_s32(vld1q_s32(gemm->column_sums + column), gemm->row_zeros[row]);
    float32x4_t scale = vmulq_n_f32(vld1q_f32(gemm->column_scales + column), gemm->row_scales[row]);
    float32x4_t value =
        vfmaq_f32(vld1q_f32(gemm->bias + column), vcvtq_f32_s32(vsubq_s32(sums, shift)), scale);
    size_t n_columns = gemm->n - column < INT8_COLUMNS ? gemm->n - column : INT8_COLUMNS;
    vf_store_partial(gemm->c + row * gemm->ldc + column, value, n_columns);
}

#define INT8_DECLARE(i)                                                                            \
    const uint8_t *a##i = a + i * gemm->lda;                                                       \
    int32x4_t sums##i = vdupq_n_s32(0);
#define INT8_STEP(i)                                                                               \
    {                                                                                              \
        uint32_t group;                                                                            \
        memcpy(&group, a##i + l, sizeof group);                                                    \
        int16x4_t x = vget_low_s16(vreinterpretq_s16_u16(vmovl_u8(vcreate_u8((uint64_t)group))));  \
        int32x4_t c01 = vpaddq_s32(vmull_s16(x, b0), vmull_s16(x, b1));                            \
        int32x4_t c23 = vpaddq_s32(vmull_s16(x, b2), vmull_s16(x, b3));                            \
        sums##i = vaddq_s32(sums##i, vpaddq_s32(c01, c23));                                        \
    }
#define INT8_STORE(i) int8_store(gemm, row + i, column, sums##i);

#define INT8_TILE(n_rows)                                                                          \
    static void int8_tile_##n_rows(const struct gemm_int8 *gemm, size_t row, size_t column) {      \
        size_t k = (gemm->k + INT8_GROUP - 1) / INT8_GROUP * INT8_GROUP;                           \
        const uint8_t *a = gemm->a + row * gemm->lda;                                              \
        const int8_t *panel = gemm->panels + column / PANEL_WIDTH * PANEL_WIDTH * k +              \
                              column % PANEL_WIDTH * INT8_GROUP;                                   \
        REPEAT_##n_rows(INT8_DECLARE) for (size_t l = 0; l < k; l += INT8_GROUP) {                 \
            int8x16_t weights = vld1q_s8(panel + l * PANEL_WIDTH);                                 \
            int16x8_t low = vmovl_s8(vget_low_s8(weights));                                        \
            int16x8_t high = vmovl_s8(vget_high_s8(weights));                                      \
            int16x4_t b0 = vget_low_s16(low), b1 = vget_high_s16(low);                             \
            int16x4_t b2 = vget_low_s16(high), b3 = vget_high_s16(high);                           \
            REPEAT_##n_rows(INT8_STEP)                                                             \
        }                                                                                          \
        REPEAT_##n_rows(INT8_STORE)                                                                \
    }

typedef void int8_tile(const struct gemm_int8 *gemm, size_t row, size_t column);

FOR_EACH_ROW_COUNT(INT8_TILE)

#define INT8_TILE_ENTRY(n_rows) [n_rows] = int8_tile_##n_rows,
static int8_tile *const int8_tiles[GEMM_ROWS + 1] = {FOR_EACH_ROW_COUNT(INT8_TILE_ENTRY)};

static void gemm_int8(const struct gemm_int8 *gemm) {
    for (size_t column = 0; column < gemm->n; column += INT8_COLUMNS) {
        size_t n_columns = gemm->n - column < INT8_COLUMNS ? gemm->n - column : INT8_COLUMNS;
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

const struct kernels kernels_neon = {
    .name = "neon",
    .gemm_f32 = gemm_f32,
    .gemm_int8 = gemm_int8,
    .quantize_row = quantize_row,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .transpose = transpose,
};
