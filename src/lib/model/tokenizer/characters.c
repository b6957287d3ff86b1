/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/characters.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "model/tokenizer/unicode_ranges.h"

static const struct unicode_range spaces[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

/* The blocks that BERT's own normaliser lists. The gap before U+2B920 is its mistake (extension E
 * begins at U+2B820), and is kept. */
static const struct unicode_range ideographs[] = {
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},   {0x20000, 0x2A6DF},
    {0x2A700, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F},
};

/* Characters that decompose in Unicode 13 and later. unicode-normalization-alignments is of
 * Unicode 9 and leaves them whole. */
static const struct unicode_range newer_decompositions[] = {
    {0x105C9, 0x105C9}, {0x105E4, 0x105E4}, {0x11383, 0x11383}, {0x11385, 0x11385},
    {0x1138E, 0x1138E}, {0x11391, 0x11391}, {0x113C5, 0x113C5}, {0x113C7, 0x113C8},
    {0x11938, 0x11938}, {0x16121, 0x16128}, {0x16D68, 0x16D6A},
};

/* Lower case of Unicode 16 and 17, which the Rust standard library has and utf8proc 2.8 (Unicode
 * 15) has not. */
static const struct {
    uint32_t first;
    uint32_t last;
    uint32_t lower_of_first;
} newer_lower[] = {
    {0x1C89, 0x1C89, 0x1C8A},    {0xA7CB, 0xA7CB, 0x0264}, {0xA7CC, 0xA7CC, 0xA7CD},
    {0xA7CE, 0xA7CE, 0xA7CF},    {0xA7D2, 0xA7D2, 0xA7D3}, {0xA7D4, 0xA7D4, 0xA7D5},
    {0xA7DA, 0xA7DA, 0xA7DB},    {0xA7DC, 0xA7DC, 0x019B}, {0x10D50, 0x10D65, 0x10D70},
    {0x16EA0, 0x16EB8, 0x16EBB},
};

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

/* No character from here on has a mapping, but for the ideographs of U+2F800. */
enum { MAPPINGS_END = 0x20000, COMPATIBILITY_IDEOGRAPHS = 0x2F800 };

size_t character_decompose(uint32_t code_point, uint32_t parts[CHARACTER_MAX_DECOMPOSITION]) {
    utf8proc_int32_t decomposed[CHARACTER_MAX_DECOMPOSITION];
    int last_boundary_class = 0;

    if (!unicode_in_ranges(newer_decompositions, LENGTH(newer_decompositions), code_point)) {
        utf8proc_ssize_t n_parts = utf8proc_decompose_char(
            (utf8proc_int32_t)code_point, decomposed, CHARACTER_MAX_DECOMPOSITION,
            UTF8PROC_DECOMPOSE, &last_boundary_class);
        if (n_parts > 0 && n_parts <= CHARACTER_MAX_DECOMPOSITION) {
            for (size_t i = 0; i < (size_t)n_parts; i++)
                parts[i] = (uint32_t)decomposed[i];
            return (size_t)n_parts;
        }
    }
    parts[0] = code_point;
    return 1;
}

size_t character_decompose_compatibly(uint32_t code_point,
                                      uint32_t parts[CHARACTER_MAX_COMPATIBLE]) {
    utf8proc_int32_t decomposed[CHARACTER_MAX_COMPATIBLE];
    int last_boundary_class = 0;

    parts[0] = code_point;
    if (code_point < 0xA0 ||
        !unicode_in_ranges(unicode_compatibility, unicode_n_compatibility, code_point))
        return 1;
    utf8proc_ssize_t n_parts =
        utf8proc_decompose_char((utf8proc_int32_t)code_point, decomposed, CHARACTER_MAX_COMPATIBLE,
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &last_boundary_class);
    if (n_parts <= 0 || n_parts > CHARACTER_MAX_COMPATIBLE)
        return 1;
    for (size_t i = 0; i < (size_t)n_parts; i++)
        parts[i] = (uint32_t)decomposed[i];
    return (size_t)n_parts;
}

uint32_t character_compose(uint32_t first, uint32_t second) {
    uint32_t parts[CHARACTER_MAX_DECOMPOSITION];

    if (first < '<' || second < 0x300) /* no pair is below these */
        return 0;
    utf8proc_int32_t pair[3] = {(utf8proc_int32_t)first, (utf8proc_int32_t)second, 0};
    if (utf8proc_normalize_utf32(pair, 2, UTF8PROC_COMPOSE | UTF8PROC_STABLE) != 1)
        return 0;
    uint32_t composed = (uint32_t)pair[0];
    return character_decompose(composed, parts) > 1 ? composed : 0; /* not one that is too new */
}

