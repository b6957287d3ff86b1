/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/unigram.h"

#include <stdlib.h>

#include "model/tokenizer/encoder.h"
#include "support/utf8.h"

/* ---- the trie -------------------------------------------------------------- */

static size_t first_edge(uint32_t key, uint32_t edge_bits) {
    return (key * UINT32_C(2654435769)) >> (32 - edge_bits);
}

uint32_t trie_edge_bits(size_t n_edges) {
    uint32_t bits = 1;

    while (((size_t)1 << bits) < n_edges + n_edges / 2 + 2)
        bits++;
    return bits;
}

void trie_insert(struct trie_edge *edges, uint32_t edge_bits, const struct trie_edge *edge) {
    size_t mask = ((size_t)1 << edge_bits) - 1;
    size_t at = first_edge(edge->key, edge_bits);

    while (edges[at].child != 0)
        at = (at + 1) & mask;
    edges[at] = *edge;
}

uint32_t trie_child(const struct trie *trie, uint32_t node, unsigned char byte) {
    uint32_t key = node << 8 | byte;
    size_t mask = ((size_t)1 << trie->edge_bits) - 1;
    size_t at = first_edge(key, trie->edge_bits);

    for (size_t n_tried = 0; n_tried <= mask; n_tried++, at = (at + 1) & mask) {
        const struct trie_edge *edge = &trie->edges[at];
        if (edge->child == 0)
            break;
        if (edge->key == key)
            return edge->child < trie->n_nodes ? edge->child : 0;
    }
    return 0;
}

/* The token of exactly these bytes, or TRIE_NO_TOKEN. */
static int32_t find(const struct trie *trie, const char *bytes, size_t n_bytes) {
    uint32_t node = 0;

    for (size_t i = 0; i < n_bytes; i++) {
        node = trie_child(trie, node, (unsigned char)bytes[i]);
        if (node == 0)
            return TRIE_NO_TOKEN;
    }
    return n_bytes == 0 ? TRIE_NO_TOKEN : trie->tokens[node];
}

/* ---- the best way ------------------------------------------------------------ */

/* A place between two bytes of the piece. */
struct unigram_place {
    double score;       /* of the best way here */
    uint32_t starts_at; /* of its last token; NO_WAY: none leads here */
    uint32_t next;      /* where the token ends that begins here on the best way */
    int32_t id;         /* of its last token */
};
#define NO_WAY UINT32_MAX

void unigram_scratch_free(struct unigram_scratch *scratch) {
    free(scratch->places);
}

static bool reserve(struct unigram_scratch *scratch, size_t n) {
    size_t capacity = scratch->capacity == 0 ? 256 : scratch->capacity;

    if (n <= scratch->capacity)
        return true;
    while (capacity < n)
        capacity *= 2;
    struct unigram_place *places = realloc(scratch->places, capacity * sizeof *places);
    if (places == NULL)
        return false;
    scratch->places = places;
    scratch->capacity = capacity;
    return true;
}

static void offer(struct unigram_place *places, size_t from, size_t to, double score, int32_t id) {
    double candidate = score + places[from].score;

    if (places[to].starts_at != NO_WAY && !(candidate > places[to].score))
        return;
    places[to].score = candidate;
    places[to].starts_at = (uint32_t)from;
    places[to].id = id;
}

static void find_best_way(const struct unigram *unigram, const char *bytes, size_t n_bytes,
                          struct unigram_place *places) {
    const struct trie *trie = &unigram->trie;
    size_t n;

    for (size_t i = 0; i <= n_bytes; i++)
        places[i] = (struct unigram_place){0, NO_WAY, NO_WAY, 0};
    for (size_t at = 0; at < n_bytes; at += n) {
        uint32_t code_point;
        uint32_t node = 0;
        bool is_known = false; /* the character alone is a token */
        n = utf8_decode(bytes + at, n_bytes - at, &code_point);
        for (size_t end = at; end < n_bytes;) {
            node = trie_child(trie, node, (unsigned char)bytes[end++]);
            if (node == 0)
                break;
            int32_t id = trie->tokens[node];
            /* A forged trie may have tokens that end within a character. */
            if (id == TRIE_NO_TOKEN ||
                (end < n_bytes && ((unsigned char)bytes[end] & 0xC0) == 0x80))
                continue;
            offer(places, at, end, unigram->scores[id], id);
            is_known = is_known || end - at == n;
        }
        if (!is_known)
            offer(places, at, at + n, unigram->settings.unknown_score,
                  unigram->settings.unknown_id);
    }
    for (size_t end = n_bytes; end > 0; end = places[end].starts_at)
        places[places[end].starts_at].next = (uint32_t)end;
}

/* ---- the model ------------------------------------------------------------------ */

/* A token for each byte, if there is one for all of them. */
static bool push_bytes(struct encoder *encoder, const struct aligned_text *text,
                       const struct piece *piece, size_t first, size_t last, bool *is_done) {
    const struct trie *trie = &encoder->tokenizer->unigram.trie;
    const char *bytes = (const char *)text->bytes + piece->first;
    char name[6];

    *is_done = false;
    for (size_t i = first; i < last; i++) {
        encoder_spell_byte((unsigned char)bytes[i], name);
        if (find(trie, name, sizeof name) == TRIE_NO_TOKEN)
            return true;
    }
    *is_done = true;
    for (size_t i = first; i < last; i++) {
        encoder_spell_byte((unsigned char)bytes[i], name);
        if (!encoder_push(encoder, text, piece, find(trie, name, sizeof name), first, last, name,
                          sizeof name))
            return false;
    }
    return true;
}

/* Characters that no token has, next to each other, are one. */
static bool push_unknown(struct encoder *encoder, const struct aligned_text *text,
                         const struct piece *piece, size_t first, size_t last) {
    const struct unigram *unigram = &encoder->tokenizer->unigram;
    const char *bytes = (const char *)text->bytes + piece->first;
    int32_t id = find(&unigram->trie, bytes + first, last - first);
    bool is_done = false;

    if (id == TRIE_NO_TOKEN) {
        if ((unigram->settings.flags & UNIGRAM_BYTE_FALLBACK) &&
            !push_bytes(encoder, text, piece, first, last, &is_done))
            return false;
        id = unigram->settings.unknown_id;
    }
    return is_done ||
           encoder_push(encoder, text, piece, id, first, last, bytes + first, last - first);
}

bool unigram_encode(struct encoder *encoder, const struct aligned_text *text,
                    const struct piece *piece) {
    const struct unigram *unigram = &encoder->tokenizer->unigram;
    const char *bytes = (const char *)text->bytes + piece->first;
    size_t n_bytes = piece->last - piece->first;

    if (!reserve(&encoder->unigram, n_bytes + 1))
        return false;
    struct unigram_place *places = encoder->unigram.places;
    find_best_way(unigram, bytes, n_bytes, places);
    for (size_t at = 0; at < n_bytes;) {
        size_t end = places[at].next;
        int32_t id = places[end].id;
        bool done;
        if (id == unigram->settings.unknown_id) {
            while (end < n_bytes && places[places[end].next].id == unigram->settings.unknown_id)
                end = places[end].next;
            done = push_unknown(encoder, text, piece, at, end);
        } else {
            done = encoder_push(encoder, text, piece, id, at, end, bytes + at, end - at);
        }
        if (!done)
            return false;
        at = end;
    }
    return true;
}
