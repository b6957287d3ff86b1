/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/added_tokens.h"

#include <string.h>

#include "support/utf8.h"

void added_tokens_index(struct added_tokens *tokens) {
    memset(tokens->begins_token, 0, sizeof tokens->begins_token);
    tokens->only_first_byte = -1;
    for (size_t i = 0; i < tokens->n_tokens; i++) {
        unsigned char first = (unsigned char)tokens->strings[tokens->tokens[i].content_at];
        tokens->begins_token[first] = true;
        tokens->only_first_byte = first;
    }
    size_t n_first = 0;
    for (size_t i = 0; i < sizeof tokens->begins_token; i++)
        n_first += tokens->begins_token[i];
    if (n_first != 1 || tokens->only_first_byte >= 0x80)
        tokens->only_first_byte = -1;

    /* U+FFFD in a token matches any ill-formed byte, whatever it is. */
    if (tokens->begins_token[0xEF])
        memset(tokens->begins_token + 0x80, true, 0x80);
}

/* ---- matching at one place ----------------------------------------------- */

/* Tokens [low, high) that have the bytes so far in common. */
struct candidates {
    size_t low;
    size_t high;
    uint32_t depth; /* how many bytes */
};

/* Where byte `depth` of the sorted candidates stops being less than `byte`. */
static size_t lower_bound(const struct added_tokens *tokens, const struct candidates *candidates,
                          unsigned byte) {
    size_t low = candidates->low;
    size_t high = candidates->high;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct added_token *token = &tokens->tokens[middle];
        const char *content = tokens->strings + token->content_at;
        if (token->n_content <= candidates->depth ||
            (unsigned char)content[candidates->depth] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void narrow(const struct added_tokens *tokens, struct candidates *candidates,
                   uint32_t code_point) {
    unsigned char bytes[4];
    size_t n_bytes = character_encode(code_point, bytes);

    for (size_t i = 0; i < n_bytes && candidates->low < candidates->high; i++) {
        size_t low = lower_bound(tokens, candidates, bytes[i]);
        size_t high = lower_bound(tokens, candidates, bytes[i] + 1u);
        *candidates = (struct candidates){low, high, candidates->depth + 1};
    }
}

/* The longest token that begins at the reader, or NULL; how many characters it has, and the last.
 */
static const struct added_token *longest_match(const struct added_tokens *tokens,
                                               struct normalizer reader, size_t *n_characters) {
    struct candidates candidates = {0, tokens->n_tokens, 0};
    const struct added_token *longest = NULL;
    struct character character;

    for (size_t n = 1; candidates.low < candidates.high && normalizer_next(&reader, &character);
         n++) {
        narrow(tokens, &candidates, character.code_point);
        /* Sorted: the one that ends here is before those that go on. */
        if (candidates.low < candidates.high &&
            tokens->tokens[candidates.low].n_content == candidates.depth) {
            longest = &tokens->tokens[candidates.low];
            *n_characters = n;
        }
    }
    return longest;
}

/* ---- walking ------------------------------------------------------------- */

void added_token_scan_init(struct added_token_scan *scan, const struct added_tokens *tokens,
                           const struct normalizer *reader, bool is_raw) {
    memset(scan, 0, sizeof *scan);
    scan->tokens = tokens;
    scan->reader = *reader;
    scan->is_raw = is_raw;
    scan->position = is_raw ? reader->at : 0;
    scan->space_position = scan->position;
    scan->taken = scan->position;
}

/* Moves on by one character. */
static bool advance(struct added_token_scan *scan, struct character *character) {
    size_t position = scan->position;

    if (!normalizer_next(&scan->reader, character))
        return false;
    scan->position = scan->is_raw ? scan->reader.at : position + 1;
    scan->has_previous = true;
    scan->previous_is_word = character->classes & CHARACTER_WORD;
    if (!(character->classes & CHARACTER_SPACE)) {
        scan->space_position = scan->position;
    } else if (scan->space_position == position || scan->taken == position) {
        scan->space_position = position;
        scan->space_start = character->start;
    }
    return true;
}

/* The character that ends just before `at`, which is the beginning of one; start < at. */
static size_t previous_character(const char *text, size_t start, size_t at, uint32_t *code_point) {
    for (size_t back = 1; back <= 4 && back <= at - start; back++) {
        unsigned char lead = (unsigned char)text[at - back];
        if (lead >= 0x80 && lead < 0xC0)
            continue;
        if (utf8_decode(text + at - back, back, code_point) == back)
            return back;
        break; /* a stray continuation byte */
    }
    *code_point = UTF8_REPLACEMENT;
    return 1;
}

/* In the text as it is, goes straight to the next byte that can begin a token. */
static void skip_raw(struct added_token_scan *scan) {
    const struct added_tokens *tokens = scan->tokens;
    struct normalizer *reader = &scan->reader;
    const char *text = reader->text;
    size_t at = reader->at;

    if (tokens->only_first_byte >= 0) {
        const char *found = memchr(text + at, tokens->only_first_byte, reader->end - at);
        at = found == NULL ? reader->end : (size_t)(found - text);
    } else {
        while (at < reader->end && !tokens->begins_token[(unsigned char)text[at]])
            at++;
    }
    if (at == reader->at || at == reader->end) {
        reader->at = at;
        return;
    }

    /* `at` is where a character begins: either continuation bytes begin no token, or every byte
     * that is not ASCII may, and what was passed over is ASCII. So looking back from it is safe. */
    uint32_t code_point;
    size_t space = at;
    previous_character(text, reader->at, at, &code_point);
    scan->has_previous = true;
    scan->previous_is_word = character_class(reader->table, code_point) & CHARACTER_WORD;
    while (space > scan->taken && space > reader->at) {
        size_t back = previous_character(text, reader->at, space, &code_point);
        if (!(character_class(reader->table, code_point) & CHARACTER_SPACE))
            break;
        space -= back;
    }
    if (space > reader->at || scan->space_position == scan->position ||
        scan->taken == scan->position) {
        scan->space_position = space;
        scan->space_start = (uint32_t)space;
    }
    reader->at = at;
    scan->position = at;
}

static bool begins_token(const struct added_token_scan *scan, const struct character *character) {
    unsigned char bytes[4];

    character_encode(character->code_point, bytes);
    return scan->tokens->begins_token[bytes[0]];
}

static bool is_single_word(const struct added_token_scan *scan, size_t n_characters) {
    struct normalizer reader = scan->reader;
    struct character character;

    if (scan->has_previous && scan->previous_is_word)
        return false;
    for (size_t i = 0; i < n_characters; i++)
        if (!normalizer_next(&reader, &character))
            return true;
    return !normalizer_next(&reader, &character) || !(character.classes & CHARACTER_WORD);
}

/* Takes the token at the scan, of n_characters characters, along with its spaces. */
static void take(struct added_token_scan *scan, const struct added_token *token,
                 size_t n_characters, struct added_token_match *match) {
    struct character character = {0};

    *match = (struct added_token_match){.id = token->id, .first = scan->position};
    bool has_spaces = scan->space_position < scan->position && scan->taken < scan->position;
    size_t space_position = scan->space_position;
    uint32_t space_start = scan->space_start;
    for (size_t i = 0; i < n_characters && advance(scan, &character); i++)
        if (i == 0)
            match->start = character.start;
    match->end = character.end;
    match->last = scan->position;
    if ((token->flags & ADDED_TOKEN_LSTRIP) && has_spaces) {
        match->first = space_position;
        match->start = space_start;
    }
    if (token->flags & ADDED_TOKEN_RSTRIP) {
        /* The scan itself stays before the spaces: a token may begin with one. */
        struct added_token_scan ahead = *scan;
        while (advance(&ahead, &character) && (character.classes & CHARACTER_SPACE)) {
            match->end = character.end;
            match->last = ahead.position;
        }
    }
    scan->taken = match->last;
}

bool added_token_scan_next(struct added_token_scan *scan, struct added_token_match *match) {
    if (scan->tokens->n_tokens == 0)
        return false;
    for (;;) {
        if (scan->is_raw)
            skip_raw(scan);
        struct normalizer reader = scan->reader;
        struct character character;
        if (!normalizer_next(&reader, &character))
            return false;

        size_t n_characters = 0;
        const struct added_token *token =
            begins_token(scan, &character)
                ? longest_match(scan->tokens, scan->reader, &n_characters)
                : NULL;
        if (token == NULL) {
            advance(scan, &character);
        } else if ((token->flags & ADDED_TOKEN_SINGLE_WORD) &&
                   !is_single_word(scan, n_characters)) {
            for (size_t i = 0; i < n_characters; i++)
                advance(scan, &character);
        } else {
            take(scan, token, n_characters, match);
            return true;
        }
    }
}
