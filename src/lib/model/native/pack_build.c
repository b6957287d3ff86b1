/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/native/pack.h"
#include "model/native/pack_internal.h"
#include "support/mapped_file.h"

struct builder {
    const struct weights *weights;
    struct pack *pack;
    float *scratch; /* [largest tensor] */
    alkfw_error *error;
};

/* The sections are const for everybody but the one who fills them. */
static void *writable(const void *section) {
    return (void *)(uintptr_t)section;
}

/* Copies a tensor of shape [n_rows, n_columns] (n_columns 0: [n_rows]) to out as fp32. */
static alkfw_status load(const struct builder *builder, const char *name, size_t n_rows,
                         size_t n_columns, float *out) {
    const struct safetensors *file;
    const struct safetensors_tensor *tensor;
    alkfw_status status =
        weights_find(builder->weights, name, n_rows, n_columns, &file, &tensor, builder->error);

    return status == ALKFW_OK ? safetensors_copy_f32(file, tensor, out, builder->error) : status;
}

/* ---- matrices ------------------------------------------------------------ */

/* Rows of weights become outputs first ... first + n_rows - 1 of a matrix. */
static void pack_rows_f32(const struct pack_linear *linear, size_t first, const float *rows,
                          size_t n_rows) {
    size_t k = linear->n_inputs;

    for (size_t r = 0; r < n_rows; r++) {
        size_t output = first + r;
        float *panel = (float *)writable(linear->panels) + output / PANEL_WIDTH * PANEL_WIDTH * k +
                       output % PANEL_WIDTH;
        for (size_t l = 0; l < k; l++)
            panel[l * PANEL_WIDTH] = rows[r * k + l];
    }
}

/* A scale for each output: its largest weight becomes 127. */
static void pack_rows_int8(const struct pack_linear *linear, size_t first, const float *rows,
                           size_t n_rows) {
    size_t k = linear->n_inputs;
    size_t k_grouped = (k + INT8_GROUP - 1) / INT8_GROUP * INT8_GROUP;
    float *scales = writable(linear->scales);
    int32_t *sums = writable(linear->sums);

    for (size_t r = 0; r < n_rows; r++) {
        size_t output = first + r;
        int8_t *panel = (int8_t *)writable(linear->panels) +
                        output / PANEL_WIDTH * PANEL_WIDTH * k_grouped +
                        output % PANEL_WIDTH * INT8_GROUP;
        float largest = 0.0f;
        for (size_t l = 0; l < k; l++)
            largest = fmaxf(largest, fabsf(rows[r * k + l]));
        scales[output] = largest > 0.0f ? largest / 127.0f : 1.0f;
        for (size_t l = 0; l < k; l++) {
            float value = rintf(rows[r * k + l] / scales[output]);
            int8_t quantized = (int8_t)fmaxf(-127.0f, fminf(127.0f, value));
            panel[l / INT8_GROUP * INT8_GROUP * PANEL_WIDTH + l % INT8_GROUP] = quantized;
            sums[output] += quantized;
        }
    }
}

/* Loads NAME.weight and NAME.bias to the outputs from `first` on. */
static alkfw_status build_linear(const struct builder *builder, const struct pack_linear *linear,
                                 size_t first, size_t n_rows, uint32_t layer, const char *name) {
    char full[128];

    (void)snprintf(full, sizeof full, "encoder.layer.%u.%s.weight", layer, name);
    alkfw_status status = load(builder, full, n_rows, linear->n_inputs, builder->scratch);
    if (status != ALKFW_OK)
        return status;
    if (linear->scales != NULL)
        pack_rows_int8(linear, first, builder->scratch, n_rows);
    else
        pack_rows_f32(linear, first, builder->scratch, n_rows);
    (void)snprintf(full, sizeof full, "encoder.layer.%u.%s.bias", layer, name);
    return load(builder, full, n_rows, 0, (float *)writable(linear->bias) + first);
}

static alkfw_status build_norm(const struct builder *builder, const struct pack_norm *norm,
                               const char *prefix) {
    uint32_t hidden = builder->pack->header->config.hidden_size;
    char full[128];

    (void)snprintf(full, sizeof full, "%s.weight", prefix);
    alkfw_status status = load(builder, full, hidden, 0, writable(norm->gamma));
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(full, sizeof full, "%s.bias", prefix);
    return load(builder, full, hidden, 0, writable(norm->beta));
}

