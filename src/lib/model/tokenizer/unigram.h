/* SPDX-License-Identifier: Apache-2.0
 *
 * The Unigram model: of all ways to cut a piece into tokens the one with the highest sum of scores
 * (Viterbi). For the encoder and the image. */
#ifndef ALKFW_UNIGRAM_H
#define ALKFW_UNIGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/aligned_text.h"

struct encoder;

/* The trie of tokens, as it lies in the image: an open-addressing hash table from a node and a byte
 * to the next node. Node 0 is the root and no node's child. */
struct trie_edge {
    uint32_t key;   /* node << 8 | byte */
    uint32_t child; /* 0: nothing here */
};

enum { TRIE_MAX_NODES = 1 << 24, TRIE_NO_TOKEN = -1 };

struct trie {
    const struct trie_edge *edges; /* [1 << edge_bits] not to be trusted: from a file */
    uint32_t edge_bits;
    const int32_t *tokens; /* [n_nodes] the token that ends there, or TRIE_NO_TOKEN */
    uint32_t n_nodes;
};

uint32_t trie_edge_bits(size_t n_edges);
void trie_insert(struct trie_edge *edges, uint32_t edge_bits, const struct trie_edge *edge);
/* The child of a node, or 0. */
uint32_t trie_child(const struct trie *trie, uint32_t node, unsigned char byte);

enum unigram_flag { UNIGRAM_BYTE_FALLBACK = 1 };

struct unigram_settings {
    double unknown_score;
    int32_t unknown_id;
    uint32_t flags;
    uint32_t edge_bits;
    uint32_t reserved; /* 0 */
};

struct unigram {
    struct unigram_settings settings;
    struct trie trie;
    const double *scores; /* [n_scores] by id */
    size_t n_scores;
};

struct unigram_scratch {
    struct unigram_place *places;
    size_t capacity;
};
void unigram_scratch_free(struct unigram_scratch *scratch);

/* Appends the tokens of a piece; false: see encoder->failure. */
bool unigram_encode(struct encoder *encoder, const struct aligned_text *text,
                    const struct piece *piece);

#endif
