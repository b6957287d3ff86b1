/* SPDX-License-Identifier: Apache-2.0
 *
 * Classes are spelled out, because \s, \w and scripts mean different sets to the two libraries.
 * What would be read differently and is in no known tokenizer is refused, not guessed at. */
#include "model/tokenizer/pattern_syntax.h"

#include <stdbool.h>
#include <string.h>

/* Alphabetic, marks, digits and connectors, and of Latin-1 what Oniguruma has besides. */
#define WORD_CLASS "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\x{B2}\\x{B3}\\x{B9}\\x{BC}-\\x{BE}"

struct translation {
    const char *pattern;
    size_t n_bytes;
    size_t at;
    bool in_class;
    struct buffer *output;
    bool no_memory;
};

static void emit_bytes(struct translation *translation, const char *bytes, size_t n_bytes) {
    if (!buffer_append(translation->output, bytes, n_bytes))
        translation->no_memory = true;
}

static void emit(struct translation *translation, const char *text) {
    emit_bytes(translation, text, strlen(text));
}

static char peek(const struct translation *translation, size_t ahead) {
    return translation->at + ahead < translation->n_bytes
               ? translation->pattern[translation->at + ahead]
               : '\0';
}

/* \p{Name}: a general category has one or two letters; anything longer is a script. */
static const char *translate_property(struct translation *translation) {
    const char *rest = translation->pattern + translation->at;
    size_t n_rest = translation->n_bytes - translation->at;
    const char *close = n_rest > 3 ? memchr(rest, '}', n_rest) : NULL;

    if (close == NULL || rest[2] != '{')
        return "a property without braces";
    const char *name = rest + 3;
    bool is_negated = *name == '^';
    name += is_negated;
    size_t n_name = (size_t)(close - name);
    for (size_t i = 0; i < n_name; i++)
        if (!((name[i] | 0x20) >= 'a' && (name[i] | 0x20) <= 'z') && name[i] != '_')
            return "a property that is no category and no script";
    emit_bytes(translation, rest, 3);
    emit(translation, is_negated ? "^" : "");
    emit(translation, n_name > 2 ? "sc:" : "");
    emit_bytes(translation, name, n_name);
    emit(translation, "}");
    translation->at += (size_t)(close + 1 - rest);
    return NULL;
}

/* \uHHHH */
static const char *translate_code_point(struct translation *translation) {
    for (size_t i = 2; i < 6; i++) {
        char c = peek(translation, i);
        if (!(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f'))
            return "\\u without four hexadecimal digits";
    }
    emit(translation, "\\x{");
    emit_bytes(translation, translation->pattern + translation->at + 2, 4);
    emit(translation, "}");
    translation->at += 6;
    return NULL;
}

static const char *translate_escape(struct translation *translation) {
    char kind = peek(translation, 1);

    switch (kind) {
    case 'p':
    case 'P':
        return translate_property(translation);
    case 'u':
        return translate_code_point(translation);
    case 's':
        emit(translation, "\\p{White_Space}");
        break;
    case 'S':
        emit(translation, "\\P{White_Space}");
        break;
    case 'd':
        emit(translation, "\\p{Nd}");
        break;
    case 'D':
        emit(translation, "\\P{Nd}");
        break;
    case 'w':
        emit(translation, translation->in_class ? WORD_CLASS : "[" WORD_CLASS "]");
        break;
    case 'W':
        if (translation->in_class)
            return "\\W in a class";
        emit(translation, "[^" WORD_CLASS "]");
        break;
    default:
        /* Letters that both read alike, digits, and everything that is no letter. */
        if (kind == '\0' || (((kind | 0x20) >= 'a' && (kind | 0x20) <= 'z') &&
                             strchr("aAefnrtvxzZG", kind) == NULL))
            return "an escape that PCRE2 reads differently";
        emit_bytes(translation, translation->pattern + translation->at, 2);
        break;
    }
    translation->at += 2;
    return NULL;
}

static const char *translate_in_class(struct translation *translation, char c) {
    if (c == '[')
        return "a class in a class";
    if (c == '&' && peek(translation, 1) == '&')
        return "an intersection of classes";
    if (c == ']')
        translation->in_class = false;
    emit_bytes(translation, &c, 1);
    translation->at++;
    return NULL;
}

static const char *translate_group(struct translation *translation) {
    static const char *const known[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?i)"};

    if (peek(translation, 1) == '*')
        return "a verb";
    if (peek(translation, 1) != '?') {
        emit(translation, "(");
        translation->at++;
        return NULL;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t n = strlen(known[i]);
        if (translation->n_bytes - translation->at >= n &&
            memcmp(translation->pattern + translation->at, known[i], n) == 0) {
            emit_bytes(translation, known[i], n);
            translation->at += n;
            return NULL;
        }
    }
    return "a group of another kind than (?: (?= (?! (?<= (?<! (?> (?i:";
}

static const char *translate_outside(struct translation *translation, char c) {
    if (c == '(')
        return translate_group(translation);
    if (c == '}' && peek(translation, 1) == '+')
        return "an interval with + behind it";
    emit_bytes(translation, &c, 1);
    translation->at++;
    if (c == '[') {
        translation->in_class = true;
        if (peek(translation, 0) == '^') {
            emit(translation, "^");
            translation->at++;
        }
        if (peek(translation, 0) == ']')
            return "a class that begins with ]";
    }
    return NULL;
}

const char *pattern_translate(const char *pattern, size_t n_bytes, struct buffer *translation) {
    struct translation state = {pattern, n_bytes, 0, false, translation, false};
    const char *problem = NULL;

    while (problem == NULL && state.at < n_bytes) {
        char c = pattern[state.at];
        if (c == '\\')
            problem = translate_escape(&state);
        else if (state.in_class)
            problem = translate_in_class(&state, c);
        else
            problem = translate_outside(&state, c);
    }
    return problem == NULL && state.no_memory ? "" : problem;
}
