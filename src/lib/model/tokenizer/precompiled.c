/* SPDX-License-Identifier: Apache-2.0
 *
 * Precompiled: sentencepiece's map of characters, a double-array trie (Darts-clone) of what is
 * replaced, whose values are places in a block of strings that end with NUL. The reference looks up
 * whole grapheme clusters of fewer than six bytes first, takes the shortest entry that a cluster
 * begins with, and puts it in place of the whole. */
#include <string.h>

#include "model/tokenizer/step.h"
#include "model/tokenizer/unicode_ranges.h"
#include "support/utf8.h"

enum { MAX_CLUSTER = 5 }; /* bytes of a cluster that is looked up */

/* ---- the trie ------------------------------------------------------------------- */

static bool has_leaf(uint32_t unit) {
    return unit >> 8 & 1;
}

static uint32_t label_of(uint32_t unit) {
    return unit & (UINT32_C(1) << 31 | 0xFF);
}

static size_t offset_of(uint32_t unit) {
    return (size_t)(unit >> 10) << ((unit & UINT32_C(1) << 9) >> 6);
}

/* Finds the string of the shortest entry that the bytes begin with; units are not trusted. */
static bool look_up(const struct step *step, const unsigned char *bytes, size_t n_bytes,
                    const char **string, size_t *n_string) {
    size_t at = 0 ^ offset_of(step->units[0]);

    for (size_t i = 0; i < n_bytes && bytes[i] != 0; i++) {
        at ^= bytes[i];
        if (at >= step->n_units || label_of(step->units[at]) != bytes[i])
            return false;
        uint32_t unit = step->units[at];
        at ^= offset_of(unit);
        if (!has_leaf(unit))
            continue;
        if (at >= step->n_units)
            return false;
        size_t value = step->units[at] & ~(UINT32_C(1) << 31);
        if (value > step->n_second)
            return false;
        *string = step->second + value;
        const char *end = memchr(*string, '\0', step->n_second - value);
        *n_string = end == NULL ? step->n_second - value : (size_t)(end - *string);
        return true;
    }
    return false;
}

/* ---- grapheme clusters ------------------------------------------------------------- */

/* A consonant of an Indic script, and whether a virama waits to join the next one (rule GB9c). */
enum conjunct { CONJUNCT_NONE, CONJUNCT_CONSONANT, CONJUNCT_LINKED };

/* Unicode Standard Annex 29, as far as it decides about clusters of fewer than six bytes: flags are
 * longer. */
struct cluster_state {
    uint32_t previous;
    enum conjunct conjunct;
    bool is_emoji; /* a pictograph, and only extending characters since */
};

static bool is_control(uint32_t code_point) {
    return code_point < ' ' || (code_point >= 0x7F &&
                                unicode_in_ranges(unicode_control, unicode_n_control, code_point));
}

static bool is_extending(uint32_t code_point) {
    return code_point >= 0x300 && unicode_in_ranges(unicode_extend, unicode_n_extend, code_point);
}

/* The first consonant is U+0915. */
static enum conjunct conjunct_after(enum conjunct before, uint32_t c) {
    if (c >= 0x915 && unicode_in_ranges(unicode_consonant, unicode_n_consonant, c))
        return CONJUNCT_CONSONANT;
    if (before == CONJUNCT_NONE || !is_extending(c) ||
        unicode_in_ranges(unicode_parting, unicode_n_parting, c))
        return CONJUNCT_NONE;
    return unicode_in_ranges(unicode_linker, unicode_n_linker, c) ? CONJUNCT_LINKED : before;
}

enum hangul { HANGUL_NONE, HANGUL_L, HANGUL_V, HANGUL_T, HANGUL_LV, HANGUL_LVT };

static enum hangul hangul_of(uint32_t c) {
    if (c < 0x1100)
        return HANGUL_NONE;
    if (c <= 0x115F || (c >= 0xA960 && c <= 0xA97C))
        return HANGUL_L;
    if (c <= 0x11A7 || (c >= 0xD7B0 && c <= 0xD7C6))
        return c <= 0x11A7 || c >= 0xD7B0 ? HANGUL_V : HANGUL_NONE;
    if (c <= 0x11FF || (c >= 0xD7CB && c <= 0xD7FB))
        return HANGUL_T;
    if (c >= 0xAC00 && c <= 0xD7A3)
        return (c - 0xAC00) % 28 == 0 ? HANGUL_LV : HANGUL_LVT;
    return HANGUL_NONE;
}

