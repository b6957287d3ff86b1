/* SPDX-License-Identifier: Apache-2.0 */
#include "codebook/passage.h"

#include <math.h>
#include <stdbool.h>

#include "codebook/codebook.h"
#include "codebook/format.h"

size_t passage_count(size_t n_content) {
    if (n_content <= PASSAGE_TOKENS)
        return 1;
    return 1 + (n_content - PASSAGE_TOKENS + PASSAGE_STEP - 1) / PASSAGE_STEP;
}

void passage_range(size_t n_content, size_t index, size_t *first, size_t *end) {
    *first = index * PASSAGE_STEP;
    *end = *first + PASSAGE_TOKENS;
    if (*end <= n_content)
        return;
    *end = n_content;
    *first = n_content > PASSAGE_TOKENS ? n_content - PASSAGE_TOKENS : 0;
}

/* What each content token adds to the mean of a passage. Content without a token is read as all the
 * tokens of the window. */
static size_t score_tokens(const struct codebook *codebook, const struct codebook_signal *signal,
                           const struct codebook_states *states, float *scores) {
    size_t hidden_size = codebook->info.hidden_size;
    size_t first = states->n_content > 0 ? states->n_prefix : 0;
    size_t n = states->n_content > 0 ? states->n_content : states->n_tokens;

    for (size_t i = 0; i < n; i++) {
        scores[i] = 0;
        for (size_t t = 0; t < signal->n_layers; t++)
            scores[i] += codebook_dot(
                signal->directions + t * hidden_size,
                states->taps[signal->layer_taps[t]] + (first + i) * hidden_size, hidden_size);
    }
    return n;
}

static double mean_of(const float *scores, size_t first, size_t end) {
    double sum = 0;

    for (size_t i = first; i < end; i++)
        sum += (double)scores[i];
    return sum / (double)(end - first);
}

double passage_project(const struct codebook *codebook, const struct codebook_signal *signal,
                       const struct codebook_states *states, float *scores) {
    size_t n = score_tokens(codebook, signal, states, scores);
    double best = -INFINITY;

    for (size_t i = 0; i < passage_count(n); i++) {
        size_t first;
        size_t end;
        passage_range(n, i, &first, &end);
        double mean = mean_of(scores, first, end);
        if (isnan(mean))
            return mean;
        best = fmax(best, mean);
    }
    return best + (double)signal->offsets[0];
}

/* A token is worth the mean of the passages that cover it. */
static double worth_of(const float *scores, size_t n, size_t token) {
    double sum = 0;
    size_t n_passages = 0;

    for (size_t i = 0; i < passage_count(n); i++) {
        size_t first;
        size_t end;
        passage_range(n, i, &first, &end);
        if (token < first || token >= end)
            continue;
        sum += mean_of(scores, first, end);
        n_passages++;
    }
    return sum / (double)n_passages;
}

bool codebook_find_span(const struct codebook *codebook, const struct codebook_states *states,
                        float *workspace, size_t *first, size_t *end) {
    const struct codebook_signal *signal = NULL;
    size_t best = 0;

    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        if (codebook->signals[s].kind == SIGNAL_PASSAGE)
            signal = &codebook->signals[s];
    }
    if (signal == NULL || states->n_content == 0)
        return false;
    float *scores = workspace;
    float *worth = workspace + codebook_workspace_size(codebook) / 2;
    size_t n = score_tokens(codebook, signal, states, scores);
    for (size_t i = 0; i < n; i++) {
        worth[i] = (float)worth_of(scores, n, i);
        if (worth[i] > worth[best])
            best = i;
    }
    float least = worth[best] - (float)signal->spread;
    *first = best;
    *end = best + 1;
    while (*first > 0 && worth[*first - 1] >= least)
        --*first;
    while (*end < n && worth[*end] >= least)
        ++*end;
    return true;
}
