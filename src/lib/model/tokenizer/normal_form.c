/* SPDX-License-Identifier: Apache-2.0
 *
 * NFD, NFKD, NFC and NFKC (Unicode Standard Annex 15), with each character's change in the number
 * of characters as unicode-normalization-alignments gives it: in canonical order the changes move
 * with their characters, and a composed character has the sum of its parts'. */
#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/step.h"
#include "support/utf8.h"

static bool add(struct step_scratch *scratch, uint32_t code_point, int change, unsigned class) {
    if (scratch->n_characters == scratch->capacity) {
        size_t capacity = scratch->capacity == 0 ? 1024 : scratch->capacity * 2;
        struct form_character *characters =
            capacity > SIZE_MAX / sizeof *characters
                ? NULL
                : realloc(scratch->characters, capacity * sizeof *characters);
        if (characters == NULL)
            return false;
        scratch->characters = characters;
        scratch->capacity = capacity;
    }
    scratch->characters[scratch->n_characters++] =
        (struct form_character){code_point, change, class};
    return true;
}

/* ---- decomposition ----------------------------------------------------------- */

static bool decompose(const struct step_run *run, const struct piece *piece) {
    const struct character_table *table = run->characters;
    bool is_compatible = run->step->flags & NORMAL_FORM_COMPATIBLE;
    uint32_t parts[CHARACTER_MAX_COMPATIBLE];
    uint32_t code_point;

    run->scratch->n_characters = 0;
    for (size_t at = piece->first; at < piece->last;) {
        size_t n_parts = 1;
        at += utf8_decode((const char *)run->from->bytes + at, piece->last - at, &code_point);
        parts[0] = code_point;
        if (is_compatible)
            n_parts = character_decompose_compatibly(code_point, parts);
        else if (character_class(table, code_point) & CHARACTER_NFD)
            n_parts = character_decompose(code_point, parts);
        for (size_t i = 0; i < n_parts; i++)
            if (!add(run->scratch, parts[i], i > 0, character_combining_class(table, parts[i])))
                return false;
    }
    return true;
}

static int compare_classes(const void *a, const void *b) {
    const struct form_character *first = a;
    const struct form_character *second = b;

    return (first->combining_class > second->combining_class) -
           (first->combining_class < second->combining_class);
}

/* Stable: by insertion where the run is short, else by the class and then the place, which takes
 * the upper bits of the class for as long as it sorts. */
static void sort_run(struct form_character *run, size_t n) {
    if (n > 32) {
        enum { CLASS_BITS = 8, MAX_PLACE = 1 << 24 };
        for (size_t i = 0; i < n; i++)
            run[i].combining_class = run[i].combining_class * MAX_PLACE + (uint32_t)(i % MAX_PLACE);
        qsort(run, n, sizeof *run, compare_classes);
        for (size_t i = 0; i < n; i++)
            run[i].combining_class /= MAX_PLACE;
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct form_character moved = run[i];
        size_t to = i;
        for (; to > 0 && run[to - 1].combining_class > moved.combining_class; to--)
            run[to] = run[to - 1];
        run[to] = moved;
    }
}

static void put_in_order(struct form_character *characters, size_t n_characters) {
    for (size_t i = 0; i < n_characters;) {
        size_t end = i;
        while (end < n_characters && characters[end].combining_class != 0)
            end++;
        sort_run(characters + i, end - i);
        i = end + 1;
    }
}

/* ---- composition --------------------------------------------------------------- */

/* Composes in place; returns how many characters are left. `starter` is the one that what follows
 * may be composed with; a character is blocked from it by one of its own class or a higher one. */
static size_t compose(struct form_character *characters, size_t n_characters) {
    size_t n = 0;
    size_t starter = SIZE_MAX;
    uint32_t last_class = 0; /* of what has been left between */
    bool has_between = false;

    for (size_t i = 0; i < n_characters; i++) {
        struct form_character next = characters[i];
        bool is_blocked = has_between && last_class >= next.combining_class;
        uint32_t composed =
            starter == SIZE_MAX || is_blocked
                ? 0
                : character_compose(characters[starter].code_point, next.code_point);
        if (composed != 0) {
            characters[starter].code_point = composed;
            characters[starter].change += next.change - 1;
            continue;
        }
        if (next.combining_class == 0) {
            starter = n;
            has_between = false;
        } else if (starter != SIZE_MAX) {
            has_between = true;
            last_class = next.combining_class;
        }
        characters[n++] = next;
    }
    return n;
}

/* ---- the step ------------------------------------------------------------------- */

static bool is_ascii(const struct step_run *run, const struct piece *piece) {
    unsigned char all = 0;

    for (size_t at = piece->first; at < piece->last; at++)
        all |= run->from->bytes[at];
    return all < 0x80;
}

bool step_normal_form(const struct step_run *run, const struct piece *piece) {
    struct step_scratch *scratch = run->scratch;
    struct rewriting rewriting;

    if (is_ascii(run, piece))
        return aligned_text_copy(run->to, run->from, piece->first, piece->last);
    if (!decompose(run, piece))
        return false;
    put_in_order(scratch->characters, scratch->n_characters);
    if (run->step->flags & NORMAL_FORM_COMPOSED)
        scratch->n_characters = compose(scratch->characters, scratch->n_characters);
    rewriting_init(&rewriting, run->from, run->to, piece);
    for (size_t i = 0; i < scratch->n_characters; i++)
        if (!rewriting_put(&rewriting, scratch->characters[i].code_point,
                           scratch->characters[i].change))
            return false;
    return true;
}
