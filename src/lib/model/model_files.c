/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_files.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/digest.h"
#include "support/mapped_file.h"

static const char INDEX[] = "model.safetensors.index.json";

static alkfw_status out_of_memory(const char *directory, alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model %s", directory);
}

static char *join(const char *directory, const char *name) {
    size_t size = strlen(directory) + strlen(name) + 2;
    char *path = malloc(size);

    if (path != NULL)
        (void)snprintf(path, size, "%s/%s", directory, name);
    return path;
}

static bool exists(const char *path) {
    struct stat info;

    return stat(path, &info) == 0;
}

static int compare_paths(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool has_weights(const struct model_files *files, const char *path) {
    for (size_t i = 0; i < files->n_weights; i++) {
        if (strcmp(files->weights[i], path) == 0)
            return true;
    }
    return false;
}

/* The files that an index names, each once. */
static alkfw_status read_weight_map(const char *directory, const json_t *root, const char *path,
                                    struct model_files *files, alkfw_error *error) {
    json_t *map = json_object_get(root, "weight_map");
    const char *tensor;
    json_t *value;

    if (json_object_size(map) == 0)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: there is no \"weight_map\"", path);
    files->weights = calloc(json_object_size(map), sizeof *files->weights);
    if (files->weights == NULL)
        return out_of_memory(directory, error);
    json_object_foreach(map, tensor, value) {
        const char *name = json_string_value(value);
        /* A name with a slash could lead out of the model's directory. */
        if (name == NULL || strchr(name, '/') != NULL)
            return alkfw_error_set(error, ALKFW_E_FORMAT,
                                   "%s: tensor \"%.100s\" is not in a file of the directory", path,
                                   tensor);
        char *weights = join(directory, name);
        if (weights == NULL)
            return out_of_memory(directory, error);
        if (has_weights(files, weights))
            free(weights);
        else
            files->weights[files->n_weights++] = weights;
    }
    qsort(files->weights, files->n_weights, sizeof *files->weights, compare_paths);
    return ALKFW_OK;
}

static alkfw_status read_index(const char *directory, const char *path, struct model_files *files,
                               alkfw_error *error) {
    struct mapped_file file;
    json_error_t problem;
    alkfw_status status = mapped_file_open(&file, path, "weight index", error);

    if (status != ALKFW_OK)
        return status;
    json_t *root = json_loadb(file.n_bytes > 0 ? (const char *)file.bytes : "", file.n_bytes,
                              JSON_REJECT_DUPLICATES, &problem);
    mapped_file_close(&file);
    if (root == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: line %d: %s", path, problem.line,
                               problem.text);
    status = read_weight_map(directory, root, path, files, error);
    json_decref(root);
    return status;
}

static alkfw_status find_weights(const char *directory, struct model_files *files,
                                 alkfw_error *error) {
    char *single = join(directory, "model.safetensors");
    char *index = join(directory, INDEX);
    alkfw_status status = ALKFW_OK;

    if (single == NULL || index == NULL) {
        status = out_of_memory(directory, error);
    } else if (exists(single) || !exists(index)) {
        files->weights = calloc(1, sizeof *files->weights);
        if (files->weights == NULL) {
            status = out_of_memory(directory, error);
        } else {
            files->weights[0] = single;
            files->n_weights = 1;
            single = NULL;
        }
    } else {
        status = read_index(directory, index, files, error);
    }
    free(single);
    free(index);
    return status;
}

alkfw_status model_files_find(const char *directory, struct model_files *files,
                              alkfw_error *error) {
    memset(files, 0, sizeof *files);
    files->config = join(directory, "config.json");
    files->tokenizer = join(directory, "tokenizer.json");
    alkfw_status status = files->config == NULL || files->tokenizer == NULL
                              ? out_of_memory(directory, error)
                              : find_weights(directory, files, error);
    if (status != ALKFW_OK)
        model_files_free(files);
    return status;
}

void model_files_free(struct model_files *files) {
    free(files->config);
    free(files->tokenizer);
    for (size_t i = 0; i < files->n_weights; i++)
        free(files->weights[i]);
    free(files->weights);
    memset(files, 0, sizeof *files);
}

/* ---- small files --------------------------------------------------------- */

alkfw_status model_files_config(const struct model_files *files, struct model_config *config,
                                alkfw_error *error) {
    struct mapped_file file;
    alkfw_status status = mapped_file_open(&file, files->config, "model configuration", error);

    if (status != ALKFW_OK)
        return status;
    status = model_config_parse(file.bytes, file.n_bytes, files->config, config, error);
    mapped_file_close(&file);
    return status;
}

alkfw_status model_files_tokenizer(const struct model_files *files,
                                   const struct model_config *config, struct tokenizer **tokenizer,
                                   alkfw_error *error) {
    struct mapped_file file;
    alkfw_status status = mapped_file_open(&file, files->tokenizer, "tokenizer", error);

    *tokenizer = NULL;
    if (status != ALKFW_OK)
        return status;
    status = tokenizer_parse_for(file.n_bytes > 0 ? (const char *)file.bytes : "", file.n_bytes,
                                 files->tokenizer, config->vocabulary_size, tokenizer, error);
    mapped_file_close(&file);
    return status;
}

/* ---- digests ------------------------------------------------------------- */

