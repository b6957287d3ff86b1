/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/memo.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* About 3 MB when all are taken, which a run over few windows never touches. */
enum { N_SLOTS = 4096 };

struct slot {
    uint64_t hash;
    uint32_t n_ids;
    bool is_taken;
    struct window_score score;
};

struct memo {
    pthread_mutex_t lock;
    size_t window_tokens;
    struct slot *slots; /* [N_SLOTS] */
    int32_t *ids;       /* [N_SLOTS, window_tokens] */
};

struct memo *memo_new(size_t window_tokens) {
    struct memo *memo = calloc(1, sizeof *memo);

    if (memo == NULL)
        return NULL;
    pthread_mutex_init(&memo->lock, NULL);
    memo->window_tokens = window_tokens;
    memo->slots = calloc(N_SLOTS, sizeof *memo->slots);
    if (window_tokens <= SIZE_MAX / sizeof *memo->ids / N_SLOTS)
        memo->ids = calloc(N_SLOTS, window_tokens * sizeof *memo->ids);
    if (memo->slots != NULL && memo->ids != NULL)
        return memo;
    memo_free(memo);
    return NULL;
}

void memo_free(struct memo *memo) {
    if (memo == NULL)
        return;
    pthread_mutex_destroy(&memo->lock);
    free(memo->slots);
    free(memo->ids);
    free(memo);
}

uint64_t memo_hash(const int32_t *ids, size_t n_ids) {
    uint64_t hash = n_ids;

    for (size_t i = 0; i < n_ids; i++) {
        hash = (hash ^ (uint32_t)ids[i]) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
    }
    return hash;
}

bool memo_find(struct memo *memo, uint64_t hash, const int32_t *ids, size_t n_ids,
               struct window_score *score) {
    size_t index = hash % N_SLOTS;
    const struct slot *slot = &memo->slots[index];

    pthread_mutex_lock(&memo->lock);
    bool found = slot->is_taken && slot->hash == hash && slot->n_ids == n_ids &&
                 (n_ids == 0 ||
                  memcmp(memo->ids + index * memo->window_tokens, ids, n_ids * sizeof *ids) == 0);
    if (found)
        *score = slot->score;
    pthread_mutex_unlock(&memo->lock);
    return found;
}

void memo_put(struct memo *memo, uint64_t hash, const int32_t *ids, size_t n_ids,
              const struct window_score *score) {
    size_t index = hash % N_SLOTS;

    if (n_ids > memo->window_tokens)
        return;
    pthread_mutex_lock(&memo->lock);
    memo->slots[index] =
        (struct slot){.hash = hash, .n_ids = (uint32_t)n_ids, .is_taken = true, .score = *score};
    if (n_ids > 0)
        memcpy(memo->ids + index * memo->window_tokens, ids, n_ids * sizeof *ids);
    pthread_mutex_unlock(&memo->lock);
}
