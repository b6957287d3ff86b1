/* SPDX-License-Identifier: Apache-2.0
 *
 * What a codebook holds in memory and how its parts are called in the file (doc/formats.md). For
 * the files of this folder and for alkfw-codebook, which fills a codebook and writes it; everybody
 * else uses codebook.h. */
#ifndef ALKFW_CODEBOOK_FORMAT_H
#define ALKFW_CODEBOOK_FORMAT_H

#include "codebook/codebook.h"
#include "codebook/spline.h"
#include "model/digest.h"
#include "model/safetensors.h"

#define CODEBOOK_FORMAT "alkfw-codebook/1"

enum {
    CODEBOOK_MAX_DIRECTIONS = 256,
    CODEBOOK_MAX_FEATURES = 1 << 16,
    CODEBOOK_MAX_NAME = 32,
    CODEBOOK_MAX_METADATA = 256 /* entries */
};

/* Distribution of one statistic over benign and over hostile text. */
struct codebook_distribution {
    struct spline benign;   /* raw -> log-odds of the CDF over benign windows */
    struct spline hostile;  /* the same over hostile windows */
    double window_exponent; /* in [0, 1]: n windows count as n^window_exponent independent ones */
    double operating_p[SENSITIVITY_COUNT]; /* p-value of a text at each operating point */
};

enum signal_kind {
    SIGNAL_DIRECTION, /* soft maximum of projections on directions */
    SIGNAL_UNION,     /* soft maximum of the SIGNAL_DIRECTION signals that stand before it */
    SIGNAL_PASSAGE,   /* largest projection of a passage (passage.h) on a direction */
    SIGNAL_RESIDUAL   /* energy outside the basis */
};

struct codebook_signal {
    char name[CODEBOOK_MAX_NAME + 1];
    enum signal_kind kind;
    size_t n_directions;               /* of SIGNAL_DIRECTION: at least 1 in a file */
    float *directions;                 /* [n_directions, n_features], of standardised features; of a
                                          SIGNAL_PASSAGE [n_layers, hidden_size], of states as they are */
    size_t n_layers;                   /* of SIGNAL_PASSAGE */
    uint32_t layers[MODEL_MAX_TAPS];   /* [n_layers] */
    size_t layer_taps[MODEL_MAX_TAPS]; /* [n_layers]: the first tap of the plan on that layer */
    double spread;  /* of SIGNAL_PASSAGE: a span's tokens are at most this below the best; > 0 */
    float *offsets; /* [n_directions] */
    double temperature; /* > 0; raw = temperature * ln sum exp(projections / temperature) */
    struct codebook_distribution distribution;
};

struct codebook {
    struct codebook_info info;
    float *mean;  /* [n_features] */
    float *scale; /* [n_features], > 0 */
    float *basis; /* [n_components, n_features], orthonormal rows */
    struct codebook_signal signals[CODEBOOK_MAX_SIGNALS]; /* [info.n_signals] */
    struct codebook_distribution compositions[COMPOSITION_COUNT];
    /* Of COMPOSITION_LOGISTIC, on raw values; the last is the constant. */
    double weights[CODEBOOK_MAX_SIGNALS + 1];
    char sha256[DIGEST_HEX_SIZE];
    struct adapter *adapter;  /* owned; NULL: the model's weights are used as they are */
    struct safetensors *file; /* owns the strings of info; NULL for a codebook being built */
};

/* Lower-case letters, digits, '_' and '-', 1 to CODEBOOK_MAX_NAME of them. */
bool codebook_name_is_valid(const char *name);

const char *signal_kind_name(enum signal_kind kind); /* "direction", "union", ... */

/* Finds layer_taps of the plan; false when a layer has no tap. */
bool codebook_find_layers(const struct codebook *codebook, struct codebook_signal *signal);

/* Sum of products in an order that no instruction set changes. */
float codebook_dot(const float *a, const float *b, size_t n);

/* Raw value of a SIGNAL_PASSAGE; scores: [plan.window_tokens + special tokens] scratch. */
double passage_project(const struct codebook *codebook, const struct codebook_signal *signal,
                       const struct codebook_states *states, float *scores);

/* The statistic of a composition before its benign spline turns it into evidence. */
double codebook_statistic_value(const struct codebook *codebook, enum composition composition,
                                const double *evidence);

/* Releases the arrays and the file, not the struct itself. */
void codebook_clear(struct codebook *codebook);

/* Writes a codebook whose parts are all set (info.sha256 excepted) atomically. */
ALKFW_MUST_CHECK alkfw_status codebook_write(const struct codebook *codebook, const char *path,
                                             alkfw_error *error);

#endif
