/* SPDX-License-Identifier: Apache-2.0
 *
 * The linear algebra of the fit, on LAPACK: scatter matrices, the SVD basis, discriminants. All
 * matrices are row-major. Results do not depend on the number of threads. */
#ifndef ALKFW_CODEBOOK_LINEAR_H
#define ALKFW_CODEBOOK_LINEAR_H

#include <stddef.h>

#include "alkfw.h"
#include "support/worker_pool.h"

/* upper triangle of scatter [n_columns, n_columns] += sum over the n listed rows r of
 * weights[r] x_r x_r^T, with x [*, n_columns]. pool NULL: in the calling thread. */
void linear_add_scatter(struct worker_pool *pool, const float *x, size_t n_columns,
                        const size_t *rows, size_t n, const double *weights, double *scatter);

/* The n_components right singular vectors with the largest singular values of the matrix whose
 * scatter X^T X is given (upper triangle, left unchanged), as rows of basis [n_components,
 * n_columns], each with its largest element positive. */
ALKFW_MUST_CHECK alkfw_status linear_basis(const double *scatter, size_t n_columns,
                                           size_t n_components, float *basis, alkfw_error *error);

/* Solves ((1 - shrinkage) C + shrinkage trace(C) / n I) w = d for each of the n_right rows d of
 * `differences` [n_right, n_columns], which the solutions replace. C (upper triangle) is
 * destroyed. O. Ledoit and M. Wolf, "A well-conditioned estimator for large-dimensional covariance
 * matrices", J. Multivariate Anal. 88 (2004), with the amount of shrinkage given. ALKFW_E_RECORD:
 * the covariance is singular. */
ALKFW_MUST_CHECK alkfw_status linear_discriminants(double *covariance, size_t n_columns,
                                                   double shrinkage, double *differences,
                                                   size_t n_right, alkfw_error *error);

#endif
