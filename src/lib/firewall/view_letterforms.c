/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters in other forms: fullwidth, mathematical, enclosed, superscript letters (Unicode's
 * compatibility mappings), and stacks of combining marks on plain letters. A few such letters are
 * ordinary (units, ordinals, formulas, fullwidth words in Japanese); whole words of them are not.
 */
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

static bool has_form(uint32_t c) {
    return c == 0xAA || c == 0xBA || (c >= 0xB2 && c <= 0xB9) || (c >= 0x02B0 && c <= 0x02E4) ||
           (c >= 0x1D2C && c <= 0x1DBF) || (c >= 0x2070 && c <= 0x209C) ||
           (c >= 0x2100 && c <= 0x214F) || (c >= 0x2460 && c <= 0x24FF) || c == 0x3000 ||
           (c >= 0xFF01 && c <= 0xFF5E) || (c >= 0x1D400 && c <= 0x1D7FF) ||
           (c >= 0x1F100 && c <= 0x1F189) || (c >= 0x1FBF0 && c <= 0x1FBF9);
}

static struct form form_of(uint32_t c) {
    struct form form = {0};
    utf8proc_int32_t mapped[18]; /* the longest mapping of Unicode */
    int boundary_class = UTF8PROC_BOUNDCLASS_START;

    if (!has_form(c))
        return form;
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

static bool is_east_asian(uint32_t c) {
    return (c >= 0x3040 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF);
}

/* What of the text is in disguise. */
struct form_tally {
    bool east_asian;
    size_t n_counted;
};

struct form_run {
    size_t n_letters;
    size_t n_singles; /* one-letter words up to here */
    bool fullwidth;
    bool spaced; /* the last character was one space after a one-letter word */
};

static size_t close_run(const struct form_run *run, bool east_asian) {
    size_t least = run->fullwidth && east_asian ? LONG_FULLWIDTH_RUN : DISGUISED_RUN;

    return run->n_letters >= least ? run->n_letters : 0;
}

static void tally_forms(const struct view_work *work, struct form_tally *tally) {
    struct form_run run = {0};
    bool any = false;

    for (size_t at = 0; at < work->n_in;) {
        uint32_t c;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        tally->east_asian = tally->east_asian || is_east_asian(c);
        any = any || has_form(c);
    }
    for (size_t at = 0; any && at < work->n_in;) {
        uint32_t c;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        struct form form = form_of(c);
        if (view_is_letter(form.letter)) {
            run.n_letters++;
            run.fullwidth = form.fullwidth;
            /* A plain letter beside a disguised one makes a word of both. */
            run.n_singles = run.n_letters == 1 ? run.n_singles + 1 : 0;
            continue;
        }
        tally->n_counted += close_run(&run, tally->east_asian);
        if (run.n_singles >= SINGLES && run.n_letters == 1)
            tally->n_counted += run.n_singles == SINGLES ? SINGLES : 1;
        run.n_singles = c == ' ' || c == 0x3000 ? run.n_singles : 0;
        run.n_letters = 0;
    }
    tally->n_counted += close_run(&run, tally->east_asian);
}

void view_undo_letterforms(struct view_work *work) {
    struct form_tally tally = {0};
    bool after_fullwidth = false;

    tally_forms(work, &tally);
    if (tally.n_counted < DISGUISED_TEXT)
        return;
    for (size_t at = 0; at < work->n_in;) {
        uint32_t c;
        size_t start = at;
        at += utf8_decode(work->in + at, work->n_in - at, &c);
        struct form form = form_of(c);
        bool alnum = view_is_alnum(form.letter);
        /* East Asian punctuation is fullwidth by right. */
        if (form.letter != 0 && (alnum || !tally.east_asian || after_fullwidth)) {
            view_replace(work, start, at, &form.letter, 1);
            if (alnum)
                view_count(work, VIEW_COMPATIBILITY, start, at, 1);
        }
        after_fullwidth = form.fullwidth && alnum;
    }
}
