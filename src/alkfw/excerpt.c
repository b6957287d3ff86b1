/* SPDX-License-Identifier: Apache-2.0 */
#include "excerpt.h"

#include <string.h>

#include "json_writer.h"
#include "support/utf8.h"

enum { CONTEXT_CHARACTERS = 24, SPAN_CHARACTERS = 80 };

/* A character has at most three bytes behind its first: more of them are ill-formed, and must not
 * make an excerpt of a whole text. */
static size_t step_back(alkfw_text text, size_t at, size_t n_characters) {
    for (; at > 0 && n_characters > 0; n_characters--) {
        at--;
        for (int i = 0; i < 3 && at > 0 && ((unsigned char)text.bytes[at] & 0xC0) == 0x80; i++)
            at--;
    }
    return at;
}

static size_t step_forward(alkfw_text text, size_t at, size_t end, size_t n_characters) {
    uint32_t code_point;

    for (; at < end && n_characters > 0; n_characters--)
        at += utf8_decode(text.bytes + at, end - at, &code_point);
    return at;
}

static char mask_of(uint32_t code_point) {
    if (code_point == '\t' || code_point == '\n' || code_point == '\r' || code_point == ' ')
        return ' ';
    if (code_point == UTF8_REPLACEMENT || utf8_is_unprintable(code_point))
        return '?';
    if (code_point >= '0' && code_point <= '9')
        return '0';
    if (code_point >= 0x80 || (code_point >= 'A' && code_point <= 'Z') ||
        (code_point >= 'a' && code_point <= 'z'))
        return 'x';
    return '.';
}

static bool write_part(struct buffer *out, const struct excerpt *excerpt, size_t start,
                       size_t end) {
    const char *bytes = excerpt->text.bytes;
    uint32_t code_point;

    if (!buffer_reserve(out, 4 * (end - start) + 1)) /* every byte may become \xHH */
        return false;
    if (excerpt->is_shown) {
        out->length += utf8_escape(bytes + start, end - start, out->bytes + out->length,
                                   4 * (end - start) + 1);
        return true;
    }
    for (size_t at = start; at < end;) {
        at += utf8_decode(bytes + at, end - at, &code_point);
        out->bytes[out->length++] = mask_of(code_point);
    }
    return true;
}

static bool write_span(struct buffer *out, const struct excerpt *excerpt) {
    size_t cut = step_forward(excerpt->text, excerpt->start, excerpt->end, SPAN_CHARACTERS);

    return json_write_raw(out, excerpt->color) && json_write_raw(out, "[") &&
           write_part(out, excerpt, excerpt->start, cut) &&
           json_write_raw(out, cut < excerpt->end ? "...]" : "]") &&
           json_write_raw(out, *excerpt->color != '\0' ? "\033[0m" : "");
}

bool excerpt_write(struct buffer *out, const struct excerpt *excerpt) {
    alkfw_text text = excerpt->text;
    bool has_span = excerpt->start < excerpt->end;
    size_t begin = step_back(text, excerpt->start, CONTEXT_CHARACTERS);
    size_t end = step_forward(text, excerpt->end, text.n_bytes,
                              has_span ? CONTEXT_CHARACTERS : SPAN_CHARACTERS);

    return json_write_raw(out, begin > 0 ? "\"..." : "\"") &&
           write_part(out, excerpt, begin, excerpt->start) &&
           (!has_span || write_span(out, excerpt)) && write_part(out, excerpt, excerpt->end, end) &&
           json_write_raw(out, end < text.n_bytes ? "...\"" : "\"");
}
