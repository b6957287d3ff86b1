/* SPDX-License-Identifier: Apache-2.0
 *
 * Characters that nobody sees: zero-width ones, bidirectional controls, tag characters, variation
 * selectors. All have honest uses (emoji, Persian, Indic scripts, right-to-left text, flags), which
 * are left alone. A text in which none is misused is left alone altogether. */
#include <utf8proc.h>

#include "firewall/view_work.h"
#include "support/utf8.h"

enum kind {
    VISIBLE,
    CONTROL,
    JOINER,     /* ZWJ, ZWNJ */
    ZERO_SPACE, /* zero-width space, word joiner, byte order mark */
    SOFT_HYPHEN,
    FILLER,   /* blank letters and invisible operators */
    BIDI,     /* marks, embeddings, isolates */
    OVERRIDE, /* turns the order of letters round */
    SELECTOR, /* of a variant of the character before */
    TAG
};

enum {
    BLACK_FLAG = 0x1F3F4, /* begins the flags of England, Scotland, Wales and of U.S. states */
    FLAG_TAGS = 8,        /* tags of such a flag, at most, the cancel tag with them */
    CANCEL_TAG = 0xE007F,
    LONG_RUN = 12,   /* unseen characters in a row that no text has by accident */
    CARRYING_RUN = 4 /* selectors in a row that may carry bytes */
};

static enum kind kind_of(uint32_t c) {
    if (c < 0xA0)
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c >= 0x7F ? CONTROL : VISIBLE;
    if (c == 0xAD)
        return SOFT_HYPHEN;
    if (c == 0x200C || c == 0x200D)
        return JOINER;
    if (c == 0x200B || c == 0x2060 || c == 0xFEFF || c == 0x180E)
        return ZERO_SPACE;
    if (c == 0x202D || c == 0x202E)
        return OVERRIDE;
    if (c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202C) ||
        (c >= 0x2066 && c <= 0x2069))
        return BIDI;
    if ((c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) ||
        (c >= 0x180B && c <= 0x180F))
        return SELECTOR;
    if (c >= 0xE0000 && c <= CANCEL_TAG)
        return TAG;
    if (c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x3164 ||
        c == 0xFFA0 || (c >= 0x2061 && c <= 0x2065) || (c >= 0x206A && c <= 0x206F) ||
        (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0x1D173 && c <= 0x1D17A))
        return FILLER;
    return VISIBLE;
}

