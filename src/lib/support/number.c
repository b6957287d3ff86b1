/* SPDX-License-Identifier: Apache-2.0 */
#include "support/number.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

bool number_parse_double(const char *text, double *value) {
    /* strtod also takes hexadecimal, "inf", "nan" and leading spaces: none is a number here. */
    const char *at = text + (*text == '-' || *text == '+');
    if (!is_digit(*at) && !(*at == '.' && is_digit(at[1])))
        return false;
    if (text[strspn(text, "0123456789+-.eE")] != '\0')
        return false;
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c_locale == (locale_t)0)
        return false;
    char *end;
    double parsed = strtod_l(text, &end, c_locale);
    freelocale(c_locale);
    if (*end != '\0' || !isfinite(parsed))
        return false;
    *value = parsed;
    return true;
}

/* Reads digits from *text and moves it past them. */
static bool take_digits(const char **text, uint64_t *value) {
    const char *at = *text;
    uint64_t sum = 0;

    if (!is_digit(*at))
        return false;
    for (; is_digit(*at); at++) {
        uint64_t digit = (uint64_t)(*at - '0');
        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *text = at;
    *value = sum;
    return true;
}

bool number_parse_unsigned(const char *text, uint64_t *value) {
    uint64_t parsed;

    if (!take_digits(&text, &parsed) || *text != '\0')
        return false;
    *value = parsed;
    return true;
}

bool number_parse_size(const char *text, uint64_t *value) {
    uint64_t parsed;
    unsigned shift = 0;

    if (!take_digits(&text, &parsed))
        return false;
    if (*text != '\0') {
        const char *suffixes = "KMGT";
        const char *suffix = strchr(suffixes, *text == 'k' ? 'K' : *text);
        if (suffix == NULL)
            return false;
        shift = 10 * (unsigned)(suffix - suffixes + 1);
        text++;
        if (*text != '\0' && strcmp(text, "iB") != 0)
            return false;
    }
    if (parsed > UINT64_MAX >> shift)
        return false;
    *value = parsed << shift;
    return true;
}

size_t number_format_unsigned(uint64_t value, char out[NUMBER_TEXT_SIZE]) {
    char reversed[20];
    size_t length = 0;

    do {
        reversed[length++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < length; i++)
        out[i] = reversed[length - 1 - i];
    out[length] = '\0';
    return length;
}

size_t number_format_double(double value, int digits, char out[NUMBER_TEXT_SIZE]) {
    int written = snprintf(out, NUMBER_TEXT_SIZE, "%.*g", digits, value);
    size_t length = written > 0 && written < NUMBER_TEXT_SIZE ? (size_t)written : 0;

    /* printf writes the decimal point of the locale, which an embedding program may have set; it
     * can be longer than one byte. */
    size_t kept = 0;
    bool pointed = false;
    for (size_t i = 0; i < length; i++) {
        if (is_digit(out[i]) || out[i] == '-' || out[i] == '+' || out[i] == 'e') {
            out[kept++] = out[i];
        } else if (!pointed) {
            out[kept++] = '.';
            pointed = true;
        }
    }
    out[kept] = '\0';
    return kept;
}