static alkfw_status build_layer(const struct builder *builder, uint32_t index) {
    const struct model_config *config = &builder->pack->header->config;
    const struct pack_layer *layer = &builder->pack->layers[index];
    size_t hidden = config->hidden_size;
    const struct {
        const struct pack_linear *linear;
        size_t first;
        size_t n_rows;
        const char *name;
    } parts[] = {
        {&layer->qkv, 0, hidden, "attention.self.query"},
        {&layer->qkv, hidden, hidden, "attention.self.key"},
        {&layer->qkv, 2 * hidden, hidden, "attention.self.value"},
        {&layer->attention_output, 0, hidden, "attention.output.dense"},
        {&layer->up, 0, config->intermediate_size, "intermediate.dense"},
        {&layer->down, 0, hidden, "output.dense"},
    };
    char prefix[64];
    alkfw_status status = ALKFW_OK;

    for (size_t i = 0; status == ALKFW_OK && i < sizeof parts / sizeof parts[0]; i++)
        status = build_linear(builder, parts[i].linear, parts[i].first, parts[i].n_rows, index,
                              parts[i].name);
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(prefix, sizeof prefix, "encoder.layer.%u.attention.output.LayerNorm", index);
    status = build_norm(builder, &layer->attention_norm, prefix);
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(prefix, sizeof prefix, "encoder.layer.%u.output.LayerNorm", index);
    return build_norm(builder, &layer->output_norm, prefix);
}

/* ---- embeddings ---------------------------------------------------------- */

/* 16 bits a value and a scale for each word: half the memory at an error of 1.5e-5 of the word's
 * largest value. */
static void shorten_words(const struct pack *pack, const float *words) {
    size_t hidden = pack->header->config.hidden_size;
    int16_t *short_words = writable(pack->short_words);
    float *scales = writable(pack->word_scales);

    for (size_t word = 0; word < pack->header->config.vocabulary_size; word++) {
        const float *row = words + word * hidden;
        float largest = 0.0f;
        for (size_t i = 0; i < hidden; i++)
            largest = fmaxf(largest, fabsf(row[i]));
        scales[word] = largest > 0.0f ? largest / 32767.0f : 1.0f;
        for (size_t i = 0; i < hidden; i++)
            short_words[word * hidden + i] =
                (int16_t)fmaxf(-32767.0f, fminf(32767.0f, rintf(row[i] / scales[word])));
    }
}

static alkfw_status build_embeddings(const struct builder *builder) {
    const struct pack *pack = builder->pack;
    const struct model_config *config = &pack->header->config;
    size_t hidden = config->hidden_size;
    float *positions = writable(pack->positions);
    float *words = pack->words != NULL ? writable(pack->words) : builder->scratch;
    alkfw_status status =
        load(builder, "embeddings.word_embeddings.weight", config->vocabulary_size, hidden, words);

    if (status != ALKFW_OK)
        return status;
    if (pack->words == NULL)
        shorten_words(pack, words);
    status = load(builder, "embeddings.position_embeddings.weight", config->n_positions, hidden,
                  positions);
    if (status == ALKFW_OK)
        status = load(builder, "embeddings.token_type_embeddings.weight", config->n_types, hidden,
                      builder->scratch);
    if (status != ALKFW_OK)
        return status;
    /* A prompt is a single sequence: all of its tokens are of type 0. */
    for (size_t i = 0; i < config->n_positions * hidden; i++)
        positions[i] += builder->scratch[i % hidden];
    return build_norm(builder, &pack->embedding_norm, "embeddings.LayerNorm");
}

/* ---- all of it ----------------------------------------------------------- */

static size_t largest_tensor(const struct weights *weights) {
    size_t largest = 1;

    for (size_t i = 0; i < weights->n_files; i++) {
        for (size_t j = 0; j < safetensors_n_tensors(weights->files[i]); j++) {
            size_t n_elements = safetensors_tensor_at(weights->files[i], j)->n_elements;
            largest = n_elements > largest ? n_elements : largest;
        }
    }
    return largest;
}

