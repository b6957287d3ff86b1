/* SPDX-License-Identifier: Apache-2.0
 *
 * A text on its way to the model, each byte with the bytes of the record that it stands for, and
 * the pieces that it is split into. Steps read one and write the next. For the parts of the
 * tokenizer. */
#ifndef ALKFW_ALIGNED_TEXT_H
#define ALKFW_ALIGNED_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aligned_text {
    unsigned char *bytes; /* [n_bytes] well-formed UTF-8 */
    uint32_t *starts;     /* [n_bytes] of the record's bytes, [start, end) */
    uint32_t *ends;       /* [n_bytes] */
    size_t n_bytes;
    size_t capacity;
    size_t ceiling; /* largest n_bytes: what a text may swell to */
    bool is_full;   /* the ceiling would have been passed */
};

void aligned_text_free(struct aligned_text *text);

/* Makes room; false when memory is out or the ceiling would be passed. */
bool aligned_text_reserve(struct aligned_text *text, size_t n_more);

/* Appends a character that stands for the record's bytes [start, end). */
bool aligned_text_put(struct aligned_text *text, uint32_t code_point, uint32_t start, uint32_t end);

/* Appends bytes [first, last) of another text as they are. */
bool aligned_text_copy(struct aligned_text *text, const struct aligned_text *from, size_t first,
                       size_t last);

/* Appends text[start, end) of a record, ill-formed bytes as U+FFFD. */
bool aligned_text_read(struct aligned_text *text, const char *record, size_t start, size_t end);

/* ---- pieces -------------------------------------------------------------- */

enum { PIECE_IS_TEXT = -1 };

struct piece {
    uint32_t first;  /* bytes [first, last) of the aligned text; of the record for a token */
    uint32_t last;   /* first < last */
    uint32_t origin; /* byte of the record at which the piece began when it was cut out */
    int32_t token;   /* an added token's id, or PIECE_IS_TEXT */
    uint32_t n_leading_spaces; /* of an added token: characters that it took along */
    uint32_t n_trailing_spaces;
};

struct piece_list {
    struct piece *pieces;
    size_t n_pieces;
    size_t capacity;
};

void piece_list_free(struct piece_list *list);
bool piece_list_push(struct piece_list *list, const struct piece *piece);

/* Cuts [first, last) out of the text as a piece, unless it is empty. */
bool piece_list_cut(struct piece_list *list, const struct aligned_text *text, size_t first,
                    size_t last);

/* ---- rewriting a piece ---------------------------------------------------- */

/* Writes a new text for a piece, character by character, with the alignment that the
 * NormalizedString of `tokenizers` gives: each new character either takes the place of the next one
 * (change 0), of the next and of `-change` after it, or is put in after the last (change 1) and
 * stands for the same as that. */
struct rewriting {
    const struct aligned_text *from;
    struct aligned_text *to;
    size_t first; /* of the piece */
    size_t last;
    size_t at; /* what has been taken the place of */
    uint32_t origin;
};

void rewriting_init(struct rewriting *rewriting, const struct aligned_text *from,
                    struct aligned_text *to, const struct piece *piece);
void rewriting_skip(struct rewriting *rewriting, size_t n_characters);
bool rewriting_put(struct rewriting *rewriting, uint32_t code_point, int change);

#endif
