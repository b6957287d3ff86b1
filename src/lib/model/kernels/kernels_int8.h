/* SPDX-License-Identifier: Apache-2.0
 *
 * The 8-bit product, written once over what an instruction set does with one group of inputs.
 * Included after kernels_impl.h, once for each product of a file, with these macros, which it
 * undefines:
 *
 *   INT8_NAME(part)       name of a function of this product
 *   INT8_TARGET           attributes of the functions that use it
 *   INT8_ROWS             rows of the register block: 4, 6, 12 or 14
 *   INT8_COLUMNS          its columns; divides PANEL_WIDTH
 *   INT8_INPUT            type of an input, of kernels.quantized_size
 *   INT8_DECLARE(i)       declares the sums of row i
 *   INT8_LOAD(weights)    loads the INT8_COLUMNS x INT8_GROUP weights at `weights`
 *   INT8_STEP(i)          adds products of the group at a##i + l
 *   INT8_BEFORE_STORE     loads what the rows share
 *   INT8_STORE(i)         the sums of row i to gemm->c
 */
#define INT8_POINT(i) const INT8_INPUT *a##i = a + i * gemm->lda;
#define INT8_TILE(n_rows)                                                                          \
    INT8_TARGET static void INT8_NAME(tile_##n_rows)(const struct gemm_int8 *gemm, size_t row,     \
                                                     size_t column) {                              \
        size_t k = (gemm->k + INT8_GROUP - 1) / INT8_GROUP * INT8_GROUP;                           \
        const INT8_INPUT *a = (const INT8_INPUT *)gemm->a + row * gemm->lda;                       \
        const int8_t *panel = gemm->panels + column / PANEL_WIDTH * PANEL_WIDTH * k +              \
                              column % PANEL_WIDTH * INT8_GROUP;                                   \
        REPEAT_##n_rows(INT8_POINT) REPEAT_##n_rows(INT8_DECLARE) /**/                             \
            for (size_t l = 0; l < k; l += INT8_GROUP){                                            \
                INT8_LOAD(panel + l * PANEL_WIDTH)                                                 \
                    REPEAT_##n_rows(INT8_STEP)} INT8_BEFORE_STORE REPEAT_##n_rows(INT8_STORE)      \
    }

FOR_EACH_UP_TO(INT8_ROWS, INT8_TILE)

#define INT8_TILE_ENTRY(n_rows) [n_rows] = INT8_NAME(tile_##n_rows),
static void (*const INT8_NAME(tiles)[INT8_ROWS + 1])(const struct gemm_int8 *gemm, size_t row,
                                                     size_t column) = {
    FOR_EACH_UP_TO(INT8_ROWS, INT8_TILE_ENTRY)};

static void INT8_NAME(gemm)(const struct gemm_int8 *gemm) {
    for (size_t column = 0; column < gemm->n; column += INT8_COLUMNS) {
        size_t n_columns = gemm->n - column < INT8_COLUMNS ? gemm->n - column : INT8_COLUMNS;
        size_t n_rows;
        for (size_t row = 0; row < gemm->m; row += n_rows) {
            n_rows = block_rows(gemm->m, row, INT8_ROWS);
            INT8_NAME(tiles)[n_rows](gemm, row, column);
            if (gemm->activation != ACTIVATION_NONE)
                activate_tile(gemm->activation, gemm->c + row * gemm->ldc + column, gemm->ldc,
                              n_rows, n_columns);
        }
    }
}

#undef INT8_POINT
#undef INT8_TILE
#undef INT8_TILE_ENTRY
#undef INT8_NAME
#undef INT8_TARGET
#undef INT8_ROWS
#undef INT8_COLUMNS
#undef INT8_INPUT
#undef INT8_DECLARE
#undef INT8_LOAD
#undef INT8_STEP
#undef INT8_BEFORE_STORE
#undef INT8_STORE
