/* SPDX-License-Identifier: Apache-2.0
 *
 * The BPE model: a piece to characters, and neighbours merged as long as a merge is known, the one
 * of the lowest rank first. Byte-level BPE is the same after ByteLevel has made characters of
 * bytes; sentencepiece's has a token for each byte instead. For the encoder and the image. */
#ifndef ALKFW_BPE_H
#define ALKFW_BPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/aligned_text.h"

struct encoder;
struct vocabulary;

/* An open-addressing hash table from pairs of tokens to merges, as it lies in the image. */
struct merge_slot {
    uint32_t left; /* MERGE_EMPTY: nothing here */
    uint32_t right;
    uint32_t rank;
    uint32_t id; /* of the merged token */
};
#define MERGE_EMPTY UINT32_MAX

enum bpe_flag { BPE_FUSE_UNKNOWN = 1, BPE_BYTE_FALLBACK = 2, BPE_IGNORE_MERGES = 4 };
enum { BPE_ALL_FLAGS = 7 };

/* Of unknown_id: there is none and unknown characters are passed over; there is one, but the
 * vocabulary has it not, and they are an error. */
enum { BPE_NO_UNKNOWN = -1, BPE_MISSING_UNKNOWN = -2 };

enum { BPE_MAX_AFFIX = 64 /* bytes of a prefix or suffix */ };

struct bpe_settings {
    int32_t unknown_id;
    uint32_t flags;
    uint32_t prefix_at; /* in the strings: before every character but the first */
    uint32_t n_prefix;
    uint32_t suffix_at; /* after the last character */
    uint32_t n_suffix;
    uint32_t merge_bits; /* 1 << merge_bits slots */
    uint32_t reserved;   /* 0 */
};

enum { BPE_N_SMALL = 0x200 /* code points whose tokens are looked up once */ };

struct bpe {
    struct bpe_settings settings;
    const struct merge_slot *merges; /* not to be trusted: from a file */
    int32_t small_ids[BPE_N_SMALL];
};

uint32_t merges_bits(size_t n_merges);
/* A pair that is there already gets the later rank, as in the reference. */
void merges_insert(struct merge_slot *slots, uint32_t bits, const struct merge_slot *merge);

/* Looks the tokens of small code points up. */
void bpe_index(struct bpe *bpe, const struct vocabulary *vocabulary);

struct bpe_scratch {
    struct bpe_symbol *symbols;
    struct bpe_candidate *heap;
    size_t capacity; /* symbols; of the heap three times as many */
};
void bpe_scratch_free(struct bpe_scratch *scratch);

/* Appends the tokens of a piece; false: see encoder->failure. */
bool bpe_encode(struct encoder *encoder, const struct aligned_text *text,
                const struct piece *piece);

#endif