static bool hangul_goes_on(uint32_t previous, uint32_t next) {
    enum hangul after = hangul_of(next);

    switch (hangul_of(previous)) {
    case HANGUL_L:
        return after == HANGUL_L || after == HANGUL_V || after == HANGUL_LV || after == HANGUL_LVT;
    case HANGUL_V:
    case HANGUL_LV:
        return after == HANGUL_V || after == HANGUL_T;
    case HANGUL_T:
    case HANGUL_LVT:
        return after == HANGUL_T;
    default:
        return false;
    }
}

static bool goes_on(const struct cluster_state *state, uint32_t next) {
    if (state->previous == '\r' && next == '\n')
        return true;
    if (is_control(state->previous) || is_control(next))
        return false;
    if (is_extending(next))
        return true;
    if (state->previous >= 0x300 &&
        unicode_in_ranges(unicode_prepend, unicode_n_prepend, state->previous))
        return true;
    if (state->previous == 0x200D && state->is_emoji && character_is_pictographic(next))
        return true;
    if (state->conjunct == CONJUNCT_LINKED &&
        conjunct_after(CONJUNCT_NONE, next) == CONJUNCT_CONSONANT)
        return true;
    return hangul_goes_on(state->previous, next);
}

/* Where the cluster ends that begins at text[at]. */
static size_t cluster_end(const unsigned char *text, size_t at, size_t last) {
    struct cluster_state state;
    uint32_t next;

    if (at + 1 < last && text[at] >= ' ' && text[at] < 0x7F && text[at + 1] < 0x80)
        return at + 1;
    at += utf8_decode((const char *)text + at, last - at, &state.previous);
    state.is_emoji = state.previous >= 0xA9 && character_is_pictographic(state.previous);
    state.conjunct = conjunct_after(CONJUNCT_NONE, state.previous);
    while (at < last) {
        size_t n = utf8_decode((const char *)text + at, last - at, &next);
        if (!goes_on(&state, next))
            break;
        state.is_emoji = is_extending(next) ? state.is_emoji : character_is_pictographic(next);
        state.conjunct = conjunct_after(state.conjunct, next);
        state.previous = next;
        at += n;
    }
    return at;
}

/* ---- the step -------------------------------------------------------------------------- */

/* The last character waits, because what is dropped after it changes what it stands for. */
struct replacing {
    struct rewriting rewriting;
    bool has_pending;
    uint32_t code_point;
    int change;
};

static bool put(struct replacing *replacing, uint32_t code_point, int change) {
    bool done = !replacing->has_pending ||
                rewriting_put(&replacing->rewriting, replacing->code_point, replacing->change);

    replacing->has_pending = true;
    replacing->code_point = code_point;
    replacing->change = change;
    return done;
}

static size_t count_characters(const char *text, size_t n_bytes) {
    uint32_t code_point;
    size_t n = 0;

    for (size_t at = 0; at < n_bytes; n++)
        at += utf8_decode(text + at, n_bytes - at, &code_point);
    return n;
}

/* Puts a string in the place of n_old characters. */
static bool put_string(struct replacing *replacing, const char *string, size_t n_string,
                       size_t n_old) {
    size_t n_new = count_characters(string, n_string);
    size_t i = 0;

    for (size_t at = 0; at < n_string; i++) {
        uint32_t code_point;
        at += utf8_decode(string + at, n_string - at, &code_point);
        /* Those that are more than there were come last. */
        if (!put(replacing, code_point, i >= n_old))
            return false;
    }
    if (n_new < n_old && replacing->has_pending)
        replacing->change -= (int)(n_old - n_new);
    return true;
}

static bool put_cluster(const struct step_run *run, struct replacing *replacing, size_t at,
                        size_t end) {
    const unsigned char *text = run->from->bytes;
    const char *string;
    size_t n_string;
    size_t n;

    if (end - at <= MAX_CLUSTER && look_up(run->step, text + at, end - at, &string, &n_string))
        return put_string(replacing, string, n_string,
                          count_characters((const char *)text + at, end - at));
    for (; at < end; at += n) {
        uint32_t code_point;
        n = utf8_decode((const char *)text + at, end - at, &code_point);
        bool done = look_up(run->step, text + at, n, &string, &n_string)
                        ? put_string(replacing, string, n_string, 1)
                        : put(replacing, code_point, 0);
        if (!done)
            return false;
    }
    return true;
}

bool step_precompiled(const struct step_run *run, const struct piece *piece) {
    struct replacing replacing = {.has_pending = false};

    rewriting_init(&replacing.rewriting, run->from, run->to, piece);
    for (size_t at = piece->first; at < piece->last;) {
        size_t end = cluster_end(run->from->bytes, at, piece->last);
        if (!put_cluster(run, &replacing, at, end))
            return false;
        at = end;
    }
    return !replacing.has_pending ||
           rewriting_put(&replacing.rewriting, replacing.code_point, replacing.change);
}
