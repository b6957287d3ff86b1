/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/step.h"

#include <stdlib.h>
#include <string.h>

static const struct step_entry {
    step_function *run;
    bool splits; /* else it rewrites */
    bool has_pattern;
    uint32_t flags; /* that there are */
} table[N_STEP_KINDS] = {
    [STEP_BERT] = {step_bert, false, false,
                   BERT_CLEAN | BERT_IDEOGRAPHS | BERT_ACCENTS | BERT_LOWER},
    [STEP_LOWERCASE] = {step_lowercase, false, false, 0},
    [STEP_STRIP] = {step_strip, false, false, STRIP_LEFT | STRIP_RIGHT},
    [STEP_STRIP_ACCENTS] = {step_strip_accents, false, false, 0},
    [STEP_NMT] = {step_nmt, false, false, 0},
    [STEP_NORMAL_FORM] = {step_normal_form, false, false,
                          NORMAL_FORM_COMPATIBLE | NORMAL_FORM_COMPOSED},
    [STEP_REPLACE] = {step_replace, false, true, 0},
    [STEP_PREPEND] = {step_prepend, false, false, PREPEND_UNLESS_THERE | PREPEND_AT_BEGINNING},
    [STEP_PRECOMPILED] = {step_precompiled, false, false, 0},
    [STEP_BYTE_CHARACTERS] = {step_byte_characters, false, false, 0},
    [STEP_SPLIT] = {step_split, true, true, SPLIT_BEHAVIOR_MASK | SPLIT_INVERT},
};

alkfw_status step_compile(struct step *step, const char *name, alkfw_error *error) {
    const struct step_entry *entry = &table[step->kind];

    step->pattern.code = NULL;
    if ((step->flags & ~entry->flags) != 0 ||
        (step->kind == STEP_SPLIT && (step->flags & SPLIT_BEHAVIOR_MASK) >= N_SPLIT_BEHAVIORS) ||
        (step->kind == STEP_PRECOMPILED && step->n_units == 0))
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: a step with what it cannot have", name);
    if (!entry->has_pattern)
        return ALKFW_OK;
    step->pattern.bytes = step->first;
    step->pattern.n_bytes = step->n_first;
    return pattern_compile(&step->pattern, name, error);
}

void step_scratch_init(struct step_scratch *scratch) {
    memset(scratch, 0, sizeof *scratch);
    pattern_scratch_init(&scratch->pattern);
}

void step_scratch_free(struct step_scratch *scratch) {
    pattern_scratch_free(&scratch->pattern);
    free(scratch->characters);
}

/* ---- running --------------------------------------------------------------- */

static void swap_texts(struct aligned_text texts[2]) {
    struct aligned_text text = texts[0];

    texts[0] = texts[1];
    texts[1] = text;
}

static void swap_lists(struct piece_list lists[2]) {
    struct piece_list list = lists[0];

    lists[0] = lists[1];
    lists[1] = list;
}

static bool rewrite(step_function *function, const struct step_run *run,
                    const struct piece_list *from) {
    for (size_t i = 0; i < from->n_pieces; i++) {
        struct piece piece = from->pieces[i];
        if (piece.token == PIECE_IS_TEXT) {
            size_t first = run->to->n_bytes;
            if (!function(run, &piece))
                return false;
            piece.first = (uint32_t)first;
            piece.last = (uint32_t)run->to->n_bytes;
            if (piece.first == piece.last)
                continue;
        }
        if (!piece_list_push(run->pieces, &piece))
            return false;
    }
    return true;
}

static bool split(step_function *function, const struct step_run *run,
                  const struct piece_list *from) {
    for (size_t i = 0; i < from->n_pieces; i++) {
        const struct piece *piece = &from->pieces[i];
        if (!(piece->token == PIECE_IS_TEXT ? function(run, piece)
                                            : piece_list_push(run->pieces, piece)))
            return false;
    }
    return true;
}

bool steps_run(const struct step *steps, size_t n_steps, const struct character_table *characters,
               struct step_scratch *scratch, struct aligned_text texts[2],
               struct piece_list lists[2]) {
    for (size_t i = 0; i < n_steps; i++) {
        const struct step_entry *entry = &table[steps[i].kind];
        struct step_run run = {&steps[i], characters, scratch, &texts[0], &texts[1], &lists[1]};

        lists[1].n_pieces = 0;
        texts[1].n_bytes = 0;
        if (entry->splits ? !split(entry->run, &run, &lists[0])
                          : !rewrite(entry->run, &run, &lists[0]))
            return false;
        swap_lists(lists);
        if (!entry->splits)
            swap_texts(texts);
    }
    return true;
}
