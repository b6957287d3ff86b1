/* SPDX-License-Identifier: Apache-2.0
 *
 * Data of the normalised view, written by scripts/make-view-tables. For the view_*.c files only. */
#ifndef ALKFW_VIEW_TABLES_H
#define ALKFW_VIEW_TABLES_H

#include <stddef.h>
#include <stdint.h>

enum { VIEW_LONGEST_WORD = 14 };

/* Look-alikes of ASCII letters: code point << 8 | letter, ascending. */
extern const uint32_t view_confusables[];
extern const size_t view_n_confusables;

/* [first][second], letters 1..26, 0 the edge of a word, in eighths of a nat: how much likelier the
 * pair is in English than among letters drawn at random; how much likelier it becomes when both
 * letters are turned by 13; and when the pair is read backwards. Rows 27..31 are zero. */
extern const int8_t view_pair_language[32][32];
extern const int8_t view_pair_rot13[32][32];
extern const int8_t view_pair_reversed[32][32];

/* [length]: frequent words of that length, ascending, without separators. */
extern const char *const view_words[VIEW_LONGEST_WORD + 1];

#endif
