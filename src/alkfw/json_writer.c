/* SPDX-License-Identifier: Apache-2.0 */
#include "json_writer.h"

#include <math.h>
#include <string.h>

#include "support/number.h"
#include "support/utf8.h"

bool json_write_raw(struct buffer *out, const char *text) {
    return buffer_append(out, text, strlen(text));
}

static void write_unit(char *out, uint32_t unit) {
    static const char digits[] = "0123456789abcdef";

    out[0] = '\\';
    out[1] = 'u';
    for (int i = 0; i < 4; i++)
        out[2 + i] = digits[unit >> (12 - 4 * i) & 15];
}

/* \n, \" and their like, or \uXXXX, or two of them beyond the basic plane. */
static bool write_escape(struct buffer *out, uint32_t code_point) {
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    char text[12];

    for (size_t i = 0; i < sizeof named - 1; i += 2)
        if ((uint32_t)(unsigned char)named[i] == code_point)
            return buffer_append(out, (char[2]){'\\', named[i + 1]}, 2);
    if (code_point < 0x10000) {
        write_unit(text, code_point);
        return buffer_append(out, text, 6);
    }
    write_unit(text, 0xD800 + ((code_point - 0x10000) >> 10));
    write_unit(text + 6, 0xDC00 + ((code_point - 0x10000) & 0x3FF));
    return buffer_append(out, text, 12);
}

static bool is_plain_ascii(unsigned char byte) {
    return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

bool json_write_string(struct buffer *out, const char *text, size_t n_bytes) {
    if (!buffer_append(out, "\"", 1))
        return false;
    for (size_t at = 0; at < n_bytes;) {
        size_t run = at;
        while (run < n_bytes && is_plain_ascii((unsigned char)text[run]))
            run++;
        if (!buffer_append(out, text + at, run - at))
            return false;
        at = run;
        if (at == n_bytes)
            break;
        uint32_t code_point;
        size_t length = utf8_decode(text + at, n_bytes - at, &code_point);
        bool written;
        if (code_point == '"' || code_point == '\\' || utf8_is_unprintable(code_point))
            written = write_escape(out, code_point);
        else if (code_point == UTF8_REPLACEMENT)
            written = buffer_append(out, "\xEF\xBF\xBD", 3);
        else
            written = buffer_append(out, text + at, length);
        if (!written)
            return false;
        at += length;
    }
    return buffer_append(out, "\"", 1);
}

bool json_write_unsigned(struct buffer *out, uint64_t value) {
    char text[NUMBER_TEXT_SIZE];

    return buffer_append(out, text, number_format_unsigned(value, text));
}

bool json_write_double(struct buffer *out, double value) {
    char text[NUMBER_TEXT_SIZE];

    return buffer_append(out, text, number_format_double(isfinite(value) ? value : 0.0, 6, text));
}
