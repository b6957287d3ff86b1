/* SPDX-License-Identifier: Apache-2.0
 *
 * Steps that look at one character after the other. */
#include "model/tokenizer/normalizer.h"
#include "model/tokenizer/step.h"
#include "model/tokenizer/unicode_ranges.h"
#include "support/utf8.h"

bool step_bert(const struct step_run *run, const struct piece *piece) {
    uint32_t flags = run->step->flags;
    struct normalizer_rules rules = {flags & BERT_CLEAN, flags & BERT_IDEOGRAPHS,
                                     flags & BERT_ACCENTS, flags & BERT_LOWER};
    struct normalizer reader;
    struct character character;

    normalizer_init(&reader, run->characters, rules, (const char *)run->from->bytes, piece->first,
                    piece->last);
    while (normalizer_next(&reader, &character))
        if (!aligned_text_put(run->to, character.code_point, run->from->starts[character.start],
                              run->from->ends[character.end - 1]))
            return false;
    return true;
}

bool step_lowercase(const struct step_run *run, const struct piece *piece) {
    const struct aligned_text *from = run->from;
    struct rewriting rewriting;

    rewriting_init(&rewriting, from, run->to, piece);
    for (size_t at = piece->first; at < piece->last;) {
        uint32_t code_point;
        uint32_t lower[CHARACTER_MAX_LOWER];
        at += utf8_decode((const char *)from->bytes + at, piece->last - at, &code_point);
        size_t n_lower = 1;
        lower[0] = code_point;
        if (character_class(run->characters, code_point) & CHARACTER_LOWER)
            n_lower = character_lower(code_point, lower);
        for (size_t i = 0; i < n_lower; i++)
            if (!rewriting_put(&rewriting, lower[i], i > 0))
                return false;
    }
    return true;
}

/* ---- filters ---------------------------------------------------------------- */

/* What `map` says of a character that is not kept. */
enum { DROPPED = 0x110000 };

/* Removed characters go with the one before them, or are skipped at the beginning. */
static bool filter(const struct step_run *run, const struct piece *piece,
                   uint32_t (*map)(uint32_t code_point)) {
    const struct aligned_text *from = run->from;
    struct rewriting rewriting;
    uint32_t kept = DROPPED;
    int n_removed = 0;

    rewriting_init(&rewriting, from, run->to, piece);
    for (size_t at = piece->first; at < piece->last;) {
        uint32_t code_point;
        at += utf8_decode((const char *)from->bytes + at, piece->last - at, &code_point);
        uint32_t mapped = map(code_point);
        if (mapped == DROPPED) {
            n_removed++;
            continue;
        }
        if (kept == DROPPED)
            rewriting_skip(&rewriting, (size_t)n_removed);
        else if (!rewriting_put(&rewriting, kept, -n_removed))
            return false;
        kept = mapped;
        n_removed = 0;
    }
    return kept == DROPPED || rewriting_put(&rewriting, kept, -n_removed);
}

static uint32_t without_accents(uint32_t code_point) {
    if (code_point >= 0x300 &&
        unicode_in_ranges(unicode_combining, unicode_n_combining, code_point))
        return DROPPED;
    return code_point;
}

bool step_strip_accents(const struct step_run *run, const struct piece *piece) {
    return filter(run, piece, without_accents);
}

static uint32_t as_nmt(uint32_t code_point) {
    switch (code_point) {
    case 0x0009:
    case 0x000A:
    case 0x000C:
    case 0x000D:
    case 0x1680:
    case 0x200B:
    case 0x200C:
    case 0x200D:
    case 0x200E:
    case 0x200F:
    case 0x2028:
    case 0x2029:
    case 0x2581:
    case 0xFEFF:
    case 0xFFFD:
        return ' ';
    case 0x000B:
    case 0x007F:
    case 0x008F:
    case 0x009F:
        return DROPPED;
    default:
        return (code_point >= 0x01 && code_point <= 0x08) ||
                       (code_point >= 0x0E && code_point <= 0x1F)
                   ? DROPPED
                   : code_point;
    }
}

bool step_nmt(const struct step_run *run, const struct piece *piece) {
    return filter(run, piece, as_nmt);
}
