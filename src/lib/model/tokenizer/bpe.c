/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/bpe.h"

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/characters.h"
#include "model/tokenizer/encoder.h"
#include "model/tokenizer/vocabulary.h"
#include "support/utf8.h"

/* ---- merges -------------------------------------------------------------- */

static size_t first_slot(uint32_t left, uint32_t right, uint32_t bits) {
    uint64_t pair = (uint64_t)left << 32 | right;

    return (size_t)(pair * UINT64_C(0x9E3779B97F4A7C15) >> (64 - bits));
}

uint32_t merges_bits(size_t n_merges) {
    uint32_t bits = 1;

    while (((size_t)1 << bits) < n_merges + n_merges / 2 + 2)
        bits++;
    return bits;
}

void merges_insert(struct merge_slot *slots, uint32_t bits, const struct merge_slot *merge) {
    size_t mask = ((size_t)1 << bits) - 1;
    size_t at = first_slot(merge->left, merge->right, bits);

    while (slots[at].left != MERGE_EMPTY &&
           (slots[at].left != merge->left || slots[at].right != merge->right))
        at = (at + 1) & mask;
    slots[at] = *merge;
}

/* NULL when the pair is not merged. */
static const struct merge_slot *find_merge(const struct tokenizer *tokenizer, int32_t left,
                                           int32_t right) {
    const struct bpe *bpe = &tokenizer->bpe;
    uint32_t bits = bpe->settings.merge_bits;
    size_t mask = ((size_t)1 << bits) - 1;
    size_t at = first_slot((uint32_t)left, (uint32_t)right, bits);

    /* A sound table has an empty slot near by; a forged one may have none, or ids out of range. */
    for (size_t n_tried = 0; n_tried <= mask; n_tried++, at = (at + 1) & mask) {
        const struct merge_slot *slot = &bpe->merges[at];
        if (slot->left == MERGE_EMPTY)
            break;
        if (slot->left == (uint32_t)left && slot->right == (uint32_t)right)
            return slot->id < tokenizer->vocabulary.size ? slot : NULL;
    }
    return NULL;
}

/* ---- symbols -------------------------------------------------------------- */

struct bpe_symbol {
    int32_t id;
    uint32_t n_bytes; /* 0: merged into the one before */
    uint32_t previous;
    uint32_t next; /* NOTHING: none */
};
#define NOTHING UINT32_MAX

struct bpe_candidate {
    uint32_t rank;
    uint32_t at; /* of the left symbol */
    int32_t id;
};

void bpe_scratch_free(struct bpe_scratch *scratch) {
    free(scratch->symbols);
    free(scratch->heap);
}

static bool reserve(struct bpe_scratch *scratch, size_t n_symbols) {
    size_t capacity = scratch->capacity == 0 ? 64 : scratch->capacity;

    if (n_symbols <= scratch->capacity)
        return true;
    while (capacity < n_symbols)
        capacity *= 2;
    struct bpe_symbol *symbols = realloc(scratch->symbols, capacity * sizeof *symbols);
    if (symbols == NULL)
        return false;
    scratch->symbols = symbols;
    struct bpe_candidate *heap = realloc(scratch->heap, 3 * capacity * sizeof *heap);
    if (heap == NULL)
        return false;
    scratch->heap = heap;
    scratch->capacity = capacity;
    return true;
}

static int32_t find(const struct vocabulary *vocabulary, const char *bytes, size_t n_bytes) {
    return vocabulary_find(vocabulary, vocabulary_hash(VOCABULARY_HASH_START, bytes, n_bytes), "",
                           0, bytes, n_bytes);
}

void bpe_index(struct bpe *bpe, const struct vocabulary *vocabulary) {
    unsigned char bytes[4];

    for (uint32_t c = 0; c < BPE_N_SMALL; c++)
        bpe->small_ids[c] = find(vocabulary, (const char *)bytes, character_encode(c, bytes));
}

struct spelling {
    const char *bytes;
    size_t n_bytes;
    char buffer[4 + 2 * BPE_MAX_AFFIX];
};

/* A character with the prefix and suffix that it gets at its place. */
static void spell(const struct tokenizer *tokenizer, const char *bytes, size_t n_bytes,
                  bool is_first, bool is_last, struct spelling *spelling) {
    const struct bpe_settings *settings = &tokenizer->bpe.settings;
    const char *strings = tokenizer->vocabulary.strings;
    size_t n_prefix = is_first ? 0 : settings->n_prefix;
    size_t n_suffix = is_last ? settings->n_suffix : 0;

    spelling->bytes = bytes;
    spelling->n_bytes = n_bytes;
    if (n_prefix + n_suffix == 0)
        return;
    memcpy(spelling->buffer, strings + settings->prefix_at, n_prefix);
    memcpy(spelling->buffer + n_prefix, bytes, n_bytes);
    memcpy(spelling->buffer + n_prefix + n_bytes, strings + settings->suffix_at, n_suffix);
    spelling->bytes = spelling->buffer;
    spelling->n_bytes = n_prefix + n_bytes + n_suffix;
}

