/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/pattern.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "model/tokenizer/pattern_syntax.h"
#include "model/tokenizer/unicode_ranges.h"
#include "support/utf8.h"

/* Enough for any pattern that walks forward over a megabyte, not for one that doubles back. */
enum { MATCH_LIMIT = 5 * 1000 * 1000, HEAP_LIMIT_KIB = 256 * 1024, SHADOW_MAX_BYTES = INT32_MAX };

/* ---- compiling ----------------------------------------------------------- */

static alkfw_status compile(struct pattern *pattern, const struct buffer *translation,
                            const char *name, alkfw_error *error) {
    int code;
    PCRE2_SIZE at;
    char message[128];
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);

    if (context == NULL || pcre2_set_newline(context, PCRE2_NEWLINE_LF) != 0) {
        pcre2_compile_context_free(context);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: no memory for a pattern", name);
    }
    pattern->code = pcre2_compile((PCRE2_SPTR)translation->bytes, translation->length,
                                  PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C,
                                  &code, &at, context);
    pcre2_compile_context_free(context);
    if (pattern->code != NULL)
        return ALKFW_OK;
    pcre2_get_error_message(code, (PCRE2_UCHAR *)message, sizeof message);
    return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: a pattern is no regular expression: %s",
                           name, message);
}

alkfw_status pattern_compile(struct pattern *pattern, const char *name, alkfw_error *error) {
    struct buffer translation;

    pattern->code = NULL;
    if (pattern->kind != PATTERN_REGEX)
        return ALKFW_OK;
    if (pattern->n_bytes == 0 || pattern->n_bytes > PATTERN_MAX_BYTES)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: a pattern must have 1 to %d bytes, not %zu", name,
                               PATTERN_MAX_BYTES, pattern->n_bytes);
    buffer_init(&translation, 64 * (size_t)PATTERN_MAX_BYTES);
    const char *problem = pattern_translate(pattern->bytes, pattern->n_bytes, &translation);
    alkfw_status status = ALKFW_OK;
    if (problem != NULL && problem[0] == '\0')
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "%s: no memory for a pattern", name);
    else if (problem != NULL)
        status = alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                                 "%s: a pattern has %s, which this version does not support", name,
                                 problem);
    else
        status = compile(pattern, &translation, name, error);
    buffer_free(&translation);
    return status;
}

void pattern_free(struct pattern *pattern) {
    pcre2_code_free(pattern->code);
    pattern->code = NULL;
}

void pattern_scratch_init(struct pattern_scratch *scratch) {
    scratch->match_data = NULL;
    scratch->match_context = NULL;
    buffer_init(&scratch->shadow, SHADOW_MAX_BYTES);
}

void pattern_scratch_free(struct pattern_scratch *scratch) {
    pcre2_match_data_free(scratch->match_data);
    pcre2_match_context_free(scratch->match_context);
    buffer_free(&scratch->shadow);
}

static bool prepare(struct pattern_scratch *scratch) {
    if (scratch->match_data == NULL)
        scratch->match_data = pcre2_match_data_create(1, NULL);
    if (scratch->match_context == NULL) {
        scratch->match_context = pcre2_match_context_create(NULL);
        if (scratch->match_context != NULL) {
            pcre2_set_match_limit(scratch->match_context, MATCH_LIMIT);
            pcre2_set_heap_limit(scratch->match_context, HEAP_LIMIT_KIB);
        }
    }
    return scratch->match_data != NULL && scratch->match_context != NULL;
}

/* ---- stand-ins ------------------------------------------------------------ */

/* The reference's regular expressions know Unicode 16, PCRE2 that of the machine (14 on Debian 12).
 * So a character that is newer than 14 is matched as an older one of its category and length. */
static const struct unicode_newer *find_newer(uint32_t code_point) {
    size_t found =
        unicode_search(unicode_newer, unicode_n_newer, sizeof unicode_newer[0], code_point);

    return found < unicode_n_newer ? &unicode_newer[found] : NULL;
}

