/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters in other forms: fullwidth, mathematical, enclosed, superscript letters (Unicode's
 * compatibility mappings), and stacks of combining marks on plain letters. A few such letters are
 * ordinary (units, ordinals, formulas, fullwidth words in Japanese); whole words of them are not.
 */
#include <string.h>
#include <utf8proc.h>

#include "firewall/view_work.h"
#include "support/utf8.h"

enum {
    DISGUISED_RUN = 3,      /* letters in a row that count */
    DISGUISED_TEXT = 4,     /* counted letters that make the step act */
    LONG_FULLWIDTH_RUN = 9, /* a fullwidth run that counts in East Asian text */
    SINGLES = 4,            /* one-letter words in a row that count */
    STACK = 3               /* marks on one character that no orthography has */
};

/* ---- combining marks ---------------------------------------------------- */

static bool is_mark(uint32_t c) {
    return (c >= 0x0300 && c <= 0x036F) || (c >= 0x0483 && c <= 0x0489) ||
           (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
           (c >= 0x20D0 && c <= 0x20F0) || (c >= 0xFE20 && c <= 0xFE2F);
}

struct mark_tally {
    size_t n_stacks;       /* characters with STACK marks or more */
    size_t n_marked_words; /* words of plain letters most of which bear a mark */
};

static void tally_marks(const struct view_work *work, struct mark_tally *tally) {
    size_t n_letters = 0, n_marked = 0, n_marks = 0;

    *tally = (struct mark_tally){0};
    for (size_t at = 0; at < work->n_in;) {
        uint32_t c;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        if (is_mark(c)) {
            n_marks++;
            tally->n_stacks += n_marks == STACK;
            n_marked += n_marks == 1 && n_letters > 0;
            continue;
        }
        n_marks = 0;
        if (c < 0x80 && view_is_letter((char)c)) {
            n_letters++;
            continue;
        }
        tally->n_marked_words += n_letters >= 4 && n_marked * 2 > n_letters;
        n_letters = n_marked = 0;
    }
    tally->n_marked_words += n_letters >= 4 && n_marked * 2 > n_letters;
}

void view_undo_combining(struct view_work *work) {
    struct mark_tally tally;
    size_t base = 0;
    uint32_t base_character = 0;

    tally_marks(work, &tally);
    if (tally.n_stacks == 0 && tally.n_marked_words == 0)
        return;
    for (size_t at = 0; at < work->n_in;) {
        uint32_t c;
        size_t start = at, n_marks = 0;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        if (!is_mark(c)) {
            base = start;
            base_character = c;
            continue;
        }
        size_t end = start;
        while (is_mark(c)) {
            n_marks++;
            end = at;
            if (at >= work->n_in)
                break;
            at += utf8_decode(work->in + at, work->n_in - at, &c);
        }
        at = end;
        if (base_character >= 0x80 && n_marks < STACK)
            continue;
        view_replace(work, start, end, "", 0);
        view_count(work, VIEW_COMBINING, base, end, 1);
    }
}

/* ---- letterforms -------------------------------------------------------- */

struct form {
    char letter; /* ASCII, or 0 when the character is none of these */
    bool fullwidth;
    bool script; /* super- or subscript */
};

enum { REGIONAL_A = 0x1F1E6, REGIONAL_Z = 0x1F1FF };

static bool is_regional(uint32_t c) {
    return c >= REGIONAL_A && c <= REGIONAL_Z;
}

static bool has_form(uint32_t c) {
    return c == 0xAA || c == 0xBA || (c >= 0xB2 && c <= 0xB9) || (c >= 0x02B0 && c <= 0x02E4) ||
           (c >= 0x1D2C && c <= 0x1DBF) || (c >= 0x2070 && c <= 0x209C) ||
           (c >= 0x2100 && c <= 0x214F) || (c >= 0x2460 && c <= 0x24FF) || c == 0x3000 ||
           (c >= 0xFF01 && c <= 0xFF5E) || (c >= 0x1D400 && c <= 0x1D7FF) ||
           (c >= 0x1F100 && c <= 0x1F189) || is_regional(c) || (c >= 0x1FBF0 && c <= 0x1FBF9);
}

static struct form form_of(uint32_t c) {
    struct form form = {0};
    utf8proc_int32_t mapped[18]; /* the longest mapping of Unicode */
    int boundary_class = UTF8PROC_BOUNDCLASS_START;

    if (!has_form(c))
        return form;
    if (is_regional(c)) {
        form.letter = (char)('A' + (c - REGIONAL_A));
        return form;
    }
    if (c >= 0x1F150 && c <= 0x1F189) { /* negative circled, negative squared: no mapping */
        uint32_t index = c >= 0x1F170 ? c - 0x1F170 : c - 0x1F150;
        form.letter = index < 26 ? (char)('A' + index) : 0;
        return form;
    }
    utf8proc_ssize_t n = utf8proc_decompose_char(
        (utf8proc_int32_t)c, mapped, 18, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary_class);
    if (n == 3 && mapped[0] == '(' && mapped[2] == ')') /* (a) */
        mapped[0] = mapped[1], n = 1;
    if (n != 1 || mapped[0] >= 0x7F || mapped[0] < 0x20)
        return form;
    form.letter = (char)mapped[0];
    form.fullwidth = c == 0x3000 || c >= 0xFF01;
    form.fullwidth = form.fullwidth && c <= 0xFF5E;
    form.script = c < 0x2100;
    return form;
}

/* Whether two regional indicators are a flag (ISO 3166-1, and what CLDR adds to it). */
static bool is_flag(uint32_t first, uint32_t second) {
    static const char *const regions[26] = {
        "CDEFGILMOQRSTUWXZ",       /* A */
        "ABDEFGHIJLMNOQRSTVWYZ",   /* B */
        "ACDFGHIKLMNOPRUVWXYZ",    /* C */
        "EGJKMOZ",                 /* D */
        "ACEGHRSTU",               /* E */
        "IJKMOR",                  /* F */
        "ABDEFGHILMNPQRSTUWY",     /* G */
        "KMNRTU",                  /* H */
        "CDELMNOQRST",             /* I */
        "EMOP",                    /* J */
        "EGHIMNPRWYZ",             /* K */
        "ABCIKRSTUVY",             /* L */
        "ACDEFGHKLMNOPQRSTUVWXYZ", /* M */
        "ACEFGILOPRUZ",            /* N */
        "M",                       /* O */
        "AEFGHKLMNRSTWY",          /* P */
        "A",                       /* Q */
        "EOSUW",                   /* R */
        "ABCDEGHIJKLMNORSTVXYZ",   /* S */
        "ACDFGHJKLMNORTVWZ",       /* T */
        "AGMNSYZ",                 /* U */
        "ACEGINU",                 /* V */
        "FS",                      /* W */
        "K",                       /* X */
        "ET",                      /* Y */
        "AMW",                     /* Z */
    };
    return strchr(regions[first - REGIONAL_A], (char)('A' + (second - REGIONAL_A))) != NULL;
}

/* The end of the flags that begin at `at`; `at` itself when the regional indicators there are not
 * all flags. */
static size_t end_of_flags(const struct view_work *work, size_t at) {
    size_t end = at;
    uint32_t first = 0, c;

    while (end < work->n_in) {
        size_t length = utf8_decode(work->in + end, work->n_in - end, &c);
        if (!is_regional(c))
            break;
        if (first != 0 && !is_flag(first, c))
            return at;
        first = first == 0 ? c : 0;
        end += length;
    }
    return first == 0 ? end : at;
}

static bool is_east_asian(uint32_t c) {
    return (c >= 0x3040 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF);
}

/* A letterform at in[start..end). */
struct form_at {
    size_t start, end;
    uint32_t c;
    struct form form;
};

/* The character from at->end on, or flags as one that is none; false at the end of the text. */
static bool next_form(const struct view_work *work, bool keep_flags, struct form_at *at) {
    bool after_regional = is_regional(at->c) && at->end > 0;

    at->start = at->end;
    if (at->start >= work->n_in)
        return false;
    at->end += utf8_decode(work->in + at->start, work->n_in - at->start, &at->c);
    at->form = form_of(at->c);
    if (keep_flags && is_regional(at->c) && !after_regional) {
        size_t end = end_of_flags(work, at->start);
        if (end > at->start) {
            at->end = end;
            at->c = 0;
            at->form = (struct form){0};
        }
    }
    return true;
}

/* What of the text is in disguise. */
struct form_tally {
    bool east_asian;
    bool regional; /* regional indicators spell words: those that look like flags do as well */
    size_t n_counted;
};

struct form_run {
    size_t n_letters;
    size_t n_singles; /* one-letter words up to here */
    bool fullwidth;
    bool script;
    bool regional;
    bool after_plain; /* an ASCII letter stands before it */
};

/* How many letters of a run count, when `next` follows it. */
static size_t close_run(const struct form_run *run, bool east_asian, uint32_t next) {
    size_t least = run->fullwidth && east_asian ? LONG_FULLWIDTH_RUN : DISGUISED_RUN;

    if (run->n_letters >= least)
        return run->n_letters;
    if (run->n_letters == 1 && run->n_singles >= SINGLES)
        return run->n_singles == SINGLES ? SINGLES : 1;
    /* Plain and disguised letters in one word; an exponent or index beside a letter is none. */
    bool before_plain = next < 0x80 && view_is_letter((char)next);
    return !run->script && !east_asian && (run->after_plain || before_plain) ? run->n_letters : 0;
}

static bool has_forms(const struct view_work *work, bool *east_asian) {
    bool any = false;

    for (size_t at = 0; at < work->n_in;) {
        uint32_t c;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        *east_asian = *east_asian || is_east_asian(c);
        any = any || has_form(c);
    }
    return any;
}

static void tally_forms(const struct view_work *work, struct form_tally *tally) {
    struct form_run run = {0};
    struct form_at at = {0};
    bool after_plain = false;

    if (!has_forms(work, &tally->east_asian))
        return;
    while (next_form(work, true, &at)) {
        if (view_is_letter(at.form.letter)) {
            if (run.n_letters++ == 0)
                run.after_plain = after_plain;
            run.fullwidth = at.form.fullwidth;
            run.script = at.form.script;
            run.regional = is_regional(at.c);
            run.n_singles = run.n_letters == 1 ? run.n_singles + 1 : 0;
            continue;
        }
        size_t n = close_run(&run, tally->east_asian, at.c);
        tally->n_counted += n;
        tally->regional = tally->regional || (n > 0 && run.regional);
        run.n_singles = at.c == ' ' || at.c == 0x3000 ? run.n_singles : 0;
        run.n_letters = 0;
        after_plain = at.c < 0x80 && view_is_letter((char)at.c);
    }
    tally->n_counted += close_run(&run, tally->east_asian, 0);
}

void view_undo_letterforms(struct view_work *work) {
    struct form_tally tally = {0};
    struct form_at at = {0};
    bool after_fullwidth = false;

    tally_forms(work, &tally);
    if (tally.n_counted < DISGUISED_TEXT)
        return;
    while (next_form(work, !tally.regional, &at)) {
        const struct form *form = &at.form;
        bool alnum = view_is_alnum(form->letter);
        /* East Asian punctuation is fullwidth by right. */
        if (form->letter != 0 && (alnum || !tally.east_asian || after_fullwidth)) {
            view_replace(work, at.start, at.end, &form->letter, 1);
            if (alnum)
                view_count(work, VIEW_COMPATIBILITY, at.start, at.end, 1);
        }
        after_fullwidth = form->fullwidth && alnum;
    }
}
