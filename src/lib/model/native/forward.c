/* SPDX-License-Identifier: Apache-2.0 */
#include "model/native/forward.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- working memory ------------------------------------------------------ */

enum { ALIGNMENT = 64 };

static size_t round_up(size_t n, size_t unit) {
    return (n + unit - 1) / unit * unit;
}

/* With memory == NULL only counts. The ceilings of model_config.h keep the sum below 2^45. */
static void *take(unsigned char *memory, size_t *offset, size_t n_bytes) {
    void *part = memory != NULL ? memory + *offset : NULL;

    *offset += round_up(n_bytes, ALIGNMENT);
    return part;
}

static size_t lay_out(struct workspace *workspace, const struct pack_header *header) {
    const struct model_config *config = &header->config;
    size_t n = workspace->n_tokens;
    size_t hidden = config->hidden_size, inner = config->intermediate_size;
    size_t head = hidden / config->n_heads;
    size_t n_padded = round_up(n, PANEL_WIDTH);
    size_t widest = round_up(hidden > inner ? hidden : inner, INT8_GROUP);
    bool is_int8 = header->precision == MODEL_PRECISION_INT8;
    unsigned char *memory = workspace->memory;
    size_t offset = 0;

    workspace->x = take(memory, &offset, n * hidden * sizeof(float));
    workspace->qkv = take(memory, &offset, n * 3 * hidden * sizeof(float));
    workspace->hidden = take(memory, &offset, n * hidden * sizeof(float));
    workspace->inner = take(memory, &offset, n * inner * sizeof(float));
    workspace->keys = take(memory, &offset, n_padded * head * sizeof(float));
    workspace->values = take(memory, &offset, n * round_up(head, PANEL_WIDTH) * sizeof(float));
    workspace->scores = take(memory, &offset, SCORE_ROWS * n_padded * sizeof(float));
    workspace->bytes = take(memory, &offset, is_int8 ? n * widest : 0);
    workspace->row_scales = take(memory, &offset, is_int8 ? n * sizeof(float) : 0);
    workspace->row_zeros = take(memory, &offset, is_int8 ? n * sizeof(int32_t) : 0);
    return offset;
}

bool workspace_init(struct workspace *workspace, const struct pack_header *header,
                    size_t n_tokens) {
    memset(workspace, 0, sizeof *workspace);
    workspace->n_tokens = n_tokens;
    workspace->memory = aligned_alloc(ALIGNMENT, lay_out(workspace, header));
    (void)lay_out(workspace, header);
    return workspace->memory != NULL;
}

void workspace_free(struct workspace *workspace) {
    free(workspace->memory);
    memset(workspace, 0, sizeof *workspace);
}

/* ---- parts of a block ---------------------------------------------------- */

static void apply_f32(const struct kernels *kernels, const struct pack_linear *linear,
                      const float *x, size_t n_tokens, enum activation activation, float *out) {
    struct gemm_f32 gemm = {.a = x,
                            .lda = linear->n_inputs,
                            .m = n_tokens,
                            .k = linear->n_inputs,
                            .n = linear->n_outputs,
                            .panels = linear->panels,
                            .bias = linear->bias,
                            .activation = activation,
                            .c = out,
                            .ldc = linear->n_outputs};
    kernels->gemm_f32(&gemm);
}

static void apply_int8(const struct kernels *kernels, struct workspace *workspace,
                       const struct pack_linear *linear, const float *x, size_t n_tokens,
                       enum activation activation, float *out) {
    size_t stride = round_up(linear->n_inputs, INT8_GROUP);
    struct gemm_int8 gemm = {.a = workspace->bytes,
                             .lda = stride,
                             .row_scales = workspace->row_scales,
                             .row_zeros = workspace->row_zeros,
                             .m = n_tokens,
                             .k = linear->n_inputs,
                             .n = linear->n_outputs,
                             .panels = linear->panels,
                             .column_scales = linear->scales,
                             .column_sums = linear->sums,
                             .bias = linear->bias,
                             .activation = activation,
                             .c = out,
                             .ldc = linear->n_outputs};

    for (size_t t = 0; t < n_tokens; t++)
        kernels->quantize_row(x + t * linear->n_inputs, linear->n_inputs,
                              workspace->bytes + t * stride, &workspace->row_scales[t],
                              &workspace->row_zeros[t]);
    kernels->gemm_int8(&gemm);
}

/* out = activation(x W^T + b) for every token. */
static void apply(const struct kernels *kernels, struct workspace *workspace,
                  const struct pack_linear *linear, const float *x, size_t n_tokens,
                  enum activation activation, float *out) {
    if (linear->scales != NULL)
        apply_int8(kernels, workspace, linear, x, n_tokens, activation, out);
    else
        apply_f32(kernels, linear, x, n_tokens, activation, out);
}

/* x = layer_norm(x + hidden) for every token. */
static void add_and_norm(const struct pack *pack, const struct kernels *kernels,
                         struct workspace *workspace, const struct pack_norm *norm,
                         size_t n_tokens) {
    size_t hidden = pack->header->config.hidden_size;

    for (size_t t = 0; t < n_tokens; t++)
        kernels->layer_norm(workspace->hidden + t * hidden, workspace->x + t * hidden, norm->gamma,
                            norm->beta, pack->header->config.layer_norm_epsilon, hidden,
                            workspace->x + t * hidden);
}

/* ---- attention ----------------------------------------------------------- */