static bool is_right_to_left(uint32_t c) {
    return (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
           (c >= 0xFE70 && c <= 0xFEFC) || (c >= 0x10800 && c <= 0x10FFF) ||
           (c >= 0x1E800 && c <= 0x1EFFF);
}

/* Scripts whose spelling uses joiners, or whose lines break at zero-width spaces. */
static bool takes_joiners(uint32_t c) {
    return (c >= 0x0590 && c <= 0x1CFF) || (c >= 0xA800 && c <= 0xABFF) ||
           (c >= 0xFB1D && c <= 0xFEFC) || (c >= 0x11000 && c <= 0x11FFF) ||
           (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7FF);
}

static bool is_pictograph(uint32_t c) {
    return (c >= 0x1F3FB && c <= 0x1F3FF) || /* skin tones */
           utf8proc_get_property((utf8proc_int32_t)c)->boundclass ==
               UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_word_character(uint32_t c) {
    if (c < 0x80)
        return view_is_alnum((char)c);
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
        return true;
    default:
        return false;
    }
}

/* A run of unseen characters, and what stands around it. */
struct run {
    size_t start, end;
    size_t n_characters;
    size_t n_selectors;
    size_t n_tags;
    uint32_t before, after; /* 0 at the edge of the text */
    size_t letters_before;  /* word characters since the last thing that is none */
};

struct context {
    bool right_to_left;
    struct run run;
    size_t at;
    uint32_t before;
    size_t letters;
};

/* The next run from context->at on; false at the end of the text. */
static bool next_run(const struct view_work *work, struct context *context) {
    struct run *run = &context->run;

    *run = (struct run){0};
    while (context->at < work->n_in) {
        uint32_t c;
        size_t length = utf8_decode(work->in + context->at, work->n_in - context->at, &c);
        enum kind kind = kind_of(c);

        if (kind == VISIBLE && run->n_characters > 0) {
            run->after = c;
            break;
        }
        if (kind == VISIBLE) {
            context->before = c;
            context->letters = is_word_character(c) ? context->letters + 1 : 0;
        } else {
            if (run->n_characters == 0)
                run->start = context->at;
            run->n_characters++;
            run->n_selectors += kind == SELECTOR;
            run->n_tags += kind == TAG;
        }
        context->at += length;
    }
    run->end = context->at;
    run->before = context->before;
    run->letters_before = context->letters;
    if (run->n_characters > 0)
        context->letters = 0;
    return run->n_characters > 0;
}

static bool is_flag(const struct view_work *work, const struct run *run) {
    uint32_t last;

    if (run->before != BLACK_FLAG || run->n_tags != run->n_characters || run->n_tags > FLAG_TAGS)
        return false;
    utf8_decode(work->in + run->end - 4, 4, &last);
    return last == CANCEL_TAG;
}

/* Whether a character of the run stands where its script or an emoji asks for it. */
static bool is_honest(const struct context *context, enum kind kind, uint32_t before,
                      uint32_t after) {
    const struct run *run = &context->run;

    switch (kind) {
    case JOINER:
        return takes_joiners(run->before) || takes_joiners(run->after) ||
               ((is_pictograph(before) || kind_of(before) == SELECTOR) && is_pictograph(after));
    case ZERO_SPACE:
        return takes_joiners(run->before) || takes_joiners(run->after) || run->start == 0;
    case SELECTOR:
        if (run->n_selectors == 1) /* of a symbol, an ideograph, or a keycap */
            return before >= 0x80 || view_is_digit((char)before) || before == '#' || before == '*';
        return run->n_selectors < CARRYING_RUN && is_pictograph(before);
    case BIDI:
    case OVERRIDE:
        return context->right_to_left;
    case FILLER:
        return takes_joiners(before) && takes_joiners(after);
    case CONTROL:
        return !is_word_character(before) || !is_word_character(after);
    default:
        return false;
    }
}

/* Whether a character that is not honest is a sign of disguise. */
static bool is_disguise(const struct run *run, enum kind kind) {
    bool in_word = is_word_character(run->before) && is_word_character(run->after);

    if (kind == SOFT_HYPHEN) /* one after two letters or more is hyphenation */
        return in_word && run->letters_before < 2;
    if (kind == SELECTOR) /* a lone one after a space was left behind by an emoji */
        return in_word || run->n_selectors > 1;
    return in_word || kind == OVERRIDE || kind == TAG ||
           (kind != BIDI && run->n_characters >= LONG_RUN);
}

/* Calls for each character of the run; `apply` false only counts. Returns how many are disguise. */
static size_t treat_run(struct view_work *work, const struct context *context, bool apply) {
    const struct run *run = &context->run;
    uint32_t before = run->before;
    size_t n_disguise = 0;

    for (size_t at = run->start; at < run->end;) {
        uint32_t c, next = run->after;
        size_t length = utf8_decode(work->in + at, work->n_in - at, &c);
        enum kind kind = kind_of(c);

        if (at + length < run->end)
            utf8_decode(work->in + at + length, work->n_in - at - length, &next);
        if (!is_honest(context, kind, before, next)) {
            bool disguise = is_disguise(run, kind);
            n_disguise += disguise;
            if (apply) {
                view_replace(work, at, at + length, "", 0);
                if (disguise)
                    view_count(work,
                               kind == TAG        ? VIEW_TAG
                               : kind == SELECTOR ? VIEW_SELECTOR
                                                  : VIEW_INVISIBLE,
                               at, at + length, 1);
            }
        }
        before = c;
        at += length;
    }
    return n_disguise;
}

static bool wants_space(uint32_t c) {
    return c > ' ';
}

/* Puts ASCII for tags. Other characters of the run are dropped. */
static void decode_tags(struct view_work *work, const struct run *run) {
    bool apart = run->n_tags > 1; /* one tag between letters is a letter of their word */

    view_copy_to(work, run->start);
    if (apart && wants_space(run->before))
        view_emit(work, " ", 1, run->start, run->end);
    for (size_t at = run->start; at < run->end;) {
        uint32_t c;
        size_t length = utf8_decode(work->in + at, work->n_in - at, &c);
        bool blank = c == 0xE0009 || c == 0xE000A || c == 0xE000D;
        if (blank || (c >= 0xE0020 && c <= 0xE007E)) {
            char letter = blank ? '\n' : (char)(c & 0x7F);
            view_emit(work, &letter, 1, at, at + length);
            view_count(work, VIEW_TAG, at, at + length, 1);
        }
        at += length;
    }
    if (apart && wants_space(run->after))
        view_emit(work, " ", 1, run->start, run->end);
    view_skip_to(work, run->end);
}

/* The byte that a selector stands for in the scheme that hides text behind an emoji: VS1..VS16 are
 * 0..15, VS17..VS256 are 16..255. */
static int selector_byte(uint32_t c) {
    if (c >= 0xFE00 && c <= 0xFE0F)
        return (int)(c - 0xFE00);
    return c >= 0xE0100 && c <= 0xE01EF ? (int)(c - 0xE0100) + 16 : -1;
}

/* Puts the bytes that selectors carry, when they are text; false when they are not. */
static bool decode_selectors(struct view_work *work, const struct run *run) {
    struct buffer *scratch = &work->view->scratch;

    scratch->length = 0;
    for (size_t at = run->start; at < run->end;) {
        uint32_t c;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        char byte = (char)selector_byte(c);
        if (selector_byte(c) >= 0 && !buffer_append(scratch, &byte, 1))
            work->failed = true;
    }
    struct view_reading reading;
    view_read(scratch->bytes, scratch->length, &reading);
    if (!reading.valid || (reading.n_letters + reading.n_spaces) * 2 < reading.n_characters)
        return false;
    view_copy_to(work, run->start);
    if (!view_at_gap(work))
        view_emit(work, " ", 1, run->start, run->end);
    size_t n = 0;
    for (size_t at = run->start; at < run->end;) {
        uint32_t c;
        size_t length = utf8_decode(work->in + at, work->n_in - at, &c);
        if (selector_byte(c) >= 0)
            view_emit(work, scratch->bytes + n++, 1, at, at + length);
        at += length;
    }
    if (!view_gap_follows(work, run->end))
        view_emit(work, " ", 1, run->start, run->end);
    view_count(work, VIEW_SELECTOR, run->start, run->end, reading.n_characters);
    view_skip_to(work, run->end);
    return true;
}

static bool has_right_to_left(const struct view_work *work) {
    for (size_t at = 0; at < work->n_in;) {
        uint32_t c;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        if (is_right_to_left(c))
            return true;
    }
    return false;
}

void view_undo_characters(struct view_work *work) {
    struct context context = {0};
    size_t n_disguise = 0;

    if (!next_run(work, &context))
        return;
    bool right_to_left = has_right_to_left(work);
    context = (struct context){.right_to_left = right_to_left};
    while (next_run(work, &context))
        n_disguise += is_flag(work, &context.run) ? 0 : treat_run(work, &context, false);
    if (n_disguise == 0)
        return;

    context = (struct context){.right_to_left = right_to_left};
    while (next_run(work, &context)) {
        const struct run *run = &context.run;
        if (is_flag(work, run))
            continue;
        if (run->n_tags > 0)
            decode_tags(work, run);
        else if (run->n_selectors < CARRYING_RUN || !decode_selectors(work, run))
            treat_run(work, &context, true);
    }
}
