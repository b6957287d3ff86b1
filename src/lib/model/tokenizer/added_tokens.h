/* SPDX-License-Identifier: Apache-2.0
 *
 * Added tokens ("[SEP]" in a text is a token, not three words): found in a text before it is
 * split into words, leftmost first, the longest of several. For the parts of the tokenizer. */
#ifndef ALKFW_ADDED_TOKENS_H
#define ALKFW_ADDED_TOKENS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/normalizer.h"

enum added_token_flag {
    ADDED_TOKEN_SINGLE_WORD = 1, /* not where a word character is next to it */
    ADDED_TOKEN_LSTRIP = 2,      /* takes the white space before it along */
    ADDED_TOKEN_RSTRIP = 4,      /* and after it */
    ADDED_TOKEN_ALL_FLAGS = 7
};

/* As in the tokenizer.json. */
struct added_token_spec {
    const char *content; /* not owned */
    size_t n_content;    /* bytes, at least 1 */
    int32_t id;
    uint32_t flags;  /* enum added_token_flag */
    bool normalized; /* matched in the normalised text, and itself normalised */
};

/* As in the image. */
struct added_token {
    uint32_t content_at; /* in the strings */
    uint32_t n_content;  /* bytes, at least 1 */
    int32_t id;
    uint32_t flags;
};

struct added_tokens {
    const struct added_token *tokens; /* [n_tokens] strictly ascending by the bytes of content */
    size_t n_tokens;
    const char *strings;
    bool begins_token[256]; /* by the first byte of UTF-8 */
    int only_first_byte;    /* when every token begins with the same ASCII byte, else -1 */
};

/* Fills in what is derived from tokens, n_tokens and strings. */
void added_tokens_index(struct added_tokens *tokens);

/* Where in a text the next tokens are looked for. Positions are bytes of the text as it is (raw),
 * or characters that the reader has given. */
struct added_token_scan {
    const struct added_tokens *tokens;
    struct normalizer reader;
    bool is_raw;
    size_t position; /* of the reader's next character */
    bool has_previous;
    bool previous_is_word;
    size_t space_position; /* of the first of the spaces that end at position */
    uint32_t space_start;  /* and its byte of the text */
    size_t taken;          /* nothing before this position is given out again */
};

struct added_token_match {
    int32_t id;
    size_t first; /* positions [first, last) */
    size_t last;
    uint32_t start; /* bytes of the text, [start, end) */
    uint32_t end;
};

/* `reader` has read nothing yet; it has no rules if the scan is raw. */
void added_token_scan_init(struct added_token_scan *scan, const struct added_tokens *tokens,
                           const struct normalizer *reader, bool is_raw);
bool added_token_scan_next(struct added_token_scan *scan, struct added_token_match *match);

#endif
