/* SPDX-License-Identifier: Apache-2.0 */
#include "model/native/forward.h"

#include <stdlib.h>
#include <string.h>

#include "model/half.h"
#include "model/native/layout.h"

/* ---- working memory ------------------------------------------------------ */

static size_t lay_out(struct workspace *workspace, const struct pack_header *header) {
    const struct model_config *config = &header->config;
    const struct architecture *architecture = architecture_at(config->architecture);
    size_t n = workspace->n_tokens, hidden = config->hidden_size;
    size_t heads = (size_t)config->n_heads * config->head_size;
    size_t keys = (size_t)config->n_key_heads * config->head_size;
    size_t inner = config->intermediate_size > heads ? config->intermediate_size : heads;
    size_t widest = round_up(hidden > inner ? hidden : inner, INT8_GROUP);
    bool is_int8 = header->precision == MODEL_PRECISION_INT8;
    bool has_normed = architecture->tensors[TENSOR_BLOCK_NORMS + NORM_BEFORE_MLP] != NULL;
    bool is_gated = architecture->mlp != MLP_PLAIN;
    unsigned char *memory = workspace->memory;
    size_t offset = 0;

    workspace->x = layout_take(memory, &offset, n * hidden * sizeof(float));
    workspace->qkv = layout_take(memory, &offset, n * (heads + 2 * keys) * sizeof(float));
    workspace->hidden = layout_take(memory, &offset, n * hidden * sizeof(float));
    workspace->normed = layout_take(memory, &offset, has_normed ? n * hidden * sizeof(float) : 0);
    workspace->inner = layout_take(memory, &offset, n * inner * sizeof(float));
    workspace->gated = layout_take(memory, &offset, is_gated ? n * inner * sizeof(float) : 0);
    workspace->bytes = layout_take(memory, &offset, is_int8 ? n * widest * QUANTIZED_MAX_SIZE : 0);
    workspace->row_scales = layout_take(memory, &offset, is_int8 ? n * sizeof(float) : 0);
    workspace->row_zeros = layout_take(memory, &offset, is_int8 ? n * sizeof(int32_t) : 0);
    return offset + attention_lay_out(&workspace->attention,
                                      memory != NULL ? memory + offset : NULL, config, n);
}

bool workspace_init(struct workspace *workspace, const struct pack_header *header,
                    size_t n_tokens) {
    memset(workspace, 0, sizeof *workspace);
    workspace->n_tokens = n_tokens;
    workspace->memory = aligned_alloc(LAYOUT_ALIGNMENT, lay_out(workspace, header));
    if (workspace->memory == NULL)
        return false;
    (void)lay_out(workspace, header);
    attention_prepare(&workspace->attention, &header->config);
    return true;
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
                              workspace->bytes + t * stride * kernels->quantized_size,
                              &workspace->row_scales[t], &workspace->row_zeros[t]);
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

/* out = norm(x + residual) for every token; residual may be NULL. */
static void normalize(const struct pack *pack, const struct kernels *kernels,
                      const struct pack_norm *norm, const float *x, const float *residual,
                      size_t n_tokens, float *out) {
    size_t hidden = pack->header->config.hidden_size;
    float epsilon = pack->header->config.norm_epsilon;

    for (size_t i = 0; i < n_tokens * hidden; i += hidden) {
        if (norm->beta != NULL)
            kernels->layer_norm(x + i, residual != NULL ? residual + i : NULL, norm->gamma,
                                norm->beta, epsilon, hidden, out + i);
        else
            kernels->rms_norm(x + i, norm->gamma, epsilon, hidden, out + i);
    }
}

/* The states, or what a norm makes of them for a sub-layer. */
static const float *input_of(const struct pack *pack, const struct kernels *kernels,
                             struct workspace *workspace, const struct pack_norm *norm,
                             size_t n_tokens) {
    if (norm->gamma == NULL)
        return workspace->x;
    normalize(pack, kernels, norm, workspace->x, NULL, n_tokens, workspace->normed);
    return workspace->normed;
}

/* x = after(x + of(hidden)), each norm where there is one. */
static void add_hidden(const struct pack *pack, const struct kernels *kernels,
                       struct workspace *workspace, const struct pack_norm *of,
                       const struct pack_norm *after, size_t n_tokens) {
    size_t n_values = n_tokens * pack->header->config.hidden_size;
    float *x = workspace->x, *hidden = workspace->hidden;

    if (of->gamma != NULL)
        normalize(pack, kernels, of, hidden, NULL, n_tokens, hidden);
    if (after->gamma != NULL) {
        normalize(pack, kernels, after, hidden, x, n_tokens, x);
        return;
    }
    for (size_t i = 0; i < n_values; i++)
        x[i] += hidden[i];
}

/* hidden = down(activation(up(input))), or the gated form of it. */
static void apply_mlp(const struct pack *pack, const struct kernels *kernels,
                      struct workspace *workspace, const struct pack_layer *layer,
                      const float *input, size_t n_tokens) {
    enum activation activation = (enum activation)pack->header->config.activation;
    size_t n_values = n_tokens * pack->header->config.intermediate_size;
    float *inner = workspace->inner, *gated = workspace->gated;

    if (layer->gate.panels == NULL) {
        apply(kernels, workspace, &layer->up, input, n_tokens, activation, inner);
    } else {
        apply(kernels, workspace, &layer->up, input, n_tokens, ACTIVATION_NONE, inner);
        apply(kernels, workspace, &layer->gate, input, n_tokens, activation, gated);
        for (size_t i = 0; i < n_values; i++)
            inner[i] *= gated[i];
    }
    apply(kernels, workspace, &layer->down, inner, n_tokens, ACTIVATION_NONE, workspace->hidden);
}