static alkfw_status add_stamp(struct sha256_ctx *context, const char *path, bool with_state,
                              alkfw_error *error) {
    struct stat info;
    char stamp[128];
    char *real = realpath(path, NULL);

    if (real == NULL || stat(real, &info) != 0) {
        int cause = errno;
        free(real);
        return alkfw_error_set(error, cause == ENOENT ? ALKFW_E_MISSING : ALKFW_E_IO,
                               "cannot open the model's file %s: %s", path, strerror(cause));
    }
    int length = snprintf(stamp, sizeof stamp, "%ju %ju %jd %jd.%09ld", (uintmax_t)info.st_dev,
                          (uintmax_t)info.st_ino, (intmax_t)info.st_size,
                          (intmax_t)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    sha256_update(context, strlen(real) + 1, (const uint8_t *)real);
    if (with_state)
        sha256_update(context, (size_t)length + 1, (const uint8_t *)stamp);
    free(real);
    return ALKFW_OK;
}

static alkfw_status name_files(const struct model_files *files, const char *salt, bool with_state,
                               char name[SHA256_HEX_SIZE], alkfw_error *error) {
    struct sha256_ctx context;

    sha256_init(&context);
    sha256_update(&context, strlen(salt) + 1, (const uint8_t *)salt);
    alkfw_status status = add_stamp(&context, files->config, with_state, error);
    if (status == ALKFW_OK)
        status = add_stamp(&context, files->tokenizer, with_state, error);
    for (size_t i = 0; status == ALKFW_OK && i < files->n_weights; i++)
        status = add_stamp(&context, files->weights[i], with_state, error);
    digest_hex(&context, name);
    return status;
}

alkfw_status model_files_key(const struct model_files *files, const char *salt,
                             char key[SHA256_HEX_SIZE], alkfw_error *error) {
    return name_files(files, salt, true, key, error);
}

alkfw_status model_files_source(const struct model_files *files, const char *salt,
                                char source[SHA256_HEX_SIZE], alkfw_error *error) {
    return name_files(files, salt, false, source, error);
}

/* ---- weights ------------------------------------------------------------- */

alkfw_status weights_open(const struct model_files *files, struct weights *weights,
                          alkfw_error *error) {
    alkfw_status status = ALKFW_OK;

    weights->n_files = 0;
    weights->files = calloc(files->n_weights, sizeof *weights->files);
    if (weights->files == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the weights");
    while (status == ALKFW_OK && weights->n_files < files->n_weights) {
        status = safetensors_open(files->weights[weights->n_files], "weights",
                                  &weights->files[weights->n_files], error);
        if (status == ALKFW_OK)
            weights->n_files++;
    }
    if (status != ALKFW_OK)
        weights_close(weights);
    return status;
}

void weights_close(struct weights *weights) {
    for (size_t i = 0; i < weights->n_files; i++)
        safetensors_close(weights->files[i]);
    free(weights->files);
    weights->files = NULL;
    weights->n_files = 0;
}

void weights_release(const struct weights *weights) {
    for (size_t i = 0; i < weights->n_files; i++)
        safetensors_release(weights->files[i]);
}

/* In parts, so that the file is never in memory as a whole. */
static void file_sha256(const struct safetensors *file, char digest[SHA256_HEX_SIZE]) {
    enum { PART_BYTES = 4 << 20 };
    struct sha256_ctx context;
    size_t n_bytes, n_part;
    const unsigned char *bytes = safetensors_bytes(file, &n_bytes);

    sha256_init(&context);
    for (size_t at = 0; at < n_bytes; at += n_part) {
        n_part = n_bytes - at < PART_BYTES ? n_bytes - at : PART_BYTES;
        sha256_update(&context, n_part, bytes + at);
        safetensors_release(file);
    }
    digest_hex(&context, digest);
}

void weights_sha256(const struct weights *weights, char digest[SHA256_HEX_SIZE]) {
    struct sha256_ctx whole;

    sha256_init(&whole);
    for (size_t i = 0; i < weights->n_files; i++) {
        file_sha256(weights->files[i], digest);
        sha256_update(&whole, SHA256_HEX_SIZE - 1, (const uint8_t *)digest);
    }
    if (weights->n_files != 1)
        digest_hex(&whole, digest);
}

static const struct safetensors_tensor *find_tensor(const struct weights *weights, const char *name,
                                                    const struct safetensors **file) {
    static const char *const prefixes[] = {
        "",
        "model.",
        "bert.",
        "roberta.",
        "deberta.",
        "transformer.",
        "gpt_neox.",
        "distilbert.",
        "language_model.model.",
        "model.language_model.",
    };
    char full[256];

    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        (void)snprintf(full, sizeof full, "%s%s", prefixes[i], name);
        for (size_t j = 0; j < weights->n_files; j++) {
            const struct safetensors_tensor *tensor = safetensors_find(weights->files[j], full);
            if (tensor != NULL) {
                *file = weights->files[j];
                return tensor;
            }
        }
    }
    return NULL;
}

bool weights_have(const struct weights *weights, const char *name) {
    const struct safetensors *file;

    return find_tensor(weights, name, &file) != NULL;
}

alkfw_status weights_find(const struct weights *weights, const char *name, size_t n_rows,
                          size_t n_columns, const struct safetensors **file,
                          const struct safetensors_tensor **tensor, alkfw_error *error) {
    const struct safetensors_tensor *found = find_tensor(weights, name, file);

    *tensor = found;
    if (found == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: there is no tensor \"%s\": the weights do not fit config.json",
                               safetensors_name(weights->files[0]), name);
    bool fits = n_columns == 0 ? found->n_dims == 1 && found->shape[0] == n_rows
                               : found->n_dims == 2 && found->shape[0] == n_rows &&
                                     found->shape[1] == n_columns;
    if (!fits)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: tensor \"%s\" does not have the %zu x %zu elements that "
                               "config.json asks for",
                               safetensors_name(*file), found->name, n_rows,
                               n_columns == 0 ? 1 : n_columns);
    return ALKFW_OK;
}
