/* SPDX-License-Identifier: Apache-2.0
 *
 * From the hidden states of a window's tokens to one vector. */
#ifndef ALKFW_POOLING_H
#define ALKFW_POOLING_H

#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"

enum pooling { POOLING_MEAN = 0, POOLING_CLS, POOLING_MAX, POOLING_LAST };

/* Where activations are read: "3:mean" is the mean of layer 3 over all tokens of the
 * window, special tokens included. */
struct model_tap {
    uint32_t layer;
    enum pooling pooling;
};

enum { MODEL_MAX_TAPS = 16 };

/* "3:mean,5:mean,5:cls,3:max" and back. At most MODEL_MAX_TAPS, each at most once. */
ALKFW_MUST_CHECK alkfw_status model_taps_parse(const char *text,
                                               struct model_tap taps[MODEL_MAX_TAPS],
                                               size_t *n_taps, alkfw_error *error);
/* Writes the text form to out (cut when out_size is too small) and returns its length. */
size_t model_taps_format(const struct model_tap *taps, size_t n_taps, char *out, size_t out_size);

/* states: [n_tokens, hidden_size], n_tokens > 0; out: [hidden_size]. */
void pool(enum pooling pooling, const float *states, size_t n_tokens, size_t hidden_size,
          float *out);

#endif
