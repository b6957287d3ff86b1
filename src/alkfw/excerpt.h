/* SPDX-License-Identifier: Apache-2.0
 *
 * A few characters of an untrusted text for people's eyes, with a span in them marked. Used by the
 * text format of verdicts. */
#ifndef ALKFW_EXCERPT_H
#define ALKFW_EXCERPT_H

#include <stdbool.h>

#include "alkfw.h"
#include "support/buffer.h"

struct excerpt {
    alkfw_text text;
    size_t start; /* the span; empty: none is marked, and the text's beginning is written */
    size_t end;
    bool is_shown;     /* false: masked, so that its shape is seen and no word of it */
    const char *color; /* escape sequence that the span begins with, or "" */
};

/* Appends "...before [span] after...", in quotes. Masked, a letter is x, a digit 0, a white space a
 * space, another ASCII character a dot, and what cannot be seen a question mark; so the brackets
 * are ours. Shown, what a terminal obeys or nobody sees becomes \xHH. False when memory is out. */
ALKFW_MUST_CHECK bool excerpt_write(struct buffer *out, const struct excerpt *excerpt);

#endif
