/* SPDX-License-Identifier: Apache-2.0
 *
 * From a text to its windows and their features. Scoring and codebook building both start here, so
 * a codebook is always built on exactly what it will later see. */
#ifndef ALKFW_EXTRACT_H
#define ALKFW_EXTRACT_H

#include "alkfw.h"
#include "model/model.h"
#include "model/pooling.h"

/* How a text is cut and read; stored in the codebook. */
struct extract_plan {
    uint32_t window_tokens;  /* content tokens of a window, at most (126) */
    uint32_t overlap_tokens; /* content tokens that neighbours share (30) */
    struct model_tap taps[MODEL_MAX_TAPS];
    size_t n_taps;
};

struct text_window {
    uint32_t first_token; /* content tokens [first_token, end_token) of the text */
    uint32_t end_token;
    uint32_t start; /* bytes of the text that those tokens stand for, [start, end) */
    uint32_t end;
};

struct extraction {
    struct token_list tokens;    /* content tokens of the whole text */
    struct text_window *windows; /* [n_windows] */
    size_t n_windows;
    size_t windows_capacity;
};

/* Tokenises and cuts. A text without any token (empty, only white space) has one window without
 * content. Windows cover every token; all but the last have window_tokens of them; each starts
 * window_tokens - overlap_tokens after the one before it. `extraction` is reused over calls
 * (zero it before the first). */
ALKFW_MUST_CHECK alkfw_status extract_windows(const struct tokenizer *tokenizer,
                                              const struct extract_plan *plan, const char *text,
                                              size_t n_bytes, struct extraction *extraction,
                                              alkfw_error *error);
void extraction_free(struct extraction *extraction);

/* Features of several windows, perhaps of several texts, in one pass of the model.
 * features: [n, n_taps * hidden_size], taps in the plan's order. `visit`, when not NULL, is called
 * once for a window while its hidden states are at hand, with states[i] = [n_tokens, hidden_size]
 * of tap i's layer, special tokens included (the first n_prefix tokens are the template's). */
struct extract_item {
    const struct extraction *extraction;
    size_t window;
};

/* Content tokens of a window. */
size_t extract_item_tokens(const struct extract_item *item);

typedef void extract_visit(void *context, size_t item, const float *features,
                           const float *const *states, size_t n_tokens);
ALKFW_MUST_CHECK alkfw_status extract_features(const struct model *model,
                                               struct model_session *session,
                                               const struct extract_plan *plan,
                                               const struct extract_item *items, size_t n_items,
                                               float *features, extract_visit *visit, void *context,
                                               alkfw_error *error);

#endif
