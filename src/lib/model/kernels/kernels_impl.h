/* SPDX-License-Identifier: Apache-2.0
 *
 * The fp32 kernels, written once over a vector type. Each kernels_<isa>.c defines the operations
 * below for its instruction set and includes this file:
 *
 *   VF, LANES                      vector of LANES floats; 2 * LANES divides PANEL_WIDTH
 *   GEMM_ROWS (a macro)            rows of the register block, which is two vectors wide
 *   vf_zero vf_set1 vf_load vf_store vf_load_partial vf_store_partial
 *   vf_add vf_sub vf_mul vf_div vf_max vf_min
 *   vf_fma(a, b, c) = a * b + c, vf_fnma(a, b, c) = c - a * b
 *   vf_round                       to the nearest integer, ties to even
 *   vf_scale2(x, n)                x * 2^n for integral n in [-126, 127]
 *   vf_sum, vf_highest             over the lanes, in a fixed order
 *   vf_first                       the first lane
 *   vf_store_u8(out, x, zero, n)   the first n lanes, rounded, plus zero, clamped to [0, 255], as
 * bytes vf_store_i16                   the same, 16 bits each; only with HAVE_VF_STORE_I16
 *   vf_transpose(in, stride, out)  LANES rows of LANES floats to columns PANEL_WIDTH apart; only
 * with HAVE_VF_TRANSPOSE
 */
#define INLINE static inline __attribute__((always_inline))

#define REPEAT_1(M) M(0)
#define REPEAT_2(M) REPEAT_1(M) M(1)
#define REPEAT_3(M) REPEAT_2(M) M(2)
#define REPEAT_4(M) REPEAT_3(M) M(3)
#define REPEAT_5(M) REPEAT_4(M) M(4)
#define REPEAT_6(M) REPEAT_5(M) M(5)
#define REPEAT_7(M) REPEAT_6(M) M(6)
#define REPEAT_8(M) REPEAT_7(M) M(7)
#define REPEAT_9(M) REPEAT_8(M) M(8)
#define REPEAT_10(M) REPEAT_9(M) M(9)
#define REPEAT_11(M) REPEAT_10(M) M(10)
#define REPEAT_12(M) REPEAT_11(M) M(11)
#define REPEAT_13(M) REPEAT_12(M) M(12)
#define REPEAT_14(M) REPEAT_13(M) M(13)

/* M(1) M(2) ... M(n) */
#define FOR_EACH_4(M) M(1) M(2) M(3) M(4)
#define FOR_EACH_6(M) FOR_EACH_4(M) M(5) M(6)
#define FOR_EACH_12(M) FOR_EACH_6(M) M(7) M(8) M(9) M(10) M(11) M(12)
#define FOR_EACH_14(M) FOR_EACH_12(M) M(13) M(14)
#define FOR_EACH_UP_TO_(n, M) FOR_EACH_##n(M)
#define FOR_EACH_UP_TO(n, M) FOR_EACH_UP_TO_(n, M)

/* ---- elementary functions ------------------------------------------------ */

/* e^x; x below -87 gives about 1e-38, above 88 about 1e38. Range reduction and polynomial of
 * Cephes expf (Moshier, 1989); relative error below 2e-7. */
INLINE VF vf_exp(VF x) {
    x = vf_min(vf_max(x, vf_set1(-87.0f)), vf_set1(88.0f));
    VF n = vf_round(vf_mul(x, vf_set1(1.44269504088896341f)));
    VF r = vf_fnma(n, vf_set1(0.693359375f), x);
    r = vf_fnma(n, vf_set1(-2.12194440e-4f), r);
    VF p = vf_set1(1.9875691500e-4f);
    p = vf_fma(p, r, vf_set1(1.3981999507e-3f));
    p = vf_fma(p, r, vf_set1(8.3334519073e-3f));
    p = vf_fma(p, r, vf_set1(4.1665795894e-2f));
    p = vf_fma(p, r, vf_set1(1.6666665459e-1f));
    p = vf_fma(p, r, vf_set1(5.0000001201e-1f));
    p = vf_fma(vf_mul(p, r), r, vf_add(r, vf_set1(1.0f)));
    return vf_scale2(p, n);
}

