/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_tensors.h"
#include "model/native/pack.h"
#include "model/native/pack_internal.h"

struct builder {
    const struct weights *weights;
    const struct adapter *adapter; /* NULL: none */
    struct pack *pack;
    const struct model_config *config;
    const struct architecture *architecture;
    float *row; /* [widest row of any tensor] */
    alkfw_error *error;
};

/* The sections are const for everybody but the one who fills them. */
static void *writable(const void *section) {
    return (void *)(uintptr_t)section;
}

static alkfw_status find(const struct builder *builder, const struct model_tensor *wanted,
                         const struct safetensors **file,
                         const struct safetensors_tensor **tensor) {
    return weights_find(builder->weights, wanted->name, wanted->n_rows, wanted->n_columns, file,
                        tensor, builder->error);
}

/* Copies all of a tensor as fp32. */
static alkfw_status load(const struct builder *builder, const struct model_tensor *wanted,
                         float *out) {
    const struct safetensors *file;
    const struct safetensors_tensor *tensor;
    alkfw_status status = find(builder, wanted, &file, &tensor);

    return status == ALKFW_OK ? safetensors_copy_f32(file, tensor, out, builder->error) : status;
}

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY,
                           "out of memory for packing the weights: take a smaller model, or fewer "
                           "layers of it");
}

/* ---- matrices ------------------------------------------------------------ */

/* A row of weights becomes an output of a matrix. */
static void pack_row_f32(const struct pack_linear *linear, size_t output, const float *row) {
    size_t k = linear->n_inputs;
    float *panel = (float *)writable(linear->panels) + output / PANEL_WIDTH * PANEL_WIDTH * k +
                   output % PANEL_WIDTH;

    for (size_t l = 0; l < k; l++)
        panel[l * PANEL_WIDTH] = row[l];
}

/* A scale for each output: its largest weight becomes 127. */
static void pack_row_int8(const struct pack_linear *linear, size_t output, const float *row) {
    size_t k = linear->n_inputs;
    size_t k_grouped = (k + INT8_GROUP - 1) / INT8_GROUP * INT8_GROUP;
    float *scales = writable(linear->scales);
    int32_t *sums = writable(linear->sums);
    int8_t *panel = (int8_t *)writable(linear->panels) +
                    output / PANEL_WIDTH * PANEL_WIDTH * k_grouped +
                    output % PANEL_WIDTH * INT8_GROUP;
    float largest = 0.0f;

    for (size_t l = 0; l < k; l++)
        largest = fmaxf(largest, fabsf(row[l]));
    scales[output] = largest > 0.0f ? largest / 127.0f : 1.0f;
    for (size_t l = 0; l < k; l++) {
        float value = rintf(row[l] / scales[output]);
        int8_t quantized = (int8_t)fmaxf(-127.0f, fminf(127.0f, value));
        panel[l / INT8_GROUP * INT8_GROUP * PANEL_WIDTH + l % INT8_GROUP] = quantized;
        sums[output] += quantized;
    }
}

/* A part of a tensor that becomes outputs of a matrix. */
struct piece {
    const struct pack_linear *linear;
    enum tensor_role role;
    size_t first_output;
    size_t n_outputs;
    size_t first_row; /* of the tensor's outputs */
};

/* Where output i of the piece is in the tensor. */
static size_t source_of(const struct builder *builder, const struct piece *piece, size_t i) {
    size_t size = builder->config->head_size, n_heads = builder->config->n_heads;

    if (piece->role != TENSOR_QKV || builder->architecture->qkv != QKV_BY_HEAD)
        return piece->first_row + i;
    size_t part = i / size / n_heads, head = i / size % n_heads; /* part: query, key or value */
    return (head * 3 + part) * size + i % size;
}

/* The weights of one output, from a tensor of [outputs, inputs] or, with `whole`, of its
 * transpose. */
static alkfw_status read_row(const struct builder *builder, const struct safetensors *file,
                             const struct safetensors_tensor *tensor, const float *whole,
                             size_t row, size_t n_inputs) {
    if (whole == NULL)
        return safetensors_copy_part_f32(file, tensor, row * n_inputs, n_inputs, builder->row,
                                         builder->error);
    for (size_t l = 0; l < n_inputs; l++)
        builder->row[l] = whole[l * tensor->shape[1] + row];
    return ALKFW_OK;
}

