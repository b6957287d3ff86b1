/* SPDX-License-Identifier: Apache-2.0 */
#include "model/native/attention.h"

#include <string.h>

#include "model/native/layout.h"

/* ---- working memory ------------------------------------------------------ */

/* Rows of the relative embeddings that windows of n_tokens can reach. */
static size_t reachable_rows(const struct model_config *config, size_t n_tokens) {
    size_t n_rows = 2 * (size_t)config->relative_span;

    return n_rows < 2 * n_tokens - 1 ? n_rows : 2 * n_tokens - 1;
}

size_t attention_lay_out(struct attention_memory *memory, unsigned char *bytes,
                         const struct model_config *config, size_t n_tokens) {
    size_t head = config->head_size, n_padded = round_up(n_tokens, PANEL_WIDTH);
    size_t n_rows =
        config->relative_span == 0 ? 0 : round_up(reachable_rows(config, n_tokens), PANEL_WIDTH);
    size_t table = n_tokens * config->rotary_size / 2 * sizeof(float);
    size_t offset = 0;

    memory->n_tokens = n_tokens;
    memory->keys = layout_take(bytes, &offset, n_padded * head * sizeof(float));
    memory->values =
        layout_take(bytes, &offset, n_tokens * round_up(head, PANEL_WIDTH) * sizeof(float));
    memory->scores = layout_take(bytes, &offset, SCORE_ROWS * n_padded * sizeof(float));
    for (size_t i = 0; i < 2; i++) {
        memory->cosines[i] = layout_take(bytes, &offset, table);
        memory->sines[i] = layout_take(bytes, &offset, table);
    }
    memory->rows = layout_take(bytes, &offset, n_rows > 0 ? 2 * n_tokens * sizeof(uint32_t) : 0);
    memory->row_panels = layout_take(bytes, &offset, n_rows * head * sizeof(float));
    memory->row_scores = layout_take(bytes, &offset, SCORE_ROWS * n_rows * sizeof(float));
    memory->row_scores_keys = layout_take(bytes, &offset, n_tokens * n_rows * sizeof(float));
    return offset;
}

void attention_prepare(struct attention_memory *memory, const struct model_config *config) {
    const struct rope *ropes[2] = {&config->rope, &config->windowed_rope};

    for (size_t i = 0; i < 2 && config->rotary_size > 0; i++)
        rope_tables(ropes[i], config->rotary_size, memory->n_tokens, memory->cosines[i],
                    memory->sines[i]);
    if (config->relative_span > 0)
        model_config_relative_rows(config, (uint32_t)memory->n_tokens, memory->rows);
}

/* ---- one window ---------------------------------------------------------- */

struct window {
    const struct model_config *config;
    const struct kernels *kernels;
    struct attention_memory *memory;
    const struct pack_layer *layer;
    uint32_t block;
    size_t n_tokens;
    size_t stride; /* of a token in qkv */
};

/* Norms of queries and keys, and rotary positions, head by head. */
static void prepare_head(const struct window *window, float *head, const float *norm,
                         size_t token) {
    const struct model_config *config = window->config;
    size_t which = config->windowed[window->block], half = config->rotary_size / 2;

    if (norm != NULL)
        window->kernels->rms_norm(head, norm, config->norm_epsilon, config->head_size, head);
    if (half > 0)
        rope_turn(head, config->rotary_size, window->memory->cosines[which] + token * half,
                  window->memory->sines[which] + token * half);
}

static void prepare_heads(const struct window *window, float *qkv) {
    const struct model_config *config = window->config;

    if (config->rotary_size == 0 && window->layer->query_norm == NULL)
        return;
    for (size_t t = 0; t < window->n_tokens; t++) {
        float *head = qkv + t * window->stride;
        for (size_t i = 0; i < config->n_heads; i++, head += config->head_size)
            prepare_head(window, head, window->layer->query_norm, t);
        for (size_t i = 0; i < config->n_key_heads; i++, head += config->head_size)
            prepare_head(window, head, window->layer->key_norm, t);
    }
}

