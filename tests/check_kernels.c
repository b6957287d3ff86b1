/* SPDX-License-Identifier: Apache-2.0
 *
 * Every kernel that this CPU can run against sums in double precision and against the portable
 * ones. The loop index of a test is the index of the kernel. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/kernels/kernels.h"
#include "run_tests.h"

static const struct kernels *choose(int index) {
    const struct kernels *kernels = kernels_select(kernels_name_at((size_t)index));

    ck_assert_ptr_nonnull(kernels);
    ck_assert_ptr_eq(kernels, kernels_get());
    return kernels;
}

/* ---- data ---------------------------------------------------------------- */

static uint32_t random_state = 1;

static uint32_t next_random(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

static float random_float(void) {
    return (float)next_random() / 8388608.0f - 1.0f; /* in [-1, 1) */
}

/* 64-byte aligned; exact size, so that AddressSanitizer sees what lies behind it. */
static void *allocate(size_t n_bytes) {
    void *memory = NULL;

    ck_assert_int_eq(posix_memalign(&memory, 64, n_bytes > 0 ? n_bytes : 1), 0);
    memset(memory, 0, n_bytes);
    return memory;
}

static size_t round_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

static const struct shape {
    size_t m, k, n;
} shapes[] = {
    {1, 1, 1},    {1, 3, 33},    {2, 5, 31},    {3, 32, 32},   {5, 7, 8},    {6, 64, 96},
    {7, 33, 65},  {13, 16, 16},  {14, 48, 40},  {15, 100, 97}, {16, 4, 128}, {17, 130, 3},
    {29, 20, 70}, {43, 384, 12}, {1, 1536, 32}, {56, 12, 17},
};

enum { N_SHAPES = sizeof shapes / sizeof shapes[0] };

/* ---- fp32 product -------------------------------------------------------- */

struct product {
    struct gemm_f32 gemm;
    float *weights; /* [n, k] */
    float *panels;
    float *bias;
    float *a;
    float *c; /* ldc is n + 3: what lies between rows must stay as it was */
};

static void make_product(struct product *product, const struct shape *shape, float size) {
    size_t m = shape->m, k = shape->k, n = shape->n, n_padded = round_up(n, PANEL_WIDTH);

    product->a = allocate(m * (k + 1) * sizeof(float));
    product->weights = allocate(n * k * sizeof(float));
    product->panels = allocate(n_padded * k * sizeof(float));
    product->bias = allocate(n_padded * sizeof(float));
    product->c = allocate(m * (n + 3) * sizeof(float));
    for (size_t i = 0; i < m * (k + 1); i++)
        product->a[i] = random_float() * size;
    for (size_t j = 0; j < n; j++) {
        product->bias[j] = random_float() * size;
        for (size_t l = 0; l < k; l++) {
            product->weights[j * k + l] = random_float();
            product->panels[j / PANEL_WIDTH * PANEL_WIDTH * k + l * PANEL_WIDTH + j % PANEL_WIDTH] =
                product->weights[j * k + l];
        }
    }
    for (size_t i = 0; i < m * (n + 3); i++)
        product->c[i] = 77.0f;
    product->gemm = (struct gemm_f32){.a = product->a,
                                      .lda = k + 1,
                                      .m = m,
                                      .k = k,
                                      .n = n,
                                      .panels = product->panels,
                                      .bias = product->bias,
                                      .c = product->c,
                                      .ldc = n + 3};
}

static void free_product(struct product *product) {
    free(product->a);
    free(product->weights);
    free(product->panels);
    free(product->bias);
    free(product->c);
}

static double activate(enum activation activation, double x) {
    switch (activation) {
    case ACTIVATION_GELU:
        return 0.5 * x * (1.0 + erf(x / sqrt(2.0)));
    case ACTIVATION_GELU_TANH:
        return 0.5 * x * (1.0 + tanh(sqrt(2.0 / M_PI) * (x + 0.044715 * x * x * x)));
    case ACTIVATION_RELU:
        return x > 0.0 ? x : 0.0;
    case ACTIVATION_SILU:
        return x / (1.0 + exp(-x));
    case ACTIVATION_NONE:
        break;
    }
    return x;
}

static void check_product(const struct product *product) {
    const struct gemm_f32 *gemm = &product->gemm;

    for (size_t i = 0; i < gemm->m; i++) {
        for (size_t j = 0; j < gemm->n; j++) {
            double sum = gemm->bias != NULL ? (double)product->bias[j] : 0.0, size = fabs(sum);
            for (size_t l = 0; l < gemm->k; l++) {
                double term = (double)product->a[i * gemm->lda + l] *
                              (double)product->weights[j * gemm->k + l];
                sum += term;
                size += fabs(term);
            }
            double got = (double)product->c[i * gemm->ldc + j];
            /* The roundings of k additions, and of the activation. */
            double tolerance = size * 6e-8 * (double)(gemm->k + 4) + 1e-6 * (1.0 + fabs(sum));
            ck_assert_double_eq_tol(got, activate(gemm->activation, sum), tolerance);
        }
        for (size_t j = gemm->n; j < gemm->ldc; j++)
            ck_assert_float_eq(product->c[i * gemm->ldc + j], 77.0f);
    }
}

START_TEST(products_agree_with_double_precision) {
    const struct kernels *kernels = choose(_i);

    for (size_t s = 0; s < N_SHAPES; s++) {
        for (int activation = ACTIVATION_NONE; activation <= ACTIVATION_SILU; activation++) {
            struct product product;
            make_product(&product, &shapes[s], activation == ACTIVATION_NONE ? 1e3f : 2.0f);
            product.gemm.activation = (enum activation)activation;
            if (s % 2 == 1)
                product.gemm.bias = NULL;
            kernels->gemm_f32(&product.gemm);
            check_product(&product);
            free_product(&product);
        }
    }
}
END_TEST

START_TEST(a_row_does_not_depend_on_the_others) {
    const struct kernels *kernels = choose(_i);
    const struct shape shape = {29, 200, 70};
    struct product product;
    float row[73];

    make_product(&product, &shape, 1.0f);
    product.gemm.activation = ACTIVATION_GELU;
    kernels->gemm_f32(&product.gemm);
    for (size_t i = 0; i < shape.m; i++) {
        struct gemm_f32 single = product.gemm;
        single.a += i * single.lda;
        single.m = 1;
        single.c = row;
        kernels->gemm_f32(&single);
        ck_assert_mem_eq(row, product.c + i * product.gemm.ldc, shape.n * sizeof *row);
    }
    free_product(&product);
}
END_TEST

/* A product of one input with the weight 1 shows the activation alone. */
static void check_activation(const struct kernels *kernels, enum activation activation,
                             double tolerance) {
    _Alignas(64) float panel[PANEL_WIDTH] = {1.0f};
    float x[64], y[64];

    for (int step = -200; step < 200; step++) {
        for (int i = 0; i < 64; i++)
            x[i] = ((float)step + (float)i / 64.0f) * 0.05f;
        struct gemm_f32 gemm = {.a = x,
                                .lda = 1,
                                .m = 64,
                                .k = 1,
                                .n = 1,
                                .panels = panel,
                                .activation = activation,
                                .c = y,
                                .ldc = 1};
        kernels->gemm_f32(&gemm);
        for (int i = 0; i < 64; i++)
            ck_assert_double_eq_tol((double)y[i], activate(activation, (double)x[i]),
                                    tolerance * (1.0 + fabs((double)x[i])));
    }
}

START_TEST(activations_are_exact_to_a_few_roundings) {
    const struct kernels *kernels = choose(_i);

    check_activation(kernels, ACTIVATION_GELU, 2e-7);
    check_activation(kernels, ACTIVATION_GELU_TANH, 4e-7);
    check_activation(kernels, ACTIVATION_RELU, 1e-12);
    check_activation(kernels, ACTIVATION_SILU, 4e-7);
}
END_TEST

/* ---- rows ---------------------------------------------------------------- */

START_TEST(layer_norm_agrees_with_double_precision) {
    const struct kernels *kernels = choose(_i);

    for (size_t n = 1; n < 70; n++) {
        float *x = allocate(n * sizeof(float)), *residual = allocate(n * sizeof(float));
        float *gamma = allocate(n * sizeof(float)), *beta = allocate(n * sizeof(float));
        float *out = allocate(n * sizeof(float));
        double mean = 0.0, variance = 0.0;
        for (size_t i = 0; i < n; i++) {
            x[i] = random_float() * 3.0f + 1.0f;
            residual[i] = n % 3 == 0 ? 0.0f : random_float();
            gamma[i] = random_float();
            beta[i] = random_float();
            mean += ((double)x[i] + (double)residual[i]) / (double)n;
        }
        for (size_t i = 0; i < n; i++)
            variance += pow((double)x[i] + (double)residual[i] - mean, 2.0) / (double)n;
        kernels->layer_norm(x, n % 3 == 0 ? NULL : residual, gamma, beta, 1e-5f, n, out);
        for (size_t i = 0; i < n; i++) {
            double value = ((double)x[i] + (double)residual[i] - mean) / sqrt(variance + 1e-5);
            ck_assert_double_eq_tol((double)out[i], value * (double)gamma[i] + (double)beta[i],
                                    5e-6);
        }
        /* In place over the residual, as the forward pass does it. */
        kernels->layer_norm(x, residual, gamma, beta, 1e-5f, n, residual);
        ck_assert_mem_eq(residual, out, n * sizeof *out);
        free(x);
        free(residual);
        free(gamma);
        free(beta);
        free(out);
    }
}
END_TEST

START_TEST(rms_norm_agrees_with_double_precision) {
    const struct kernels *kernels = choose(_i);

    for (size_t n = 1; n < 70; n++) {
        float *x = allocate(n * sizeof(float)), *gamma = allocate(n * sizeof(float));
        float *out = allocate(n * sizeof(float));
        double squares = 0.0;
        for (size_t i = 0; i < n; i++) {
            x[i] = random_float() * 3.0f + 1.0f;
            gamma[i] = random_float();
            squares += (double)x[i] * (double)x[i] / (double)n;
        }
        kernels->rms_norm(x, gamma, 1e-5f, n, out);
        for (size_t i = 0; i < n; i++)
            ck_assert_double_eq_tol((double)out[i],
                                    (double)x[i] / sqrt(squares + 1e-5) * (double)gamma[i], 2e-6);
        kernels->rms_norm(x, gamma, 1e-5f, n, x);
        ck_assert_mem_eq(x, out, n * sizeof *out);
        free(x);
        free(gamma);
        free(out);
    }
}
END_TEST

START_TEST(softmax_agrees_with_double_precision) {
    static const float sizes[] = {0.0f, 1.0f, 30.0f, 1e4f, 1e30f};
    const struct kernels *kernels = choose(_i);

    for (size_t n = 1; n < 150; n += n < 40 ? 1 : 13) {
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            float *row = allocate(round_up(n, PANEL_WIDTH) * sizeof *row);
            double *expected = allocate(n * sizeof *expected);
            double sum = 0.0, highest = -INFINITY;
            for (size_t i = 0; i < n; i++) {
                row[i] = random_float() * sizes[s];
                highest = fmax(highest, (double)row[i]);
            }
            for (size_t i = 0; i < n; i++) {
                expected[i] = exp(((double)row[i] - highest) * 0.25);
                sum += expected[i];
            }
            for (size_t i = n; i < round_up(n, PANEL_WIDTH); i++)
                row[i] = 1e30f; /* what was there must not matter */
            kernels->softmax(row, n, 0.25f);
            for (size_t i = 0; i < n; i++)
                ck_assert_double_eq_tol((double)row[i], expected[i] / sum, 2e-6);
            free(row);
            free(expected);
        }
    }
}
END_TEST