static alkfw_status build_weight(const struct builder *builder, const struct piece *piece,
                                 const struct model_tensor *wanted) {
    const struct safetensors *file;
    const struct safetensors_tensor *tensor;
    struct adapter_change change;
    float *whole = NULL;
    alkfw_status status = find(builder, wanted, &file, &tensor);

    if (status == ALKFW_OK)
        status = adapter_find(builder->adapter, wanted->name, &change, builder->error);
    if (status != ALKFW_OK)
        return status;
    if (builder->architecture->inputs_first) {
        whole = malloc(tensor->n_elements * sizeof *whole);
        status = whole != NULL ? safetensors_copy_f32(file, tensor, whole, builder->error)
                               : out_of_memory(builder->error);
    }
    for (size_t i = 0; status == ALKFW_OK && i < piece->n_outputs; i++) {
        size_t source = source_of(builder, piece, i);
        status = read_row(builder, file, tensor, whole, source, piece->linear->n_inputs);
        if (status != ALKFW_OK)
            break;
        if (whole != NULL)
            adapter_add_column(&change, source, builder->row);
        else
            adapter_add_row(&change, source, builder->row);
        if (piece->linear->scales != NULL)
            pack_row_int8(piece->linear, piece->first_output + i, builder->row);
        else
            pack_row_f32(piece->linear, piece->first_output + i, builder->row);
    }
    free(whole);
    adapter_change_free(&change);
    return status;
}

static alkfw_status build_piece(const struct builder *builder, const struct piece *piece,
                                uint32_t block) {
    float *bias = (float *)writable(piece->linear->bias) + piece->first_output;
    struct model_tensor wanted;

    if (!model_tensor_weight(builder->config, piece->role, block, &wanted))
        return ALKFW_OK;
    alkfw_status status = build_weight(builder, piece, &wanted);
    if (status != ALKFW_OK || !model_tensor_bias(builder->config, piece->role, block, &wanted))
        return status;
    float *values = malloc(wanted.n_rows * sizeof *values);
    if (values == NULL)
        return out_of_memory(builder->error);
    status = load(builder, &wanted, values);
    for (size_t i = 0; status == ALKFW_OK && i < piece->n_outputs; i++)
        bias[i] = values[source_of(builder, piece, i)];
    free(values);
    return status;
}

/* ---- norms --------------------------------------------------------------- */

static alkfw_status build_gamma(const struct builder *builder, enum tensor_role role,
                                uint32_t block, const float *gamma) {
    struct model_tensor wanted;
    float *out = writable(gamma);

    if (!model_tensor_weight(builder->config, role, block, &wanted))
        return ALKFW_OK;
    alkfw_status status = load(builder, &wanted, out);
    for (size_t i = 0; builder->architecture->norm_adds_one && i < wanted.n_rows; i++)
        out[i] += 1.0f;
    return status;
}

static alkfw_status build_norm(const struct builder *builder, enum tensor_role role, uint32_t block,
                               const struct pack_norm *norm) {
    struct model_tensor wanted;
    alkfw_status status = build_gamma(builder, role, block, norm->gamma);

    if (status != ALKFW_OK || norm->beta == NULL ||
        !model_tensor_bias(builder->config, role, block, &wanted))
        return status;
    return load(builder, &wanted, writable(norm->beta));
}

/* ---- blocks -------------------------------------------------------------- */

static alkfw_status build_layer(const struct builder *builder, uint32_t block) {
    const struct model_config *config = builder->config;
    const struct pack_layer *layer = &builder->pack->layers[block];
    size_t queries = (size_t)config->n_heads * config->head_size;
    size_t keys = (size_t)config->n_key_heads * config->head_size;
    size_t inner = config->intermediate_size;
    bool is_stacked = builder->architecture->mlp == MLP_GATED_STACKED;
    const struct piece pieces[] = {
        {&layer->qkv, TENSOR_QKV, 0, queries + 2 * keys, 0},
        {&layer->qkv, TENSOR_QUERY, 0, queries, 0},
        {&layer->qkv, TENSOR_KEY, queries, keys, 0},
        {&layer->qkv, TENSOR_VALUE, queries + keys, keys, 0},
        {&layer->attention_output, TENSOR_ATTENTION_OUTPUT, 0, config->hidden_size, 0},
        {&layer->gate, is_stacked ? TENSOR_UP : TENSOR_GATE, 0, inner, 0},
        {&layer->up, TENSOR_UP, 0, inner, is_stacked ? inner : 0},
        {&layer->down, TENSOR_DOWN, 0, config->hidden_size, 0},
    };
    alkfw_status status = ALKFW_OK;

    for (size_t i = 0; status == ALKFW_OK && i < sizeof pieces / sizeof pieces[0]; i++)
        status = build_piece(builder, &pieces[i], block);
    for (int place = 0; status == ALKFW_OK && place < N_BLOCK_NORMS; place++)
        status = build_norm(builder, (enum tensor_role)(TENSOR_BLOCK_NORMS + place), block,
                            &layer->norms[place]);
    if (status == ALKFW_OK)
        status = build_gamma(builder, TENSOR_QUERY_NORM, block, layer->query_norm);
    if (status == ALKFW_OK)
        status = build_gamma(builder, TENSOR_KEY_NORM, block, layer->key_norm);
    return status;
}