/* 2^x for x <= 0; x below -126 gives about 1e-38. The polynomial is the Taylor series of 2^r on
 * [-0.5, 0.5], relative error below 2e-7 (tests/check_kernels.c). */
INLINE VF vf_exp2_negative(VF x) {
    x = vf_max(x, vf_set1(-126.0f));
    VF n = vf_round(x);
    VF r = vf_sub(x, n);
    VF p = vf_set1(1.5403530394e-4f);
    p = vf_fma(p, r, vf_set1(1.3333558146e-3f));
    p = vf_fma(p, r, vf_set1(9.6181291076e-3f));
    p = vf_fma(p, r, vf_set1(5.5504108665e-2f));
    p = vf_fma(p, r, vf_set1(2.4022650696e-1f));
    p = vf_fma(p, r, vf_set1(6.9314718056e-1f));
    p = vf_fma(p, r, vf_set1(1.0f));
    return vf_scale2(p, n);
}

/* Rational minimax approximation on [-4, 4] (Eigen, MathFunctionsImpl.h); outside, erf is 1 to
 * within 2e-8. Absolute error below 3e-7 (tests/check_kernels.c). */
INLINE VF vf_erf(VF x) {
    x = vf_min(vf_max(x, vf_set1(-4.0f)), vf_set1(4.0f));
    VF s = vf_mul(x, x);
    VF p = vf_set1(-2.72614225801306e-10f);
    p = vf_fma(p, s, vf_set1(2.77068142495902e-08f));
    p = vf_fma(p, s, vf_set1(-2.10102402082508e-06f));
    p = vf_fma(p, s, vf_set1(-5.69250639462346e-05f));
    p = vf_fma(p, s, vf_set1(-7.34990630326855e-04f));
    p = vf_fma(p, s, vf_set1(-2.95459980854025e-03f));
    p = vf_fma(p, s, vf_set1(-1.60960333262415e-02f));
    VF q = vf_set1(-1.45660718464996e-05f);
    q = vf_fma(q, s, vf_set1(-2.13374055278905e-04f));
    q = vf_fma(q, s, vf_set1(-1.68282697438203e-03f));
    q = vf_fma(q, s, vf_set1(-7.37332916720468e-03f));
    q = vf_fma(q, s, vf_set1(-1.42647390514189e-02f));
    return vf_div(vf_mul(x, p), q);
}

INLINE VF vf_gelu(VF x) {
    VF half = vf_mul(x, vf_set1(0.5f));
    return vf_fma(half, vf_erf(vf_mul(x, vf_set1(0.70710678118654752f))), half);
}

/* 0.5 x (1 + tanh(y)) = x / (1 + e^(-2y)), y = sqrt(2 / pi) (x + 0.044715 x^3) */
INLINE VF vf_gelu_tanh(VF x) {
    VF cubic = vf_fma(vf_mul(vf_mul(x, x), x), vf_set1(0.044715f), x);
    VF e = vf_exp(vf_mul(cubic, vf_set1(-2.0f * 0.79788456080286536f)));
    return vf_div(x, vf_add(vf_set1(1.0f), e));
}

INLINE VF vf_relu(VF x) {
    return vf_max(x, vf_zero());
}

INLINE VF vf_silu(VF x) {
    VF e = vf_exp(vf_sub(vf_zero(), x));
    return vf_div(x, vf_add(vf_set1(1.0f), e));
}

/* `function` is a constant at each call, so that its coefficients stay in registers. */
INLINE void apply_to_tile(VF (*function)(VF), float *c, size_t ldc, size_t n_rows,
                          size_t n_columns) {
    for (size_t i = 0; i < n_rows; i++) {
        float *row = c + i * ldc;
        size_t j = 0;
        for (; j + LANES <= n_columns; j += LANES)
            vf_store(row + j, function(vf_load(row + j)));
        if (j < n_columns)
            vf_store_partial(row + j, function(vf_load_partial(row + j, n_columns - j)),
                             n_columns - j);
    }
}

