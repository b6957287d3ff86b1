/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/extract.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT_BYTES = INT32_MAX };

static bool reserve_windows(struct extraction *extraction, size_t n_windows) {
    if (n_windows <= extraction->windows_capacity)
        return true;
    if (n_windows > SIZE_MAX / sizeof *extraction->windows)
        return false;
    struct text_window *windows =
        realloc(extraction->windows, n_windows * sizeof *extraction->windows);
    if (windows == NULL)
        return false;
    extraction->windows = windows;
    extraction->windows_capacity = n_windows;
    return true;
}

/* The bytes that tokens [first, end) stand for. Offsets of neighbours can overlap or run backwards
 * where normalisation reorders marks, so it is the extremes that count. */
static void set_bytes(struct text_window *window, const struct token_list *tokens) {
    window->start = 0;
    window->end = 0;
    for (uint32_t i = window->first_token; i < window->end_token; i++) {
        if (i == window->first_token || tokens->starts[i] < window->start)
            window->start = tokens->starts[i];
        if (tokens->ends[i] > window->end)
            window->end = tokens->ends[i];
    }
}

alkfw_status extract_windows(const struct tokenizer *tokenizer, const struct extract_plan *plan,
                             const char *text, size_t n_bytes, struct extraction *extraction,
                             alkfw_error *error) {
    if (n_bytes > MAX_TEXT_BYTES)
        return alkfw_error_set(error, ALKFW_E_LIMIT,
                               "a text of %zu bytes is over the %d that can be scanned", n_bytes,
                               MAX_TEXT_BYTES);
    alkfw_status status = tokenizer_encode(tokenizer, text, n_bytes, &extraction->tokens, error);
    if (status != ALKFW_OK)
        return status;

    size_t n_tokens = extraction->tokens.n_tokens;
    size_t step = plan->window_tokens - plan->overlap_tokens;
    size_t n_windows = n_tokens <= plan->window_tokens
                           ? 1
                           : 1 + (n_tokens - plan->window_tokens + step - 1) / step;
    if (!reserve_windows(extraction, n_windows))
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu windows", n_windows);
    for (size_t i = 0; i < n_windows; i++) {
        struct text_window *window = &extraction->windows[i];
        size_t first = i * step;
        size_t end = first + plan->window_tokens;
        window->first_token = (uint32_t)first;
        window->end_token = (uint32_t)(end < n_tokens ? end : n_tokens);
        set_bytes(window, &extraction->tokens);
    }
    extraction->n_windows = n_windows;
    return ALKFW_OK;
}

void extraction_free(struct extraction *extraction) {
    token_list_free(&extraction->tokens);
    free(extraction->windows);
    memset(extraction, 0, sizeof *extraction);
}

size_t extract_item_tokens(const struct extract_item *item) {
    const struct text_window *window = &item->extraction->windows[item->window];
    return window->end_token - window->first_token;
}

/* The layers that the taps read, each once, rising; index[i] is where tap i's layer is in them. */
static size_t layers_of(const struct extract_plan *plan, uint32_t layers[MODEL_MAX_TAPS],
                        size_t index[MODEL_MAX_TAPS]) {
    size_t n_layers = 0;

    for (size_t i = 0; i < plan->n_taps; i++) {
        size_t at = 0;
        while (at < n_layers && layers[at] < plan->taps[i].layer)
            at++;
        if (at < n_layers && layers[at] == plan->taps[i].layer)
            continue;
        memmove(&layers[at + 1], &layers[at], (n_layers - at) * sizeof layers[0]);
        layers[at] = plan->taps[i].layer;
        n_layers++;
    }
    for (size_t i = 0; i < plan->n_taps; i++) {
        index[i] = 0;
        while (layers[index[i]] != plan->taps[i].layer)
            index[i]++;
    }
    return n_layers;
}

/* Writes the windows' ids, template included, one after the other. */
static void fill_batch(const struct tokenizer_template *template, const struct extract_item *items,
                       size_t n_items, int32_t *ids, uint32_t *offsets) {
    uint32_t n_ids = 0;

    for (size_t i = 0; i < n_items; i++) {
        const struct extraction *extraction = items[i].extraction;
        const struct text_window *window = &extraction->windows[items[i].window];
        size_t n_content = extract_item_tokens(&items[i]);
        offsets[i] = n_ids;
        for (size_t j = 0; j < template->n_prefix; j++)
            ids[n_ids++] = template->prefix[j];
        if (n_content > 0)
            memcpy(ids + n_ids, extraction->tokens.ids + window->first_token,
                   n_content * sizeof *ids);
        n_ids += (uint32_t)n_content;
        for (size_t j = 0; j < template->n_suffix; j++)
            ids[n_ids++] = template->suffix[j];
    }
    offsets[n_items] = n_ids;
}

static void pool_items(const struct extract_plan *plan, const struct model_batch *batch,
                       const size_t *index, const float *const *states, size_t hidden_size,
                       float *features, extract_visit *visit, void *context) {
    for (size_t i = 0; i < batch->n_windows; i++) {
        const float *tap_states[MODEL_MAX_TAPS];
        size_t n_tokens = batch->offsets[i + 1] - batch->offsets[i];
        float *out = features + i * plan->n_taps * hidden_size;

        for (size_t t = 0; t < plan->n_taps; t++) {
            tap_states[t] = states[index[t]] + (size_t)batch->offsets[i] * hidden_size;
            pool(plan->taps[t].pooling, tap_states[t], n_tokens, hidden_size,
                 out + t * hidden_size);
        }
        if (visit != NULL)
            visit(context, i, out, tap_states, n_tokens);
    }
}

alkfw_status extract_features(const struct model *model, struct model_session *session,
                              const struct extract_plan *plan, const struct extract_item *items,
                              size_t n_items, float *features, extract_visit *visit, void *context,
                              alkfw_error *error) {
    const struct tokenizer_template *template = tokenizer_get_template(model_get_tokenizer(model));
    uint32_t layers[MODEL_MAX_TAPS];
    size_t index[MODEL_MAX_TAPS];
    const float *states[MODEL_MAX_TAPS];
    size_t n_layers = layers_of(plan, layers, index);
    size_t n_ids = 0;

    for (size_t i = 0; i < n_items; i++)
        n_ids += extract_item_tokens(&items[i]) + template->n_prefix + template->n_suffix;
    int32_t *ids = malloc((n_ids + n_items + 1) * sizeof *ids);
    if (ids == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu tokens", n_ids);
    uint32_t *offsets = (uint32_t *)(ids + n_ids);
    fill_batch(template, items, n_items, ids, offsets);

    struct model_batch batch = {.ids = ids, .offsets = offsets, .n_windows = n_items};
    alkfw_status status =
        model_hidden_states(model, session, &batch, layers, n_layers, states, error);
    if (status == ALKFW_OK)
        pool_items(plan, &batch, index, states, model_get_info(model)->hidden_size, features, visit,
                   context);
    free(ids);
    return status;
}