static bool put_stand_ins(struct pattern_search *search) {
    struct buffer *shadow = &search->scratch->shadow;
    size_t at = 0;
    bool is_copied = false;

    while (at < search->n_bytes) {
        unsigned char lead = (unsigned char)search->subject[at];
        uint32_t code_point;
        if (lead < 0xE0) {
            at++;
            continue;
        }
        size_t n = utf8_decode(search->subject + at, search->n_bytes - at, &code_point);
        const struct unicode_newer *newer = find_newer(code_point);
        if (newer != NULL) {
            if (!is_copied) {
                shadow->length = 0;
                if (!buffer_append(shadow, search->subject, search->n_bytes))
                    return false;
                is_copied = true;
            }
            character_encode(newer->stand_in, (unsigned char *)shadow->bytes + at);
        }
        at += n;
    }
    if (is_copied)
        search->subject = shadow->bytes;
    return true;
}

/* ---- the built-in patterns ------------------------------------------------- */

static uint32_t character_at(const struct pattern_search *search, size_t at, size_t *n) {
    uint32_t code_point;

    *n = utf8_decode(search->subject + at, search->n_bytes - at, &code_point);
    return code_point;
}

enum gpt2_class { GPT2_LETTER, GPT2_NUMBER, GPT2_SPACE, GPT2_OTHER };

static enum gpt2_class gpt2_class_of(const struct character_table *characters,
                                     uint32_t code_point) {
    if (code_point < 0x80) {
        uint32_t small = code_point | 0x20;
        if (small >= 'a' && small <= 'z')
            return GPT2_LETTER;
        if (code_point >= '0' && code_point <= '9')
            return GPT2_NUMBER;
        return code_point == ' ' || (code_point >= '\t' && code_point <= '\r') ? GPT2_SPACE
                                                                               : GPT2_OTHER;
    }
    if (unicode_in_ranges(unicode_letters, unicode_n_letters, code_point))
        return GPT2_LETTER;
    if (character_class(characters, code_point) & CHARACTER_SPACE)
        return GPT2_SPACE;
    return unicode_in_ranges(unicode_numbers, unicode_n_numbers, code_point) ? GPT2_NUMBER
                                                                             : GPT2_OTHER;
}

static enum gpt2_class gpt2_class_at(const struct pattern_search *search, size_t at, size_t *n) {
    uint32_t code_point = character_at(search, at, n);

    return gpt2_class_of(search->characters, code_point);
}

/* Where the run of a class ends; *last is where its last character begins. */
static size_t end_of_run(const struct pattern_search *search, size_t at, enum gpt2_class class,
                         size_t *last) {
    size_t n;

    while (at < search->n_bytes && gpt2_class_at(search, at, &n) == class) {
        *last = at;
        at += n;
    }
    return at;
}

/* 's|'t|'re|'ve|'m|'ll|'d */
static size_t contraction(const struct pattern_search *search, size_t at) {
    static const char *const endings[] = {"s", "t", "re", "ve", "m", "ll", "d"};
    const char *rest = search->subject + at + 1;
    size_t n_rest = search->n_bytes - at - 1;

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t n = strlen(endings[i]);
        if (n_rest >= n && memcmp(rest, endings[i], n) == 0)
            return 1 + n;
    }
    return 0;
}

/* 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ matches everywhere. */
static size_t gpt2_end(const struct pattern_search *search, size_t at) {
    size_t last = at;
    size_t n;

    if (search->subject[at] == '\'') {
        size_t length = contraction(search, at);
        if (length > 0)
            return at + length;
    }
    size_t word = at + (search->subject[at] == ' ' && at + 1 < search->n_bytes);
    enum gpt2_class class = gpt2_class_at(search, word, &n);
    if (class != GPT2_SPACE)
        return end_of_run(search, word, class, &last);
    size_t end = end_of_run(search, at, GPT2_SPACE, &last);
    return end == search->n_bytes || last == at ? end : last; /* the last goes with what follows */
}

static bool is_word_pair(const struct pattern_search *search, size_t at, size_t *n, bool *is_word) {
    uint8_t classes = character_class(search->characters, character_at(search, at, n));

    *is_word = classes & CHARACTER_WORD;
    return *is_word || !(classes & CHARACTER_SPACE);
}

static bool next_words(const struct pattern_search *search, size_t *start, size_t *end) {
    bool is_word;
    bool is_word_too;
    size_t n;
    size_t at = search->at;

    while (at < search->n_bytes && !is_word_pair(search, at, &n, &is_word))
        at += n;
    if (at >= search->n_bytes)
        return false;
    *start = at;
    for (at += n; at < search->n_bytes; at += n)
        if (!is_word_pair(search, at, &n, &is_word_too) || is_word_too != is_word)
            break;
    *end = at;
    return true;
}

