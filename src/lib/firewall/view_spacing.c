/* SPDX-License-Identifier: Apache-2.0
 *
 * Letters set apart: i g n o r e, i.g.n.o.r.e, i-g-n-o-r-e, one letter a line. Initials, lists,
 * formulas, tables and scores of games are set apart too, but do not read as words when closed. */
#include <utf8proc.h>

#include "firewall/view_work.h"
#include "support/utf8.h"

enum {
    FEWEST_LETTERS = 5,
    FEWEST_WITHOUT_ENGLISH = 8, /* letters beyond ASCII, where the letter pairs say nothing */
    LONG = 12,                  /* from so many letters on, being better than chance is enough */
    LANGUAGE_PER_LETTER = 3,    /* eighths of a nat that fewer need */
    ACRONYM = 6                 /* capitals with stops up to this length are left */
};

struct cell {
    size_t n_bytes;
    uint32_t c;
    bool letter;
    bool visible;
};

/* What stands between letters: one character, the same throughout a run. */
static bool is_separator(uint32_t c) {
    switch (c) {
    case ' ':
    case '\n':
    case '.':
    case '-':
    case '_':
    case '*':
    case '|':
    case '/':
    case '~':
    case '+':

    case 0xB7:   /* middle dot */
    case 0x2022: /* bullet */
    case 0xA0:   /* no-break space */
    case 0x3000: /* ideographic space */
        return true;
    default:
        return c >= 0x2000 && c <= 0x200A; /* thin, hair, ... spaces */
    }
}

static bool is_blank(uint32_t c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0xA0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200A);
}

/* Scripts written without spaces have nothing to close. */
static bool is_spaced_script(uint32_t c) {
    return !(c >= 0x0E00 && c <= 0x0EFF) && !(c >= 0x2E80 && c <= 0xA4CF) &&
           !(c >= 0xAC00 && c <= 0xD7AF) && c < 0x20000;
}

static struct cell cell_at(const struct view_work *work, size_t at) {
    struct cell cell = {0};

    if (at >= work->n_in)
        return cell;
    cell.n_bytes = utf8_decode(work->in + at, work->n_in - at, &cell.c);
    if (cell.c < 0x80) {
        cell.letter = view_is_letter((char)cell.c);
        cell.visible = cell.c > ' ' && cell.c < 0x7F;
    } else {
        utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cell.c);
        cell.letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO &&
                      is_spaced_script(cell.c);
        cell.visible = !is_blank(cell.c) && category != UTF8PROC_CATEGORY_CC;
    }
    return cell;
}

struct run {
    size_t start, end;
    uint32_t separator;
    size_t n_cells, n_letters, n_beyond_ascii;
    size_t n_words, n_capitals;
    size_t n_steps;   /* letters that are the one before or its successor: a b c, 1 1 1 */
    unsigned letters; /* set of ASCII letters */
};

/* The blank characters from `at` on that end a word; 0 when they are one separator or none. */
static size_t word_gap(const struct view_work *work, size_t at, uint32_t separator) {
    size_t n_blanks = 0, end = at;

    for (struct cell cell = cell_at(work, end); cell.n_bytes > 0 && is_blank(cell.c);
         cell = cell_at(work, end)) {
        n_blanks++;
        end += cell.n_bytes;
    }
    return n_blanks >= (is_blank(separator) ? 2u : 1u) ? end - at : 0;
}

/* Whether a mark at `at` closes a word of letters set apart: i.g.n.o.r.e, all */
static bool ends_word(const struct view_work *work, size_t at, const struct cell *mark) {
    if (!mark->visible || mark->letter || mark->c >= 0x80 || view_is_digit((char)mark->c))
        return false;
    struct cell next = cell_at(work, at + mark->n_bytes);
    return next.n_bytes == 0 || is_blank(next.c);
}

/* Whether a cell stands alone: a separator, white space or the end follows. */
static bool stands_alone(const struct view_work *work, size_t at, const struct cell *cell,
                         uint32_t separator) {
    struct cell next = cell_at(work, at + cell->n_bytes);

    return next.n_bytes == 0 || next.c == separator || is_blank(next.c) ||
           ends_word(work, at + cell->n_bytes, &next);
}

