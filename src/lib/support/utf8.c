/* SPDX-License-Identifier: Apache-2.0 */
#include "support/utf8.h"

#include <stdbool.h>
#include <string.h>

size_t utf8_decode(const char *text, size_t n_bytes, uint32_t *code_point) {
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned char lead = bytes[0];
    unsigned char low = 0x80, high = 0xBF; /* what the second byte may be */
    size_t length;
    uint32_t value;

    if (lead < 0x80) {
        *code_point = lead;
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
        value = lead & 0x1Fu;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        value = lead & 0x0Fu;
        low = lead == 0xE0 ? 0xA0 : low;   /* overlong */
        high = lead == 0xED ? 0x9F : high; /* surrogates */
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        value = lead & 0x07u;
        low = lead == 0xF0 ? 0x90 : low;   /* overlong */
        high = lead == 0xF4 ? 0x8F : high; /* beyond U+10FFFF */
    } else {
        *code_point = UTF8_REPLACEMENT;
        return 1;
    }
    for (size_t i = 1; i < length; i++) {
        if (i >= n_bytes || bytes[i] < low || bytes[i] > high) {
            *code_point = UTF8_REPLACEMENT;
            return i;
        }
        value = value << 6 | (bytes[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *code_point = value;
    return length;
}

size_t utf8_bom(const char *text, size_t n_bytes) {
    return n_bytes >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

size_t utf8_count(const char *text, size_t n_bytes) {
    uint32_t code_point;
    size_t n = 0;

    for (size_t at = 0; at < n_bytes; n++)
        at += utf8_decode(text + at, n_bytes - at, &code_point);
    return n;
}

bool utf8_is_unprintable(uint32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x061C ||
           (code_point >= 0x200B && code_point <= 0x200F) ||
           (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2060 && code_point <= 0x206F) || code_point == 0xFEFF ||
           (code_point >= 0xE0000 && code_point <= 0xE0FFF);
}

size_t utf8_escape(const char *text, size_t n_bytes, char *out, size_t out_size) {
    static const char digits[] = "0123456789abcdef";
    static const char ellipsis[] = "...";
    size_t capacity = out_size - 1;
    size_t written = 0;
    size_t room_for_ellipsis = 0; /* where to cut if the rest does not fit */

    for (size_t at = 0; at < n_bytes;) {
        uint32_t code_point;
        size_t length = utf8_decode(text + at, n_bytes - at, &code_point);
        bool ill_formed = code_point == UTF8_REPLACEMENT &&
                          !(length == 3 && memcmp(text + at, "\xEF\xBF\xBD", 3) == 0);
        bool escape = ill_formed || utf8_is_unprintable(code_point);
        size_t needed = escape ? 4 * length : length;

        if (written + needed > capacity) {
            size_t n_dots = capacity - room_for_ellipsis;
            n_dots = n_dots < sizeof ellipsis - 1 ? n_dots : sizeof ellipsis - 1;
            memcpy(out + room_for_ellipsis, ellipsis, n_dots);
            written = room_for_ellipsis + n_dots;
            break;
        }
        for (size_t i = 0; i < length; i++) {
            unsigned char byte = (unsigned char)text[at + i];
            if (escape) {
                out[written++] = '\\';
                out[written++] = 'x';
                out[written++] = digits[byte >> 4];
                out[written++] = digits[byte & 15];
            } else {
                out[written++] = (char)byte;
            }
        }
        if (written + sizeof ellipsis - 1 <= capacity)
            room_for_ellipsis = written;
        at += length;
    }
    out[written] = '\0';
    return written;
}
