/* SPDX-License-Identifier: Apache-2.0
 *
 * Escapes: \x69 \u0069 \151, %69, &#105;. Escaping letters that need no escape is a disguise; a few
 * escapes of what does need one are how programs, URLs and pages are written, and stay. */
#include <string.h>

#include "firewall/view_work.h"
#include "support/utf8.h"

enum {
    NEEDLESS = 4,     /* needless escapes, a third of all, that make the step act on a kind */
    BEYOND_ASCII = 4, /* escaped characters of other scripts that do: a page, a JSON dump */
    URL_SPACES = 2    /* escaped spaces that do: a sentence in a URL */
};

struct escape {
    enum view_transform kind;
    size_t n_bytes;
    uint32_t code_point;
};

/* Up to `limit` digits of a base; returns how many, at least `least`, or 0. */
static size_t read_digits(const char *text, size_t n_bytes, unsigned base, size_t least,
                          size_t limit, uint32_t *value) {
    size_t n = 0;

    *value = 0;
    while (n < n_bytes && n < limit) {
        int digit = view_hex_value(text[n]);
        if (digit < 0 || (unsigned)digit >= base)
            break;
        *value = *value * base + (unsigned)digit;
        n++;
    }
    return n >= least ? n : 0;
}

/* One escaped byte: \x69, \151 or %69; its length, or 0. */
static size_t read_byte(const char *text, size_t n_bytes, char lead, uint32_t *value) {
    size_t n;

    if (n_bytes < 3 || text[0] != lead)
        return 0;
    if (lead == '%') {
        n = read_digits(text + 1, n_bytes - 1, 16, 2, 2, value);
        return n == 0 ? 0 : n + 1;
    }
    if (text[1] == 'x') {
        n = read_digits(text + 2, n_bytes - 2, 16, 2, 2, value);
        return n == 0 ? 0 : n + 2;
    }
    n = read_digits(text + 1, n_bytes - 1, 8, 3, 3, value);
    return n == 0 || *value > 0xFF ? 0 : n + 1;
}

/* Escaped bytes that make one UTF-8 character. */
static bool read_bytes(const char *text, size_t n_bytes, struct escape *escape) {
    char encoded[4];
    size_t n = 0, at = 0;
    uint32_t value, first = 0;

    while (n < sizeof encoded) {
        size_t length = read_byte(text + at, n_bytes - at, text[0], &value);
        if (length == 0 || (n > 0 && (value & 0xC0) != 0x80))
            break;
        encoded[n++] = (char)value;
        at += length;
        first = n == 1 ? value : first;
        if (first < 0x80)
            break;
    }
    if (n == 0 || utf8_decode(encoded, n, &escape->code_point) != n ||
        escape->code_point == UTF8_REPLACEMENT)
        return false;
    escape->n_bytes = at;
    escape->kind = text[0] == '%' ? VIEW_URL : VIEW_ESCAPE;
    return true;
}

/* \u0069, \u{69}, \U00000069; a pair of surrogates is one character. */
static bool read_backslash_u(const char *text, size_t n_bytes, struct escape *escape) {
    uint32_t value, low;
    size_t n;

    if (n_bytes < 5)
        return false;
    if (text[1] == 'u' && text[2] == '{') {
        n = read_digits(text + 3, n_bytes - 3, 16, 1, 6, &value);
        if (n == 0 || 3 + n >= n_bytes || text[3 + n] != '}')
            return false;
        escape->n_bytes = n + 4;
    } else {
        size_t digits = text[1] == 'u' ? 4 : 8;
        n = read_digits(text + 2, n_bytes - 2, 16, digits, digits, &value);
        if (n == 0)
            return false;
        escape->n_bytes = n + 2;
    }
    if (value >= 0xD800 && value <= 0xDBFF && n_bytes >= 12 && text[6] == '\\' && text[7] == 'u' &&
        read_digits(text + 8, n_bytes - 8, 16, 4, 4, &low) != 0 && low >= 0xDC00 && low <= 0xDFFF) {
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        escape->n_bytes = 12;
    }
    escape->code_point = value;
    escape->kind = VIEW_ESCAPE;
    return true;
}