static void add_cell(struct view_work *work, struct run *run, size_t at, const struct cell *cell,
                     uint32_t *before) {
    uint32_t c = cell->c < 0x80 ? (uint32_t)view_lower((char)cell->c) : cell->c;

    run->n_cells++;
    run->n_letters += cell->letter;
    run->n_beyond_ascii += cell->letter && c >= 0x80;
    run->n_capitals += cell->c >= 'A' && cell->c <= 'Z';
    run->n_steps += cell->letter && *before != 0 && (c == *before || c == *before + 1);
    if (cell->letter && c < 0x80)
        run->letters |= 1u << (c - 'a');
    *before = cell->letter ? c : 0;
    if (!buffer_append(&work->view->scratch, work->in + at, cell->n_bytes))
        work->failed = true;
}

/* Reads cells from `start` on and closes them into the scratch buffer. */
static void read_run(struct view_work *work, size_t start, struct run *run) {
    struct cell cell = cell_at(work, start);
    uint32_t before = 0;

    *run = (struct run){.start = start, .end = start, .n_words = 1};
    work->view->scratch.length = 0;
    struct cell separator = cell_at(work, start + cell.n_bytes);
    if (separator.n_bytes == 0 || !is_separator(separator.c))
        return;
    run->separator = separator.c;
    for (size_t at = start; !work->failed;) {
        cell = cell_at(work, at);
        if (cell.n_bytes == 0 || !cell.visible || !stands_alone(work, at, &cell, run->separator))
            break;
        add_cell(work, run, at, &cell, &before);
        at += cell.n_bytes;
        run->end = at;
        size_t gap = word_gap(work, at, run->separator);
        separator = cell_at(work, at);
        if (gap > 0) {
            at += gap;
            run->n_words++;
            before = 0;
            if (!buffer_append(&work->view->scratch, " ", 1))
                work->failed = true;
        } else if (separator.n_bytes == 0) {
            break;
        } else if (separator.c == run->separator && !ends_word(work, at, &separator)) {
            at += separator.n_bytes;
        } /* else a mark that closes the word is the next cell */
    }
}

static bool is_disguise(const struct view_work *work, const struct run *run) {
    static const unsigned bases = 1u << 0 | 1u << 2 | 1u << 6 | 1u << 13 | 1u << 19 | 1u << 20;
    const struct buffer *scratch = &work->view->scratch;

    if (run->n_letters < FEWEST_LETTERS || run->n_letters * 10 < run->n_cells * 6 ||
        run->n_words * 2 > run->n_letters || run->n_steps * 2 > run->n_letters)
        return false;
    if (run->n_beyond_ascii * 2 > run->n_letters)
        return run->n_letters >= FEWEST_WITHOUT_ENGLISH;
    if ((run->letters & ~bases) == 0) /* a genome */
        return false;
    if (run->separator == '.' && run->n_letters <= ACRONYM && run->n_capitals == run->n_letters)
        return false;
    int language = view_language_score(scratch->bytes, scratch->length);
    if (run->n_letters >= LONG)
        return language > 0;
    return language >= LANGUAGE_PER_LETTER * (int)run->n_letters ||
           view_is_frequent(scratch->bytes, scratch->length);
}

static void close_run(struct view_work *work, const struct run *run) {
    for (size_t at = run->start; at < run->end;) {
        struct cell cell = cell_at(work, at);
        size_t after = at + cell.n_bytes;
        view_copy_to(work, after);
        if (after >= run->end)
            break;
        size_t gap = word_gap(work, after, run->separator);
        struct cell next = cell_at(work, after);
        at = after;
        if (gap > 0) {
            at = after + gap;
            view_replace(work, after, at, " ", 1);
        } else if (next.c == run->separator && !ends_word(work, after, &next)) {
            at = after + next.n_bytes;
            view_replace(work, after, at, "", 0);
        }
    }
    view_count(work, VIEW_SPACING, run->start, run->end, run->n_letters);
}

void view_undo_spacing(struct view_work *work) {
    bool at_edge = true; /* no letter or digit before */

    for (size_t at = 0; at < work->n_in && !work->failed;) {
        struct cell cell = cell_at(work, at);
        if (at_edge && cell.visible) {
            struct run run;
            read_run(work, at, &run);
            if (run.n_cells > 1 && is_disguise(work, &run))
                close_run(work, &run);
            if (run.n_cells > 1) {
                at = run.end;
                at_edge = false;
                continue;
            }
        }
        at_edge = !cell.letter && !(cell.c < 0x80 && view_is_digit((char)cell.c));
        at += cell.n_bytes;
    }
}