/* n_rows rows, `stride` apart, to panels that they are the outputs of. */
static void pack_rows(const struct kernels *kernels, const float *rows, size_t stride,
                      size_t n_rows, size_t head_size, float *panels) {
    for (size_t row = 0; row < n_rows; row += PANEL_WIDTH)
        kernels->transpose(rows + row * stride, stride,
                           n_rows - row < PANEL_WIDTH ? n_rows - row : PANEL_WIDTH, head_size,
                           panels + row * head_size);
}

/* Keys, transposed, and values of one head as panels for the matrix product. */
static void pack_head(const struct window *window, const float *keys, const float *values) {
    size_t n_tokens = window->n_tokens, head_size = window->config->head_size;

    pack_rows(window->kernels, keys, window->stride, n_tokens, head_size, window->memory->keys);
    for (size_t i = 0; i < head_size; i += PANEL_WIDTH) {
        size_t width = head_size - i < PANEL_WIDTH ? head_size - i : PANEL_WIDTH;
        float *panel = window->memory->values + i * n_tokens;
        for (size_t t = 0; t < n_tokens; t++) {
            memcpy(panel + t * PANEL_WIDTH, values + t * window->stride + i, width * sizeof(float));
            for (size_t j = width; j < PANEL_WIDTH; j++)
                panel[t * PANEL_WIDTH + j] = 0.0f;
        }
    }
}

/* ---- relative positions -------------------------------------------------- */

/* The rows that distances of this window use: rows[0 ... n), each relative to the first. */
struct relative {
    const uint32_t *rows; /* [2 * n_tokens - 1] by query - key + n_tokens - 1 */
    uint32_t first;
    size_t n;
    size_t n_padded;
};

static struct relative relative_of(const struct window *window) {
    size_t n_tokens = window->n_tokens;
    const uint32_t *rows = window->memory->rows + (window->memory->n_tokens - n_tokens);
    size_t n = rows[2 * n_tokens - 2] - rows[0] + (size_t)1;

    return (struct relative){rows, rows[0], n, round_up(n, PANEL_WIDTH)};
}

/* out[m, n_padded] = states (rows `stride` apart) times the head's projected embeddings. */
static void score_rows(const struct window *window, const struct relative *relative,
                       const float *embeddings, size_t head, const float *states, size_t m,
                       float *out) {
    size_t head_size = window->config->head_size;
    size_t width = window->config->n_heads * head_size;
    struct gemm_f32 gemm = {.a = states,
                            .lda = window->stride,
                            .m = m,
                            .k = head_size,
                            .n = relative->n_padded,
                            .panels = window->memory->row_panels,
                            .c = out,
                            .ldc = relative->n_padded};

    pack_rows(window->kernels, embeddings + relative->first * width + head * head_size, width,
              relative->n, head_size, window->memory->row_panels);
    window->kernels->gemm_f32(&gemm);
}

/* Adds what query and key make of the distance between them to n_rows rows of scores (He et al.,
 * 2021, equation 4; its second and third term). */
static void add_relative(const struct window *window, size_t head, const float *queries,
                         size_t first, size_t n_rows, size_t n_padded) {
    const struct pack_layer *layer = window->layer;
    struct attention_memory *memory = window->memory;
    struct relative relative = relative_of(window);

    if (layer->relative_keys != NULL)
        score_rows(window, &relative, layer->relative_keys, head, queries, n_rows,
                   memory->row_scores);
    for (size_t i = 0; i < n_rows; i++) {
        const uint32_t *rows = relative.rows + (first + i + window->n_tokens - 1);
        const float *of_query = memory->row_scores + i * relative.n_padded;
        float *scores = memory->scores + i * n_padded;
        for (size_t j = 0; j < window->n_tokens; j++) {
            size_t row = *(rows - j) - relative.first;
            if (layer->relative_keys != NULL)
                scores[j] += of_query[row];
            if (layer->relative_queries != NULL)
                scores[j] += memory->row_scores_keys[j * relative.n_padded + row];
        }
    }
}

