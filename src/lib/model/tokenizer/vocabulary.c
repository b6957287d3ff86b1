/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/vocabulary.h"

#include <stdbool.h>
#include <string.h>

uint32_t vocabulary_hash(uint32_t hash, const char *bytes, size_t n_bytes) {
    for (size_t i = 0; i < n_bytes; i++)
        hash = vocabulary_hash_byte(hash, (unsigned char)bytes[i]);
    return hash;
}

uint32_t vocabulary_slot_bits(size_t n_tokens) {
    uint32_t bits = 1;

    while (((size_t)1 << bits) < 2 * n_tokens + 1)
        bits++;
    return bits;
}

/* FNV-1a mixes its low bits into the high ones poorly: Fibonacci hashing takes the top bits. */
static size_t first_slot(uint32_t hash, uint32_t slot_bits) {
    return (hash * UINT32_C(2654435769)) >> (32 - slot_bits);
}

void vocabulary_insert(struct vocabulary_slot *slots, uint32_t slot_bits, uint32_t hash,
                       uint32_t id) {
    size_t mask = ((size_t)1 << slot_bits) - 1;
    size_t at = first_slot(hash, slot_bits);

    while (slots[at].id != VOCABULARY_EMPTY)
        at = (at + 1) & mask;
    slots[at] = (struct vocabulary_slot){hash, id};
}

static bool equals(const char *token, uint32_t n_token, const char *prefix, size_t n_prefix,
                   const char *bytes, size_t n_bytes) {
    return n_token == n_prefix + n_bytes && memcmp(token, prefix, n_prefix) == 0 &&
           memcmp(token + n_prefix, bytes, n_bytes) == 0;
}

int32_t vocabulary_find(const struct vocabulary *vocabulary, uint32_t hash, const char *prefix,
                        size_t n_prefix, const char *bytes, size_t n_bytes) {
    size_t mask = ((size_t)1 << vocabulary->slot_bits) - 1;
    size_t at = first_slot(hash, vocabulary->slot_bits);

    /* A sound table has an empty slot near by; a forged one may have none, or ids out of range. */
    for (size_t n_tried = 0; n_tried <= mask; n_tried++, at = (at + 1) & mask) {
        const struct vocabulary_slot *slot = &vocabulary->slots[at];
        if (slot->id >= vocabulary->size)
            break;
        if (slot->hash != hash)
            continue;
        uint32_t offset = vocabulary->offsets[slot->id];
        if (equals(vocabulary->strings + offset, vocabulary->offsets[slot->id + 1] - offset, prefix,
                   n_prefix, bytes, n_bytes))
            return (int32_t)slot->id;
    }
    return VOCABULARY_NOT_FOUND;
}
