/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/linear.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- scatter --------------------------------------------------------------- */

enum { TILE_ROWS = 32, TILE_COLUMNS = 64, STRIP = 16, BATCH = 16 };

struct scatter_job {
    const float *x;
    size_t n_columns;
    const size_t *rows;
    size_t n;
    const double *weights;
    double *scatter;
};

/* A batch of rows, cut to the tile: weighted left factors and right factors. */
struct scatter_batch {
    double left[BATCH][TILE_ROWS];
    double right[BATCH][TILE_COLUMNS];
};

static size_t tiles(size_t n, size_t size) {
    return (n + size - 1) / size;
}

/* sums += sum over the batch of left right^T, a strip of sums at a time in registers. Compiled for
 * several instruction sets; each sum is taken in the same order and without contraction to fused
 * operations (-ffp-contract=off), so all of them give the same bits. */
#if defined(__x86_64__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
static void
add_batch(double sums[TILE_ROWS][TILE_COLUMNS], const struct scatter_batch *batch) {
    for (size_t i = 0; i < TILE_ROWS; i++) {
        for (size_t strip = 0; strip < TILE_COLUMNS; strip += STRIP) {
            double sum[STRIP];
            for (size_t j = 0; j < STRIP; j++)
                sum[j] = sums[i][strip + j];
            for (size_t k = 0; k < BATCH; k++) {
                for (size_t j = 0; j < STRIP; j++)
                    sum[j] += batch->left[k][i] * batch->right[k][strip + j];
            }
            for (size_t j = 0; j < STRIP; j++)
                sums[i][strip + j] = sum[j];
        }
    }
}

/* What lies beyond the last row or column is 0. */
static void fill_batch(struct scatter_batch *batch, const struct scatter_job *job, size_t first,
                       size_t top, size_t left) {
    size_t n_rows = job->n_columns - top < TILE_ROWS ? job->n_columns - top : TILE_ROWS;
    size_t n_columns = job->n_columns - left < TILE_COLUMNS ? job->n_columns - left : TILE_COLUMNS;

    memset(batch, 0, sizeof *batch);
    for (size_t k = 0; k < BATCH && first + k < job->n; k++) {
        size_t row = job->rows[first + k];
        const float *x = job->x + row * job->n_columns;
        for (size_t i = 0; i < n_rows; i++)
            batch->left[k][i] = job->weights[row] * (double)x[top + i];
        for (size_t j = 0; j < n_columns; j++)
            batch->right[k][j] = (double)x[left + j];
    }
}

/* One tile of the result over all rows in order: each element is summed by one thread in one
 * order, however many there are. */
static void scatter_tile(void *context, size_t worker, size_t task) {
    const struct scatter_job *job = context;
    size_t tiles_across = tiles(job->n_columns, TILE_COLUMNS);
    size_t top = task / tiles_across * TILE_ROWS;
    size_t left = task % tiles_across * TILE_COLUMNS;
    double sums[TILE_ROWS][TILE_COLUMNS] = {{0}};
    struct scatter_batch batch;

    (void)worker;
    if (left + TILE_COLUMNS <= top) /* below the diagonal */
        return;
    for (size_t first = 0; first < job->n; first += BATCH) {
        fill_batch(&batch, job, first, top, left);
        add_batch(sums, &batch);
    }
    for (size_t i = 0; i < TILE_ROWS && top + i < job->n_columns; i++) {
        for (size_t j = 0; j < TILE_COLUMNS && left + j < job->n_columns; j++)
            job->scatter[(top + i) * job->n_columns + left + j] += sums[i][j];
    }
}

void linear_add_scatter(struct worker_pool *pool, const float *x, size_t n_columns,
                        const size_t *rows, size_t n, const double *weights, double *scatter) {
    struct scatter_job job = {x, n_columns, rows, n, weights, scatter};

    size_t n_tiles = tiles(n_columns, TILE_ROWS) * tiles(n_columns, TILE_COLUMNS);

    if (pool != NULL) {
        worker_pool_run(pool, n_tiles, scatter_tile, &job);
        return;
    }
    for (size_t tile = 0; tile < n_tiles; tile++)
        scatter_tile(&job, 0, tile);
}

/* ---- basis ----------------------------------------------------------------- */

static void store_component(const double *vector, size_t n, float *row) {
    size_t largest = 0;

    for (size_t i = 1; i < n; i++) {
        if (fabs(vector[i]) > fabs(vector[largest]))
            largest = i;
    }
    double sign = vector[largest] < 0 ? -1 : 1;
    for (size_t i = 0; i < n; i++)
        row[i] = (float)(sign * vector[i]);
}

alkfw_status linear_basis(const double *scatter, size_t n_columns, size_t n_components,
                          float *basis, alkfw_error *error) {
    lapack_int n = (lapack_int)n_columns;
    lapack_int first = (lapack_int)(n_columns - n_components + 1);
    lapack_int n_found = 0;
    double *matrix = malloc(n_columns * n_columns * sizeof *matrix);
    double *vectors = malloc(n_columns * n_components * sizeof *vectors);
    double *values = malloc(n_columns * sizeof *values);
    lapack_int *support = malloc(2 * n_columns * sizeof *support);
    alkfw_status status = ALKFW_OK;

    if (matrix == NULL || vectors == NULL || values == NULL || support == NULL) {
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the basis");
        goto out;
    }
    memcpy(matrix, scatter, n_columns * n_columns * sizeof *matrix);
    /* Row-major upper is column-major lower; LAPACK's own order saves LAPACKE two copies. */
    lapack_int info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'V', 'I', 'L', n, matrix, n, 0, 0, first, n,
                                     0, &n_found, values, vectors, n, support);
    if (info != 0 || n_found != (lapack_int)n_components) {
        status = alkfw_error_set(error, ALKFW_E_RECORD,
                                 "the singular vectors of the features cannot be found");
        goto out;
    }
    for (size_t k = 0; k < n_components; k++) /* the largest comes last */
        store_component(vectors + (n_components - 1 - k) * n_columns, n_columns,
                        basis + k * n_columns);
out:
    free(matrix);
    free(vectors);
    free(values);
    free(support);
    return status;
}

/* ---- discriminants --------------------------------------------------------- */

alkfw_status linear_discriminants(double *covariance, size_t n_columns, double shrinkage,
                                  double *differences, size_t n_right, alkfw_error *error) {
    lapack_int n = (lapack_int)n_columns;
    double trace = 0;

    for (size_t i = 0; i < n_columns; i++)
        trace += covariance[i * n_columns + i];
    for (size_t i = 0; i < n_columns; i++) {
        for (size_t j = i; j < n_columns; j++)
            covariance[i * n_columns + j] *= 1 - shrinkage;
        covariance[i * n_columns + i] += shrinkage * trace / (double)n_columns;
    }
    lapack_int info =
        LAPACKE_dposv(LAPACK_COL_MAJOR, 'L', n, (lapack_int)n_right, covariance, n, differences, n);
    if (info != 0)
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "the features do not vary enough for a discriminant (covariance "
                               "singular at %d of %zu); give more rows or a larger --shrinkage",
                               (int)info, n_columns);
    return ALKFW_OK;
}
