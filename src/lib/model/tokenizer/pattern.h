/* SPDX-License-Identifier: Apache-2.0
 *
 * What a Split or Replace looks for: a literal, a regular expression, or one of the patterns that
 * are built into `tokenizers`. For the steps. */
#ifndef ALKFW_TOKENIZER_PATTERN_H
#define ALKFW_TOKENIZER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"
#include "model/tokenizer/characters.h"
#include "support/buffer.h"

/* The values are in images: a new one is added at the end. */
enum pattern_kind {
    PATTERN_LITERAL = 0,
    PATTERN_REGEX,
    PATTERN_SPACE,       /* one character of White_Space */
    PATTERN_PUNCTUATION, /* one character, as BertPreTokenizer sees it */
    PATTERN_NUMERIC,     /* one character */
    PATTERN_WORDS,       /* \w+|[^\w\s]+ */
    PATTERN_GPT2,        /* the regular expression of ByteLevel */
    N_PATTERN_KINDS
};

enum { PATTERN_MAX_BYTES = 1 << 16 };

struct pattern {
    enum pattern_kind kind;
    const char *bytes; /* [n_bytes] of a literal or a regular expression; not owned */
    size_t n_bytes;
    void *code; /* pcre2_code of a regular expression */
};

/* Compiles a regular expression; nothing to do for the others. ALKFW_E_FORMAT: it is none;
 * ALKFW_E_UNSUPPORTED: it has what is not translated from Oniguruma's syntax. */
ALKFW_MUST_CHECK alkfw_status pattern_compile(struct pattern *pattern, const char *name,
                                              alkfw_error *error);
void pattern_free(struct pattern *pattern);

/* Scratch of a search: one for each encoding. */
struct pattern_scratch {
    void *match_data;     /* pcre2_match_data */
    void *match_context;  /* pcre2_match_context */
    struct buffer shadow; /* the subject with stand-ins */
};

void pattern_scratch_init(struct pattern_scratch *scratch);
void pattern_scratch_free(struct pattern_scratch *scratch);

/* A walk through the matches in a subject of well-formed UTF-8, as the reference's find_iter. */
struct pattern_search {
    const struct pattern *pattern;
    const struct character_table *characters;
    struct pattern_scratch *scratch;
    const char *subject; /* [n_bytes] */
    size_t n_bytes;
    size_t at; /* where to go on */
    bool has_match;
    size_t match_end; /* of the match before */
};

enum pattern_result { PATTERN_FOUND, PATTERN_NO_MORE, PATTERN_NO_MEMORY, PATTERN_TOO_LONG };

/* PATTERN_NO_MEMORY, or PATTERN_FOUND when the search can go on. */
enum pattern_result pattern_search_init(struct pattern_search *search,
                                        const struct pattern *pattern,
                                        const struct character_table *characters,
                                        struct pattern_scratch *scratch, const char *subject,
                                        size_t n_bytes);

/* The next match, [*start, *end). PATTERN_TOO_LONG: PCRE2's limits were passed. */
enum pattern_result pattern_search_next(struct pattern_search *search, size_t *start, size_t *end);

#endif