/* ---- relative positions -------------------------------------------------- */

/* The embeddings of distances, normalised as the model asks for: the same for all blocks. */
static alkfw_status load_relative(const struct builder *builder, float *embeddings) {
    const struct model_config *config = builder->config;
    size_t hidden = config->hidden_size;
    struct model_tensor wanted;
    alkfw_status status = ALKFW_OK;

    if (model_tensor_weight(config, TENSOR_RELATIVE, 0, &wanted))
        status = load(builder, &wanted, embeddings);
    if (status != ALKFW_OK || !config->has_relative_norm)
        return status;
    float *norm = aligned_alloc(64, (2 * hidden * sizeof *norm + 63) / 64 * 64);
    if (norm == NULL)
        return out_of_memory(builder->error);
    const struct pack_norm parts = {norm, norm + hidden};
    memset(norm, 0, 2 * hidden * sizeof *norm);
    status = build_norm(builder, TENSOR_RELATIVE_NORM, 0, &parts);
    for (size_t row = 0; status == ALKFW_OK && row < 2 * (size_t)config->relative_span; row++)
        kernels_get()->layer_norm(embeddings + row * hidden, NULL, parts.gamma, parts.beta,
                                  config->norm_epsilon, hidden, embeddings + row * hidden);
    free(norm);
    return status;
}

/* out[2 * span, queries] = embeddings projected by a tensor. */
static alkfw_status project_relative(const struct builder *builder, const float *embeddings,
                                     enum tensor_role role, uint32_t block, const float *out) {
    const struct model_config *config = builder->config;
    uint32_t queries = config->n_heads * config->head_size;
    size_t n_padded = ((size_t)queries + PANEL_WIDTH - 1) / PANEL_WIDTH * PANEL_WIDTH;
    size_t n_values = n_padded * (config->hidden_size + (size_t)1);
    float *panels = aligned_alloc(64, n_values * sizeof *panels);

    if (panels == NULL)
        return out_of_memory(builder->error);
    memset(panels, 0, n_values * sizeof *panels);
    const struct pack_linear linear = {.n_inputs = config->hidden_size,
                                       .n_outputs = queries,
                                       .panels = panels,
                                       .bias = panels + n_padded * config->hidden_size};
    const struct piece piece = {&linear, role, 0, queries, 0};
    alkfw_status status = build_piece(builder, &piece, block);
    struct gemm_f32 gemm = {.a = embeddings,
                            .lda = config->hidden_size,
                            .m = 2 * (size_t)config->relative_span,
                            .k = config->hidden_size,
                            .n = queries,
                            .panels = panels,
                            .bias = linear.bias,
                            .c = writable(out),
                            .ldc = queries};
    if (status == ALKFW_OK)
        kernels_get()->gemm_f32(&gemm);
    free(panels);
    return status;
}

/* The projections do not depend on the text: they are made once, here. */
static alkfw_status build_relative(const struct builder *builder) {
    const struct model_config *config = builder->config;
    bool is_shared = config->shares_relative_projections;
    size_t n_values = 2 * (size_t)config->relative_span * config->hidden_size;

    if (n_values == 0)
        return ALKFW_OK;
    float *embeddings = aligned_alloc(64, (n_values * sizeof *embeddings + 63) / 64 * 64);
    if (embeddings == NULL)
        return out_of_memory(builder->error);
    alkfw_status status = load_relative(builder, embeddings);
    for (uint32_t i = 0; status == ALKFW_OK && i < builder->pack->header->n_layers; i++) {
        const struct pack_layer *layer = &builder->pack->layers[i];
        if (layer->relative_keys != NULL)
            status =
                project_relative(builder, embeddings, is_shared ? TENSOR_KEY : TENSOR_RELATIVE_KEY,
                                 i, layer->relative_keys);
        if (status == ALKFW_OK && layer->relative_queries != NULL)
            status = project_relative(builder, embeddings,
                                      is_shared ? TENSOR_QUERY : TENSOR_RELATIVE_QUERY, i,
                                      layer->relative_queries);
    }
    free(embeddings);
    return status;
}