static alkfw_status fill(const struct weights *weights, struct pack *pack, alkfw_error *error) {
    struct builder builder = {.weights = weights, .pack = pack, .error = error};
    size_t n_elements = largest_tensor(weights);

    if (n_elements <= SIZE_MAX / sizeof(float))
        builder.scratch = malloc(n_elements * sizeof(float));
    if (builder.scratch == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for packing the weights");
    alkfw_status status = build_embeddings(&builder);
    for (uint32_t i = 0; status == ALKFW_OK && i < pack->header->n_layers; i++)
        status = build_layer(&builder, i);
    free(builder.scratch);
    return status;
}

/* Whether the weights are as large as config.json says, so that a hostile one cannot ask for more
 * memory than the files on disk justify. */
static alkfw_status check_sizes(const struct weights *weights, const struct pack_header *header,
                                alkfw_error *error) {
    const struct safetensors *file;
    const struct safetensors_tensor *tensor;
    uint32_t hidden = header->config.hidden_size;
    alkfw_status status =
        weights_find(weights, "embeddings.word_embeddings.weight", header->config.vocabulary_size,
                     hidden, &file, &tensor, error);

    if (status == ALKFW_OK)
        status = weights_find(weights, "embeddings.position_embeddings.weight",
                              header->config.n_positions, hidden, &file, &tensor, error);
    for (uint32_t i = 0; status == ALKFW_OK && i < header->n_layers; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "encoder.layer.%u.intermediate.dense.weight", i);
        status = weights_find(weights, name, header->config.intermediate_size, hidden, &file,
                              &tensor, error);
    }
    return status;
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
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for packing the weights");
    }
    memset(pack->bytes, 0, (size_t)header->n_bytes);
    (void)pack_lay_out(header, pack);
    memcpy(pack->bytes, header, sizeof *header);
    memcpy(writable(pack->tokenizer), tokenizer, (size_t)header->tokenizer_size);
    return ALKFW_OK;
}

static alkfw_status read_config(const char *path, struct model_config *config, alkfw_error *error) {
    struct mapped_file file;
    alkfw_status status = mapped_file_open(&file, path, "model configuration", error);

    if (status != ALKFW_OK)
        return status;
    status = model_config_parse(file.bytes, file.n_bytes, path, config, error);
    mapped_file_close(&file);
    return status;
}

static alkfw_status read_tokenizer(const char *path, struct tokenizer **tokenizer,
                                   alkfw_error *error) {
    struct mapped_file file;
    alkfw_status status = mapped_file_open(&file, path, "tokenizer", error);

    *tokenizer = NULL;
    if (status != ALKFW_OK)
        return status;
    status = tokenizer_parse(file.n_bytes > 0 ? (const char *)file.bytes : "", file.n_bytes, path,
                             tokenizer, error);
    mapped_file_close(&file);
    return status;
}

alkfw_status pack_build(const struct model_files *files, enum model_precision precision,
                        uint32_t deepest_layer, const char *key, struct pack *pack,
                        alkfw_error *error) {
    struct pack_header header = {.version = PACK_VERSION, .precision = precision};
    struct pack sizes = {.bytes = NULL};
    struct weights weights = {.n_files = 0};
    struct tokenizer *tokenizer = NULL;

    memset(pack, 0, sizeof *pack);
    alkfw_status status = read_config(files->config, &header.config, error);
    if (status == ALKFW_OK)
        status = read_tokenizer(files->tokenizer, &tokenizer, error);
    if (status == ALKFW_OK)
        status = weights_open(files, &weights, error);
    if (status != ALKFW_OK)
        goto out;
    header.n_layers =
        deepest_layer < header.config.n_layers ? deepest_layer : header.config.n_layers;
    status = check_sizes(&weights, &header, error);
    if (status != ALKFW_OK)
        goto out;

    size_t image_size;
    const void *image = tokenizer_image(tokenizer, &image_size);
    memcpy(header.magic, pack_magic, sizeof header.magic);
    memcpy(header.key, key, sizeof header.key);
    weights_sha256(&weights, header.weights_sha256);
    header.tokenizer_size = image_size;
    header.n_bytes = pack_lay_out(&header, &sizes);
    header.checksum = pack_checksum(&header);
    status = allocate(&header, image, pack, error);
    if (status == ALKFW_OK) {
        status = fill(&weights, pack, error);
        if (status != ALKFW_OK)
            pack_free(pack);
    }
out:
    weights_close(&weights);
    tokenizer_free(tokenizer);
    return status;
}
