/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/firewall.h"

/* What the signal would be if the whole window were like this token: the token's state in place of
 * the mean, in every tap that pools by the mean. Other poolings do not split into tokens. */
static double token_value(const struct extract_plan *plan, size_t hidden_size, size_t token,
                          double raw, const float *features, const float *gradient,
                          const float *const *states) {
    double value = raw;

    for (size_t t = 0; t < plan->n_taps; t++) {
        if (plan->taps[t].pooling != POOLING_MEAN)
            continue;
        const float *state = states[t] + token * hidden_size;
        const float *mean = features + t * hidden_size;
        const float *slope = gradient + t * hidden_size;
        float change = 0;
        for (size_t i = 0; i < hidden_size; i++)
            change += slope[i] * (state[i] - mean[i]);
        value += (double)change;
    }
    return value;
}

bool span_of_passage(const alkfw_firewall *firewall, const struct codebook_states *states,
                     float *workspace, struct token_span *span) {
    size_t first, end;

    if (!codebook_find_span(firewall->codebook, states, workspace, &first, &end))
        return false;
    *span = (struct token_span){.first = (uint32_t)first, .end = (uint32_t)end};
    return true;
}

struct token_span span_find(const alkfw_firewall *firewall, const struct codebook_states *states,
                            size_t signal, double raw, const float *features,
                            const float *gradient) {
    const struct extract_plan *plan = &firewall->info->plan;
    size_t hidden_size = firewall->info->hidden_size;
    size_t n_content = states->n_content;
    /* A token counts for the span when it stands nearer to this window than to benign text. */
    double boundary = (raw + codebook_raw(firewall->codebook, signal, 0)) / 2;

    /* The run of tokens with the largest sum above the boundary (Kadane's algorithm). */
    double best_sum = 0, sum = 0;
    size_t best_first = 0, best_end = n_content, first = 0;
    for (size_t i = 0; i < n_content; i++) {
        if (sum <= 0) {
            sum = 0;
            first = i;
        }
        sum += token_value(plan, hidden_size, states->n_prefix + i, raw, features, gradient,
                           states->taps) -
               boundary;
        if (sum > best_sum) {
            best_sum = sum;
            best_first = first;
            best_end = i + 1;
        }
    }
    return (struct token_span){.first = (uint32_t)best_first, .end = (uint32_t)best_end};
}

struct byte_span span_bytes(const struct window_result *result, size_t signal) {
    const struct text_window *window = &result->item.extraction->windows[result->item.window];
    const struct token_list *tokens = &result->item.extraction->tokens;
    struct token_span tokens_of = result->score->spans[signal];
    struct byte_span span = {.start = window->end, .end = window->start};
    size_t start, end;

    for (uint32_t i = tokens_of.first; i < tokens_of.end; i++) {
        size_t token = window->first_token + i;
        if (tokens->starts[token] < span.start)
            span.start = tokens->starts[token];
        if (tokens->ends[token] > span.end)
            span.end = tokens->ends[token];
    }
    if (span.start > span.end)
        span.start = span.end; /* a window without content */
    if (result->view == NULL)
        return span;
    view_origin(result->view, span.start, span.end, &start, &end);
    return (struct byte_span){.start = (uint32_t)start, .end = (uint32_t)end};
}