/* ---- embeddings ---------------------------------------------------------- */

/* 16 bits a value and a scale for the word: half the memory at an error of 1.5e-5 of the word's
 * largest value. */
static void shorten_word(const struct pack *pack, size_t word, const float *row) {
    size_t hidden = pack->header->config.hidden_size;
    int16_t *out = (int16_t *)writable(pack->words) + word * hidden;
    float *scales = writable(pack->word_scales);
    float largest = 0.0f;

    for (size_t i = 0; i < hidden; i++)
        largest = fmaxf(largest, fabsf(row[i]));
    scales[word] = largest > 0.0f ? largest / 32767.0f : 1.0f;
    for (size_t i = 0; i < hidden; i++)
        out[i] = (int16_t)fmaxf(-32767.0f, fminf(32767.0f, rintf(row[i] / scales[word])));
}

static alkfw_status build_words(const struct builder *builder) {
    enum { RELEASED_WORDS = 2048 }; /* the largest tensor is never in memory as a whole */
    const struct pack *pack = builder->pack;
    size_t hidden = builder->config->hidden_size;
    const struct safetensors *file;
    const struct safetensors_tensor *tensor;
    struct model_tensor wanted;
    alkfw_status status = ALKFW_OK;

    (void)model_tensor_weight(builder->config,
                              model_tensors_words(builder->config, builder->weights), 0, &wanted);
    status = find(builder, &wanted, &file, &tensor);
    for (size_t word = 0; status == ALKFW_OK && word < builder->config->vocabulary_size; word++) {
        status = safetensors_copy_part_f32(file, tensor, word * hidden, hidden, builder->row,
                                           builder->error);
        if (pack->header->word_format == WORDS_SCALED)
            shorten_word(pack, word, builder->row);
        else if (pack->header->word_format == WORDS_F32)
            memcpy((float *)writable(pack->words) + word * hidden, builder->row,
                   hidden * sizeof(float));
        if (word % RELEASED_WORDS == 0)
            safetensors_release(file);
    }
    /* 16 bits stay as they are, now that all of them are known to be finite. */
    if (status == ALKFW_OK &&
        (pack->header->word_format == WORDS_F16 || pack->header->word_format == WORDS_BF16))
        memcpy(writable(pack->words), tensor->data, tensor->n_bytes);
    return status;
}

static alkfw_status build_positions(const struct builder *builder) {
    const struct model_config *config = builder->config;
    size_t hidden = config->hidden_size;
    size_t n_rows = config->has_learned_positions ? config->n_positions : 1;
    float *positions = writable(builder->pack->positions);
    struct model_tensor wanted;
    alkfw_status status = ALKFW_OK;

    if (positions == NULL)
        return ALKFW_OK;
    if (model_tensor_weight(config, TENSOR_POSITIONS, 0, &wanted))
        status = load(builder, &wanted, positions);
    if (status != ALKFW_OK || !model_tensor_weight(config, TENSOR_TYPES, 0, &wanted))
        return status;
    const struct safetensors *file;
    const struct safetensors_tensor *tensor;
    status = find(builder, &wanted, &file, &tensor);
    if (status == ALKFW_OK)
        status = safetensors_copy_part_f32(file, tensor, 0, hidden, builder->row, builder->error);
    /* A prompt is a single sequence: all of its tokens are of type 0. */
    for (size_t i = 0; status == ALKFW_OK && i < n_rows * hidden; i++)
        positions[i] += builder->row[i % hidden];
    return status;
}

/* ---- all of it ----------------------------------------------------------- */

static alkfw_status fill(const struct weights *weights, const struct adapter *adapter,
                         struct pack *pack, alkfw_error *error) {
    const struct model_config *config = &pack->header->config;
    size_t queries = (size_t)config->n_heads * config->head_size;
    size_t widest = config->hidden_size > config->intermediate_size ? config->hidden_size
                                                                    : config->intermediate_size;
    struct builder builder = {.weights = weights,
                              .adapter = adapter,
                              .pack = pack,
                              .config = config,
                              .architecture = architecture_at(config->architecture),
                              .error = error};

    builder.row = malloc((widest > queries ? widest : queries) * sizeof *builder.row);
    if (builder.row == NULL)
        return out_of_memory(error);
    alkfw_status status = build_words(&builder);
    if (status == ALKFW_OK)
        status = build_positions(&builder);
    if (status == ALKFW_OK && pack->embedding_norm.gamma != NULL)
        status = build_norm(&builder, TENSOR_EMBEDDING_NORM, 0, &pack->embedding_norm);
    if (status == ALKFW_OK && pack->final_norm.gamma != NULL)
        status = build_norm(&builder, TENSOR_FINAL_NORM, 0, &pack->final_norm);
    for (uint32_t i = 0; status == ALKFW_OK && i < pack->header->n_layers; i++) {
        status = build_layer(&builder, i);
        weights_release(weights);
    }
    if (status == ALKFW_OK)
        status = build_relative(&builder);
    free(builder.row);
    return status;
}

