/* SPDX-License-Identifier: Apache-2.0
 *
 * A small transformer whose hidden states are read. The rest of the library sees a model only
 * through this header; which architecture it is and which backend runs it stays behind it.
 *
 * Layers are numbered as in `output_hidden_states=True` of transformers: 0 is the output of the
 * embeddings, i the output of block i. */
#ifndef ALKFW_MODEL_H
#define ALKFW_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "model/adapter.h"
#include "model/tokenizer/tokenizer.h"
#include "support/file_identity.h"

struct model;

enum model_precision {
    MODEL_PRECISION_AUTO = 0,
    MODEL_PRECISION_FP32,
    MODEL_PRECISION_INT8, /* native only */
    MODEL_PRECISION_BF16  /* torch only */
};

/* "auto", "fp32", ... */
const char *model_precision_name(enum model_precision precision);
/* False when there is none of that name. */
bool model_precision_parse(const char *name, enum model_precision *precision);

struct model_options {
    const char *directory; /* has config.json, tokenizer.json and *.safetensors */
    const char *backend;   /* "native" or "torch" */
    enum model_precision precision;
    const char *cache_directory;   /* for packed weights; NULL: pack into memory at every start */
    uint32_t deepest_layer;        /* nothing above it is packed or computed; UINT32_MAX: all */
    const char *device;            /* "cpu", or of torch "cuda", "cuda:1", ...; NULL: "cpu" */
    const struct adapter *adapter; /* changes the weights; NULL: none. Needed while it is opened */
    const char *torch_module;      /* path of alkfw-torch.so; NULL: where it is installed */
};

/* Opens a model. The model is immutable afterwards and may be used by many threads, each with
 * a session of its own. */
ALKFW_MUST_CHECK alkfw_status model_open(const struct model_options *options, struct model **result,
                                         alkfw_error *error);
void model_close(struct model *model);

struct model_info {
    const char *architecture;       /* "bert" */
    const char *backend;            /* "native" */
    const char *kernel;             /* "avx512", "avx2", "portable", ... */
    enum model_precision precision; /* what runs, never AUTO */
    uint32_t n_layers;              /* blocks, so hidden states are 0 ... n_layers */
    uint32_t hidden_size;
    bool is_causal;          /* a token sees only itself and those before it */
    uint32_t max_tokens;     /* most tokens of a window, special tokens included */
    char weights_sha256[65]; /* hex digest of the safetensors file(s) */
    char adapter_sha256[65]; /* of what changed them; "": nothing */
    /* What the weights that run were read from and its state (support/file_identity.h); "" when
     * they were made in memory at this start. */
    char identity[FILE_IDENTITY_SIZE];
};
const struct model_info *model_get_info(const struct model *model);
const struct tokenizer *model_get_tokenizer(const struct model *model);

/* Working memory of one thread. */
struct model_session;
ALKFW_MUST_CHECK alkfw_status model_session_new(const struct model *model,
                                                struct model_session **result, alkfw_error *error);
void model_session_free(struct model_session *session);

/* Several windows run as one batch: their tokens one after the other, without padding. */
struct model_batch {
    const int32_t *ids;      /* [offsets[n_windows]] with special tokens */
    const uint32_t *offsets; /* [n_windows + 1], offsets[0] == 0, strictly rising */
    size_t n_windows;
};

/* Hidden states of every token of the batch at the given layers (strictly rising).
 * states[i] is [offsets[n_windows], hidden_size] row-major fp32 of layer layers[i], in memory of
 * the session, valid until its next call. The states of a window do not depend, bit for bit, on
 * what else is in the batch. ALKFW_E_ARGUMENT: an id outside the vocabulary, a window over
 * max_tokens, a layer over deepest_layer. */
ALKFW_MUST_CHECK alkfw_status model_hidden_states(const struct model *model,
                                                  struct model_session *session,
                                                  const struct model_batch *batch,
                                                  const uint32_t *layers, size_t n_layers,
                                                  const float **states, alkfw_error *error);

#endif