START_TEST(transpose_fills_a_panel) {
    const struct kernels *kernels = choose(_i);

    for (size_t n_rows = 1; n_rows <= PANEL_WIDTH; n_rows++) {
        for (size_t n_columns = 1; n_columns < 50; n_columns += 3) {
            size_t stride = n_columns + n_rows % 2;
            float *rows = allocate(n_rows * stride * sizeof *rows);
            float *panel = allocate(n_columns * PANEL_WIDTH * sizeof *panel);
            float *expected = allocate(n_columns * PANEL_WIDTH * sizeof *expected);
            for (size_t i = 0; i < n_rows * stride; i++)
                rows[i] = (float)(i + 1);
            for (size_t i = 0; i < n_columns * PANEL_WIDTH; i++) {
                size_t row = i % PANEL_WIDTH, column = i / PANEL_WIDTH;
                panel[i] = -1.0f;
                expected[i] = row < n_rows ? rows[row * stride + column] : 0.0f;
            }
            kernels->transpose(rows, stride, n_rows, n_columns, panel);
            ck_assert_mem_eq(panel, expected, n_columns * PANEL_WIDTH * sizeof *panel);
            free(rows);
            free(panel);
            free(expected);
        }
    }
}
END_TEST

/* ---- 8 bits -------------------------------------------------------------- */

