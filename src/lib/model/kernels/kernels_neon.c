/* SPDX-License-Identifier: Apache-2.0
 *
 * NEON of 64-bit ARM: 32 registers of 4 floats. Compiled twice: for every such CPU, and for those
 * that have dot products of bytes (optional in ARMv8.2). */
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

static inline float32x4_t vf_scale2(float32x4_t x, float32x4_t n) {
    int32x4_t biased = vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127));
    return vmulq_f32(x, vreinterpretq_f32_s32(vshlq_n_s32(biased, 23)));
}

#define HAVE_VF_STORE_U8
static inline void vf_store_u8(uint8_t *p, float32x4_t x, int32_t zero, size_t n) {
    uint16x4_t halves = vqmovun_s32(vaddq_s32(vcvtnq_s32_f32(x), vdupq_n_s32(zero)));
    uint8x8_t bytes = vqmovn_u16(vcombine_u16(halves, halves));
    memcpy(p, &bytes, n);
}

#include "model/kernels/kernels_impl.h"

/* ---- 8 bits -------------------------------------------------------------- */

/* Four columns. Inputs are taken less 128, so that bytes are signed on both sides: the sums lack
 * 128 times the weights. */
INLINE void int8_store(const struct gemm_int8 *gemm, size_t row, size_t column, int32x4_t sums) {
    if (column >= gemm->n)
        return;
    int32x4_t shift =
        vmulq_n_s32(vld1q_s32(gemm->column_sums + column), gemm->row_zeros[row] - 128);
    float32x4_t scale = vmulq_n_f32(vld1q_f32(gemm->column_scales + column), gemm->row_scales[row]);
    float32x4_t value =
        vfmaq_f32(vld1q_f32(gemm->bias + column), vcvtq_f32_s32(vsubq_s32(sums, shift)), scale);
    size_t n_columns = gemm->n - column < LANES ? gemm->n - column : LANES;
    vf_store_partial(gemm->c + row * gemm->ldc + column, value, n_columns);
}

#ifdef NEON_DOTPROD
#define INT8_NAME(part) int8_##part
#define INT8_TARGET
#define INT8_ROWS 12
#define INT8_COLUMNS 8
#define INT8_INPUT uint8_t
#define INT8_DECLARE(i) int32x4_t low##i = vdupq_n_s32(0), high##i = vdupq_n_s32(0);
#define INT8_LOAD(weights) int8x16_t b_low = vld1q_s8(weights), b_high = vld1q_s8((weights) + 16);
#define INT8_STEP(i)                                                                               \
    {                                                                                              \
        uint32_t group;                                                                            \
        memcpy(&group, a##i + l, sizeof group);                                                    \
        int8x16_t x = vreinterpretq_s8_u32(vdupq_n_u32(group ^ 0x80808080u));                      \
        low##i = vdotq_s32(low##i, x, b_low);                                                      \
        high##i = vdotq_s32(high##i, x, b_high);                                                   \
    }
#define INT8_BEFORE_STORE
#define INT8_STORE(i)                                                                              \
    int8_store(gemm, row + i, column, low##i);                                                     \
    int8_store(gemm, row + i, column + LANES, high##i);
#else
/* The widening multiplications of the base instruction set, exact: products of bytes fit 16 bits. A
 * register holds 2 columns of 2 partial sums. */
#define INT8_NAME(part) int8_##part
#define INT8_TARGET
#define INT8_ROWS 6
#define INT8_COLUMNS 8
#define INT8_INPUT uint8_t
#define INT8_DECLARE(i)                                                                            \
    int32x4_t s0##i = vdupq_n_s32(0), s1##i = vdupq_n_s32(0), s2##i = vdupq_n_s32(0),              \
              s3##i = vdupq_n_s32(0);
#define INT8_LOAD(weights)                                                                         \
    int8x16_t b01 = vld1q_s8(weights), b23 = vld1q_s8((weights) + 16);                             \
    int8x8_t b0 = vget_low_s8(b01), b1 = vget_high_s8(b01);                                        \
    int8x8_t b2 = vget_low_s8(b23), b3 = vget_high_s8(b23);
#define INT8_STEP(i)                                                                               \
    {                                                                                              \
        uint32_t group;                                                                            \
        memcpy(&group, a##i + l, sizeof group);                                                    \
        int8x8_t x = vreinterpret_s8_u32(vdup_n_u32(group ^ 0x80808080u));                         \
        s0##i = vpadalq_s16(s0##i, vmull_s8(x, b0));                                               \
        s1##i = vpadalq_s16(s1##i, vmull_s8(x, b1));                                               \
        s2##i = vpadalq_s16(s2##i, vmull_s8(x, b2));                                               \
        s3##i = vpadalq_s16(s3##i, vmull_s8(x, b3));                                               \
    }
#define INT8_BEFORE_STORE
#define INT8_STORE(i)                                                                              \
    int8_store(gemm, row + i, column, vpaddq_s32(s0##i, s1##i));                                   \
    int8_store(gemm, row + i, column + LANES, vpaddq_s32(s2##i, s3##i));
#endif
#include "model/kernels/kernels_int8.h"

#ifdef NEON_DOTPROD
const struct kernels kernels_neon_dotprod = {
    .name = "neon-dotprod",
#else
const struct kernels kernels_neon = {
    .name = "neon",
#endif
    .quantized_size = sizeof(uint8_t),
    .gemm_f32 = gemm_f32,
    .gemm_int8 = int8_gemm,
    .quantize_row = quantize_row_u8,
    .layer_norm = layer_norm,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .dot = dot,
    .sum_rows = sum_rows,
    .highest_of_rows = highest_of_rows,
    .transpose = transpose,
};
