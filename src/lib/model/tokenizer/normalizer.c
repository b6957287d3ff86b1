/* SPDX-License-Identifier: Apache-2.0
 *
 * The order of steps is BertNormalizer's: clean_text, spaces around ideographs, NFD without marks,
 * lower case. Each character keeps the bytes of the one that it came from; only canonical
 * reordering moves them, see below. */
#include "model/tokenizer/normalizer.h"

#include <string.h>

#include "support/utf8.h"

void normalizer_init(struct normalizer *normalizer, const struct character_table *table,
                     struct normalizer_rules rules, const char *text, size_t start, size_t end) {
    memset(normalizer, 0, sizeof *normalizer);
    normalizer->table = table;
    normalizer->rules = rules;
    normalizer->plain_mask =
        (uint8_t)((rules.clean_text ? CHARACTER_REMOVED | CHARACTER_SPACE : 0) |
                  (rules.separate_ideographs ? CHARACTER_IDEOGRAPH : 0) |
                  (rules.strip_accents ? CHARACTER_NFD | CHARACTER_MARK : 0) |
                  (rules.lowercase ? CHARACTER_LOWER : 0));
    normalizer->text = text;
    normalizer->at = start;
    normalizer->end = end;
    normalizer->run_start = start;
}

static void queue(struct normalizer *normalizer, uint32_t code_point, size_t start, size_t end) {
    normalizer->queue[normalizer->n_queued++] = (struct character){
        code_point, (uint32_t)start, (uint32_t)end, character_class(normalizer->table, code_point)};
}

static void queue_lower(struct normalizer *normalizer, uint32_t code_point, size_t start,
                        size_t end) {
    uint32_t lower[CHARACTER_MAX_LOWER];
    size_t n_lower = 1;

    lower[0] = code_point;
    if (normalizer->rules.lowercase &&
        (character_class(normalizer->table, code_point) & CHARACTER_LOWER))
        n_lower = character_lower(code_point, lower);
    for (size_t i = 0; i < n_lower; i++)
        queue(normalizer, lower[i], start, end);
}

/* ---- canonical order ----------------------------------------------------- */

/* NFD sorts each run of characters whose combining class is not 0 by that class. Almost always the
 * whole run is dropped as marks, and nothing is to be sorted. When something of it is kept (a
 * Hangul tone mark, a musical stem), what the reference does is visible: the n-th character in
 * canonical order that begins a character of the text stands for the n-th character of the run in
 * the text, wherever it came from, and the further parts of a decomposition stand for the same as
 * the character before them. So the run is read again, once for each class, and given out. */

struct element {
    uint32_t code_point;
    unsigned combining_class;
    bool is_first; /* of the decomposition of a character of the text */
    bool is_mark;
};

static bool is_dropped(const struct normalizer *normalizer, uint32_t code_point) {
    return normalizer->rules.clean_text &&
           (character_class(normalizer->table, code_point) & CHARACTER_REMOVED);
}

/* Decodes the next character of [*at, to) that clean_text keeps. */
static bool read_kept(const struct normalizer *normalizer, size_t *at, size_t to,
                      uint32_t *code_point, size_t *start) {
    while (*at < to) {
        *start = *at;
        *at += utf8_decode(normalizer->text + *at, to - *at, code_point);
        if (!is_dropped(normalizer, *code_point))
            return true;
    }
    return false;
}

static void begin_run(const struct normalizer *normalizer, struct run_reader *reader) {
    memset(reader, 0, sizeof *reader);
    reader->at = normalizer->run_start;
}

/* The next element of the run; false at its end. */
static bool next_element(const struct normalizer *normalizer, struct run_reader *reader, size_t to,
                         struct element *element) {
    const struct character_table *table = normalizer->table;

    while (reader->next_part == reader->n_parts) {
        uint32_t code_point;
        size_t start;
        if (!read_kept(normalizer, &reader->at, to, &code_point, &start))
            return false;
        reader->start = (uint32_t)start;
        reader->end = (uint32_t)reader->at;
        reader->n_parts = (uint8_t)character_decompose(code_point, reader->parts);
        reader->next_part = 0;
        reader->of_base = character_combining_class(table, reader->parts[0]) == 0;
        if (reader->of_base) /* only the first of the run: pass its starters */
            for (uint8_t i = 0; i < reader->n_parts; i++)
                if (character_combining_class(table, reader->parts[i]) == 0)
                    reader->next_part = (uint8_t)(i + 1);
    }
    element->code_point = reader->parts[reader->next_part];
    element->is_first = reader->next_part == 0;
    element->combining_class = character_combining_class(table, element->code_point);
    element->is_mark = character_class(table, element->code_point) & CHARACTER_MARK;
    reader->next_part++;
    return true;
}

/* Finds the next class above `class` that something kept has, or 0, and how many characters of the
 * text come before it in canonical order. */
static unsigned find_class(const struct normalizer *normalizer, size_t to, unsigned class,
                           size_t *n_before) {
    unsigned found = 256;
    struct run_reader reader;
    struct element element;

    begin_run(normalizer, &reader);
    while (next_element(normalizer, &reader, to, &element))
        if (!element.is_mark && element.combining_class > class && element.combining_class < found)
            found = element.combining_class;
    if (found == 256)
        return 0;
    *n_before = 0;
    begin_run(normalizer, &reader);
    while (next_element(normalizer, &reader, to, &element))
        if (element.is_first && element.combining_class < found)
            ++*n_before;
    return found;
}

