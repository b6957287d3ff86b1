/* SPDX-License-Identifier: Apache-2.0
 *
 * The 8-bit product in plain C, for kernels without a faster one: included after kernels_impl.h. */

static void gemm_int8(const struct gemm_int8 *gemm) {
    size_t n_groups = (gemm->k + INT8_GROUP - 1) / INT8_GROUP;

    for (size_t column = 0; column < gemm->n; column += PANEL_WIDTH) {
        const int8_t *panel = gemm->panels + column * n_groups * INT8_GROUP;
        size_t n_columns = gemm->n - column < PANEL_WIDTH ? gemm->n - column : PANEL_WIDTH;
        for (size_t row = 0; row < gemm->m; row++) {
            const uint8_t *a = gemm->a + row * gemm->lda;
            float *c = gemm->c + row * gemm->ldc + column;
            int32_t sums[PANEL_WIDTH] = {0};
            for (size_t l = 0; l < n_groups * INT8_GROUP; l += INT8_GROUP) {
                const int8_t *b = panel + l * PANEL_WIDTH;
                for (size_t j = 0; j < PANEL_WIDTH; j++)
                    sums[j] += a[l] * b[4 * j] + a[l + 1] * b[4 * j + 1] + a[l + 2] * b[4 * j + 2] +
                               a[l + 3] * b[4 * j + 3];
            }
            for (size_t j = 0; j < n_columns; j++) {
                int32_t sum = sums[j] - gemm->row_zeros[row] * gemm->column_sums[column + j];
                float scale = gemm->row_scales[row] * gemm->column_scales[column + j];
                c[j] = (float)sum * scale + gemm->bias[column + j];
            }
            if (gemm->activation != ACTIVATION_NONE)
                activate_tile(gemm->activation, c, gemm->ldc, 1, n_columns);
        }
    }
}
