/* SPDX-License-Identifier: Apache-2.0 */
#include "model/native/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void take_norm(struct cursor *cursor, uint32_t hidden_size, struct pack_norm *norm) {
    norm->gamma = take(cursor, hidden_size * sizeof(float));
    norm->beta = take(cursor, hidden_size * sizeof(float));
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

static void take_layer(struct cursor *cursor, bool is_int8, const struct model_config *config,
                       struct pack_layer *layer) {
    uint32_t hidden = config->hidden_size, intermediate = config->intermediate_size;

    take_linear(cursor, is_int8, hidden, 3 * hidden, &layer->qkv);
    take_linear(cursor, is_int8, hidden, hidden, &layer->attention_output);
    take_norm(cursor, hidden, &layer->attention_norm);
    take_linear(cursor, is_int8, hidden, intermediate, &layer->up);
    take_linear(cursor, is_int8, intermediate, hidden, &layer->down);
    take_norm(cursor, hidden, &layer->output_norm);
}

uint64_t pack_lay_out(const struct pack_header *header, struct pack *pack) {
    const struct model_config *config = &header->config;
    bool is_int8 = header->precision == MODEL_PRECISION_INT8;
    uint64_t hidden = config->hidden_size;
    uint64_t n_words = config->vocabulary_size;
    struct cursor cursor = {.bytes = pack->bytes};
    struct pack_layer unused;

    pack->header = take(&cursor, sizeof *header);
    take_norm(&cursor, config->hidden_size, &pack->embedding_norm);
    for (uint32_t i = 0; i < header->n_layers; i++)
        take_layer(&cursor, is_int8, config, pack->bytes != NULL ? &pack->layers[i] : &unused);
    pack->tokenizer = take(&cursor, header->tokenizer_size);
    pack->positions = take(&cursor, config->n_positions * hidden * sizeof(float));
    pack->n_hot_bytes = (size_t)cursor.offset;
    /* Last, because only the rows of words that occur are ever read from the disk. */
    pack->words = is_int8 ? NULL : take(&cursor, n_words * hidden * sizeof(float));
    pack->short_words = is_int8 ? take(&cursor, n_words * hidden * sizeof(int16_t)) : NULL;
    pack->word_scales = is_int8 ? take(&cursor, n_words * sizeof(float)) : NULL;
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
    const struct model_config *config = &header->config;

    if (n_bytes < sizeof *header || memcmp(header->magic, pack_magic, sizeof pack_magic) != 0 ||
        header->version != PACK_VERSION || header->checksum != pack_checksum(header) ||
        memcmp(header->key, key, sizeof header->key) != 0 || header->n_bytes != n_bytes)
        return false;
    /* A right checksum says that this program wrote it; the ceilings guard against one that a
     * hostile program wrote. */
    return config->hidden_size > 0 && config->hidden_size <= MODEL_MAX_HIDDEN &&
           config->n_heads > 0 && config->hidden_size % config->n_heads == 0 &&
           config->n_layers <= MODEL_MAX_LAYERS && header->n_layers <= config->n_layers &&
           config->intermediate_size <= MODEL_MAX_INTERMEDIATE &&
           config->vocabulary_size <= MODEL_MAX_VOCABULARY &&
           config->n_positions <= MODEL_MAX_POSITIONS && header->tokenizer_size <= n_bytes &&
           pack_lay_out(header, &sizes) == n_bytes;
}

/* One call for all pages instead of a fault for every sixteen: 3 ms instead of 5 for 42 MB. */
static void populate(const struct pack *pack) {
#ifdef MADV_POPULATE_READ
    if (madvise(pack->bytes, pack->n_hot_bytes, MADV_POPULATE_READ) == 0)
        return;
#endif
    (void)madvise(pack->bytes, pack->n_hot_bytes, MADV_WILLNEED);
}

static alkfw_status adopt(void *bytes, size_t n_bytes, const char *path, const char *key,
                          struct pack *pack, alkfw_error *error) {
    const struct pack_header *header = bytes;

    if (!is_valid(header, key, n_bytes)) {
        (void)munmap(bytes, n_bytes);
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s is not a pack of this model", path);
    }
    pack->layers = calloc(header->n_layers + 1u, sizeof *pack->layers);
    if (pack->layers == NULL) {
        (void)munmap(bytes, n_bytes);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %s", path);
    }
    pack->bytes = bytes;
    pack->is_mapped = true;
    (void)pack_lay_out(header, pack);
    populate(pack);
    return ALKFW_OK;
}

alkfw_status pack_map(const char *path, const char *key, struct pack *pack, alkfw_error *error) {
    struct stat info;
    void *bytes = MAP_FAILED;
    size_t n_bytes = 0;

    memset(pack, 0, sizeof *pack);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return alkfw_error_set(error, ALKFW_E_MISSING, "cannot open %s: %s", path, strerror(errno));
    if (fstat(descriptor, &info) == 0 && S_ISREG(info.st_mode) &&
        info.st_size >= (off_t)sizeof(struct pack_header) && (uintmax_t)info.st_size <= SIZE_MAX) {
        n_bytes = (size_t)info.st_size;
        bytes = mmap(NULL, n_bytes, PROT_READ, MAP_PRIVATE, descriptor, 0);
    }
    (void)close(descriptor);
    if (bytes == MAP_FAILED)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s cannot be mapped", path);
    return adopt(bytes, n_bytes, path, key, pack, error);
}

void pack_free(struct pack *pack) {
    if (pack->bytes != NULL && pack->is_mapped)
        (void)munmap(pack->bytes, (size_t)pack->header->n_bytes);
    else
        free(pack->bytes);
    free(pack->layers);
    memset(pack, 0, sizeof *pack);
}
