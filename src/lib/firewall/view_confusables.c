/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters of other scripts that look like the Latin letters they stand among (Unicode Technical
 * Standard 39). Only words that become Latin throughout are folded, and only among Latin words:
 * Russian, Greek, and a Greek letter in a name ("TNF alpha") stay what they are. */
#include <utf8proc.h>

#include "firewall/view_work.h"
#include "support/utf8.h"

enum word_kind {
    NO_WORD, /* the text ends */
    NEUTRAL, /* look-alikes only: as Latin or foreign as its neighbours */
    LATIN,
    MIXED, /* Latin letters and look-alikes */
    FOREIGN
};

struct word {
    size_t start, end;
    enum word_kind kind;
    size_t n_letters;
    size_t n_latin;
    size_t n_alike;
    bool convincing; /* MIXED, and not just a Greek symbol in a name */
};

static char look_alike(uint32_t c) {
    size_t low = 0, high = view_n_confusables;

    if (c < view_confusables[0] >> 8)
        return 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t entry = view_confusables[middle];
        if (entry >> 8 == c)
            return (char)(entry & 0xFF);
        if (entry >> 8 < c)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

static bool is_letter_or_mark(uint32_t c) {
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);

    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

static bool is_latin(uint32_t c) {
    return c < 0x80 || (c >= 0xC0 && c <= 0x024F) || (c >= 0x0300 && c <= 0x036F) ||
           (c >= 0x1E00 && c <= 0x1EFF);
}

static bool is_lower(char byte) {
    return byte >= 'a' && byte <= 'z';
}

/* Greek letters stand for themselves in formulas and names; omicron never does. */
static bool is_greek_symbol(uint32_t c) {
    return c >= 0x0370 && c <= 0x03FF && c != 0x03BF && c != 0x039F;
}

/* Letters of the phonetic alphabet, many of which African languages are written with. */
static bool is_phonetic(uint32_t c) {
    return c >= 0x0250 && c <= 0x02AF;
}

static void close_word(struct word *word) {
    size_t n_foreign = word->n_letters - word->n_latin - word->n_alike;

    if (n_foreign > 0)
        word->kind = FOREIGN;
    else if (word->n_alike == 0)
        word->kind = LATIN;
    else if (word->n_latin == 0)
        word->kind = NEUTRAL;
    else
        word->kind = MIXED;
    word->convincing = word->convincing && word->kind == MIXED && word->n_letters >= 3;
}

/* The next word from `at` on. */
static void next_word(const struct view_work *work, size_t at, struct word *word) {
    char before = 0;

    *word = (struct word){.kind = NO_WORD};
    while (at < work->n_in) {
        uint32_t c = (unsigned char)work->in[at];
        size_t length = 1;
        bool letter = view_is_letter((char)c);
        char alike = 0;

        if (c >= 0x80) {
            length = utf8_decode(work->in + at, work->n_in - at, &c);
            alike = look_alike(c);
            letter = alike != 0 || is_letter_or_mark(c);
        }
        if (!letter && word->n_letters > 0)
            break;
        if (letter) {
            if (word->n_letters == 0)
                word->start = at;
            word->n_letters++;
            word->n_latin += is_latin(c);
            word->n_alike += alike != 0;
            char after = at + length < work->n_in ? work->in[at + length] : 0;
            if (alike != 0 && !is_phonetic(c) &&
                (!is_greek_symbol(c) || (is_lower(before) && is_lower(after))))
                word->convincing = true;
            before = c < 0x80 ? (char)c : 0;
        }
        at += length;
        word->end = at;
    }
    if (word->n_letters > 0)
        close_word(word);
}

static void fold_word(struct view_work *work, const struct word *word) {
    for (size_t at = word->start; at < word->end;) {
        uint32_t c;
        size_t length = utf8_decode(work->in + at, work->n_in - at, &c);
        char letter = c >= 0x80 ? look_alike(c) : 0;
        if (letter != 0)
            view_replace(work, at, at + length, &letter, 1);
        at += length;
    }
    view_count(work, VIEW_CONFUSABLE, word->start, word->end, word->n_alike);
}

static bool in_latin_context(enum word_kind before, enum word_kind after, bool itself_mixed) {
    if (before == FOREIGN || after == FOREIGN)
        return false;
    return itself_mixed || before == LATIN || before == MIXED || after == LATIN || after == MIXED;
}

void view_undo_confusables(struct view_work *work) {
    struct word word, next;
    enum word_kind before = NO_WORD; /* of the last word that is not NEUTRAL */
    bool convincing = false;

    for (size_t at = 0; at < work->n_in && !convincing; at = word.end) {
        next_word(work, at, &word);
        if (word.kind == NO_WORD)
            break;
        convincing = word.convincing;
        if (before == NO_WORD && word.kind != NEUTRAL)
            before = word.kind; /* what stands before it goes by it */
    }
    if (!convincing)
        return;
    next_word(work, 0, &word);
    while (word.kind != NO_WORD) {
        next_word(work, word.end, &next);
        bool fold = false;
        if (word.kind == MIXED)
            fold = in_latin_context(before, next.kind, true) || word.n_latin > word.n_alike;
        else if (word.kind == NEUTRAL)
            fold = in_latin_context(before, next.kind, false);
        if (fold)
            fold_word(work, &word);
        if (word.kind != NEUTRAL)
            before = word.kind == MIXED && !fold ? FOREIGN : word.kind;
        word = next;
    }
}