/* Keys, transposed, and values of one head of a window as panels for the matrix product. */
static void pack_head(const struct kernels *kernels, struct workspace *workspace, const float *qkv,
                      size_t n_tokens, size_t hidden, size_t head_size) {
    const float *keys = qkv + hidden, *values = qkv + 2 * hidden;

    for (size_t t = 0; t < n_tokens; t += PANEL_WIDTH)
        kernels->transpose(keys + t * 3 * hidden, 3 * hidden,
                           n_tokens - t < PANEL_WIDTH ? n_tokens - t : PANEL_WIDTH, head_size,
                           workspace->keys + t * head_size);
    for (size_t i = 0; i < head_size; i += PANEL_WIDTH) {
        size_t width = head_size - i < PANEL_WIDTH ? head_size - i : PANEL_WIDTH;
        float *panel = workspace->values + i * n_tokens;
        for (size_t t = 0; t < n_tokens; t++) {
            memcpy(panel + t * PANEL_WIDTH, values + t * 3 * hidden + i, width * sizeof(float));
            for (size_t j = width; j < PANEL_WIDTH; j++)
                panel[t * PANEL_WIDTH + j] = 0.0f;
        }
    }
}

/* out[n_tokens, head_size] (rows `hidden` apart) = softmax(q k^T / sqrt(head_size)) v */
static void attend(const struct kernels *kernels, struct workspace *workspace, const float *qkv,
                   size_t n_tokens, size_t hidden, size_t head_size, float *out) {
    size_t n_padded = round_up(n_tokens, PANEL_WIDTH);
    float scale = 1.0f / sqrtf((float)head_size);
    struct gemm_f32 scores = {.lda = 3 * hidden,
                              .k = head_size,
                              .n = n_padded,
                              .panels = workspace->keys,
                              .c = workspace->scores,
                              .ldc = n_padded};
    struct gemm_f32 mixed = {.a = workspace->scores,
                             .lda = n_padded,
                             .k = n_tokens,
                             .n = head_size,
                             .panels = workspace->values,
                             .ldc = hidden};

    pack_head(kernels, workspace, qkv, n_tokens, hidden, head_size);
    for (size_t row = 0; row < n_tokens; row += SCORE_ROWS) {
        size_t n_rows = n_tokens - row < SCORE_ROWS ? n_tokens - row : SCORE_ROWS;
        scores.a = qkv + row * 3 * hidden;
        scores.m = n_rows;
        kernels->gemm_f32(&scores);
        for (size_t i = 0; i < n_rows; i++)
            kernels->softmax(workspace->scores + i * n_padded, n_tokens, scale);
        mixed.m = n_rows;
        mixed.c = out + row * hidden;
        kernels->gemm_f32(&mixed);
    }
}

/* ---- the pass ------------------------------------------------------------ */

static size_t count_tokens(const struct chunk *chunk) {
    return chunk->offsets[chunk->n_windows] - chunk->offsets[0];
}

static void word_row(const struct pack *pack, size_t word, float *out) {
    size_t hidden = pack->header->config.hidden_size;

    if (pack->words != NULL) {
        memcpy(out, pack->words + word * hidden, hidden * sizeof *out);
        return;
    }
    const int16_t *row = pack->short_words + word * hidden;
    float scale = pack->word_scales[word];
    for (size_t i = 0; i < hidden; i++)
        out[i] = scale * (float)row[i];
}

void forward_embed(const struct pack *pack, const struct kernels *kernels,
                   struct workspace *workspace, const struct chunk *chunk) {
    const struct model_config *config = &pack->header->config;
    size_t hidden = config->hidden_size;
    float *out = workspace->x;

    for (size_t window = 0; window < chunk->n_windows; window++) {
        uint32_t start = chunk->offsets[window], end = chunk->offsets[window + 1];
        for (uint32_t t = start; t < end; t++, out += hidden) {
            word_row(pack, (size_t)chunk->ids[t], out);
            kernels->layer_norm(out, pack->positions + (size_t)(t - start) * hidden,
                                pack->embedding_norm.gamma, pack->embedding_norm.beta,
                                config->layer_norm_epsilon, hidden, out);
        }
    }
}

void forward_block(const struct pack *pack, const struct kernels *kernels,
                   struct workspace *workspace, const struct chunk *chunk,
                   const struct pack_layer *layer) {
    const struct model_config *config = &pack->header->config;
    size_t hidden = config->hidden_size, head_size = hidden / config->n_heads;
    size_t n_tokens = count_tokens(chunk);
    float *mixed = workspace->inner; /* [n_tokens, hidden]: free until the second sub-layer */

    apply(kernels, workspace, &layer->qkv, workspace->x, n_tokens, ACTIVATION_NONE, workspace->qkv);
    for (size_t window = 0; window < chunk->n_windows; window++) {
        size_t start = chunk->offsets[window] - chunk->offsets[0];
        size_t n_here = chunk->offsets[window + 1] - chunk->offsets[window];
        for (size_t head = 0; head < config->n_heads; head++)
            attend(kernels, workspace, workspace->qkv + start * 3 * hidden + head * head_size,
                   n_here, hidden, head_size, mixed + start * hidden + head * head_size);
    }
    apply(kernels, workspace, &layer->attention_output, mixed, n_tokens, ACTIVATION_NONE,
          workspace->hidden);
    add_and_norm(pack, kernels, workspace, &layer->attention_norm, n_tokens);

    apply(kernels, workspace, &layer->up, workspace->x, n_tokens,
          (enum activation)config->activation, workspace->inner);
    apply(kernels, workspace, &layer->down, workspace->inner, n_tokens, ACTIVATION_NONE,
          workspace->hidden);
    add_and_norm(pack, kernels, workspace, &layer->output_norm, n_tokens);
}