/* The symbols of a piece being collected. */
struct collection {
    struct encoder *encoder;
    size_t n_symbols;
    bool has_unknown; /* one that waits: it may be fused with the next */
    uint32_t n_unknown_bytes;
};

static void add(struct collection *collection, int32_t id, uint32_t n_bytes) {
    struct bpe_symbol *symbols = collection->encoder->bpe.symbols;
    uint32_t n = (uint32_t)collection->n_symbols;

    if (n > 0)
        symbols[n - 1].next = n;
    symbols[n] = (struct bpe_symbol){id, n_bytes, n > 0 ? n - 1 : NOTHING, NOTHING};
    collection->n_symbols++;
}

static void add_waiting(struct collection *collection) {
    if (collection->has_unknown)
        add(collection, collection->encoder->tokenizer->bpe.settings.unknown_id,
            collection->n_unknown_bytes);
    collection->has_unknown = false;
}

/* A token for each byte, if there is one for all of them. */
static bool add_bytes(struct collection *collection, const struct spelling *spelling) {
    const struct vocabulary *vocabulary = &collection->encoder->tokenizer->vocabulary;
    int32_t ids[sizeof spelling->buffer];
    char name[6];

    for (size_t i = 0; i < spelling->n_bytes; i++) {
        encoder_spell_byte((unsigned char)spelling->bytes[i], name);
        ids[i] = find(vocabulary, name, sizeof name);
        if (ids[i] == VOCABULARY_NOT_FOUND)
            return false;
    }
    for (size_t i = 0; i < spelling->n_bytes; i++)
        add(collection, ids[i], 1);
    return true;
}

static bool add_unknown(struct collection *collection, const struct spelling *spelling,
                        uint32_t n_bytes) {
    const struct bpe_settings *settings = &collection->encoder->tokenizer->bpe.settings;

    if ((settings->flags & BPE_BYTE_FALLBACK) && add_bytes(collection, spelling))
        return true;
    if (settings->unknown_id == BPE_NO_UNKNOWN)
        return true;
    if (settings->unknown_id == BPE_MISSING_UNKNOWN) {
        collection->encoder->failure = ENCODER_NO_UNKNOWN;
        return false;
    }
    if (collection->has_unknown && (settings->flags & BPE_FUSE_UNKNOWN)) {
        collection->n_unknown_bytes += n_bytes;
        return true;
    }
    add_waiting(collection);
    collection->has_unknown = true;
    collection->n_unknown_bytes = n_bytes;
    return true;
}

/* Every character becomes a symbol, or one of each byte of it. */
static bool collect(struct collection *collection, const char *bytes, size_t n_bytes) {
    const struct tokenizer *tokenizer = collection->encoder->tokenizer;
    const struct bpe *bpe = &tokenizer->bpe;
    bool is_plain = bpe->settings.n_prefix == 0 && bpe->settings.n_suffix == 0;
    size_t n;

    for (size_t at = 0; at < n_bytes; at += n) {
        uint32_t code_point;
        struct spelling spelling;
        int32_t id;
        n = utf8_decode(bytes + at, n_bytes - at, &code_point);
        spell(tokenizer, bytes + at, n, at == 0, at + n == n_bytes, &spelling);
        if (is_plain && code_point < BPE_N_SMALL)
            id = bpe->small_ids[code_point];
        else
            id = find(&tokenizer->vocabulary, spelling.bytes, spelling.n_bytes);
        if (id != VOCABULARY_NOT_FOUND) {
            add_waiting(collection);
            add(collection, id, (uint32_t)n);
        } else if (!add_unknown(collection, &spelling, (uint32_t)n)) {
            return false;
        }
    }
    add_waiting(collection);
    return true;
}

/* ---- merging a short piece --------------------------------------------------- */

enum { SHORT_PIECE = 32 };

/* Over plain arrays, which beats a heap as long as they are short. Returns how many are left. */
static size_t merge_short(const struct tokenizer *tokenizer, struct bpe_symbol *symbols, size_t n) {
    const struct merge_slot *merges[SHORT_PIECE]; /* of each symbol with the next one */

    for (size_t i = 0; i + 1 < n; i++)
        merges[i] = find_merge(tokenizer, symbols[i].id, symbols[i + 1].id);
    for (;;) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i + 1 < n; i++)
            if (merges[i] != NULL && (best == SIZE_MAX || merges[i]->rank < merges[best]->rank))
                best = i;
        if (best == SIZE_MAX)
            return n;
        symbols[best].id = (int32_t)merges[best]->id;
        symbols[best].n_bytes += symbols[best + 1].n_bytes;
        n--;
        for (size_t i = best + 1; i < n; i++) {
            symbols[i] = symbols[i + 1];
            merges[i - 1] = merges[i];
        }
        for (size_t i = best > 0 ? best - 1 : 0; i <= best && i + 1 < n; i++)
            merges[i] = find_merge(tokenizer, symbols[i].id, symbols[i + 1].id);
    }
}

