/* SPDX-License-Identifier: Apache-2.0
 *
 * A BERT of a few kilobytes, written to a directory for tests: the weights come from a formula that
 * scripts/make-model-goldens shares. */
#ifndef TINY_MODEL_H
#define TINY_MODEL_H

#include <stddef.h>

#include "model/safetensors.h"

enum {
    TINY_VOCABULARY = 64,
    TINY_HIDDEN = 48,
    TINY_LAYERS = 3,
    TINY_HEADS = 3,
    TINY_INNER = 80,
    TINY_POSITIONS = 40
};

/* What to write; all zero is a sound model. */
struct tiny_model {
    const char *activation;       /* "gelu" when NULL */
    const char *architecture;     /* "bert" when NULL */
    const char *prefix;           /* before the names of tensors */
    const char *without;          /* the tensor to leave out */
    const char *not_finite;       /* the tensor to put a NaN into */
    const char *short_tensor;     /* the tensor to make one row too short */
    enum safetensors_dtype dtype; /* of the weights; SAFETENSORS_F64 (0) stands for F32 */
    int n_files;                  /* 2: with an index; otherwise one */
    unsigned change;              /* added to the weights' formula: other numbers */
    int n_hidden_layers;          /* what config.json says; TINY_LAYERS when 0 */
    int n_heads;                  /* what config.json says; TINY_HEADS when 0 */
    int n_words;                  /* of config.json and the weights; TINY_VOCABULARY when 0 */
};

/* Writes config.json, tokenizer.json and the weights. The directory must be there. */
void tiny_model_write(const char *directory, const struct tiny_model *model);

/* The tokenizer alone: [PAD] [UNK] [CLS] [SEP] [MASK], a to z as words and as continuations. */
void tiny_model_write_tokenizer(const char *directory);

/* Removes what was written, and the directory. */
void tiny_model_remove(const char *directory);

#endif
