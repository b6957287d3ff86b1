/* SPDX-License-Identifier: Apache-2.0
 *
 * The native backend: plain C, no framework. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/backend.h"
#include "model/native/forward.h"
#include "model/native/pack.h"
#include "support/cache_folder.h"

/* Tokens of whole windows that go through the layers together: enough rows for the matrix
 * products, few enough that what lies between them stays in the second-level cache. */
enum { CHUNK_TOKENS = 128 };

struct native {
    struct pack pack;
    const struct kernels *kernels;
};

struct native_session {
    struct workspace workspace;
};

/* ---- opening ------------------------------------------------------------- */

enum { SALT_SIZE = 64 + DIGEST_HEX_SIZE };

static void make_salt(const struct model_options *options, enum model_precision precision,
                      char salt[SALT_SIZE]) {
    (void)snprintf(salt, SALT_SIZE, "pack %d %d %u %s", PACK_VERSION, (int)precision,
                   options->deepest_layer,
                   options->adapter != NULL ? adapter_sha256(options->adapter) : "");
}

static alkfw_status cache_path(const struct model_options *options, const struct model_files *files,
                               enum model_precision precision, char key[SHA256_HEX_SIZE],
                               char **path, alkfw_error *error) {
    char salt[SALT_SIZE];

    *path = NULL;
    make_salt(options, precision, salt);
    alkfw_status status = model_files_key(files, salt, key, error);
    if (status != ALKFW_OK || options->cache_directory == NULL)
        return status;
    size_t size = strlen(options->cache_directory) + SHA256_HEX_SIZE + sizeof "/" CACHE_PACK_SUFFIX;
    *path = malloc(size);
    if (*path == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model");
    (void)snprintf(*path, size, "%s/%s" CACHE_PACK_SUFFIX, options->cache_directory, key);
    return ALKFW_OK;
}

/* Maps the pack at `path` and makes a tokenizer of its image. Both or nothing: an image that the
 * tokenizer of this version does not take is a reason to build the pack again. */
static alkfw_status map_parts(const char *path, const char *key, struct pack *pack,
                              struct tokenizer **tokenizer, alkfw_error *error) {
    alkfw_status status = pack_map(path, key, pack, error);

    if (status != ALKFW_OK)
        return status;
    status = tokenizer_from_image(pack->tokenizer, (size_t)pack->header->tokenizer_size, tokenizer,
                                  error);
    if (status != ALKFW_OK)
        pack_free(pack);
    return status;
}

/* Builds the parts in memory and, with a path, leaves them there for the next start; the mapped
 * file then takes the place of private memory. */
static alkfw_status build_parts(const struct model_options *options,
                                const struct model_files *files, enum model_precision precision,
                                const char *path, const char *key, struct pack *pack,
                                struct tokenizer **tokenizer, alkfw_error *error) {
    struct pack_name name;
    char salt[SALT_SIZE];
    alkfw_error ignored;

    memcpy(name.key, key, sizeof name.key);
    make_salt(options, precision, salt);
    alkfw_status status = model_files_source(files, salt, name.source, error);
    if (status == ALKFW_OK)
        status = pack_build(files, precision, options->deepest_layer, options->adapter, &name, pack,
                            error);
    if (status != ALKFW_OK)
        return status;
    if (path != NULL)
        cache_folder_make(options->cache_directory);
    if (path != NULL && pack_write(pack, path, &ignored) == ALKFW_OK) {
        pack_free(pack); /* before the mapping: both at once would be the run's peak of memory */
        if (map_parts(path, key, pack, tokenizer, &ignored) == ALKFW_OK) {
            cache_folder_sweep(options->cache_directory, pack_is_superseded, pack->header);
            return ALKFW_OK;
        }
        /* Somebody took it away again. */
        return build_parts(options, files, precision, NULL, key, pack, tokenizer, error);
    }
    status = tokenizer_from_image(pack->tokenizer, (size_t)pack->header->tokenizer_size, tokenizer,
                                  error);
    if (status != ALKFW_OK)
        pack_free(pack);
    return status;
}

/* Takes what an earlier start has left in the cache, or builds it. A cache that cannot be read or
 * written costs time, nothing else. */
static alkfw_status open_parts(const struct model_options *options, enum model_precision precision,
                               struct pack *pack, struct tokenizer **tokenizer,
                               alkfw_error *error) {
    struct model_files files;
    char key[SHA256_HEX_SIZE];
    char *path = NULL;
    alkfw_error ignored;
    alkfw_status status = model_files_find(options->directory, &files, error);

    if (status != ALKFW_OK)
        return status;
    status = cache_path(options, &files, precision, key, &path, error);
    if (status == ALKFW_OK &&
        (path == NULL || map_parts(path, key, pack, tokenizer, &ignored) != ALKFW_OK))
        status = build_parts(options, &files, precision, path, key, pack, tokenizer, error);
    free(path);
    model_files_free(&files);
    return status;
}

static void describe(const struct native *native, struct backend_model *model) {
    const struct pack_header *header = native->pack.header;
    struct model_info *info = &model->info;

    backend_describe(&header->config, model);
    info->kernel = native->kernels->name;
    info->precision = (enum model_precision)header->precision;
    memcpy(info->weights_sha256, header->weights_sha256, sizeof info->weights_sha256);
    memcpy(info->identity, native->pack.file.identity, sizeof info->identity);
    model->deepest_layer = header->n_layers;
}

static alkfw_status check_options(const struct model_options *options, alkfw_error *error) {
    if (options->device != NULL && strcmp(options->device, "cpu") != 0)
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "the backend \"native\" runs on the device \"cpu\" only, not on "
                               "\"%s\"; the backend \"torch\" has others",
                               options->device);
    if (options->precision == MODEL_PRECISION_BF16)
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "the backend \"native\" computes in fp32 or int8; bf16 is of the "
                               "backend \"torch\"");
    return ALKFW_OK;
}