/* &#105; &#x69; the semicolon may be missing, and the named ones of markup. */
static bool read_reference(const char *text, size_t n_bytes, struct escape *escape) {
    static const struct {
        const char *name;
        uint32_t code_point;
    } named[] = {{"&lt;", '<'},   {"&gt;", '>'},    {"&amp;", '&'},
                 {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", ' '}};
    size_t n;

    escape->kind = VIEW_HTML;
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        n = strlen(named[i].name);
        if (n <= n_bytes && memcmp(text, named[i].name, n) == 0) {
            escape->n_bytes = n;
            escape->code_point = named[i].code_point;
            return true;
        }
    }
    if (n_bytes < 4 || text[1] != '#')
        return false;
    bool hex = text[2] == 'x' || text[2] == 'X';
    size_t digits_at = hex ? 3 : 2;
    n = read_digits(text + digits_at, n_bytes - digits_at, hex ? 16 : 10, 1, 7,
                    &escape->code_point);
    escape->n_bytes = digits_at + n;
    if (n > 0 && escape->n_bytes < n_bytes && text[escape->n_bytes] == ';')
        escape->n_bytes++;
    return n > 0;
}

static bool is_printable(uint32_t c) {
    return c == '\n' || c == '\t' || c == '\r' || (c >= 0x20 && c < 0x7F) ||
           (c >= 0xA0 && c < 0xD800) || (c >= 0xE000 && c <= 0x10FFFF);
}

static bool read_escape(const struct view_work *work, size_t at, struct escape *escape) {
    const char *text = work->in + at;
    size_t n_bytes = work->n_in - at;
    bool found = false;

    if (text[0] == '%')
        found = read_bytes(text, n_bytes, escape);
    else if (text[0] == '&')
        found = read_reference(text, n_bytes, escape);
    else if (text[0] == '\\' && n_bytes > 1 && (text[1] == 'u' || text[1] == 'U'))
        found = read_backslash_u(text, n_bytes, escape);
    else if (text[0] == '\\')
        found = read_bytes(text, n_bytes, escape);
    return found;
}

/* From `at` on; work->n_in when there is none. */
static size_t find_escape(const struct view_work *work, size_t at, struct escape *escape) {
    for (; at < work->n_in; at++) {
        char byte = work->in[at];
        if ((byte == '%' || byte == '&' || byte == '\\') && read_escape(work, at, escape))
            break;
    }
    return at;
}

static bool is_needless(const struct escape *escape) {
    return escape->code_point < 0x80 && view_is_alnum((char)escape->code_point);
}

/* "%6d, %6d" are formats; escapes of letters go on in a word. */
static bool is_in_word(const struct view_work *work, size_t at, size_t last_end) {
    return at == last_end || (at > 0 && view_is_alnum(work->in[at - 1]));
}

/* What a text has of one kind of escape. */
struct escape_tally {
    size_t n_all;
    size_t n_needless;
    size_t n_beyond_ascii;
    size_t n_spaces;
    uint32_t needless; /* one of the needless ones */
    bool differ;       /* not all of them are that one: %4d%4d is a format */
};

static void tally_escapes(const struct view_work *work, struct escape_tally *tallies) {
    struct escape escape;
    size_t last_end = 0;

    for (size_t at = 0; (at = find_escape(work, at, &escape)) < work->n_in; at += escape.n_bytes) {
        struct escape_tally *tally = &tallies[escape.kind];
        bool in_word = escape.kind != VIEW_URL || is_in_word(work, at, last_end);
        last_end = at + escape.n_bytes;
        tally->n_all++;
        tally->n_beyond_ascii += escape.code_point >= 0xA0;
        tally->n_spaces += escape.code_point == ' ';
        if (!is_needless(&escape) || !in_word)
            continue;
        tally->n_needless++;
        tally->differ =
            tally->differ || (tally->n_needless > 1 && escape.code_point != tally->needless);
        tally->needless = escape.code_point;
    }
}

static size_t encode(uint32_t c, char bytes[4]) {
    if (c < 0x80) {
        bytes[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)((n == 2 ? 0xC0 : n == 3 ? 0xE0 : 0xF0) | c);
    return n;
}

void view_undo_escapes(struct view_work *work) {
    struct escape_tally tallies[VIEW_N_TRANSFORMS] = {0};
    struct escape escape;

    tally_escapes(work, tallies);
    for (size_t at = 0; (at = find_escape(work, at, &escape)) < work->n_in; at += escape.n_bytes) {
        const struct escape_tally *tally = &tallies[escape.kind];
        bool needless =
            tally->n_needless >= NEEDLESS && tally->n_needless * 3 >= tally->n_all && tally->differ;
        bool honest = tally->n_beyond_ascii >= BEYOND_ASCII ||
                      (escape.kind == VIEW_URL && tally->n_spaces >= URL_SPACES);
        char bytes[4];
        if ((!needless && !honest) || !is_printable(escape.code_point))
            continue;
        view_replace(work, at, at + escape.n_bytes, bytes, encode(escape.code_point, bytes));
        if (needless && is_needless(&escape))
            view_count(work, escape.kind, at, at + escape.n_bytes, 1);
    }
}
