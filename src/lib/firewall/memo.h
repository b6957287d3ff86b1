/* SPDX-License-Identifier: Apache-2.0
 *
 * What the last windows scored, by their tokens: logs say the same thing again and again, and a
 * window scores the same wherever it stands. Used by windows.c.
 *
 * A fixed number of slots; a window that falls on one takes it over. */
#ifndef ALKFW_MEMO_H
#define ALKFW_MEMO_H

#include "firewall/firewall.h"

struct memo;

/* NULL when memory is out. window_tokens: content tokens of a window, at most. */
struct memo *memo_new(size_t window_tokens);
void memo_free(struct memo *memo); /* NULL is fine */

uint64_t memo_hash(const int32_t *ids, size_t n_ids);

/* Copies the score of a window with these tokens; false when it is not remembered. Safe to call
 * from several threads, as is memo_put. */
bool memo_find(struct memo *memo, uint64_t hash, const int32_t *ids, size_t n_ids,
               struct window_score *score);
void memo_put(struct memo *memo, uint64_t hash, const int32_t *ids, size_t n_ids,
              const struct window_score *score);

#endif
