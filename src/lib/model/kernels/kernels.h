/* SPDX-License-Identifier: Apache-2.0
 *
 * The arithmetic of the native backend, once per instruction set and chosen at run time. Used by
 * src/lib/model/, and by src/lib/codebook/ for projections.
 *
 * Weights lie in panels of PANEL_WIDTH outputs so that a kernel reads memory in one direction:
 *   fp32: [ceil(n / PANEL_WIDTH)][k][PANEL_WIDTH]
 *   int8: [ceil(n / PANEL_WIDTH)][ceil(k / 4)][PANEL_WIDTH][4]
 * Outputs past n and inputs past k are zero. The layout is the same for every instruction set, so
 * one packed file serves all of them.
 *
 * Where products are of 16 bits (quantized_size 2), an 8-bit input is kept in 16, so that widening
 * it is done once and not for every panel.
 *
 * An element of a result depends on its own row of `a` only, in one order of summation: what else
 * is in the batch never changes a bit of it. */
#ifndef ALKFW_KERNELS_H
#define ALKFW_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { PANEL_WIDTH = 32, INT8_GROUP = 4, QUANTIZED_MAX_SIZE = 2 };

/* Largest k for which 255 * 127 * k fits the 32-bit sums of the int8 kernels. */
enum { INT8_MAX_INPUTS = 65536 };

enum activation {
    ACTIVATION_NONE = 0,
    ACTIVATION_GELU,
    ACTIVATION_GELU_TANH,
    ACTIVATION_RELU,
    ACTIVATION_SILU
};

struct gemm_f32 {
    const float *a; /* [m, k], rows lda apart */
    size_t lda;
    size_t m;
    size_t k;
    size_t n;
    const float *panels; /* fp32 panels, 64-byte aligned */
    const float *bias;   /* [n rounded up to PANEL_WIDTH], 64-byte aligned; NULL: zero */
    enum activation activation;
    float *c; /* [m, n], rows ldc apart */
    size_t ldc;
};

/* A row x is stored as u with x ~ scale * (u - zero). */
struct gemm_int8 {
    const void *a; /* [m, k rounded up to INT8_GROUP] uint8_t, or int16_t with quantized_size 2 */
    size_t lda;    /* elements between rows */
    const float *row_scales;  /* [m] */
    const int32_t *row_zeros; /* [m] in [0, 255] */
    size_t m;
    size_t k;
    size_t n;
    const int8_t *panels;       /* int8 panels, 64-byte aligned; values in [-127, 127] */
    const float *column_scales; /* [n rounded up to PANEL_WIDTH], 64-byte aligned */
    const int32_t *column_sums; /* the same shape: sums of the weights over k */
    const float *bias;          /* the same shape */
    enum activation activation;
    float *c; /* [m, n], rows ldc apart */
    size_t ldc;
};

struct kernels {
    const char *name;
    size_t quantized_size; /* bytes of an 8-bit input, at most QUANTIZED_MAX_SIZE */

    /* c = activation(a x weights^T + bias) */
    void (*gemm_f32)(const struct gemm_f32 *gemm);
    void (*gemm_int8)(const struct gemm_int8 *gemm);

    /* One row to 8 bits: zero is representable, u = round(x / scale) + zero.
     * out: [n rounded up to INT8_GROUP] of quantized_size, padded with `zero`. */
    void (*quantize_row)(const float *x, size_t n, void *out, float *scale, int32_t *zero);

    /* out = (x - mean) / sqrt(variance + epsilon) * gamma + beta over n elements, after residual
     * (may be NULL) is added to x. out may be x or residual. */
    void (*layer_norm)(const float *x, const float *residual, const float *gamma, const float *beta,
                       float epsilon, size_t n, float *out);

    /* out = x / sqrt(mean of x^2 + epsilon) * gamma over n elements. out may be x. */
    void (*rms_norm)(const float *x, const float *gamma, float epsilon, size_t n, float *out);

    /* row[0..n) = softmax(row * scale), scale > 0; row[n..n_padded) is overwritten with anything
     * finite. n_padded is n rounded up to PANEL_WIDTH, n > 0. */
    void (*softmax)(float *row, size_t n, float scale);

    /* The sum of products over n elements, in sixteen partial sums without fused steps: the same
     * bits with all kernels. */
    float (*dot)(const float *a, const float *b, size_t n);

    /* Over n_rows > 0 rows of n columns, `stride` apart, one row after the other: the same bits
     * with all kernels. */
    void (*sum_rows)(const float *rows, size_t stride, size_t n_rows, size_t n, float *out);
    void (*highest_of_rows)(const float *rows, size_t stride, size_t n_rows, size_t n, float *out);

    /* Rows [n_rows, n_columns], `stride` apart, to one fp32 panel [n_columns][PANEL_WIDTH] that
     * they are the outputs of; n_rows <= PANEL_WIDTH, what is missing becomes zero. */
    void (*transpose)(const float *rows, size_t stride, size_t n_rows, size_t n_columns,
                      float *panel);
};

/* The best kernels for this CPU, or those that kernels_select has chosen. */
const struct kernels *kernels_get(void);

/* For tests: makes kernels_get return the named kernels; NULL returns to the choice by CPU.
 * Returns NULL and changes nothing when the name is unknown here or the CPU cannot run them. */
const struct kernels *kernels_select(const char *name);

/* For tests: the names of all kernels that this CPU can run, best first, NULL past the end. */
const char *kernels_name_at(size_t index);

#endif