/* The tile is in the first-level cache: it was stored a moment ago. */
static void activate_tile(enum activation activation, float *c, size_t ldc, size_t n_rows,
                          size_t n_columns) {
    switch (activation) {
    case ACTIVATION_GELU:
        apply_to_tile(vf_gelu, c, ldc, n_rows, n_columns);
        break;
    case ACTIVATION_GELU_TANH:
        apply_to_tile(vf_gelu_tanh, c, ldc, n_rows, n_columns);
        break;
    case ACTIVATION_RELU:
        apply_to_tile(vf_relu, c, ldc, n_rows, n_columns);
        break;
    case ACTIVATION_SILU:
        apply_to_tile(vf_silu, c, ldc, n_rows, n_columns);
        break;
    case ACTIVATION_NONE:
        break;
    }
}

/* ---- matrix product ------------------------------------------------------ */

enum { TILE_COLUMNS = 2 * LANES };

/* A register block for each number of rows. The sums are named variables, not an array: neither gcc
 * 12 nor clang 14 keeps an array of this size in registers, which costs more than half the speed.
 */
#define TILE_DECLARE(i)                                                                            \
    const float *a##i = a + i * lda;                                                               \
    VF left##i = start_left, right##i = start_right;
#define TILE_STEP(i)                                                                               \
    {                                                                                              \
        VF x = vf_set1(a##i[l]);                                                                   \
        left##i = vf_fma(x, b_left, left##i);                                                      \
        right##i = vf_fma(x, b_right, right##i);                                                   \
    }
#define TILE_STORE(i)                                                                              \
    vf_store(c + i * ldc, left##i);                                                                \
    vf_store(c + i * ldc + LANES, right##i);
#define TILE_STORE_PARTIAL(i)                                                                      \
    vf_store_partial(c + i * ldc, left##i, n_left);                                                \
    if (n_right > 0)                                                                               \
        vf_store_partial(c + i * ldc + LANES, right##i, n_right);

#define GEMM_TILE(n_rows)                                                                          \
    static void gemm_tile_##n_rows(const float *a, size_t lda, size_t k, const float *panel,       \
                                   const float *bias, float *c, size_t ldc, size_t n_columns) {    \
        VF start_left = bias != NULL ? vf_load(bias) : vf_zero();                                  \
        VF start_right = bias != NULL ? vf_load(bias + LANES) : vf_zero();                         \
        REPEAT_##n_rows(TILE_DECLARE) for (size_t l = 0; l < k; l++) {                             \
            VF b_left = vf_load(panel + l * PANEL_WIDTH);                                          \
            VF b_right = vf_load(panel + l * PANEL_WIDTH + LANES);                                 \
            REPEAT_##n_rows(TILE_STEP)                                                             \
        }                                                                                          \
        if (n_columns >= TILE_COLUMNS) {                                                           \
            REPEAT_##n_rows(TILE_STORE) return;                                                    \
        }                                                                                          \
        size_t n_left = n_columns < LANES ? n_columns : LANES;                                     \
        size_t n_right = n_columns - n_left;                                                       \
        REPEAT_##n_rows(TILE_STORE_PARTIAL)                                                        \
    }

typedef void gemm_tile(const float *a, size_t lda, size_t k, const float *panel, const float *bias,
                       float *c, size_t ldc, size_t n_columns);

FOR_EACH_UP_TO(GEMM_ROWS, GEMM_TILE)

#define GEMM_TILE_ENTRY(n_rows) [n_rows] = gemm_tile_##n_rows,
static gemm_tile *const gemm_tiles[GEMM_ROWS + 1] = {FOR_EACH_UP_TO(GEMM_ROWS, GEMM_TILE_ENTRY)};

/* Cuts m rows evenly into blocks of at most `most`: a last block of one row would wait for its own
 * additions. Returns the size of the block that starts at `row`. */
INLINE size_t block_rows(size_t m, size_t row, size_t most) {
    size_t n_blocks = (m - row + most - 1) / most;

    return (m - row + n_blocks - 1) / n_blocks;
}

static void gemm_f32(const struct gemm_f32 *gemm) {
    /* A panel stays in the second-level cache while all rows pass by. */
    for (size_t column = 0; column < gemm->n; column += TILE_COLUMNS) {
        const float *panel =
            gemm->panels + column / PANEL_WIDTH * PANEL_WIDTH * gemm->k + column % PANEL_WIDTH;
        const float *bias = gemm->bias != NULL ? gemm->bias + column : NULL;
        size_t n_columns = gemm->n - column < TILE_COLUMNS ? gemm->n - column : TILE_COLUMNS;
        size_t n_rows;
        for (size_t row = 0; row < gemm->m; row += n_rows) {
            float *c = gemm->c + row * gemm->ldc + column;
            n_rows = block_rows(gemm->m, row, GEMM_ROWS);
            gemm_tiles[n_rows](gemm->a + row * gemm->lda, gemm->lda, gemm->k, panel, bias, c,
                               gemm->ldc, n_columns);
            if (gemm->activation != ACTIVATION_NONE)
                activate_tile(gemm->activation, c, gemm->ldc, n_rows, n_columns);
        }
    }
}

/* ---- rows ---------------------------------------------------------------- */

static void layer_norm(const float *x, const float *residual, const float *gamma, const float *beta,
                       float epsilon, size_t n, float *out) {
    size_t n_full = n - n % LANES, n_rest = n % LANES;
    VF sum = vf_zero(), squares = vf_zero();

    for (size_t i = 0; i < n_full; i += LANES) {
        VF value = vf_load(x + i);
        if (residual != NULL)
            value = vf_add(value, vf_load(residual + i));
        vf_store(out + i, value);
        sum = vf_add(sum, value);
    }
    if (n_rest > 0) {
        VF value = vf_load_partial(x + n_full, n_rest);
        if (residual != NULL)
            value = vf_add(value, vf_load_partial(residual + n_full, n_rest));
        vf_store_partial(out + n_full, value, n_rest);
        sum = vf_add(sum, value);
    }
    VF mean = vf_set1(vf_sum(sum) / (float)n);
    for (size_t i = 0; i < n_full; i += LANES) {
        VF centred = vf_sub(vf_load(out + i), mean);
        squares = vf_fma(centred, centred, squares);
    }
    float variance = vf_sum(squares);
    for (size_t i = n_full; i < n; i++)
        variance += (out[i] - vf_first(mean)) * (out[i] - vf_first(mean));
    VF scale = vf_set1(1.0f / __builtin_sqrtf(variance / (float)n + epsilon));
    for (size_t i = 0; i < n_full; i += LANES) {
        VF value = vf_mul(vf_sub(vf_load(out + i), mean), scale);
        vf_store(out + i, vf_fma(value, vf_load(gamma + i), vf_load(beta + i)));
    }
    if (n_rest > 0) {
        VF value = vf_mul(vf_sub(vf_load_partial(out + n_full, n_rest), mean), scale);
        value = vf_fma(value, vf_load_partial(gamma + n_full, n_rest),
                       vf_load_partial(beta + n_full, n_rest));
        vf_store_partial(out + n_full, value, n_rest);
    }
}

static void rms_norm(const float *x, const float *gamma, float epsilon, size_t n, float *out) {
    size_t n_full = n - n % LANES, n_rest = n % LANES;
    VF squares = vf_zero();

    for (size_t i = 0; i < n_full; i += LANES)
        squares = vf_fma(vf_load(x + i), vf_load(x + i), squares);
    float sum = vf_sum(squares);
    for (size_t i = n_full; i < n; i++)
        sum += x[i] * x[i];
    VF scale = vf_set1(1.0f / __builtin_sqrtf(sum / (float)n + epsilon));
    for (size_t i = 0; i < n_full; i += LANES)
        vf_store(out + i, vf_mul(vf_mul(vf_load(x + i), scale), vf_load(gamma + i)));
    if (n_rest > 0) {
        VF value = vf_mul(vf_load_partial(x + n_full, n_rest), scale);
        vf_store_partial(out + n_full, vf_mul(value, vf_load_partial(gamma + n_full, n_rest)),
                         n_rest);
    }
}

static void softmax(float *row, size_t n, float scale) {
    size_t n_padded = (n + LANES - 1) / LANES * LANES;
    VF highest = vf_set1(row[0]), sum = vf_zero();

    for (size_t i = n; i < n_padded; i++)
        row[i] = -1e30f; /* e^-inf: adds nothing to the sum */
    for (size_t i = 0; i < n_padded; i += LANES)
        highest = vf_max(highest, vf_load(row + i));
    highest = vf_set1(vf_highest(highest));
    VF factor_of_2 = vf_set1(scale * 1.44269504088896341f); /* e^x = 2^(x / ln 2) */
    for (size_t i = 0; i < n_padded; i += LANES) {
        VF value = vf_exp2_negative(vf_mul(vf_sub(vf_load(row + i), highest), factor_of_2));
        vf_store(row + i, value);
        sum = vf_add(sum, value);
    }
    VF factor = vf_set1(1.0f / vf_sum(sum));
    for (size_t i = 0; i < n_padded; i += LANES)
        vf_store(row + i, vf_mul(vf_load(row + i), factor));
}

/* ---- keys ---------------------------------------------------------------- */

/* What vf_transpose leaves over, and all of it where there is none. */
INLINE void transpose_scalar(const float *rows, size_t stride, size_t n_rows, size_t n_columns,
                             float *out) {
    for (size_t r = 0; r < n_rows; r++) {
        for (size_t c = 0; c < n_columns; c++)
            out[c * PANEL_WIDTH + r] = rows[r * stride + c];
    }
}

static void transpose(const float *rows, size_t stride, size_t n_rows, size_t n_columns,
                      float *panel) {
    size_t r = 0;

#ifdef HAVE_VF_TRANSPOSE
    for (; r + LANES <= n_rows; r += LANES) {
        size_t c = 0;
        for (; c + LANES <= n_columns; c += LANES)
            vf_transpose(rows + r * stride + c, stride, panel + c * PANEL_WIDTH + r);
        transpose_scalar(rows + r * stride + c, stride, LANES, n_columns - c,
                         panel + c * PANEL_WIDTH + r);
    }
#endif
    transpose_scalar(rows + r * stride, stride, n_rows - r, n_columns, panel + r);
    for (size_t c = 0; c < n_columns; c++) {
        for (size_t i = n_rows; i < PANEL_WIDTH; i++)
            panel[c * PANEL_WIDTH + i] = 0.0f;
    }
}

/* ---- sums that are the same everywhere -------------------------------------- */

enum { DOT_SUMS = 16, DOT_VECTORS = DOT_SUMS / LANES };

static float dot(const float *a, const float *b, size_t n) {
    VF sums[DOT_VECTORS];
    float lanes[DOT_SUMS];
    size_t i = 0;

    for (size_t v = 0; v < DOT_VECTORS; v++)
        sums[v] = vf_zero();
    for (; i + DOT_SUMS <= n; i += DOT_SUMS) {
        for (size_t v = 0; v < DOT_VECTORS; v++)
            sums[v] =
                vf_add(sums[v], vf_mul(vf_load(a + i + v * LANES), vf_load(b + i + v * LANES)));
    }
    for (size_t v = 0; v < DOT_VECTORS; v++)
        vf_store(lanes + v * LANES, sums[v]);
    for (size_t lane = 0; i < n; i++, lane++)
        lanes[lane] += a[i] * b[i];
    for (size_t half = DOT_SUMS / 2; half > 0; half /= 2) {
        for (size_t lane = 0; lane < half; lane++)
            lanes[lane] += lanes[lane + half];
    }
    return lanes[0];
}

/* Four vectors of columns at a time stay in registers over all rows. */
INLINE void reduce_rows(VF (*step)(VF, VF), const float *rows, size_t stride, size_t n_rows,
                        size_t n, float *out) {
    size_t i = 0;

    for (; i + 4 * LANES <= n; i += 4 * LANES) {
        const float *at = rows + i;
        VF a = vf_load(at), b = vf_load(at + LANES);
        VF c = vf_load(at + 2 * LANES), d = vf_load(at + 3 * LANES);
        for (size_t r = 1; r < n_rows; r++) {
            at += stride;
            a = step(a, vf_load(at));
            b = step(b, vf_load(at + LANES));
            c = step(c, vf_load(at + 2 * LANES));
            d = step(d, vf_load(at + 3 * LANES));
        }
        vf_store(out + i, a);
        vf_store(out + i + LANES, b);
        vf_store(out + i + 2 * LANES, c);
        vf_store(out + i + 3 * LANES, d);
    }
    for (size_t n_here; i < n; i += n_here) {
        n_here = n - i < LANES ? n - i : LANES;
        VF a = vf_load_partial(rows + i, n_here);
        for (size_t r = 1; r < n_rows; r++)
            a = step(a, vf_load_partial(rows + r * stride + i, n_here));
        vf_store_partial(out + i, a, n_here);
    }
}

INLINE VF step_sum(VF a, VF b) {
    return vf_add(a, b);
}

INLINE VF step_highest(VF a, VF b) {
    return vf_max(b, a);
}

static void sum_rows(const float *rows, size_t stride, size_t n_rows, size_t n, float *out) {
    reduce_rows(step_sum, rows, stride, n_rows, n, out);
}

static void highest_of_rows(const float *rows, size_t stride, size_t n_rows, size_t n, float *out) {
    reduce_rows(step_highest, rows, stride, n_rows, n, out);
}

/* ---- 8 bits -------------------------------------------------------------- */

struct quantization {
    float inverse; /* of the scale */
    int32_t zero;
};

static struct quantization choose_quantization(const float *x, size_t n, float *scale) {
    size_t i = 0;
    VF low = vf_zero(), high = vf_zero(); /* zero is always in the range */
    VF other_low = vf_zero(), other_high = vf_zero();

    for (; i + 2 * LANES <= n; i += 2 * LANES) {
        VF left = vf_load(x + i), right = vf_load(x + i + LANES);
        low = vf_min(low, left);
        high = vf_max(high, left);
        other_low = vf_min(other_low, right);
        other_high = vf_max(other_high, right);
    }
    for (; i < n; i += LANES) {
        VF rest = vf_load_partial(x + i, n - i < LANES ? n - i : LANES);
        low = vf_min(low, rest);
        high = vf_max(high, rest);
    }
    float lowest = -vf_highest(vf_sub(vf_zero(), vf_min(low, other_low)));
    float range = vf_highest(vf_max(high, other_high)) - lowest;
    bool usable = range > 1e-30f && range < 1e30f; /* or the row is zero, or worthless */
    /* 254: rounding of value and zero together can reach one step past either end. */
    *scale = usable ? range / 254.0f : 1.0f;
    float inverse = usable ? 254.0f / range : 0.0f;
    VF zero = vf_round(vf_set1(usable ? -lowest * inverse : 0.0f));
    return (struct quantization){.inverse = inverse, .zero = (int32_t)vf_first(zero)};
}

#define QUANTIZE_ROW(type, name, store)                                                            \
    static void name(const float *x, size_t n, void *out, float *scale, int32_t *zero) {           \
        struct quantization quantization = choose_quantization(x, n, scale);                       \
        VF inverse = vf_set1(quantization.inverse);                                                \
        type *at = out;                                                                            \
        size_t i = 0;                                                                              \
        *zero = quantization.zero;                                                                 \
        for (; i + LANES <= n; i += LANES)                                                         \
            store(at + i, vf_mul(vf_load(x + i), inverse), quantization.zero, LANES);              \
        if (i < n)                                                                                 \
            store(at + i, vf_mul(vf_load_partial(x + i, n - i), inverse), quantization.zero,       \
                  n - i);                                                                          \
        for (i = n; i % INT8_GROUP != 0; i++)                                                      \
            at[i] = (type)quantization.zero;                                                       \
    }

#ifdef HAVE_VF_STORE_U8
QUANTIZE_ROW(uint8_t, quantize_row_u8, vf_store_u8)
#endif
#ifdef HAVE_VF_STORE_I16
QUANTIZE_ROW(int16_t, quantize_row_i16, vf_store_i16)
#endif