static void score_keys(const struct window *window, size_t head, const float *keys) {
    struct relative relative = relative_of(window);

    score_rows(window, &relative, window->layer->relative_queries, head, keys, window->n_tokens,
               window->memory->row_scores_keys);
}

/* ---- masks --------------------------------------------------------------- */

struct attention_range attention_range(const struct model_config *config, uint32_t block, size_t i,
                                       size_t n_tokens) {
    bool is_windowed = config->windowed[block];
    size_t reach = is_windowed ? config->reach : n_tokens;
    struct attention_range range = {i > reach ? i - reach : 0, n_tokens};

    if (config->is_causal)
        range.end = i + 1;
    else if (n_tokens - i > reach)
        range.end = i + reach + 1;
    return range;
}

/* Softmax over what row i may see; the rest becomes zero. */
static void weigh(const struct window *window, size_t i, float *row) {
    struct attention_range range =
        attention_range(window->config, window->block, i, window->n_tokens);

    for (size_t j = 0; j < range.first; j++)
        row[j] = -1e30f; /* e^-inf */
    window->kernels->softmax(row, range.end, window->config->attention_scale);
    for (size_t j = range.end; j < window->n_tokens; j++)
        row[j] = 0.0f;
}

/* ---- attention ----------------------------------------------------------- */

/* out[n_tokens, head_size] (rows `ldc` apart) = softmax(q k^T * scale) v of the packed head. */
static void attend(const struct window *window, size_t head, const float *queries, float *out,
                   size_t ldc) {
    struct attention_memory *memory = window->memory;
    size_t n_tokens = window->n_tokens, n_padded = round_up(n_tokens, PANEL_WIDTH);
    struct gemm_f32 scores = {.lda = window->stride,
                              .k = window->config->head_size,
                              .n = n_padded,
                              .panels = memory->keys,
                              .c = memory->scores,
                              .ldc = n_padded};
    struct gemm_f32 mixed = {.a = memory->scores,
                             .lda = n_padded,
                             .k = n_tokens,
                             .n = window->config->head_size,
                             .panels = memory->values,
                             .ldc = ldc};

    for (size_t row = 0; row < n_tokens; row += SCORE_ROWS) {
        size_t n_rows = n_tokens - row < SCORE_ROWS ? n_tokens - row : SCORE_ROWS;
        scores.a = queries + row * window->stride;
        scores.m = n_rows;
        window->kernels->gemm_f32(&scores);
        if (window->config->relative_span > 0)
            add_relative(window, head, scores.a, row, n_rows, n_padded);
        for (size_t i = 0; i < n_rows; i++)
            weigh(window, row + i, memory->scores + i * n_padded);
        mixed.m = n_rows;
        mixed.c = out + row * ldc;
        window->kernels->gemm_f32(&mixed);
    }
}

void attention_apply(const struct pack *pack, const struct kernels *kernels,
                     struct attention_memory *memory, uint32_t block, float *qkv, size_t n_tokens,
                     float *out) {
    const struct model_config *config = &pack->header->config;
    size_t size = config->head_size, group = config->n_heads / config->n_key_heads;
    const float *keys = qkv + config->n_heads * size;
    const float *values = keys + config->n_key_heads * size;
    const struct window window = {.config = config,
                                  .kernels = kernels,
                                  .memory = memory,
                                  .layer = &pack->layers[block],
                                  .block = block,
                                  .n_tokens = n_tokens,
                                  .stride =
                                      (config->n_heads + (size_t)2 * config->n_key_heads) * size};

    prepare_heads(&window, qkv);
    for (size_t key_head = 0; key_head < config->n_key_heads; key_head++) {
        pack_head(&window, keys + key_head * size, values + key_head * size);
        for (size_t head = key_head * group; head < (key_head + 1) * group; head++) {
            if (window.layer->relative_queries != NULL)
                score_keys(&window, head, keys + key_head * size);
            attend(&window, head, qkv + head * size, out + head * size, config->n_heads * size);
        }
    }
}
