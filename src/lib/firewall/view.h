/* SPDX-License-Identifier: Apache-2.0
 *
 * The normalised view of a text: what a reader, human or model, would make of it once invisible
 * characters, look-alikes, encodings and ciphers are undone. It is scored beside the raw text when
 * it differs; each of its bytes knows the bytes of the raw text that it stands for. What was
 * undone is counted by kind. Called by the firewall's scan.
 *
 * Work is linear in the text, and a view is never longer than its text. A text without anything to
 * undo is recognised in one pass and costs no memory. Decoding nests at most VIEW_MAX_ROUNDS
 * deep. */
#ifndef ALKFW_VIEW_H
#define ALKFW_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "support/buffer.h"

enum view_transform {
    VIEW_INVISIBLE,     /* zero-width, bidirectional and control characters inside words */
    VIEW_TAG,           /* tag characters U+E0020..U+E007E that spell ASCII */
    VIEW_SELECTOR,      /* variation selectors that carry bytes */
    VIEW_COMBINING,     /* stacks of combining marks ("zalgo"), struck-through letters */
    VIEW_COMPATIBILITY, /* fullwidth, mathematical, enclosed, superscript letters */
    VIEW_CONFUSABLE, /* Cyrillic, Greek, ... letters that look like the Latin ones they stand among
                      */
    VIEW_ESCAPE,     /* \x69 \u0069 \151 of characters that need no escape */
    VIEW_URL,        /* %69, likewise */
    VIEW_HTML,       /* &#105; likewise */
    VIEW_BASE64,
    VIEW_HEX,   /* 69676e6f7265, 69 67 6e, 0x69, 0x67 */
    VIEW_CODES, /* decimal or binary character codes */
    VIEW_MORSE,
    VIEW_SPACING, /* i g n o r e, i.g.n.o.r.e */
    VIEW_LEET,    /* 1gn0r3 */
    VIEW_ROT13,
    VIEW_REVERSED,
    VIEW_N_TRANSFORMS
};

enum {
    VIEW_MAX_ROUNDS = 2, /* base64 in base64 is undone, a third layer is not */
    VIEW_MAX_SPANS = 256 /* further ones are counted, but not listed */
};

/* A stretch of the raw text [start, end) in which n_characters were disguised by `transform`. */
struct view_span {
    enum view_transform transform;
    uint32_t start;
    uint32_t end;
    uint32_t n_characters;
};

/* The raw bytes [start, end) that a byte of the view stands for. */
struct view_origin {
    uint32_t start;
    uint32_t end;
};

/* Bytes and where each comes from. The module's own. */
struct view_layer {
    char *bytes;                /* [capacity] */
    struct view_origin *origin; /* [capacity]; NULL means that byte i stands for [i, i + 1) */
    size_t n_bytes;
    size_t capacity;
};

/* Zero it before the first call; reused over calls. */
struct text_view {
    bool differs;      /* false: the view is the text itself */
    const char *bytes; /* [n_bytes], not terminated; the caller's text when it does not differ */
    size_t n_bytes;
    /* Characters of the view that stood in disguise. What has honest uses is undone where it gets
     * in the way of reading but is not counted: a joiner in Persian, a fullwidth word in Japanese.
     */
    size_t n_characters[VIEW_N_TRANSFORMS];
    struct view_span spans[VIEW_MAX_SPANS]; /* in the order they were found, [n_spans] */
    size_t n_spans;

    struct view_layer layers[2]; /* the module's own, like the rest */
    struct buffer scratch;
    const struct view_origin *origin;
};

/* A stable name: "invisible", "tag", ... */
const char *view_transform_name(enum view_transform transform);

/* Fills *view from text[0..n_bytes), any bytes at all; what is not UTF-8 is kept as it is. The
 * text must outlive the view. ALKFW_E_MEMORY, or ALKFW_E_LIMIT for a text of 2 GiB or more. */
ALKFW_MUST_CHECK alkfw_status view_normalise(struct text_view *view, const char *text,
                                             size_t n_bytes, alkfw_error *error);

/* The smallest stretch of the raw text that holds everything bytes [start, end) of the view stand
 * for. Offsets past the end mean the end; an empty range gives an empty one. */
void view_origin(const struct text_view *view, size_t start, size_t end, size_t *raw_start,
                 size_t *raw_end);

void view_free(struct text_view *view);

#endif
