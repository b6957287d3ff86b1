/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps that take from, add to, or replace in a piece. */
#include <string.h>

#include "model/tokenizer/step.h"
#include "support/utf8.h"

/* ---- Strip -------------------------------------------------------------------- */

static bool is_space_at(const struct step_run *run, size_t at, size_t last, size_t *n) {
    uint32_t code_point;

    *n = utf8_decode((const char *)run->from->bytes + at, last - at, &code_point);
    return character_class(run->characters, code_point) & CHARACTER_SPACE;
}

bool step_strip(const struct step_run *run, const struct piece *piece) {
    size_t first = piece->first;
    size_t last = piece->last;
    size_t end = first; /* of the last character that is no space */
    size_t n;

    while (first < last && is_space_at(run, first, last, &n))
        first += n;
    for (size_t at = first; at < last; at += n)
        if (!is_space_at(run, at, last, &n))
            end = at + n;
    if (!(run->step->flags & STRIP_LEFT))
        first = piece->first;
    if (!(run->step->flags & STRIP_RIGHT))
        end = last;
    return end <= first || aligned_text_copy(run->to, run->from, first, end);
}

/* ---- Prepend ------------------------------------------------------------------ */

static bool is_there(const struct step_run *run, const struct piece *piece) {
    const struct step *step = run->step;

    return piece->last - piece->first >= step->n_first &&
           memcmp(run->from->bytes + piece->first, step->first, step->n_first) == 0;
}

bool step_prepend(const struct step_run *run, const struct piece *piece) {
    const struct step *step = run->step;
    const struct aligned_text *from = run->from;
    bool is_wanted = !((step->flags & PREPEND_UNLESS_THERE) && is_there(run, piece)) &&
                     !((step->flags & PREPEND_AT_BEGINNING) && piece->origin != 0);

    for (size_t at = 0; is_wanted && at < step->n_first;) {
        uint32_t code_point;
        at += utf8_decode(step->first + at, step->n_first - at, &code_point);
        if (!aligned_text_put(run->to, code_point, from->starts[piece->first],
                              from->ends[piece->first]))
            return false;
    }
    return aligned_text_copy(run->to, from, piece->first, piece->last);
}

/* ---- Replace ------------------------------------------------------------------ */

/* Stands for what the last byte before `end` stands for. */
static bool put_content(const struct step_run *run, const struct piece *piece, size_t end) {
    const struct step *step = run->step;
    uint32_t from_start = piece->origin;
    uint32_t from_end = piece->origin;

    if (end > piece->first) {
        from_start = run->from->starts[end - 1];
        from_end = run->from->ends[end - 1];
    }
    for (size_t at = 0; at < step->n_second;) {
        uint32_t code_point;
        at += utf8_decode(step->second + at, step->n_second - at, &code_point);
        if (!aligned_text_put(run->to, code_point, from_start, from_end))
            return false;
    }
    return true;
}

bool step_replace(const struct step_run *run, const struct piece *piece) {
    struct pattern_search search;
    size_t copied = piece->first;
    size_t start;
    size_t end;

    enum pattern_result result = pattern_search_init(
        &search, &run->step->pattern, run->characters, &run->scratch->pattern,
        (const char *)run->from->bytes + piece->first, piece->last - piece->first);
    while (result == PATTERN_FOUND &&
           (result = pattern_search_next(&search, &start, &end)) == PATTERN_FOUND) {
        if (!aligned_text_copy(run->to, run->from, copied, piece->first + start) ||
            !put_content(run, piece, piece->first + end))
            return false;
        copied = piece->first + end;
    }
    if (result == PATTERN_TOO_LONG)
        run->scratch->failure = STEP_PATTERN_TOO_LONG;
    return result == PATTERN_NO_MORE && aligned_text_copy(run->to, run->from, copied, piece->last);
}