static bool next_of_class(const struct pattern_search *search, size_t *start, size_t *end) {
    size_t n;

    for (size_t at = search->at; at < search->n_bytes; at += n) {
        uint32_t code_point = character_at(search, at, &n);
        uint8_t classes = character_class(search->characters, code_point);
        bool is_match =
            search->pattern->kind == PATTERN_SPACE         ? classes & CHARACTER_SPACE
            : search->pattern->kind == PATTERN_PUNCTUATION ? classes & CHARACTER_PUNCTUATION
            : code_point < 0x80                            ? code_point >= '0' && code_point <= '9'
                                : unicode_in_ranges(unicode_numeric, unicode_n_numeric, code_point);
        if (is_match) {
            *start = at;
            *end = at + n;
            return true;
        }
    }
    return false;
}

static bool next_literal(const struct pattern_search *search, size_t *start, size_t *end) {
    const struct pattern *pattern = search->pattern;
    const char *rest = search->subject + search->at;
    size_t n_rest = search->n_bytes - search->at;

    if (pattern->n_bytes == 0)
        return false;
    const char *found = pattern->n_bytes == 1
                            ? memchr(rest, pattern->bytes[0], n_rest)
                            : memmem(rest, n_rest, pattern->bytes, pattern->n_bytes);
    if (found == NULL)
        return false;
    *start = (size_t)(found - search->subject);
    *end = *start + pattern->n_bytes;
    return true;
}

/* ---- searching -------------------------------------------------------------- */

enum pattern_result pattern_search_init(struct pattern_search *search,
                                        const struct pattern *pattern,
                                        const struct character_table *characters,
                                        struct pattern_scratch *scratch, const char *subject,
                                        size_t n_bytes) {
    *search = (struct pattern_search){pattern, characters, scratch, subject, n_bytes, 0, false, 0};
    if (pattern->kind == PATTERN_REGEX && (!prepare(scratch) || !put_stand_ins(search)))
        return PATTERN_NO_MEMORY;
    return PATTERN_FOUND;
}

static enum pattern_result next_regex(struct pattern_search *search, size_t *start, size_t *end) {
    for (;;) {
        if (search->at > search->n_bytes)
            return PATTERN_NO_MORE;
        int n_groups = pcre2_match(search->pattern->code, (PCRE2_SPTR)search->subject,
                                   search->n_bytes, search->at, PCRE2_NO_UTF_CHECK,
                                   search->scratch->match_data, search->scratch->match_context);
        if (n_groups == PCRE2_ERROR_NOMATCH)
            return PATTERN_NO_MORE;
        if (n_groups < 0)
            return n_groups == PCRE2_ERROR_NOMEMORY ? PATTERN_NO_MEMORY : PATTERN_TOO_LONG;
        const PCRE2_SIZE *ovector = pcre2_get_ovector_pointer(search->scratch->match_data);
        *start = ovector[0];
        *end = ovector[1];
        if (*start > *end) /* \K in a lookahead; not translated, but never trusted */
            return PATTERN_NO_MORE;
        if (*start < *end || !search->has_match || search->match_end != *end)
            return PATTERN_FOUND;
        /* An empty match at the end of the one before does not count. */
        size_t n = 1;
        if (search->at < search->n_bytes)
            character_at(search, search->at, &n);
        search->at += n;
    }
}

enum pattern_result pattern_search_next(struct pattern_search *search, size_t *start, size_t *end) {
    enum pattern_result result = PATTERN_NO_MORE;

    if (search->pattern->kind == PATTERN_REGEX) {
        result = next_regex(search, start, end);
    } else if (search->at < search->n_bytes) {
        bool found = false;
        switch (search->pattern->kind) {
        case PATTERN_LITERAL:
            found = next_literal(search, start, end);
            break;
        case PATTERN_WORDS:
            found = next_words(search, start, end);
            break;
        case PATTERN_GPT2:
            *start = search->at;
            *end = gpt2_end(search, search->at);
            found = true;
            break;
        default:
            found = next_of_class(search, start, end);
            break;
        }
        result = found ? PATTERN_FOUND : PATTERN_NO_MORE;
    }
    if (result == PATTERN_FOUND) {
        search->at = *end;
        search->has_match = true;
        search->match_end = *end;
    }
    return result;
}
