/* SPDX-License-Identifier: Apache-2.0
 *
 * What the steps of the normalised view share: the text as it stands, the text being made of it,
 * and judgement of what reads like language. For the view_*.c files only.
 *
 * A step reads work->in and calls view_replace for what it undoes, left to right; all between is
 * copied. A step that replaces nothing costs no copy. */
#ifndef ALKFW_VIEW_WORK_H
#define ALKFW_VIEW_WORK_H

#include "firewall/view.h"
#include "firewall/view_tables.h"

struct view_work {
    struct text_view *view;
    const char *in; /* [n_in] */
    size_t n_in;
    const struct view_origin *origin; /* [n_in], or NULL for the raw text itself */
    struct view_layer *out;
    size_t done;    /* bytes of `in` that are copied or replaced already */
    size_t ceiling; /* of out->n_bytes */
    bool changed;   /* something was replaced */
    bool failed;    /* memory is out; everything later does nothing */
};

/* The steps, in their order. */
void view_undo_characters(struct view_work *work);  /* INVISIBLE, TAG, SELECTOR */
void view_undo_combining(struct view_work *work);   /* COMBINING */
void view_undo_letterforms(struct view_work *work); /* COMPATIBILITY */
void view_undo_confusables(struct view_work *work); /* CONFUSABLE */
void view_undo_escapes(struct view_work *work);     /* ESCAPE, URL, HTML */
void view_undo_runs(struct view_work *work);        /* BASE64, HEX */
void view_undo_codes(struct view_work *work);       /* HEX, CODES, MORSE */
void view_undo_spacing(struct view_work *work);     /* SPACING */
void view_undo_leet(struct view_work *work);        /* LEET */
void view_undo_ciphers(struct view_work *work);     /* ROT13, REVERSED */

/* Which steps a text can need at all: a cheap pass that may say yes too often, never no wrongly
 * where it matters. */
enum view_need {
    VIEW_NEED_UNICODE = 1, /* a byte over 0x7F, a control character */
    VIEW_NEED_ESCAPES = 2,
    VIEW_NEED_RUNS = 4,
    VIEW_NEED_CODES = 8,
    VIEW_NEED_SPACING = 16,
    VIEW_NEED_LEET = 32,
    VIEW_NEED_CIPHERS = 64
};
unsigned view_needs(const char *text, size_t n_bytes);

/* Copies `in` up to `at`, which must not lie before what is done. */
void view_copy_to(struct view_work *work, size_t at);

/* Drops in[done..at). */
void view_skip_to(struct view_work *work, size_t at);

/* Appends bytes that stand for in[from..to). */
void view_emit(struct view_work *work, const char *bytes, size_t n_bytes, size_t from, size_t to);

/* Copies up to `from`, then puts bytes in the place of in[from..to). */
void view_replace(struct view_work *work, size_t from, size_t to, const char *bytes,
                  size_t n_bytes);

/* Counts n_characters that were in disguise in in[from..to). */
void view_count(struct view_work *work, enum view_transform transform, size_t from, size_t to,
                size_t n_characters);

/* Whether what is written so far ends, or `in` at `at` goes on, with white space or the edge. */
bool view_at_gap(const struct view_work *work);
bool view_gap_follows(const struct view_work *work, size_t at);

/* ---- what reads like language (view_language.c) ---- */

/* Eighths of a nat by which the letters are likelier as one English word than drawn at random.
 * Case is ignored; what is not an ASCII letter ends a word. */
int view_language_score(const char *text, size_t n_bytes);

/* Whether it is one of the frequent words; case is ignored. */
bool view_is_frequent(const char *word, size_t n_bytes);

struct view_reading {
    size_t n_characters; /* code points */
    size_t n_letters;    /* ASCII letters and letters of any other script */
    size_t n_digits;
    size_t n_spaces;
    size_t n_words;            /* runs of letters */
    size_t n_frequent_letters; /* letters in frequent words */
    int language;              /* view_language_score of the whole */
    bool valid;                /* well-formed UTF-8 without controls but tab, newline, return */
};
void view_read(const char *text, size_t n_bytes, struct view_reading *reading);

/* Whether decoded bytes are text that someone wrote: prose, or code, or another disguise. For
 * encodings of whole bytes, where noise hardly ever comes out printable. */
bool view_is_text(const char *text, size_t n_bytes);

/* Whether they are prose: for codes that give printable bytes whatever they stand for. */
bool view_is_prose(const char *text, size_t n_bytes);

/* ---- classes of bytes ---- */

static inline bool view_is_letter(char byte) {
    return (unsigned char)((byte | 0x20) - 'a') < 26;
}
static inline bool view_is_digit(char byte) {
    return (unsigned char)(byte - '0') < 10;
}
static inline bool view_is_alnum(char byte) {
    return view_is_letter(byte) || view_is_digit(byte);
}
static inline bool view_is_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}
static inline char view_lower(char byte) {
    return (unsigned char)(byte - 'A') < 26 ? (char)(byte | 0x20) : byte;
}
static inline int view_hex_value(char byte) {
    if (view_is_digit(byte))
        return byte - '0';
    byte = view_lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}
/* 1..26 for a letter, else 0: the index into the tables of pairs. */
static inline unsigned view_letter_index(char byte) {
    return view_is_letter(byte) ? (unsigned)byte & 31u : 0;
}

#endif
