/* SPDX-License-Identifier: Apache-2.0
 *
 * Speed of the matrix products on the shapes of MiniLM, for each kernel that this CPU can run,
 * against the peak: multiply-adds that touch registers only. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/kernels/kernels.h"

static double cpu_seconds(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void *random_bytes(size_t n_bytes) {
    unsigned char *bytes = aligned_alloc(64, (n_bytes + 63) / 64 * 64);

    if (bytes == NULL)
        exit(EXIT_FAILURE);
    for (size_t i = 0; i < n_bytes; i++)
        bytes[i] = (unsigned char)(rand() >> 8 & 63);
    return bytes;
}

static float *random_floats(size_t n) {
    float *values = random_bytes(n * sizeof *values);

    for (size_t i = 0; i < n; i++)
        values[i] = (float)(rand() & 1023) / 512.0f - 1.0f;
    return values;
}

/* Billions of multiply-adds a second of a product that stays in the first-level cache: one panel
 * of 64 inputs and the rows of one register block. */
static double peak(const struct kernels *kernels) {
    enum { ROWS = 84, INPUTS = 64, REPEATS = 20000 };
    float *a = random_floats(ROWS * INPUTS);
    float *panels = random_floats(PANEL_WIDTH * INPUTS);
    float *c = random_floats(ROWS * PANEL_WIDTH);
    struct gemm_f32 gemm = {.a = a,
                            .lda = INPUTS,
                            .m = ROWS,
                            .k = INPUTS,
                            .n = PANEL_WIDTH,
                            .panels = panels,
                            .c = c,
                            .ldc = PANEL_WIDTH};
    double best = 0.0;

    for (int round = 0; round < 5; round++) {
        double start = cpu_seconds();
        for (int i = 0; i < REPEATS / 10; i++)
            kernels->gemm_f32(&gemm);
        double speed =
            1e-9 * ROWS * INPUTS * PANEL_WIDTH * (REPEATS / 10) / (cpu_seconds() - start);
        best = speed > best ? speed : best;
    }
    free(a);
    free(panels);
    free(c);
    return best;
}

static void measure(const struct kernels *kernels, size_t m, size_t k, size_t n) {
    float *a = random_floats(m * k);
    void *bytes = random_bytes(m * k * kernels->quantized_size);
    float *panels = random_floats(n * k);
    float *bias = random_floats(n);
    int32_t *sums = random_bytes(n * sizeof *sums);
    float *c = random_floats(m * n);
    int32_t *zeros = random_bytes(m * sizeof *zeros);
    struct gemm_f32 gemm = {
        .a = a, .lda = k, .m = m, .k = k, .n = n, .panels = panels, .bias = bias, .c = c, .ldc = n};
    struct gemm_int8 gemm_int8 = {.a = bytes,
                                  .lda = k,
                                  .row_scales = a,
                                  .row_zeros = zeros,
                                  .m = m,
                                  .k = k,
                                  .n = n,
                                  .panels = (const int8_t *)panels,
                                  .column_scales = bias,
                                  .column_sums = sums,
                                  .bias = bias,
                                  .c = c,
                                  .ldc = n};
    int repeats = (int)(400000000.0 / (double)(m * k * n)) + 1;
    double best = 0.0, best_int8 = 0.0;

    for (int round = 0; round < 5; round++) {
        double start = cpu_seconds();
        for (int i = 0; i < repeats; i++)
            kernels->gemm_f32(&gemm);
        double middle = cpu_seconds();
        for (int i = 0; i < repeats; i++)
            kernels->gemm_int8(&gemm_int8);
        double work = 1e-9 * (double)(m * k * n) * repeats;
        double speed = work / (middle - start), speed_int8 = work / (cpu_seconds() - middle);
        best = speed > best ? speed : best;
        best_int8 = speed_int8 > best_int8 ? speed_int8 : best_int8;
    }
    printf("%-12s %4zu x %4zu x %4zu   fp32 %6.1f G/s   int8 %6.1f G/s\n", kernels->name, m, k, n,
           best, best_int8);
    free(a);
    free(bytes);
    free(panels);
    free(bias);
    free(sums);
    free(c);
    free(zeros);
}

int main(int argc, char **argv) {
    for (size_t i = 0; kernels_name_at(i) != NULL; i++) {
        if (argc > 1 && strcmp(argv[1], kernels_name_at(i)) != 0)
            continue;
        const struct kernels *kernels = kernels_select(kernels_name_at(i));
        printf("%-12s peak %.1f G multiply-adds/s\n", kernels->name, peak(kernels));
        measure(kernels, 14, 384, 1152);
        measure(kernels, 128, 384, 384);
        measure(kernels, 128, 384, 1152);
        measure(kernels, 128, 384, 1536);
        measure(kernels, 128, 1536, 384);
        measure(kernels, 256, 384, 1536);
        measure(kernels, 256, 1536, 384);
    }
    return EXIT_SUCCESS;
}
