/* SPDX-License-Identifier: Apache-2.0
 *
 * The classes of characters as `tokenizers` sees them, as ascending ranges. They are frozen here
 * because its crates are of several Unicode versions (unicode_categories: 8, regex: 16), and
 * because ids must not change with the utf8proc that happens to be installed. For characters.c,
 * pattern.c and the normalizers. */
#ifndef ALKFW_UNICODE_RANGES_H
#define ALKFW_UNICODE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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
extern const struct unicode_range unicode_letters[]; /* \p{L} of a Split or ByteLevel */
extern const size_t unicode_n_letters;
extern const struct unicode_range unicode_numbers[]; /* \p{N} of a Split or ByteLevel */
extern const size_t unicode_n_numbers;
extern const struct unicode_range unicode_numeric[]; /* by Digits */
extern const size_t unicode_n_numeric;
extern const struct unicode_range unicode_combining[]; /* by StripAccents: M */
extern const size_t unicode_n_combining;
extern const struct unicode_range unicode_compatibility[]; /* changed by NFKD */
extern const size_t unicode_n_compatibility;
/* Of grapheme clusters of fewer than six bytes: what stays with the character before, what keeps
 * the next one, and what does not keep what would stay. */
extern const struct unicode_range unicode_extend[];
extern const size_t unicode_n_extend;
extern const struct unicode_range unicode_prepend[];
extern const size_t unicode_n_prepend;
extern const struct unicode_range unicode_control[];
extern const size_t unicode_n_control;
/* Of syllables in Indic scripts: consonants, what joins two of them to a cluster, and what stays
 * with the character before but keeps them apart. */
extern const struct unicode_range unicode_consonant[];
extern const size_t unicode_n_consonant;
extern const struct unicode_range unicode_linker[];
extern const size_t unicode_n_linker;
extern const struct unicode_range unicode_parting[];
extern const size_t unicode_n_parting;

/* Assigned after Unicode 14; stand_in is an older one of the same category and length in UTF-8. */
struct unicode_newer {
    uint32_t first;
    uint32_t last;
    uint32_t stand_in;
};
extern const struct unicode_newer unicode_newer[];
extern const size_t unicode_n_newer;

/* Index of the element whose range a character is in, or n_elements. Elements of any kind that
 * begin as a range does. */
static inline size_t unicode_search(const void *elements, size_t n_elements, size_t element_size,
                                    uint32_t code_point) {
    const char *bytes = elements;
    struct unicode_range range = {0, 0};
    size_t low = 0;
    size_t high = n_elements;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        memcpy(&range, bytes + middle * element_size, sizeof range);
        if (code_point > range.last)
            low = middle + 1;
        else if (code_point < range.first)
            high = middle;
        else
            return middle;
    }
    return n_elements;
}

static inline bool unicode_in_ranges(const struct unicode_range *ranges, size_t n_ranges,
                                     uint32_t code_point) {
    return unicode_search(ranges, n_ranges, sizeof *ranges, code_point) < n_ranges;
}

#endif
