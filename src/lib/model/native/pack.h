/* SPDX-License-Identifier: Apache-2.0
 *
 * The native backend's own form of a model: everything that a start needs, in the layout that the
 * kernels read, in one file of the cache that is mapped at every start. Used by native.c. */
#ifndef ALKFW_PACK_H
#define ALKFW_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "model/model.h"
#include "model/model_config.h"
#include "model/model_files.h"
#include "support/mapped_file.h"

/* Raised with every change of the layout or of what a section means. */
enum { PACK_VERSION = 3 };

/* How the embeddings of words are kept: as the weights have them, or 16 bits and a scale for each
 * word with int8. */
enum word_format { WORDS_F32 = 0, WORDS_F16, WORDS_BF16, WORDS_SCALED };

/* The file's first bytes; its sections follow from the configuration. */
struct pack_header {
    char magic[8];
    uint32_t version;
    uint32_t precision; /* enum model_precision */
    struct model_config config;
    uint32_t n_layers;    /* packed: at most config.n_layers */
    uint32_t word_format; /* enum word_format */
    char weights_sha256[SHA256_HEX_SIZE];
    char key[SHA256_HEX_SIZE];    /* what the file's name was made from */
    char source[SHA256_HEX_SIZE]; /* the same for every state of the same files on disk */
    char reserved[1];             /* 0; no hidden padding in what is written and summed */
    uint64_t n_bytes;             /* of the whole file */
    uint64_t tokenizer_size;
    uint64_t checksum; /* of the header with this set to 0 */
};

_Static_assert(offsetof(struct pack_header, n_bytes) ==
                   offsetof(struct pack_header, reserved) +
                       sizeof((struct pack_header){0}.reserved),
               "no padding");

/* y = W x + b with W in panels. */
struct pack_linear {
    uint32_t n_inputs;
    uint32_t n_outputs;
    const void *panels;  /* float or int8_t, see kernels.h */
    const float *bias;   /* [n_outputs rounded up to PANEL_WIDTH] */
    const float *scales; /* the same shape; int8 only */
    const int32_t *sums; /* the same shape; int8 only */
};

struct pack_norm {
    const float *gamma; /* [hidden_size]; NULL: there is no norm here */
    const float *beta;  /* the same shape; NULL with NORM_RMS */
};

struct pack_layer {
    struct pack_norm norms[N_BLOCK_NORMS];
    struct pack_linear qkv;        /* heads of query, of key, of value side by side */
    const float *query_norm;       /* [head_size]; NULL: none */
    const float *key_norm;         /* [head_size]; NULL: none */
    const float *relative_keys;    /* [2 * relative_span, n_heads * head_size]; NULL: none */
    const float *relative_queries; /* the same shape; NULL: none */
    struct pack_linear attention_output;
    struct pack_linear gate; /* of a gated MLP */
    struct pack_linear up;
    struct pack_linear down;
};

struct pack {
    const struct pack_header *header;
    struct pack_norm embedding_norm;
    struct pack_norm final_norm;
    struct pack_layer *layers; /* [header->n_layers] */
    const float *positions;    /* [n_positions or, without learned ones, 1; hidden_size], type 0
                                * added; NULL: neither */
    const void *tokenizer;     /* [header->tokenizer_size] image */
    const void *words;         /* [vocabulary_size, hidden_size] in header->word_format */
    const float *word_scales;  /* [vocabulary_size]; WORDS_SCALED only */
    size_t n_hot_bytes;        /* of the front of the file: what every run reads */
    unsigned char *bytes;      /* [header->n_bytes] */
    struct mapped_file file;   /* what bytes is a view of; of a pack in memory: nothing */
};

/* What tells packs apart: a state of files, and what was packed of them. */
struct pack_name {
    char key[SHA256_HEX_SIZE];    /* of this state of the files */
    char source[SHA256_HEX_SIZE]; /* of any */
};

/* Packs a model into memory; with an adapter (or NULL), its weights as they are changed. */
ALKFW_MUST_CHECK alkfw_status pack_build(const struct model_files *files,
                                         enum model_precision precision, uint32_t deepest_layer,
                                         const struct adapter *adapter,
                                         const struct pack_name *name, struct pack *pack,
                                         alkfw_error *error);

ALKFW_MUST_CHECK alkfw_status pack_write(const struct pack *pack, const char *path,
                                         alkfw_error *error);

/* Maps a file that pack_write wrote for the same key. Anything else, a file cut short or a header
 * with a wrong checksum included, is an error, and the file is to be built again. */
ALKFW_MUST_CHECK alkfw_status pack_map(const char *path, const char *key, struct pack *pack,
                                       alkfw_error *error);
void pack_free(struct pack *pack);

/* For cache_folder_sweep: whether a pack is of an older layout, or of an earlier state of the files
 * that `context`, a struct pack_header, was made from. Packs of newer programs stay. */
bool pack_is_superseded(const void *context, const unsigned char *head, size_t n_bytes);

#endif