static alkfw_status native_open(const struct model_options *options, struct backend_model *model,
                                alkfw_error *error) {
    enum model_precision precision =
        options->precision == MODEL_PRECISION_AUTO ? MODEL_PRECISION_FP32 : options->precision;
    alkfw_status status = check_options(options, error);

    if (status != ALKFW_OK)
        return status;
    struct native *native = calloc(1, sizeof *native);
    if (native == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model");
    status = open_parts(options, precision, &native->pack, &model->tokenizer, error);
    if (status != ALKFW_OK) {
        free(native);
        return status;
    }
    native->kernels = kernels_get();
    model->state = native;
    describe(native, model);
    return ALKFW_OK;
}

static void native_close(void *state) {
    struct native *native = state;

    pack_free(&native->pack);
    free(native);
}

/* ---- sessions ------------------------------------------------------------ */

static alkfw_status native_session_new(const void *state, void **result, alkfw_error *error) {
    const struct native *native = state;
    struct native_session *session = calloc(1, sizeof *session);

    if (session == NULL ||
        !workspace_init(&session->workspace, native->pack.header, CHUNK_TOKENS)) {
        free(session);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for a model session");
    }
    *result = session;
    return ALKFW_OK;
}

static void native_session_free(void *state) {
    struct native_session *session = state;

    workspace_free(&session->workspace);
    free(session);
}

/* Longer windows than those before need a larger workspace. */
static alkfw_status reserve_tokens(const struct native *native, struct native_session *session,
                                   const struct model_batch *batch, alkfw_error *error) {
    size_t longest = CHUNK_TOKENS; /* what windows_of_chunk fills, whatever this batch has */

    for (size_t i = 0; i < batch->n_windows; i++) {
        size_t n_tokens = batch->offsets[i + 1] - batch->offsets[i];
        longest = n_tokens > longest ? n_tokens : longest;
    }
    if (longest <= session->workspace.n_tokens)
        return ALKFW_OK;
    workspace_free(&session->workspace);
    if (!workspace_init(&session->workspace, native->pack.header, longest)) {
        workspace_free(&session->workspace); /* no size, so that the next call tries again */
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for a window of %zu tokens",
                               longest);
    }
    return ALKFW_OK;
}

/* The windows from `first` on that fit one chunk; at least one always does. */
static size_t windows_of_chunk(const struct model_batch *batch, size_t first) {
    size_t n_windows = 1;

    while (first + n_windows < batch->n_windows &&
           batch->offsets[first + n_windows + 1] - batch->offsets[first] <= CHUNK_TOKENS)
        n_windows++;
    return n_windows;
}

static void run_chunk(const struct native *native, struct workspace *workspace,
                      const struct chunk *chunk, const uint32_t *layers, size_t n_layers,
                      float *const *states) {
    size_t hidden = native->pack.header->config.hidden_size;
    size_t start = chunk->offsets[0];
    size_t n_tokens = chunk->offsets[chunk->n_windows] - start;
    size_t next = 0;

    forward_embed(&native->pack, native->kernels, workspace, chunk);
    for (uint32_t layer = 0; next < n_layers; layer++) {
        if (layer > 0)
            forward_block(&native->pack, native->kernels, workspace, chunk, layer - 1);
        if (layers[next] == layer)
            forward_show(&native->pack, native->kernels, workspace, layer, n_tokens,
                         states[next++] + start * hidden);
    }
}

static alkfw_status native_hidden_states(const void *state, void *session_state,
                                         const struct model_batch *batch, const uint32_t *layers,
                                         size_t n_layers, float *const *states,
                                         alkfw_error *error) {
    const struct native *native = state;
    struct native_session *session = session_state;

    alkfw_status status = reserve_tokens(native, session, batch, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t window = 0, n_windows; window < batch->n_windows; window += n_windows) {
        n_windows = windows_of_chunk(batch, window);
        struct chunk chunk = {batch->ids, batch->offsets + window, n_windows};
        run_chunk(native, &session->workspace, &chunk, layers, n_layers, states);
    }
    return ALKFW_OK;
}

const struct backend backend_native = {
    .name = "native",
    .open = native_open,
    .close = native_close,
    .session_new = native_session_new,
    .session_free = native_session_free,
    .hidden_states = native_hidden_states,
};