/* ---- merging a long piece ------------------------------------------------------ */

static bool comes_before(const struct bpe_candidate *a, const struct bpe_candidate *b) {
    return a->rank != b->rank ? a->rank < b->rank : a->at < b->at;
}

static void heap_push(struct bpe_candidate *heap, size_t *n_heap, struct bpe_candidate candidate) {
    size_t at = (*n_heap)++;

    while (at > 0 && comes_before(&candidate, &heap[(at - 1) / 2])) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = candidate;
}

static struct bpe_candidate heap_pop(struct bpe_candidate *heap, size_t *n_heap) {
    struct bpe_candidate top = heap[0];
    struct bpe_candidate last = heap[--*n_heap];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= *n_heap)
            break;
        if (child + 1 < *n_heap && comes_before(&heap[child + 1], &heap[child]))
            child++;
        if (!comes_before(&heap[child], &last))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return top;
}

static void push_pair(struct encoder *encoder, size_t *n_heap, uint32_t left) {
    struct bpe_symbol *symbols = encoder->bpe.symbols;

    if (left == NOTHING || symbols[left].next == NOTHING)
        return;
    const struct merge_slot *merge =
        find_merge(encoder->tokenizer, symbols[left].id, symbols[symbols[left].next].id);
    if (merge != NULL)
        heap_push(encoder->bpe.heap, n_heap,
                  (struct bpe_candidate){merge->rank, left, (int32_t)merge->id});
}

/* A heap of the pairs that can be merged; what has changed since it was pushed is passed over. Each
 * merge pushes two, so 3 n are never passed. Returns how many symbols are left, moved together. */
static size_t merge_long(struct encoder *encoder, size_t n) {
    struct bpe_symbol *symbols = encoder->bpe.symbols;
    struct bpe_candidate *heap = encoder->bpe.heap;
    size_t n_heap = 0;
    size_t n_left = 0;

    for (size_t i = 0; i + 1 < n; i++)
        push_pair(encoder, &n_heap, (uint32_t)i);
    while (n_heap > 0) {
        struct bpe_candidate top = heap_pop(heap, &n_heap);
        struct bpe_symbol *left = &symbols[top.at];
        if (left->n_bytes == 0 || left->next == NOTHING)
            continue;
        struct bpe_symbol *right = &symbols[left->next];
        const struct merge_slot *merge = find_merge(encoder->tokenizer, left->id, right->id);
        if (merge == NULL || (int32_t)merge->id != top.id)
            continue;
        left->id = top.id;
        left->n_bytes += right->n_bytes;
        left->next = right->next;
        right->n_bytes = 0;
        if (left->next != NOTHING)
            symbols[left->next].previous = top.at;
        push_pair(encoder, &n_heap, left->previous);
        push_pair(encoder, &n_heap, top.at);
    }
    for (size_t i = 0; i < n; i++)
        if (symbols[i].n_bytes > 0)
            symbols[n_left++] = symbols[i];
    return n_left;
}

/* ---- the model -------------------------------------------------------------------- */

static bool push(struct encoder *encoder, const struct aligned_text *text,
                 const struct piece *piece, int32_t id, size_t first, size_t last) {
    const struct vocabulary *vocabulary = &encoder->tokenizer->vocabulary;
    uint32_t offset = vocabulary->offsets[id];

    return encoder_push(encoder, text, piece, id, first, last, vocabulary->strings + offset,
                        vocabulary->offsets[id + 1] - offset);
}

bool bpe_encode(struct encoder *encoder, const struct aligned_text *text,
                const struct piece *piece) {
    const struct tokenizer *tokenizer = encoder->tokenizer;
    const char *bytes = (const char *)text->bytes + piece->first;
    size_t n_bytes = piece->last - piece->first;
    struct collection collection = {.encoder = encoder};

    if (tokenizer->bpe.settings.flags & BPE_IGNORE_MERGES) {
        int32_t id = find(&tokenizer->vocabulary, bytes, n_bytes);
        if (id != VOCABULARY_NOT_FOUND)
            return push(encoder, text, piece, id, 0, n_bytes);
    }
    /* A character gives as many symbols as it has bytes at most, or its affixes with it. */
    size_t n_affix = tokenizer->bpe.settings.n_prefix + tokenizer->bpe.settings.n_suffix;
    if (!reserve(&encoder->bpe, n_bytes * (1 + n_affix)) || !collect(&collection, bytes, n_bytes))
        return false;
    size_t n = collection.n_symbols;
    n = n <= SHORT_PIECE ? merge_short(tokenizer, encoder->bpe.symbols, n) : merge_long(encoder, n);
    for (size_t i = 0, at = 0; i < n; i++) {
        const struct bpe_symbol *symbol = &encoder->bpe.symbols[i];
        if (!push(encoder, text, piece, symbol->id, at, at + symbol->n_bytes))
            return false;
        at += symbol->n_bytes;
    }
    return true;
}
