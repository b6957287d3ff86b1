/* SPDX-License-Identifier: Apache-2.0 */
#include "model/native/pack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "model/native/pack_internal.h"
#include "support/atomic_file.h"

const char pack_magic[8] = {'a', 'l', 'k', 'f', 'w', 'p', 'c', 'k'};

/* ---- layout -------------------------------------------------------------- */

enum { ALIGNMENT = 64 };

struct cursor {
    unsigned char *bytes; /* NULL: sizes only */
    uint64_t offset;
};

/* The ceilings of model_config.h keep every sum far below 2^64. */
static const void *take(struct cursor *cursor, uint64_t n_bytes) {
    const void *section = cursor->bytes != NULL ? cursor->bytes + cursor->offset : NULL;

    cursor->offset += (n_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return section;
}

static void take_norm(struct cursor *cursor, const struct model_config *config,
                      struct pack_norm *norm) {
    bool has_beta = architecture_at(config->architecture)->norm == NORM_LAYER;

    norm->gamma = take(cursor, config->hidden_size * sizeof(float));
    norm->beta = has_beta ? take(cursor, config->hidden_size * sizeof(float)) : NULL;
}

static void take_linear(struct cursor *cursor, bool is_int8, uint32_t n_inputs, uint32_t n_outputs,
                        struct pack_linear *linear) {
    uint64_t n_padded = ((uint64_t)n_outputs + PANEL_WIDTH - 1) / PANEL_WIDTH * PANEL_WIDTH;
    uint64_t n_grouped = ((uint64_t)n_inputs + INT8_GROUP - 1) / INT8_GROUP * INT8_GROUP;

    linear->n_inputs = n_inputs;
    linear->n_outputs = n_outputs;
    linear->panels =
        take(cursor, is_int8 ? n_padded * n_grouped : n_padded * n_inputs * sizeof(float));
    linear->bias = take(cursor, n_padded * sizeof(float));
    linear->scales = is_int8 ? take(cursor, n_padded * sizeof(float)) : NULL;
    linear->sums = is_int8 ? take(cursor, n_padded * sizeof(int32_t)) : NULL;
}

static void take_attention(struct cursor *cursor, bool is_int8, const struct model_config *config,
                           struct pack_layer *layer) {
    const struct architecture *architecture = architecture_at(config->architecture);
    uint32_t queries = config->n_heads * config->head_size;
    uint32_t keys = config->n_key_heads * config->head_size;
    uint64_t head = config->head_size * sizeof(float);
    uint64_t relative = 2 * (uint64_t)config->relative_span * queries * sizeof(float);

    take_linear(cursor, is_int8, config->hidden_size, queries + 2 * keys, &layer->qkv);
    if (architecture->tensors[TENSOR_QUERY_NORM] != NULL) {
        layer->query_norm = take(cursor, head);
        layer->key_norm = take(cursor, head);
    }
    if (config->has_content_to_position)
        layer->relative_keys = take(cursor, relative);
    if (config->has_position_to_content)
        layer->relative_queries = take(cursor, relative);
    take_linear(cursor, is_int8, queries, config->hidden_size, &layer->attention_output);
}

static void take_layer(struct cursor *cursor, bool is_int8, const struct model_config *config,
                       uint32_t index, struct pack_layer *layer) {
    const struct architecture *architecture = architecture_at(config->architecture);
    uint32_t hidden = config->hidden_size, intermediate = config->intermediate_size;

    memset(layer, 0, sizeof *layer);
    take_attention(cursor, is_int8, config, layer);
    if (architecture->mlp != MLP_PLAIN)
        take_linear(cursor, is_int8, hidden, intermediate, &layer->gate);
    take_linear(cursor, is_int8, hidden, intermediate, &layer->up);
    take_linear(cursor, is_int8, intermediate, hidden, &layer->down);
    for (int place = 0; place < N_BLOCK_NORMS; place++) {
        if (architecture_has_tensor(architecture, (enum tensor_role)(TENSOR_BLOCK_NORMS + place),
                                    index))
            take_norm(cursor, config, &layer->norms[place]);
    }
}

static uint64_t word_size(const struct pack_header *header) {
    return header->word_format == WORDS_F32 ? sizeof(float) : sizeof(uint16_t);
}

static void take_embeddings(struct cursor *cursor, const struct pack_header *header,
                            struct pack *pack) {
    const struct model_config *config = &header->config;
    uint64_t hidden = config->hidden_size, n_words = config->vocabulary_size;
    uint64_t n_positions = config->has_learned_positions ? config->n_positions : 1;

    pack->positions = config->has_learned_positions || config->n_types > 0
                          ? take(cursor, n_positions * hidden * sizeof(float))
                          : NULL;
    pack->n_hot_bytes = (size_t)cursor->offset;
    /* Last, because only the rows of words that occur are ever read from the disk. */
    pack->words = take(cursor, n_words * hidden * word_size(header));
    pack->word_scales =
        header->word_format == WORDS_SCALED ? take(cursor, n_words * sizeof(float)) : NULL;
}

uint64_t pack_lay_out(const struct pack_header *header, struct pack *pack) {
    const struct model_config *config = &header->config;
    const struct architecture *architecture = architecture_at(config->architecture);
    bool is_int8 = header->precision == MODEL_PRECISION_INT8;
    struct cursor cursor = {.bytes = pack->bytes};
    struct pack_layer unused;

    pack->header = take(&cursor, sizeof *header);
    if (architecture->tensors[TENSOR_EMBEDDING_NORM] != NULL)
        take_norm(&cursor, config, &pack->embedding_norm);
    if (architecture->tensors[TENSOR_FINAL_NORM] != NULL)
        take_norm(&cursor, config, &pack->final_norm);
    for (uint32_t i = 0; i < header->n_layers; i++)
        take_layer(&cursor, is_int8, config, i, pack->bytes != NULL ? &pack->layers[i] : &unused);
    pack->tokenizer = take(&cursor, header->tokenizer_size);
    take_embeddings(&cursor, header, pack);
    return cursor.offset;
}

/* FNV-1a. */
uint64_t pack_checksum(const struct pack_header *header) {
    unsigned char bytes[sizeof *header];
    uint64_t hash = 0xCBF29CE484222325u;

    memcpy(bytes, header, sizeof bytes);
    memset(bytes + offsetof(struct pack_header, checksum), 0, sizeof header->checksum);
    for (size_t i = 0; i < sizeof bytes; i++)
        hash = (hash ^ bytes[i]) * 0x100000001B3u;
    return hash;
}

/* ---- files --------------------------------------------------------------- */

alkfw_status pack_write(const struct pack *pack, const char *path, alkfw_error *error) {
    struct atomic_file file;
    alkfw_status status = atomic_file_begin(&file, path, "packed weights", error);

    if (status != ALKFW_OK)
        return status;
    status = atomic_file_write(&file, pack->bytes, (size_t)pack->header->n_bytes, error);
    if (status == ALKFW_OK)
        return atomic_file_commit(&file, error);
    atomic_file_abort(&file);
    return status;
}

static bool is_valid(const struct pack_header *header, const char *key, size_t n_bytes) {
    struct pack sizes = {.bytes = NULL};

    if (n_bytes < sizeof *header || memcmp(header->magic, pack_magic, sizeof pack_magic) != 0 ||
        header->version != PACK_VERSION || header->checksum != pack_checksum(header) ||
        memcmp(header->key, key, sizeof header->key) != 0 || header->n_bytes != n_bytes)
        return false;
    /* A right checksum says that this program wrote it; the ceilings guard against one that a
     * hostile program wrote. */
    return model_config_is_sound(&header->config) && header->n_layers <= header->config.n_layers &&
           header->word_format <= WORDS_SCALED && header->tokenizer_size <= n_bytes &&
           pack_lay_out(header, &sizes) == n_bytes;
}

bool pack_is_superseded(const void *context, const unsigned char *head, size_t n_bytes) {
    const struct pack_header *current = context;
    struct pack_header header;

    if (n_bytes < sizeof header)
        return false;
    memcpy(&header, head, sizeof header);
    if (memcmp(header.magic, pack_magic, sizeof pack_magic) != 0)
        return false;
    if (header.version != PACK_VERSION)
        return header.version < PACK_VERSION;
    return header.checksum == pack_checksum(&header) &&
           memcmp(header.source, current->source, sizeof header.source) == 0 &&
           memcmp(header.key, current->key, sizeof header.key) != 0;
}

/* One call for all pages instead of a fault for every sixteen: 3 ms instead of 5 for 42 MB. */
static void populate(const struct pack *pack) {
#ifdef MADV_POPULATE_READ
    if (madvise(pack->bytes, pack->n_hot_bytes, MADV_POPULATE_READ) == 0)
        return;
#endif
    (void)madvise(pack->bytes, pack->n_hot_bytes, MADV_WILLNEED);
}

static alkfw_status adopt(struct pack *pack, const char *path, const char *key,
                          alkfw_error *error) {
    const struct pack_header *header = (const struct pack_header *)(const void *)pack->file.bytes;

    if (!is_valid(header, key, pack->file.n_bytes))
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s is not a pack of this model", path);
    pack->layers = calloc(header->n_layers + 1u, sizeof *pack->layers);
    if (pack->layers == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    pack->bytes =
        (unsigned char *)(uintptr_t)pack->file.bytes; /* never written: mapped read-only */
    (void)pack_lay_out(header, pack);
    populate(pack);
    return ALKFW_OK;
}

alkfw_status pack_map(const char *path, const char *key, struct pack *pack, alkfw_error *error) {
    memset(pack, 0, sizeof *pack);
    alkfw_status status = mapped_file_open(&pack->file, path, "packed weights", error);
    if (status == ALKFW_OK)
        status = adopt(pack, path, key, error);
    if (status != ALKFW_OK)
        mapped_file_close(&pack->file);
    return status;
}

void pack_free(struct pack *pack) {
    if (pack->file.bytes == NULL)
        free(pack->bytes);
    mapped_file_close(&pack->file);
    free(pack->layers);
    memset(pack, 0, sizeof *pack);
}