/* hidden = the attention of every window over the input. */
static void apply_attention(const struct pack *pack, const struct kernels *kernels,
                            struct workspace *workspace, const struct chunk *chunk, uint32_t block,
                            const float *input, size_t n_tokens) {
    const struct pack_layer *layer = &pack->layers[block];
    size_t stride = layer->qkv.n_outputs, width = layer->attention_output.n_inputs;
    float *mixed = workspace->inner; /* free until the second sub-layer */

    apply(kernels, workspace, &layer->qkv, input, n_tokens, ACTIVATION_NONE, workspace->qkv);
    for (size_t window = 0; window < chunk->n_windows; window++) {
        size_t start = chunk->offsets[window] - chunk->offsets[0];
        size_t n_here = chunk->offsets[window + 1] - chunk->offsets[window];
        attention_apply(pack, kernels, &workspace->attention, block,
                        workspace->qkv + start * stride, n_here, mixed + start * width);
    }
    apply(kernels, workspace, &layer->attention_output, mixed, n_tokens, ACTIVATION_NONE,
          workspace->hidden);
}

/* ---- the pass ------------------------------------------------------------ */

static size_t count_tokens(const struct chunk *chunk) {
    return chunk->offsets[chunk->n_windows] - chunk->offsets[0];
}

static void word_row(const struct pack *pack, size_t word, float *out) {
    const struct pack_header *header = pack->header;
    size_t hidden = header->config.hidden_size;
    const uint16_t *halves = (const uint16_t *)pack->words + word * hidden;
    const int16_t *scaled = (const int16_t *)pack->words + word * hidden;

    switch ((enum word_format)header->word_format) {
    case WORDS_F32:
        memcpy(out, (const float *)pack->words + word * hidden, hidden * sizeof *out);
        break;
    case WORDS_F16:
        for (size_t i = 0; i < hidden; i++)
            out[i] = half_to_float(halves[i]);
        break;
    case WORDS_BF16:
        for (size_t i = 0; i < hidden; i++)
            out[i] = bfloat16_to_float(halves[i]);
        break;
    case WORDS_SCALED:
        for (size_t i = 0; i < hidden; i++)
            out[i] = pack->word_scales[word] * (float)scaled[i];
        break;
    }
}

/* The row of the position table for a token. `next` counts those that take a position. */
static const float *position_row(const struct pack *pack, int32_t id, size_t *next) {
    const struct model_config *config = &pack->header->config;
    size_t row = 0;

    if (pack->positions == NULL || !config->has_learned_positions)
        return pack->positions;
    if (config->first_position > 0 && (uint32_t)id == config->pad_id)
        row = config->pad_id;
    else
        row = config->first_position + (*next)++;
    return pack->positions + row * config->hidden_size;
}

static void embed_token(const struct pack *pack, const struct kernels *kernels, int32_t id,
                        const float *position, float *out) {
    const struct model_config *config = &pack->header->config;
    size_t hidden = config->hidden_size;

    word_row(pack, (size_t)id, out);
    if (config->embedding_scale != 1.0f) {
        for (size_t i = 0; i < hidden; i++)
            out[i] *= config->embedding_scale;
    }
    if (pack->embedding_norm.gamma != NULL) {
        normalize(pack, kernels, &pack->embedding_norm, out, position, 1, out);
        return;
    }
    for (size_t i = 0; position != NULL && i < hidden; i++)
        out[i] += position[i];
}

void forward_embed(const struct pack *pack, const struct kernels *kernels,
                   struct workspace *workspace, const struct chunk *chunk) {
    float *out = workspace->x;

    for (size_t window = 0; window < chunk->n_windows; window++) {
        size_t next = 0;
        for (uint32_t t = chunk->offsets[window]; t < chunk->offsets[window + 1]; t++) {
            embed_token(pack, kernels, chunk->ids[t], position_row(pack, chunk->ids[t], &next),
                        out);
            out += pack->header->config.hidden_size;
        }
    }
}

void forward_block(const struct pack *pack, const struct kernels *kernels,
                   struct workspace *workspace, const struct chunk *chunk, uint32_t block) {
    const struct pack_layer *layer = &pack->layers[block];
    const struct pack_norm *norms = layer->norms;
    bool is_parallel = pack->header->config.is_parallel;
    size_t n_tokens = count_tokens(chunk);

    const float *input =
        input_of(pack, kernels, workspace, &norms[NORM_BEFORE_ATTENTION], n_tokens);
    apply_attention(pack, kernels, workspace, chunk, block, input, n_tokens);
    if (is_parallel) /* before the states change */
        input = input_of(pack, kernels, workspace, &norms[NORM_BEFORE_MLP], n_tokens);
    add_hidden(pack, kernels, workspace, &norms[NORM_OF_ATTENTION], &norms[NORM_AFTER_ATTENTION],
               n_tokens);
    if (!is_parallel)
        input = input_of(pack, kernels, workspace, &norms[NORM_BEFORE_MLP], n_tokens);
    apply_mlp(pack, kernels, workspace, layer, input, n_tokens);
    add_hidden(pack, kernels, workspace, &norms[NORM_OF_MLP], &norms[NORM_AFTER_MLP], n_tokens);
}

void forward_show(const struct pack *pack, const struct kernels *kernels,
                  const struct workspace *workspace, uint32_t layer, size_t n_tokens, float *out) {
    const struct model_config *config = &pack->header->config;

    if (layer == config->n_layers && pack->final_norm.gamma != NULL)
        normalize(pack, kernels, &pack->final_norm, workspace->x, NULL, n_tokens, out);
    else
        memcpy(out, workspace->x, n_tokens * config->hidden_size * sizeof *out);
}
