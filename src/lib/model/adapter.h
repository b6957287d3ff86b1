/* SPDX-License-Identifier: Apache-2.0
 *
 * A low-rank change of a model's weights: W + up · down for some of its matrices (E. Hu et al.,
 * "LoRA: Low-Rank Adaptation of Large Language Models", 2021). The tensors "adapter.NAME.down"
 * [rank, columns] and "adapter.NAME.up" [rows, rank], both F32, of a safetensors file change the
 * weight NAME [rows, columns]. A backend adds it when it reads the weights, and nothing of it is
 * left at run time. Made by scripts/train-adapter; kept in a codebook. */
#ifndef ALKFW_ADAPTER_H
#define ALKFW_ADAPTER_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"
#include "model/digest.h"
#include "model/safetensors.h"

struct adapter;

/* The adapter of a file, which must outlive it; NULL when the file has none. Names, types and
 * shapes are checked, values when they are used. */
ALKFW_MUST_CHECK alkfw_status adapter_read(const struct safetensors *file, struct adapter **result,
                                           alkfw_error *error);
void adapter_free(struct adapter *adapter); /* NULL is fine */

/* A file that holds an adapter and nothing else; adapter_free closes it. */
ALKFW_MUST_CHECK alkfw_status adapter_open(const char *path, struct adapter **result,
                                           alkfw_error *error);

/* The tensors, of each matrix `down` and then `up`. */
size_t adapter_n_tensors(const struct adapter *adapter);
const struct safetensors_tensor *adapter_tensor_at(const struct adapter *adapter, size_t index);

/* The digest of all tensors: what the metadata "adapter.sha256" says, or computed where it says
 * nothing. It tells packed weights apart, so whoever changes weights calls adapter_check first. */
const char *adapter_sha256(const struct adapter *adapter);
/* Whether that is true. */
ALKFW_MUST_CHECK alkfw_status adapter_check(const struct adapter *adapter, alkfw_error *error);

/* The matrices that change, [0, adapter_n_tensors / 2). */
const char *adapter_weight_at(const struct adapter *adapter, size_t index, size_t *n_rows,
                              size_t *n_columns);

/* The change of one weight, its values read and found finite. */
struct adapter_change {
    size_t rank; /* 0: the weight stays as it is */
    size_t n_rows;
    size_t n_columns;
    float *down; /* [rank, n_columns] */
    float *up;   /* [n_rows, rank] */
};

/* adapter NULL: no weight changes. */
ALKFW_MUST_CHECK alkfw_status adapter_find(const struct adapter *adapter, const char *weight,
                                           struct adapter_change *change, alkfw_error *error);
void adapter_change_free(struct adapter_change *change);
/* Adds a row of the change to values [n_columns], or a column of it to values [n_rows]. */
void adapter_add_row(const struct adapter_change *change, size_t row, float *values);
void adapter_add_column(const struct adapter_change *change, size_t column, float *values);

#endif