/* Scales of one show the integer sums themselves. */
/* Bytes as a kernel keeps them. */
static void widen(const uint8_t *bytes, size_t n, size_t size, uint8_t *out) {
    for (size_t i = 0; i < n; i++) {
        int16_t wide = bytes[i];
        if (size == sizeof wide)
            memcpy(out + i * sizeof wide, &wide, sizeof wide);
        else
            out[i] = bytes[i];
    }
}

static void run_int8(const struct kernels *kernels, const struct shape *shape, int extreme,
                     float *c) {
    size_t m = shape->m, k = shape->k, n = shape->n, n_padded = round_up(n, PANEL_WIDTH);
    size_t lda = round_up(k, INT8_GROUP);
    uint8_t *bytes = allocate(m * lda), *a = allocate(m * lda * kernels->quantized_size);
    int8_t *panels = allocate(n_padded * lda);
    float *row_scales = allocate(m * sizeof(float)), *bias = allocate(n_padded * sizeof(float));
    float *scales = allocate(n_padded * sizeof(float));
    int32_t *zeros = allocate(m * sizeof(int32_t)), *sums = allocate(n_padded * sizeof(int32_t));

    random_state = 7;
    for (size_t i = 0; i < m; i++) {
        row_scales[i] = 1.0f;
        zeros[i] = extreme ? (i % 2 == 0 ? 0 : 255) : (int32_t)(next_random() % 256);
        for (size_t l = 0; l < lda; l++)
            bytes[i * lda + l] = extreme ? 255 : (uint8_t)next_random();
    }
    widen(bytes, m * lda, kernels->quantized_size, a);
    for (size_t j = 0; j < n; j++) {
        scales[j] = 1.0f;
        for (size_t l = 0; l < k; l++) {
            int8_t weight = (int8_t)(extreme ? (j % 2 == 0 ? 127 : -127)
                                             : (int32_t)(next_random() % 255) - 127);
            panels[j / PANEL_WIDTH * PANEL_WIDTH * lda + l / INT8_GROUP * INT8_GROUP * PANEL_WIDTH +
                   j % PANEL_WIDTH * INT8_GROUP + l % INT8_GROUP] = weight;
            sums[j] += weight;
        }
    }
    struct gemm_int8 gemm = {.a = a,
                             .lda = lda,
                             .row_scales = row_scales,
                             .row_zeros = zeros,
                             .m = m,
                             .k = k,
                             .n = n,
                             .panels = panels,
                             .column_scales = scales,
                             .column_sums = sums,
                             .bias = bias,
                             .c = c,
                             .ldc = n};
    kernels->gemm_int8(&gemm);
    /* An independent sum of the last element. */
    int64_t sum = 0;
    for (size_t l = 0; l < k; l++) {
        size_t j = n - 1;
        sum +=
            (int64_t)(bytes[(m - 1) * lda + l] - zeros[m - 1]) *
            panels[j / PANEL_WIDTH * PANEL_WIDTH * lda + l / INT8_GROUP * INT8_GROUP * PANEL_WIDTH +
                   j % PANEL_WIDTH * INT8_GROUP + l % INT8_GROUP];
    }
    ck_assert_float_eq(c[m * n - 1], (float)sum);
    free(bytes);
    free(a);
    free(panels);
    free(row_scales);
    free(bias);
    free(scales);
    free(zeros);
    free(sums);
}

