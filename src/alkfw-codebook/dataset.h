/* SPDX-License-Identifier: Apache-2.0
 *
 * The windows of a corpus and their features: what the model makes of it. Kept in a file, a
 * codebook can be built with other settings without running the model again. */
#ifndef ALKFW_CODEBOOK_DATASET_H
#define ALKFW_CODEBOOK_DATASET_H

#include "alkfw.h"
#include "alkfw-codebook/corpus.h"
#include "firewall/extract.h"
#include "model/model.h"
#include "support/worker_pool.h"

struct dataset_window {
    size_t row;
    uint32_t n_tokens;
    uint32_t n_span_tokens;     /* of them in the row's span */
    uint32_t n_row_span_tokens; /* tokens of the whole text in its span */
};

struct model_identity {
    char *id;
    char *revision; /* "" when unknown */
    char *architecture;
    char weights_sha256[65];
    char adapter_sha256[65]; /* "": the weights are used as they are */
    uint32_t hidden_size;
    enum model_precision precision;
};

/* Windows, or passages of windows (codebook/passage.h), with their features. */
struct dataset_part {
    size_t n_features;
    struct dataset_window *windows; /* [n_windows], in the order of the rows */
    size_t n_windows;
    size_t *first_window; /* [n_rows + 1]: windows of row i are [first_window[i], [i + 1]) */
    float *features;      /* [n_windows, n_features] */
};

struct dataset {
    struct model_identity model;
    struct extract_plan plan;
    struct dataset_part windows;
    size_t n_passage_taps;                         /* taps that pool by the mean; 0: no passages */
    struct model_tap passage_taps[MODEL_MAX_TAPS]; /* [n_passage_taps] of the plan's layers */
    struct dataset_part passages; /* features: means over the passage's tokens at these taps */
    size_t *first_passage;        /* [windows.n_windows + 1] */
};

/* Called now and then with how far it got; may be NULL. */
typedef void dataset_progress(size_t done, size_t total);

/* Runs the model over the corpus. `identity` is copied but for what the model itself says. Every
 * layer of passage_taps must be that of a tap of the plan. */
ALKFW_MUST_CHECK alkfw_status dataset_extract(struct dataset *dataset, const struct corpus *corpus,
                                              const struct model *model,
                                              const struct model_identity *identity,
                                              const struct extract_plan *plan,
                                              const struct model_tap *passage_taps,
                                              size_t n_passage_taps, size_t n_threads,
                                              dataset_progress *progress, alkfw_error *error);

/* The same windows and passages without features: the texts are cut, the model does not run. */
ALKFW_MUST_CHECK alkfw_status dataset_list(struct dataset *dataset, const struct corpus *corpus,
                                           const struct model *model,
                                           const struct extract_plan *plan,
                                           struct worker_pool *pool, alkfw_error *error);

/* Features of a corpus to and from a safetensors file. Reading checks that they are of this
 * corpus. */
ALKFW_MUST_CHECK alkfw_status dataset_write(const struct dataset *dataset,
                                            const struct corpus *corpus, const char *path,
                                            alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status dataset_read(struct dataset *dataset, const struct corpus *corpus,
                                           const char *path, alkfw_error *error);
void dataset_free(struct dataset *dataset);

#endif