/* Words keep the type that they have, so that nothing is larger here than on the disk. */
static alkfw_status choose_word_format(const struct weights *weights, struct pack_header *header,
                                       alkfw_error *error) {
    const struct safetensors *file;
    const struct safetensors_tensor *tensor;
    struct model_tensor wanted;

    (void)model_tensor_weight(&header->config, model_tensors_words(&header->config, weights), 0,
                              &wanted);
    alkfw_status status =
        weights_find(weights, wanted.name, wanted.n_rows, wanted.n_columns, &file, &tensor, error);
    if (status != ALKFW_OK)
        return status;
    if (header->precision == MODEL_PRECISION_INT8)
        header->word_format = WORDS_SCALED;
    else if (tensor->dtype == SAFETENSORS_F16)
        header->word_format = WORDS_F16;
    else if (tensor->dtype == SAFETENSORS_BF16)
        header->word_format = WORDS_BF16;
    else
        header->word_format = WORDS_F32;
    return ALKFW_OK;
}

static alkfw_status allocate(const struct pack_header *header, const void *tokenizer,
                             struct pack *pack, alkfw_error *error) {
    if (header->n_bytes <= SIZE_MAX)
        pack->bytes = aligned_alloc(64, (size_t)header->n_bytes);
    pack->layers = calloc(header->n_layers + 1u, sizeof *pack->layers);
    if (pack->bytes == NULL || pack->layers == NULL) {
        free(pack->bytes);
        free(pack->layers);
        memset(pack, 0, sizeof *pack);
        return out_of_memory(error);
    }
    memset(pack->bytes, 0, (size_t)header->n_bytes);
    (void)pack_lay_out(header, pack);
    memcpy(pack->bytes, header, sizeof *header);
    memcpy(writable(pack->tokenizer), tokenizer, (size_t)header->tokenizer_size);
    return ALKFW_OK;
}

alkfw_status pack_build(const struct model_files *files, enum model_precision precision,
                        uint32_t deepest_layer, const struct adapter *adapter,
                        const struct pack_name *name, struct pack *pack, alkfw_error *error) {
    struct pack_header header = {.version = PACK_VERSION, .precision = precision};
    struct pack sizes = {.bytes = NULL};
    struct weights weights = {.n_files = 0};
    struct tokenizer *tokenizer = NULL;

    memset(pack, 0, sizeof *pack);
    alkfw_status status = model_files_config(files, &header.config, error);
    if (status == ALKFW_OK)
        status = model_files_tokenizer(files, &header.config, &tokenizer, error);
    if (status == ALKFW_OK)
        status = weights_open(files, &weights, error);
    if (status != ALKFW_OK)
        goto out;
    header.n_layers =
        deepest_layer < header.config.n_layers ? deepest_layer : header.config.n_layers;
    status = model_tensors_check(&header.config, &weights, header.n_layers, error);
    if (status == ALKFW_OK)
        status = model_tensors_check_adapter(&header.config, adapter, header.n_layers, error);
    if (status == ALKFW_OK)
        status = choose_word_format(&weights, &header, error);
    if (status != ALKFW_OK)
        goto out;

    size_t image_size;
    const void *image = tokenizer_image(tokenizer, &image_size);
    memcpy(header.magic, pack_magic, sizeof header.magic);
    memcpy(header.key, name->key, sizeof header.key);
    memcpy(header.source, name->source, sizeof header.source);
    weights_sha256(&weights, header.weights_sha256);
    header.tokenizer_size = image_size;
    header.n_bytes = pack_lay_out(&header, &sizes);
    header.checksum = pack_checksum(&header);
    status = allocate(&header, image, pack, error);
    if (status == ALKFW_OK) {
        status = fill(&weights, adapter, pack, error);
        if (status != ALKFW_OK)
            pack_free(pack);
    }
out:
    weights_close(&weights);
    tokenizer_free(tokenizer);
    return status;
}