START_TEST(int8_sums_are_the_same_integers_everywhere) {
    const struct kernels *kernels = choose(_i);
    const struct kernels *portable = kernels_select("portable");

    for (size_t s = 0; s < N_SHAPES; s++) {
        size_t n_results = shapes[s].m * shapes[s].n;
        float *got = allocate(n_results * sizeof *got);
        float *expected = allocate(n_results * sizeof *expected);
        for (int extreme = 0; extreme < 2; extreme++) {
            run_int8(kernels, &shapes[s], extreme, got);
            run_int8(portable, &shapes[s], extreme, expected);
            ck_assert_mem_eq(got, expected, n_results * sizeof *got);
        }
        free(got);
        free(expected);
    }
}
END_TEST

START_TEST(quantized_rows_are_the_same_everywhere_and_close) {
    static const float sizes[] = {1.0f, 0.0f, 1e-20f, 1e-35f, 1e25f};
    const struct kernels *kernels = choose(_i);
    const struct kernels *portable = kernels_select("portable");

    for (size_t n = 1; n < 80; n++) {
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
            size_t n_padded = round_up(n, INT8_GROUP);
            float *x = allocate(n * sizeof *x);
            size_t size = kernels->quantized_size;
            uint8_t *row = allocate(n_padded * size), *wide = allocate(n_padded * size);
            uint8_t *expected = allocate(n_padded);
            float scale, expected_scale;
            int32_t zero, expected_zero;
            for (size_t i = 0; i < n; i++)
                x[i] =
                    (random_float() + (float)(n % 3) - 1.0f) * sizes[s]; /* all signs, one sign */
            kernels->quantize_row(x, n, row, &scale, &zero);
            portable->quantize_row(x, n, expected, &expected_scale, &expected_zero);
            widen(expected, n_padded, size, wide);
            ck_assert_mem_eq(row, wide, n_padded * size);
            ck_assert_float_eq(scale, expected_scale);
            ck_assert_int_eq(zero, expected_zero);
            ck_assert(zero >= 0 && zero <= 255);
            for (size_t i = 0; i < n && sizes[s] != 1e-35f; i++)
                ck_assert_double_eq_tol((double)scale * (expected[i] - zero), (double)x[i],
                                        0.501 * (double)scale);
            for (size_t i = n; i < n_padded; i++)
                ck_assert_int_eq(expected[i], zero);
            free(x);
            free(row);
            free(wide);
            free(expected);
        }
    }
}
END_TEST

