/* SPDX-License-Identifier: Apache-2.0
 *
 * Splitting a piece at the matches of a pattern. Matches and what is between them come one after
 * the other; a behavior says which of them make a piece together. */
#include "model/tokenizer/step.h"

struct span {
    size_t first;
    size_t last;
    bool is_match;
};

struct splitting {
    const struct step_run *run;
    enum split_behavior behavior;
    bool inverts;
    size_t base; /* of the piece in the text */
    bool has_pending;
    struct span pending; /* what may still grow */
};

static bool flush(struct splitting *splitting) {
    const struct step_run *run = splitting->run;
    bool is_wanted = splitting->has_pending &&
                     !(splitting->behavior == SPLIT_REMOVED && splitting->pending.is_match);

    splitting->has_pending = false;
    return !is_wanted ||
           piece_list_cut(run->pieces, run->from, splitting->base + splitting->pending.first,
                          splitting->base + splitting->pending.last);
}

/* Whether a span is of one piece with the one before it. */
static bool goes_together(const struct splitting *splitting, const struct span *span,
                          bool *was_match) {
    *was_match = splitting->pending.is_match;
    switch (splitting->behavior) {
    case SPLIT_CONTIGUOUS:
        return span->is_match == *was_match;
    case SPLIT_WITH_PREVIOUS:
        return span->is_match && !*was_match;
    case SPLIT_WITH_NEXT:
        return !span->is_match && *was_match;
    default:
        return false;
    }
}

static bool add(struct splitting *splitting, size_t first, size_t last, bool is_match) {
    struct span span = {first, last, is_match != splitting->inverts};
    bool was_match;

    if (splitting->has_pending && goes_together(splitting, &span, &was_match)) {
        splitting->pending.last = last;
        splitting->pending.is_match = span.is_match;
        return true;
    }
    if (!flush(splitting))
        return false;
    splitting->pending = span;
    splitting->has_pending = true;
    return true;
}

bool step_split(const struct step_run *run, const struct piece *piece) {
    uint32_t flags = run->step->flags;
    struct splitting splitting = {.run = run,
                                  .behavior = (enum split_behavior)(flags & SPLIT_BEHAVIOR_MASK),
                                  .inverts = flags & SPLIT_INVERT,
                                  .base = piece->first};
    struct pattern_search search;
    size_t n_bytes = piece->last - piece->first;
    size_t at = 0;
    size_t start;
    size_t end;

    enum pattern_result result =
        pattern_search_init(&search, &run->step->pattern, run->characters, &run->scratch->pattern,
                            (const char *)run->from->bytes + piece->first, n_bytes);
    while (result == PATTERN_FOUND &&
           (result = pattern_search_next(&search, &start, &end)) == PATTERN_FOUND) {
        if ((start > at && !add(&splitting, at, start, false)) ||
            !add(&splitting, start, end, true))
            return false;
        at = end;
    }
    if (result == PATTERN_TOO_LONG)
        run->scratch->failure = STEP_PATTERN_TOO_LONG;
    if (result != PATTERN_NO_MORE)
        return false;
    return (at == n_bytes || add(&splitting, at, n_bytes, false)) && flush(&splitting);
}