static void begin_reordering(struct normalizer *normalizer, size_t to) {
    struct reordering *order = &normalizer->reordering;
    uint32_t code_point;
    size_t start = 0;

    memset(order, 0, sizeof *order);
    order->to = to;
    order->current_class = find_class(normalizer, to, 0, &order->n_consumed);
    begin_run(normalizer, &order->elements);
    normalizer->run_is_visible = false;

    /* Aligned with the base at first, if the run has one: it is source 0. */
    order->source_at = normalizer->run_start;
    size_t at = order->source_at;
    if (read_kept(normalizer, &at, to, &code_point, &start)) {
        uint32_t parts[CHARACTER_MAX_DECOMPOSITION];
        character_decompose(code_point, parts);
        if (character_combining_class(normalizer->table, parts[0]) == 0)
            order->source_at = at;
    }
    order->source_start = (uint32_t)start;
    order->source_end = (uint32_t)at;
}

/* Moves the alignment on to the n-th character of the run, counted from 1. */
static void align(struct normalizer *normalizer, size_t n) {
    struct reordering *order = &normalizer->reordering;
    uint32_t code_point;
    size_t start;

    while (order->source_index < n &&
           read_kept(normalizer, &order->source_at, order->to, &code_point, &start)) {
        order->source_start = (uint32_t)start;
        order->source_end = (uint32_t)order->source_at;
        order->source_index++;
    }
}

/* Queues the next character of the run in canonical order, or ends the reordering. */
static void continue_reordering(struct normalizer *normalizer) {
    struct reordering *order = &normalizer->reordering;
    struct element element;

    while (next_element(normalizer, &order->elements, order->to, &element)) {
        if (element.combining_class != order->current_class)
            continue;
        if (element.is_first)
            order->n_consumed++;
        if (!element.is_mark) {
            align(normalizer, order->n_consumed);
            queue_lower(normalizer, element.code_point, order->source_start, order->source_end);
            return;
        }
    }
    order->current_class =
        find_class(normalizer, order->to, order->current_class, &order->n_consumed);
    begin_run(normalizer, &order->elements);
}

/* ---- one character ------------------------------------------------------- */

static void decompose(struct normalizer *normalizer, uint32_t code_point, size_t start,
                      size_t end) {
    uint32_t parts[CHARACTER_MAX_DECOMPOSITION];
    size_t n_parts = character_decompose(code_point, parts);

    for (size_t i = 0; i < n_parts; i++) {
        bool is_mark = character_class(normalizer->table, parts[i]) & CHARACTER_MARK;
        if (character_combining_class(normalizer->table, parts[i]) == 0) {
            normalizer->run_start = start;
            if (!is_mark)
                queue_lower(normalizer, parts[i], start, end);
        } else if (!is_mark) {
            normalizer->run_is_visible = true;
        }
    }
}

/* Does what the rules say of a character that they say something of. */
static void transform(struct normalizer *normalizer, uint32_t code_point, uint8_t classes,
                      size_t start, size_t end) {
    const struct normalizer_rules *rules = &normalizer->rules;
    bool separate = rules->separate_ideographs && (classes & CHARACTER_IDEOGRAPH);

    if (rules->clean_text && (classes & CHARACTER_SPACE))
        code_point = ' ';
    if (separate)
        queue(normalizer, ' ', start, end);
    if (rules->strip_accents && (classes & (CHARACTER_NFD | CHARACTER_MARK))) {
        decompose(normalizer, code_point, start, end);
    } else {
        normalizer->run_start = start;
        queue_lower(normalizer, code_point, start, end);
    }
    if (separate) {
        queue(normalizer, ' ', start, end);
        normalizer->run_start = end;
    }
}

static bool begins_with_starter(const struct normalizer *normalizer, uint32_t code_point,
                                uint8_t classes) {
    uint32_t parts[CHARACTER_MAX_DECOMPOSITION];

    if (!(classes & CHARACTER_NFD))
        return true;
    character_decompose(code_point, parts);
    return character_combining_class(normalizer->table, parts[0]) == 0;
}

bool normalizer_next(struct normalizer *normalizer, struct character *character) {
    for (;;) {
        if (normalizer->next_queued < normalizer->n_queued) {
            *character = normalizer->queue[normalizer->next_queued++];
            return true;
        }
        normalizer->n_queued = 0;
        normalizer->next_queued = 0;
        if (normalizer->reordering.current_class != 0) {
            continue_reordering(normalizer);
            continue;
        }
        if (normalizer->at == normalizer->end) {
            if (!normalizer->run_is_visible)
                return false;
            begin_reordering(normalizer, normalizer->end);
            continue;
        }

        uint32_t code_point;
        size_t start = normalizer->at;
        size_t end =
            start + utf8_decode(normalizer->text + start, normalizer->end - start, &code_point);
        uint8_t classes = character_class(normalizer->table, code_point);
        if (is_dropped(normalizer, code_point)) {
            normalizer->at = end;
        } else if (normalizer->run_is_visible &&
                   begins_with_starter(normalizer, code_point, classes)) {
            begin_reordering(normalizer, start);
        } else if (classes & normalizer->plain_mask) {
            normalizer->at = end;
            transform(normalizer, code_point, classes, start, end);
        } else {
            normalizer->at = end;
            normalizer->run_start = start;
            *character = (struct character){code_point, (uint32_t)start, (uint32_t)end, classes};
            return true;
        }
    }
}