bool character_is_pictographic(uint32_t code_point) {
    return utf8proc_get_property((utf8proc_int32_t)code_point)->boundclass ==
           UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static unsigned raw_combining_class(uint32_t code_point) {
    return (unsigned)utf8proc_get_property((utf8proc_int32_t)code_point)->combining_class;
}

unsigned character_combining_class(const struct character_table *table, uint32_t code_point) {
    return character_class(table, code_point) & CHARACTER_NFD ? raw_combining_class(code_point) : 0;
}

size_t character_lower(uint32_t code_point, uint32_t lower[CHARACTER_MAX_LOWER]) {
    if (code_point == 0x0130) { /* the only one that becomes two characters */
        lower[0] = 'i';
        lower[1] = 0x0307;
        return 2;
    }
    lower[0] = (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point);
    for (size_t i = 0; lower[0] == code_point && i < LENGTH(newer_lower); i++)
        if (code_point >= newer_lower[i].first && code_point <= newer_lower[i].last)
            lower[0] = newer_lower[i].lower_of_first + (code_point - newer_lower[i].first);
    return 1;
}

size_t character_encode(uint32_t code_point, unsigned char bytes[4]) {
    if (code_point < 0x80) {
        bytes[0] = (unsigned char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        bytes[0] = (unsigned char)(0xC0 | code_point >> 6);
        bytes[1] = (unsigned char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        bytes[0] = (unsigned char)(0xE0 | code_point >> 12);
        bytes[1] = (unsigned char)(0x80 | (code_point >> 6 & 0x3F));
        bytes[2] = (unsigned char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    bytes[0] = (unsigned char)(0xF0 | code_point >> 18);
    bytes[1] = (unsigned char)(0x80 | (code_point >> 12 & 0x3F));
    bytes[2] = (unsigned char)(0x80 | (code_point >> 6 & 0x3F));
    bytes[3] = (unsigned char)(0x80 | (code_point & 0x3F));
    return 4;
}

/* ---- the table ---------------------------------------------------------- */

static void mark_ranges(uint8_t *classes, const struct unicode_range *ranges, size_t n_ranges,
                        enum character_class class) {
    for (size_t i = 0; i < n_ranges; i++)
        for (uint32_t c = ranges[i].first; c <= ranges[i].last; c++)
            classes[c] |= (uint8_t) class;
}

static void mark_mappings(uint8_t *classes, uint32_t first, uint32_t end) {
    for (uint32_t c = first; c < end; c++) {
        uint32_t parts[CHARACTER_MAX_DECOMPOSITION];
        uint32_t lower[CHARACTER_MAX_LOWER];

        /* Hangul syllables are decomposed by arithmetic; all of them do. */
        bool decomposes =
            (c >= 0xAC00 && c <= 0xD7A3) || character_decompose(c, parts) > 1 || parts[0] != c;
        bool known = classes[c] & CHARACTER_MARK ||
                     unicode_in_ranges(unicode_kept_nonstarters, unicode_n_kept_nonstarters, c);
        if (decomposes || (known && raw_combining_class(c) != 0))
            classes[c] |= CHARACTER_NFD;
        if (character_lower(c, lower) > 1 || lower[0] != c)
            classes[c] |= CHARACTER_LOWER;
    }
}

/* classes[0x110000], one byte for each code point. */
static void classify_all(uint8_t *classes) {
    mark_ranges(classes, unicode_removed, unicode_n_removed, CHARACTER_REMOVED);
    mark_ranges(classes, spaces, LENGTH(spaces), CHARACTER_SPACE);
    mark_ranges(classes, unicode_punctuation, unicode_n_punctuation, CHARACTER_PUNCTUATION);
    mark_ranges(classes, unicode_marks, unicode_n_marks, CHARACTER_MARK);
    mark_ranges(classes, ideographs, LENGTH(ideographs), CHARACTER_IDEOGRAPH);
    mark_ranges(classes, unicode_word, unicode_n_word, CHARACTER_WORD);
    mark_mappings(classes, 0, MAPPINGS_END);
    mark_mappings(classes, COMPATIBILITY_IDEOGRAPHS, COMPATIBILITY_IDEOGRAPHS + 0x21E);
}

/* Keeps one copy of equal blocks, at the front of `classes`. Returns how many are left. */
static size_t merge_equal_blocks(uint8_t *classes, uint16_t *blocks) {
    size_t n_distinct = 0;

    for (size_t i = 0; i < CHARACTER_N_BLOCKS; i++) {
        const uint8_t *block = classes + i * CHARACTER_BLOCK;
        size_t found = i > 0 ? blocks[i - 1] : 0; /* mostly equal to the one before */

        if (i == 0 || memcmp(classes + found * CHARACTER_BLOCK, block, CHARACTER_BLOCK) != 0)
            for (found = 0; found < n_distinct; found++)
                if (memcmp(classes + found * CHARACTER_BLOCK, block, CHARACTER_BLOCK) == 0)
                    break;
        if (found == n_distinct)
            memmove(classes + n_distinct++ * CHARACTER_BLOCK, block, CHARACTER_BLOCK);
        blocks[i] = (uint16_t)found;
    }
    return n_distinct;
}

bool character_table_new(uint16_t **blocks, uint8_t **classes, size_t *n_distinct) {
    *classes = calloc(CHARACTER_N_BLOCKS, CHARACTER_BLOCK);
    *blocks = calloc(CHARACTER_N_BLOCKS, sizeof **blocks);
    if (*classes == NULL || *blocks == NULL) {
        free(*classes);
        free(*blocks);
        return false;
    }
    classify_all(*classes);
    *n_distinct = merge_equal_blocks(*classes, *blocks);
    return true;
}
