/* SPDX-License-Identifier: Apache-2.0
 *
 * The steps between a text and the pieces that the model gets. A normalizer or pre-tokenizer of a
 * tokenizer.json is one or a few of them. Each is an entry in the table of step.c: it either
 * rewrites a piece, character by character, or splits it. For the pipeline and the image. */
#ifndef ALKFW_TOKENIZER_STEP_H
#define ALKFW_TOKENIZER_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "model/tokenizer/aligned_text.h"
#include "model/tokenizer/characters.h"
#include "model/tokenizer/pattern.h"

/* The values are in images: a new one is added at the end. */
enum step_kind {
    STEP_BERT = 0,  /* flags: enum bert_rule */
    STEP_LOWERCASE, /* each character by itself, as Rust's to_lowercase */
    STEP_STRIP,     /* flags: enum strip_flag */
    STEP_STRIP_ACCENTS,
    STEP_NMT,
    STEP_NORMAL_FORM, /* flags: enum normal_form_flag */
    STEP_REPLACE,     /* the pattern by the second string */
    STEP_PREPEND,     /* the first string; flags: enum prepend_flag */
    STEP_PRECOMPILED, /* the trie of `units` into the second string */
    STEP_BYTE_CHARACTERS,
    STEP_SPLIT, /* flags: enum split_behavior, SPLIT_INVERT */
    N_STEP_KINDS
};

enum bert_rule { BERT_CLEAN = 1, BERT_IDEOGRAPHS = 2, BERT_ACCENTS = 4, BERT_LOWER = 8 };
enum strip_flag { STRIP_LEFT = 1, STRIP_RIGHT = 2 };
enum normal_form_flag { NORMAL_FORM_COMPATIBLE = 1, NORMAL_FORM_COMPOSED = 2 };
enum prepend_flag { PREPEND_UNLESS_THERE = 1, PREPEND_AT_BEGINNING = 2 /* of the record only */ };
enum split_behavior {
    SPLIT_ISOLATED = 0,
    SPLIT_REMOVED,
    SPLIT_WITH_PREVIOUS,
    SPLIT_WITH_NEXT,
    SPLIT_CONTIGUOUS,
    N_SPLIT_BEHAVIORS
};
enum { SPLIT_BEHAVIOR_MASK = 7, SPLIT_INVERT = 8 };

enum { STEP_MAX_NUMBER = 64 };

struct step {
    enum step_kind kind;
    uint32_t flags;
    struct pattern pattern;
    const char *first; /* [n_first] not owned, as the others */
    size_t n_first;
    const char *second; /* [n_second] */
    size_t n_second;
    const uint32_t *units; /* [n_units] double-array trie of sentencepiece */
    size_t n_units;
};

enum step_failure { STEP_NO_MEMORY = 0, STEP_PATTERN_TOO_LONG };

/* A character of a normal form in the making. */
struct form_character {
    uint32_t code_point;
    int32_t change;
    uint32_t combining_class;
};

/* Memory of steps, reused over pieces and steps of one encoding. */
struct step_scratch {
    struct pattern_scratch pattern;
    struct form_character *characters;
    size_t n_characters;
    size_t capacity;
    enum step_failure failure;
};

void step_scratch_init(struct step_scratch *scratch);
void step_scratch_free(struct step_scratch *scratch);

/* One step at work on a piece of `from`. */
struct step_run {
    const struct step *step;
    const struct character_table *characters;
    struct step_scratch *scratch;
    const struct aligned_text *from;
    struct aligned_text *to;   /* of a rewriting step */
    struct piece_list *pieces; /* of a splitting step */
};

typedef bool step_function(const struct step_run *run, const struct piece *piece);

/* Checks flags and strings, and compiles the pattern. ALKFW_E_FORMAT or ALKFW_E_UNSUPPORTED. */
ALKFW_MUST_CHECK alkfw_status step_compile(struct step *step, const char *name, alkfw_error *error);

/* Runs the steps one after the other. texts[0] and lists[0] are the input, and what comes out is
 * there too; the others are scratch. False: see scratch->failure. */
bool steps_run(const struct step *steps, size_t n_steps, const struct character_table *characters,
               struct step_scratch *scratch, struct aligned_text texts[2],
               struct piece_list lists[2]);

/* ---- what is in the table ------------------------------------------------- */

step_function step_bert, step_lowercase, step_strip_accents, step_nmt; /* step_mapping.c */
step_function step_strip, step_prepend, step_replace;                  /* step_editing.c */
step_function step_normal_form;                                        /* normal_form.c */
step_function step_precompiled;                                        /* precompiled.c */
step_function step_byte_characters;                                    /* byte_level.c */
step_function step_split;                                              /* split.c */

#endif
