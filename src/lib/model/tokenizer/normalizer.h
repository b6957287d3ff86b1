/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads a text character by character as its tokenizer's normalizer makes them, each with the bytes
 * of the text that it stands for. Nothing is allocated and nothing is kept of the text, so a reader
 * can be copied to look ahead. For the parts of the tokenizer. */
#ifndef ALKFW_NORMALIZER_H
#define ALKFW_NORMALIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tokenizer/characters.h"

/* What to do, in the order in which it is done. All false: the text as it is. */
struct normalizer_rules {
    bool clean_text;
    bool separate_ideographs;
    bool strip_accents; /* NFD, then without Mn */
    bool lowercase;
};

struct character {
    uint32_t code_point;
    uint32_t start; /* bytes of the text that it stands for, [start, end) */
    uint32_t end;
    uint8_t classes; /* enum character_class of code_point */
};

/* A run of characters of a combining class other than 0, being put in canonical order. */
struct reordering {
    size_t to;              /* end of the run in the text */
    unsigned current_class; /* what is being given out; 0: no reordering is going on */
    size_t n_consumed;      /* characters of the text that canonical order has passed */
    struct run_reader {
        size_t at;
        uint32_t parts[CHARACTER_MAX_DECOMPOSITION];
        uint8_t n_parts;
        uint8_t next_part;
        bool of_base; /* the parts follow the starter that the run hangs on */
        uint32_t start;
        uint32_t end;
    } elements;
    size_t source_at;      /* where the source character after the aligned one is */
    size_t source_index;   /* how many have been aligned with */
    uint32_t source_start; /* the one that is aligned with now */
    uint32_t source_end;
};

enum { NORMALIZER_MAX_QUEUE = CHARACTER_MAX_DECOMPOSITION * CHARACTER_MAX_LOWER + 2 };

struct normalizer {
    const struct character_table *table;
    struct normalizer_rules rules;
    uint8_t plain_mask; /* classes that the rules do something about */
    const char *text;
    size_t at; /* next byte to read */
    size_t end;
    size_t run_start;    /* last starter, or just after it */
    bool run_is_visible; /* the run after it has a character that will not be dropped */
    uint8_t n_queued;
    uint8_t next_queued;
    struct character queue[NORMALIZER_MAX_QUEUE];
    struct reordering reordering;
};

/* Reads text[start, end). */
void normalizer_init(struct normalizer *normalizer, const struct character_table *table,
                     struct normalizer_rules rules, const char *text, size_t start, size_t end);

/* The next character; false at the end. */
bool normalizer_next(struct normalizer *normalizer, struct character *character);

/* Whether nothing read is held back, so that text[at...] is what comes next. */
static inline bool normalizer_is_idle(const struct normalizer *normalizer) {
    return normalizer->next_queued == normalizer->n_queued && !normalizer->run_is_visible &&
           normalizer->reordering.current_class == 0;
}

/* An idle reader's user has itself read ASCII up to `at`. */
static inline void normalizer_skip_ascii(struct normalizer *normalizer, size_t at) {
    normalizer->at = at;
    normalizer->run_start = at;
}

#endif
