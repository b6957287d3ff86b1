/* SPDX-License-Identifier: Apache-2.0
 *
 * Which files make up a model's directory, and which version of them is there. Used by the
 * backends. */
#ifndef ALKFW_MODEL_FILES_H
#define ALKFW_MODEL_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"
#include "model/model_config.h"
#include "model/safetensors.h"
#include "model/tokenizer/tokenizer.h"

enum { SHA256_HEX_SIZE = 65 };

struct model_files {
    char *config;    /* path of config.json */
    char *tokenizer; /* path of tokenizer.json */
    char **weights;  /* [n_weights] paths, sorted; more than one when there is an index */
    size_t n_weights;
};

/* Finds the files of a directory without reading the large ones. */
ALKFW_MUST_CHECK alkfw_status model_files_find(const char *directory, struct model_files *files,
                                               alkfw_error *error);
void model_files_free(struct model_files *files);

ALKFW_MUST_CHECK alkfw_status model_files_config(const struct model_files *files,
                                                 struct model_config *config, alkfw_error *error);
/* Without added tokens for which the model has no row. The caller frees it. */
ALKFW_MUST_CHECK alkfw_status model_files_tokenizer(const struct model_files *files,
                                                    const struct model_config *config,
                                                    struct tokenizer **tokenizer,
                                                    alkfw_error *error);

/* A digest of where the files are and when they were last changed, without reading them, and of
 * `salt`: another model, a change on disk or another salt gives another key. */
ALKFW_MUST_CHECK alkfw_status model_files_key(const struct model_files *files, const char *salt,
                                              char key[SHA256_HEX_SIZE], alkfw_error *error);

/* The same whatever state the files are in. */
ALKFW_MUST_CHECK alkfw_status model_files_source(const struct model_files *files, const char *salt,
                                                 char source[SHA256_HEX_SIZE], alkfw_error *error);

/* The weights of a model as one set of tensors. */
struct weights {
    struct safetensors **files; /* [n_files] */
    size_t n_files;
};

ALKFW_MUST_CHECK alkfw_status weights_open(const struct model_files *files, struct weights *weights,
                                           alkfw_error *error);
void weights_close(struct weights *weights);
/* What was read of them need not stay in memory; they can still be read. */
void weights_release(const struct weights *weights);

/* The digest that names the weights: of the file's bytes; of several files, the digest of
 * their digests in hex, one after the other in the order of their names. */
void weights_sha256(const struct weights *weights, char digest[SHA256_HEX_SIZE]);

/* Finds a tensor by the name that it has in a bare model; checkpoints of larger models put "bert.",
 * "model." or the like before it. Its shape must be [n_rows, n_columns], or [n_rows] when n_columns
 * is 0. */
ALKFW_MUST_CHECK alkfw_status weights_find(const struct weights *weights, const char *name,
                                           size_t n_rows, size_t n_columns,
                                           const struct safetensors **file,
                                           const struct safetensors_tensor **tensor,
                                           alkfw_error *error);

/* Whether weights_find would find a tensor of that name, whatever its shape. */
bool weights_have(const struct weights *weights, const char *name);

#endif
