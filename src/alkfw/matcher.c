/* SPDX-License-Identifier: Apache-2.0 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "matcher.h"

#include <pcre2.h>
#include <stdlib.h>

/* A line that needs more steps than this is hostile or the expression is: some 0.1 s. */
enum { MATCH_LIMIT = 1000000, HEAP_LIMIT_KIB = 20000 };

/* "((?:[^"\\]|\\.)*)" takes 24 bytes of it for each byte of the text (measured), and by default
 * there are 32 KiB: a message of a few kilobytes would be an error. Only what is used becomes
 * resident. */
enum { JIT_STACK_START = 32 << 10, JIT_STACK_CEILING = 64 << 20 };

struct matcher {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    pcre2_jit_stack *stack; /* NULL: there is no JIT here, and then no need */
    uint32_t group;         /* of the text */
};

static uint32_t text_group(const pcre2_code *code) {
    uint32_t n_groups = 0;
    int named = pcre2_substring_number_from_name(code, (PCRE2_SPTR)(const unsigned char *)"prompt");

    if (named > 0)
        return (uint32_t)named;
    (void)pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &n_groups);
    return n_groups > 0 ? 1 : 0;
}

alkfw_status matcher_new(const char *pattern, struct matcher **result, alkfw_error *error) {
    uint32_t options = PCRE2_UTF;
    int code_error;
    size_t offset;
    PCRE2_UCHAR text[256];

#ifdef PCRE2_MATCH_INVALID_UTF
    options |= PCRE2_MATCH_INVALID_UTF; /* 10.34: a log line may hold any bytes */
#else
    options = 0; /* bytes, then: refusing the line would leave it unscanned */
#endif
    struct matcher *matcher = calloc(1, sizeof *matcher);
    if (matcher == NULL)
        goto out_of_memory;
    matcher->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code_error,
                                  &offset, NULL);
    if (matcher->code == NULL) {
        (void)pcre2_get_error_message(code_error, text, sizeof text);
        matcher_free(matcher);
        return alkfw_error_set(error, ALKFW_E_CONFIG, "--match: %s at character %zu of '%s'",
                               (const char *)text, offset, pattern);
    }
    (void)pcre2_jit_compile(matcher->code, PCRE2_JIT_COMPLETE); /* without it: slower, the same */
    matcher->match = pcre2_match_data_create_from_pattern(matcher->code, NULL);
    matcher->context = pcre2_match_context_create(NULL);
    if (matcher->match == NULL || matcher->context == NULL)
        goto out_of_memory;
    (void)pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    (void)pcre2_set_heap_limit(matcher->context, HEAP_LIMIT_KIB);
    matcher->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_CEILING, NULL);
    pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    matcher->group = text_group(matcher->code);
    *result = matcher;
    return ALKFW_OK;
out_of_memory:
    matcher_free(matcher);
    return alkfw_error_set(error, ALKFW_E_MEMORY, "--match: out of memory");
}

void matcher_free(struct matcher *matcher) {
    if (matcher == NULL)
        return;
    pcre2_code_free(matcher->code);
    pcre2_match_data_free(matcher->match);
    pcre2_match_context_free(matcher->context);
    pcre2_jit_stack_free(matcher->stack);
    free(matcher);
}

alkfw_status matcher_find(const struct matcher *matcher, const char *line, size_t n_bytes,
                          bool *found, size_t *start, size_t *end, alkfw_error *error) {
    PCRE2_UCHAR text[256];
    int outcome = pcre2_match(matcher->code, (PCRE2_SPTR)line, n_bytes, 0, 0, matcher->match,
                              matcher->context);

    *found = false;
    if (outcome == PCRE2_ERROR_NOMATCH)
        return ALKFW_OK;
    if (outcome < 0) {
        (void)pcre2_get_error_message(outcome, text, sizeof text);
        return alkfw_error_set(error, ALKFW_E_LIMIT, "--match cannot decide on this line: %s",
                               (const char *)text);
    }
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(matcher->match);
    size_t group = matcher->group < (uint32_t)outcome ? matcher->group : 0;
    /* A group that took no part in the match is unset: then the whole match is the text. */
    if (offsets[2 * group] == PCRE2_UNSET)
        group = 0;
    *found = true;
    *start = offsets[2 * group];
    *end = offsets[2 * group + 1];
    if (*start > *end) /* \K in a lookahead can do that */
        *end = *start;
    return ALKFW_OK;
}
