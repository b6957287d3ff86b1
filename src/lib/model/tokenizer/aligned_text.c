/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/aligned_text.h"

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/characters.h"
#include "support/utf8.h"

void aligned_text_free(struct aligned_text *text) {
    free(text->bytes);
    free(text->starts);
    free(text->ends);
    memset(text, 0, sizeof *text);
}

static bool grow(struct aligned_text *text, size_t capacity) {
    unsigned char *bytes = realloc(text->bytes, capacity);
    if (bytes == NULL)
        return false;
    text->bytes = bytes;
    uint32_t *starts = realloc(text->starts, capacity * sizeof *starts);
    if (starts == NULL)
        return false;
    text->starts = starts;
    uint32_t *ends = realloc(text->ends, capacity * sizeof *ends);
    if (ends == NULL)
        return false;
    text->ends = ends;
    text->capacity = capacity;
    return true;
}

bool aligned_text_reserve(struct aligned_text *text, size_t n_more) {
    size_t capacity = text->capacity == 0 ? 1024 : text->capacity;

    text->is_full = n_more > text->ceiling || text->n_bytes > text->ceiling - n_more;
    if (text->is_full)
        return false;
    while (capacity < text->n_bytes + n_more)
        capacity *= 2;
    return capacity == text->capacity || grow(text, capacity);
}

bool aligned_text_put(struct aligned_text *text, uint32_t code_point, uint32_t start,
                      uint32_t end) {
    if (text->capacity - text->n_bytes < 4 && !aligned_text_reserve(text, 4))
        return false;
    size_t n = character_encode(code_point, text->bytes + text->n_bytes);
    for (size_t i = text->n_bytes; i < text->n_bytes + n; i++) {
        text->starts[i] = start;
        text->ends[i] = end;
    }
    text->n_bytes += n;
    return true;
}

bool aligned_text_copy(struct aligned_text *text, const struct aligned_text *from, size_t first,
                       size_t last) {
    size_t n = last - first;

    if (!aligned_text_reserve(text, n))
        return false;
    if (n > 0) {
        memcpy(text->bytes + text->n_bytes, from->bytes + first, n);
        memcpy(text->starts + text->n_bytes, from->starts + first, n * sizeof *text->starts);
        memcpy(text->ends + text->n_bytes, from->ends + first, n * sizeof *text->ends);
    }
    text->n_bytes += n;
    return true;
}

bool aligned_text_read(struct aligned_text *text, const char *record, size_t start, size_t end) {
    /* An ill-formed byte becomes the three of U+FFFD. */
    if (!aligned_text_reserve(text, end - start + 4))
        return false;
    while (start < end) {
        size_t at = text->n_bytes;
        size_t room = text->capacity - at;
        for (; start < end && room > 0 && (unsigned char)record[start] < 0x80;
             start++, at++, room--) {
            text->bytes[at] = (unsigned char)record[start];
            text->starts[at] = (uint32_t)start;
            text->ends[at] = (uint32_t)start + 1;
        }
        text->n_bytes = at;
        if (start == end)
            break;
        uint32_t code_point;
        size_t n = utf8_decode(record + start, end - start, &code_point);
        if (!aligned_text_put(text, code_point, (uint32_t)start, (uint32_t)(start + n)))
            return false;
        start += n;
    }
    return true;
}

/* ---- pieces -------------------------------------------------------------- */

void piece_list_free(struct piece_list *list) {
    free(list->pieces);
    memset(list, 0, sizeof *list);
}

bool piece_list_push(struct piece_list *list, const struct piece *piece) {
    if (list->n_pieces == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        if (capacity > SIZE_MAX / sizeof *list->pieces)
            return false;
        struct piece *pieces = realloc(list->pieces, capacity * sizeof *pieces);
        if (pieces == NULL)
            return false;
        list->pieces = pieces;
        list->capacity = capacity;
    }
    list->pieces[list->n_pieces++] = *piece;
    return true;
}

bool piece_list_cut(struct piece_list *list, const struct aligned_text *text, size_t first,
                    size_t last) {
    if (first >= last)
        return true;
    struct piece piece = {
        (uint32_t)first, (uint32_t)last, text->starts[first], PIECE_IS_TEXT, 0, 0};
    return piece_list_push(list, &piece);
}

/* ---- rewriting ------------------------------------------------------------ */

void rewriting_init(struct rewriting *rewriting, const struct aligned_text *from,
                    struct aligned_text *to, const struct piece *piece) {
    *rewriting =
        (struct rewriting){from, to, piece->first, piece->last, piece->first, piece->origin};
}

void rewriting_skip(struct rewriting *rewriting, size_t n_characters) {
    uint32_t code_point;

    for (; n_characters > 0 && rewriting->at < rewriting->last; n_characters--)
        rewriting->at += utf8_decode((const char *)rewriting->from->bytes + rewriting->at,
                                     rewriting->last - rewriting->at, &code_point);
}

bool rewriting_put(struct rewriting *rewriting, uint32_t code_point, int change) {
    const struct aligned_text *from = rewriting->from;
    uint32_t start = rewriting->origin;
    uint32_t end = rewriting->origin;

    if (change <= 0 && rewriting->at < rewriting->last) {
        start = from->starts[rewriting->at];
        end = from->ends[rewriting->at];
    } else if (rewriting->at > rewriting->first) {
        start = from->starts[rewriting->at - 1];
        end = from->ends[rewriting->at - 1];
    }
    if (change <= 0)
        rewriting_skip(rewriting, 1 + (size_t)-change);
    return aligned_text_put(rewriting->to, code_point, start, end);
}
