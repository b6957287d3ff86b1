/* SPDX-License-Identifier: Apache-2.0
 *
 * The classes of characters as `tokenizers` sees them, as ascending ranges. They are frozen here
 * because its crates are of several Unicode versions (unicode_categories: 8, regex: 16), and
 * because ids must not change with the utf8proc that happens to be installed. For characters.c. */
#ifndef ALKFW_UNICODE_RANGES_H
#define ALKFW_UNICODE_RANGES_H

#include <stddef.h>
#include <stdint.h>

struct unicode_range {
    uint32_t first;
    uint32_t last;
};

extern const struct unicode_range unicode_removed[]; /* by clean_text: Cc, Cf, Co, U+FFFD */
extern const size_t unicode_n_removed;
extern const struct unicode_range unicode_marks[]; /* by strip_accents: Mn */
extern const size_t unicode_n_marks;
extern const struct unicode_range unicode_punctuation[]; /* P and ASCII symbols */
extern const size_t unicode_n_punctuation;
extern const struct unicode_range unicode_word[]; /* \w of a regular expression */
extern const size_t unicode_n_word;
/* Of a combining class other than 0, but not in unicode_marks. */
extern const struct unicode_range unicode_kept_nonstarters[];
extern const size_t unicode_n_kept_nonstarters;

#endif
