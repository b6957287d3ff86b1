/* SPDX-License-Identifier: Apache-2.0 */
#include "model/pooling.h"

#include <stdio.h>
#include <string.h>

#include "model/kernels/kernels.h"

static const char *const names[] = {
    [POOLING_MEAN] = "mean",
    [POOLING_CLS] = "cls",
    [POOLING_MAX] = "max",
    [POOLING_LAST] = "last",
};

enum { N_NAMES = sizeof names / sizeof names[0], MAX_DIGITS = 4 };

/* Reads one tap at text[0..length). */
static alkfw_status parse_tap(const char *text, size_t length, struct model_tap *tap,
                              alkfw_error *error) {
    const char *colon = memchr(text, ':', length);
    size_t n_digits = colon != NULL ? (size_t)(colon - text) : length;

    tap->layer = 0;
    for (size_t i = 0; i < n_digits; i++) {
        if (text[i] < '0' || text[i] > '9' || i == MAX_DIGITS) {
            n_digits = 0;
            break;
        }
        tap->layer = tap->layer * 10 + (uint32_t)(text[i] - '0');
    }
    if (colon != NULL && n_digits > 0) {
        for (size_t i = 0; i < N_NAMES; i++) {
            if (length - n_digits - 1 == strlen(names[i]) &&
                memcmp(colon + 1, names[i], strlen(names[i])) == 0) {
                tap->pooling = (enum pooling)i;
                return ALKFW_OK;
            }
        }
    }
    return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                           "\"%.*s\" is not LAYER:POOLING with a pooling of mean, cls, max or last",
                           (int)(length < 100 ? length : 100), text);
}

alkfw_status model_taps_parse(const char *text, struct model_tap taps[MODEL_MAX_TAPS],
                              size_t *n_taps, alkfw_error *error) {
    *n_taps = 0;
    for (const char *at = text;;) {
        size_t length = strcspn(at, ",");
        struct model_tap tap;
        alkfw_status status = parse_tap(at, length, &tap, error);
        if (status != ALKFW_OK)
            return status;
        for (size_t i = 0; i < *n_taps; i++) {
            if (taps[i].layer == tap.layer && taps[i].pooling == tap.pooling)
                return alkfw_error_set(error, ALKFW_E_ARGUMENT, "\"%.*s\" is given twice",
                                       (int)length, at);
        }
        if (*n_taps == MODEL_MAX_TAPS)
            return alkfw_error_set(error, ALKFW_E_ARGUMENT, "more than %d places to read",
                                   MODEL_MAX_TAPS);
        taps[(*n_taps)++] = tap;
        if (at[length] == '\0')
            return ALKFW_OK;
        at += length + 1;
    }
}

size_t model_taps_format(const struct model_tap *taps, size_t n_taps, char *out, size_t out_size) {
    size_t length = 0;

    if (out_size > 0)
        out[0] = '\0';
    for (size_t i = 0; i < n_taps; i++) {
        char tap[32];
        int n_bytes = snprintf(tap, sizeof tap, "%s%u:%s", i > 0 ? "," : "", taps[i].layer,
                               names[taps[i].pooling]);
        for (int j = 0; j < n_bytes; j++, length++) {
            if (length + 1 < out_size) {
                out[length] = tap[j];
                out[length + 1] = '\0';
            }
        }
    }
    return length;
}

void pool(enum pooling pooling, const float *states, size_t n_tokens, size_t hidden_size,
          float *out) {
    const struct kernels *kernels = kernels_get();

    switch (pooling) {
    case POOLING_CLS:
        memcpy(out, states, hidden_size * sizeof *out);
        break;
    case POOLING_LAST:
        memcpy(out, states + (n_tokens - 1) * hidden_size, hidden_size * sizeof *out);
        break;
    case POOLING_MEAN:
        kernels->sum_rows(states, hidden_size, n_tokens, hidden_size, out);
        for (size_t i = 0; i < hidden_size; i++)
            out[i] /= (float)n_tokens;
        break;
    case POOLING_MAX:
        kernels->highest_of_rows(states, hidden_size, n_tokens, hidden_size, out);
        break;
    }
}