START_TEST(sums_are_the_same_bits_everywhere) {
    const struct kernels *kernels = choose(_i);
    const struct kernels *portable = kernels_select("portable");

    for (size_t n = 1; n < 200; n += n < 70 ? 1 : 13) {
        size_t stride = n + n % 5, n_rows = 1 + n % 9;
        float *rows = allocate(n_rows * stride * sizeof *rows);
        float *got = allocate(n * sizeof *got), *expected = allocate(n * sizeof *expected);
        for (size_t i = 0; i < n_rows * stride; i++)
            rows[i] = random_float();
        ck_assert(kernels->dot(rows, rows, n) == portable->dot(rows, rows, n));
        kernels->sum_rows(rows, stride, n_rows, n, got);
        portable->sum_rows(rows, stride, n_rows, n, expected);
        ck_assert_mem_eq(got, expected, n * sizeof *got);
        kernels->highest_of_rows(rows, stride, n_rows, n, got);
        for (size_t i = 0; i < n; i++) {
            float sum = 0.0f, highest = rows[i];
            for (size_t r = 0; r < n_rows; r++) {
                sum += rows[r * stride + i];
                highest = fmaxf(highest, rows[r * stride + i]);
            }
            ck_assert(expected[i] == sum);
            ck_assert(got[i] == highest);
        }
        free(rows);
        free(got);
        free(expected);
    }
}
END_TEST

START_TEST(unknown_kernels_change_nothing) {
    const struct kernels *before = kernels_select(NULL);

    ck_assert_ptr_null(kernels_select("abacus"));
    ck_assert_ptr_eq(kernels_get(), before);
    ck_assert_str_eq(kernels_select("portable")->name, "portable");
    ck_assert_ptr_eq(kernels_select(NULL), before);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("kernels");
    int n_kernels = 0;

    while (kernels_name_at((size_t)n_kernels) != NULL)
        n_kernels++;
    tcase_add_loop_test(tests, products_agree_with_double_precision, 0, n_kernels);
    tcase_add_loop_test(tests, a_row_does_not_depend_on_the_others, 0, n_kernels);
    tcase_add_loop_test(tests, activations_are_exact_to_a_few_roundings, 0, n_kernels);
    tcase_add_loop_test(tests, layer_norm_agrees_with_double_precision, 0, n_kernels);
    tcase_add_loop_test(tests, rms_norm_agrees_with_double_precision, 0, n_kernels);
    tcase_add_loop_test(tests, softmax_agrees_with_double_precision, 0, n_kernels);
    tcase_add_loop_test(tests, transpose_fills_a_panel, 0, n_kernels);
    tcase_add_loop_test(tests, int8_sums_are_the_same_integers_everywhere, 0, n_kernels);
    tcase_add_loop_test(tests, quantized_rows_are_the_same_everywhere_and_close, 0, n_kernels);
    tcase_add_loop_test(tests, sums_are_the_same_bits_everywhere, 0, n_kernels);
    tcase_add_test(tests, unknown_kernels_change_nothing);
    return run_tests("kernels", tests);
}
