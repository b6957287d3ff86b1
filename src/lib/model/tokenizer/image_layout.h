/* SPDX-License-Identifier: Apache-2.0
 *
 * How the image of a tokenizer lies in memory. For image.c, which opens it, and image_build.c. */
#ifndef ALKFW_TOKENIZER_IMAGE_LAYOUT_H
#define ALKFW_TOKENIZER_IMAGE_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/image.h"

enum { IMAGE_VERSION = 2, IMAGE_ALIGNMENT = 64, IMAGE_CHECKED_FROM = 32 };
#define IMAGE_MAX_BYTES (UINT32_MAX - IMAGE_ALIGNMENT)
#define IMAGE_MAGIC "alkfwtok"

struct image_section {
    uint32_t at; /* bytes from the start of the image, a multiple of IMAGE_ALIGNMENT */
    uint32_t n;  /* elements */
};

enum image_section_kind {
    SECTION_BLOCKS = 0, /* uint16_t, see struct character_table */
    SECTION_CLASSES,    /* uint8_t */
    SECTION_SLOTS,      /* struct vocabulary_slot; of Unigram, which has a trie, two empty ones */
    SECTION_OFFSETS,    /* uint32_t, see struct vocabulary */
    SECTION_STRINGS,    /* char: tokens by id, then everything else */
    SECTION_RAW,        /* struct added_token */
    SECTION_NORMALIZED, /* struct added_token */
    SECTION_STEPS,      /* struct image_step */
    SECTION_UNITS,      /* uint32_t: tries of Precompiled */
    SECTION_MERGES,     /* struct merge_slot, of BPE */
    SECTION_SCORES,     /* double, of Unigram, as what follows */
    SECTION_EDGES,      /* struct trie_edge */
    SECTION_NODES,      /* int32_t, see struct trie */
    N_SECTIONS
};

extern const size_t image_element_sizes[N_SECTIONS];

/* See struct step. */
struct image_step {
    uint32_t kind;
    uint32_t flags;
    uint32_t pattern_kind;
    uint32_t first_at; /* in the strings */
    uint32_t n_first;
    uint32_t second_at;
    uint32_t n_second;
    uint32_t units_at; /* in the units */
    uint32_t n_units;
    uint32_t reserved; /* 0 */
};

enum rule_bit { RULE_CLEAN = 1, RULE_IDEOGRAPHS = 2, RULE_ACCENTS = 4, RULE_LOWER = 8 };

struct image_header {
    char magic[8];
    uint32_t version;
    uint32_t n_bytes;
    uint64_t checksum; /* of bytes [IMAGE_CHECKED_FROM, n_bytes) */
    uint64_t reserved; /* 0 */
    uint32_t rules;    /* enum rule_bit */
    uint32_t pre_tokenizer;
    uint32_t model;
    uint32_t vocabulary_size;
    uint32_t slot_bits;
    uint32_t longest_token; /* bytes */
    struct wordpiece_settings wordpiece;
    int32_t prefix[TOKENIZER_MAX_SPECIAL];
    int32_t suffix[TOKENIZER_MAX_SPECIAL];
    uint32_t n_prefix;
    uint32_t n_suffix;
    struct image_section sections[N_SECTIONS];
    uint32_t trimming; /* enum trimming */
    uint32_t n_normalizers;
    struct bpe_settings bpe;
    struct unigram_settings unigram;
};

/* What the checksum should be. */
uint64_t image_checksum(const void *image, size_t n_bytes);

/* Orders by bytes, a prefix first. */
int image_compare_bytes(const char *a, size_t n_a, const char *b, size_t n_b);

#endif
