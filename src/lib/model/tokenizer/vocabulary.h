/* SPDX-License-Identifier: Apache-2.0
 *
 * Token strings to ids: an open-addressing hash table that lies in the tokenizer's image. The hash
 * is FNV-1a, whose states after each byte are the hashes of all prefixes of a word. For the
 * tokenizer's image and models. */
#ifndef ALKFW_VOCABULARY_H
#define ALKFW_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

struct vocabulary_slot {
    uint32_t hash;
    uint32_t id; /* VOCABULARY_EMPTY: nothing here */
};

enum { VOCABULARY_MAX_SIZE = 1 << 22 };
#define VOCABULARY_EMPTY UINT32_MAX
#define VOCABULARY_NOT_FOUND (-1)

struct vocabulary {
    const struct vocabulary_slot *slots; /* [1 << slot_bits] not to be trusted: from a file */
    uint32_t slot_bits;
    const uint32_t *offsets; /* [size + 1] token i is strings[offsets[i], offsets[i + 1]) */
    const char *strings;
    uint32_t size;
    uint32_t longest; /* bytes of the longest token */
};

#define VOCABULARY_HASH_START UINT32_C(2166136261)

static inline uint32_t vocabulary_hash_byte(uint32_t hash, unsigned char byte) {
    return (hash ^ byte) * UINT32_C(16777619);
}

uint32_t vocabulary_hash(uint32_t hash, const char *bytes, size_t n_bytes);

/* How many bits of slots a vocabulary of that many tokens gets: at most half of them are used. */
uint32_t vocabulary_slot_bits(size_t n_tokens);

/* Puts a token into slots that have room for it. Its string is not there yet. */
void vocabulary_insert(struct vocabulary_slot *slots, uint32_t slot_bits, uint32_t hash,
                       uint32_t id);

/* The id of the string prefix || bytes, whose hash is given, or VOCABULARY_NOT_FOUND. */
int32_t vocabulary_find(const struct vocabulary *vocabulary, uint32_t hash, const char *prefix,
                        size_t n_prefix, const char *bytes, size_t n_bytes);

#endif
