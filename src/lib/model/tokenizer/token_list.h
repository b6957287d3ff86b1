/* SPDX-License-Identifier: Apache-2.0
 *
 * Appending to a token_list. For the parts of the tokenizer. */
#ifndef ALKFW_TOKEN_LIST_H
#define ALKFW_TOKEN_LIST_H

#include <stdbool.h>

#include "model/tokenizer/tokenizer.h"

bool token_list_grow(struct token_list *tokens);

static inline bool token_list_push(struct token_list *tokens, int32_t id, uint32_t start,
                                   uint32_t end) {
    if (tokens->n_tokens == tokens->capacity && !token_list_grow(tokens))
        return false;
    tokens->ids[tokens->n_tokens] = id;
    tokens->starts[tokens->n_tokens] = start;
    tokens->ends[tokens->n_tokens++] = end;
    return true;
}

#endif
