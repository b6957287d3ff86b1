/* SPDX-License-Identifier: Apache-2.0
 *
 * Text spelt as a row of character codes: hex pairs, decimal or binary numbers, Morse. */
#include <string.h>

#include "firewall/view_work.h"

enum {
    FEWEST_CODES = 8,
    FEWEST_MORSE = 8,
    LONGEST_MORSE = 6, /* marks of one letter */
    MORSE_KNOWN_PERCENT = 95
};

/* One code at text[0..n_bytes): its length in bytes and its value; 0 when there is none. */
typedef size_t read_code(const char *text, size_t n_bytes, char *value);

static size_t read_hex(const char *text, size_t n_bytes, char *value) {
    size_t at = n_bytes > 3 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 2 : 0;

    if (n_bytes < at + 2 || view_hex_value(text[at]) < 0 || view_hex_value(text[at + 1]) < 0)
        return 0;
    *value = (char)(view_hex_value(text[at]) << 4 | view_hex_value(text[at + 1]));
    return at + 2;
}

static size_t read_binary(const char *text, size_t n_bytes, char *value) {
    unsigned bits = 0;
    size_t n = 0;

    while (n < n_bytes && n < 8 && (text[n] == '0' || text[n] == '1'))
        bits = bits << 1 | (unsigned)(text[n++] - '0');
    *value = (char)bits;
    return n < 7 ? 0 : n;
}

static size_t read_decimal(const char *text, size_t n_bytes, char *value) {
    unsigned number = 0;
    size_t n = 0;

    while (n < n_bytes && n < 4 && view_is_digit(text[n]))
        number = number * 10 + (unsigned)(text[n++] - '0');
    *value = (char)number;
    return number == 10 || (number >= 32 && number < 127) ? n : 0;
}

static size_t separator(const char *text, size_t n_bytes) {
    size_t n = 0;

    while (
        n < n_bytes && n < 2 &&
        (text[n] == ' ' || text[n] == ',' || text[n] == ':' || text[n] == '-' || text[n] == '\n'))
        n++;
    return n;
}

/* A row of codes in[start..end): the last one's separator is not part of it. */
struct row {
    size_t start, end;
    size_t n_codes;
};

static void read_row(struct view_work *work, read_code *read, size_t start, struct row *row) {
    struct buffer *scratch = &work->view->scratch;
    size_t at = start;

    scratch->length = 0;
    *row = (struct row){start, start, 0};
    while (at < work->n_in) {
        char value;
        size_t length = read(work->in + at, work->n_in - at, &value);
        size_t after = at + length;
        if (length == 0)
            break;
        size_t gap = separator(work->in + after, work->n_in - after);
        bool apart = after >= work->n_in || !view_is_alnum(work->in[after]);
        if (!apart && (read != read_binary || length != 8))
            break;
        if (!buffer_append(scratch, &value, 1)) {
            work->failed = true;
            break;
        }
        row->n_codes++;
        row->end = after;
        if (apart && gap == 0)
            break;
        at = after + gap;
    }
}

static void put_row(struct view_work *work, read_code *read, enum view_transform transform,
                    const struct row *row) {
    const char *decoded = work->view->scratch.bytes;
    size_t at = row->start;

    view_copy_to(work, row->start);
    if (!view_at_gap(work))
        view_emit(work, " ", 1, row->start, row->end);
    for (size_t i = 0; i < row->n_codes; i++) {
        char value;
        size_t length = read(work->in + at, work->n_in - at, &value);
        view_emit(work, decoded + i, 1, at, at + length);
        at += length;
        at += separator(work->in + at, work->n_in - at);
    }
    if (!view_gap_follows(work, row->end))
        view_emit(work, " ", 1, row->start, row->end);
    view_count(work, transform, row->start, row->end, row->n_codes);
    view_skip_to(work, row->end);
}

/* Tries each kind of code at `at`, the start of a word of hex digits. Returns where to go on. */
static size_t undo_row(struct view_work *work, size_t at) {
    static const struct {
        read_code *read;
        enum view_transform transform;
        bool (*is_text)(const char *text, size_t n_bytes);
    } kinds[] = {{read_binary, VIEW_CODES, view_is_text},
                 {read_hex, VIEW_HEX, view_is_text},
                 {read_decimal, VIEW_CODES, view_is_prose}}; /* any small numbers are printable */
    const struct buffer *scratch = &work->view->scratch;
    size_t furthest = at;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct row row;
        read_row(work, kinds[i].read, at, &row);
        if (row.n_codes >= FEWEST_CODES && kinds[i].is_text(scratch->bytes, scratch->length)) {
            put_row(work, kinds[i].read, kinds[i].transform, &row);
            return row.end;
        }
        furthest = row.end > furthest ? row.end : furthest;
    }
    return furthest;
}

/* ---- Morse -------------------------------------------------------------- */

/* [marks as bits behind a leading 1; a dash is 1] */
static char morse_letter(unsigned code) {
    static const char letters[128] = {
        [2] = 'e',  [3] = 't',   [4] = 'i',  [5] = 'a',   [6] = 'n',   [7] = 'm',   [8] = 's',
        [9] = 'u',  [10] = 'r',  [11] = 'w', [12] = 'd',  [13] = 'k',  [14] = 'g',  [15] = 'o',
        [16] = 'h', [17] = 'v',  [18] = 'f', [20] = 'l',  [22] = 'p',  [23] = 'j',  [24] = 'b',
        [25] = 'x', [26] = 'c',  [27] = 'y', [28] = 'z',  [29] = 'q',  [32] = '5',  [33] = '4',
        [35] = '3', [39] = '2',  [47] = '1', [48] = '6',  [56] = '7',  [60] = '8',  [62] = '9',
        [63] = '0', [49] = '=',  [50] = '/', [42] = '+',  [54] = '(',  [109] = ')', [77] = ';',
        [85] = '.', [115] = ',', [76] = '?', [94] = '\'', [107] = '!', [97] = '-',  [120] = ':',
        [82] = '"', [90] = '@',  [40] = '&',
    };
    return code < 128 ? letters[code] : '\0';
}

static bool is_morse_byte(char byte) {
    return byte == '.' || byte == '-' || byte == '/' || byte == '|' || view_is_space(byte);
}

/* Walks over in[from..to), giving the letters to `scratch` or, when `put`, to the view. */
static size_t read_morse(struct view_work *work, size_t from, size_t to, bool put, size_t *n_bad) {
    struct buffer *scratch = &work->view->scratch;
    size_t n_letters = 0, n_gap = 0, start = from;
    unsigned code = 1;

    for (size_t at = from; at <= to; at++) {
        char byte = at < to ? work->in[at] : ' ';
        if (byte == '.' || byte == '-') {
            if (code == 1)
                start = at;
            code = code < 128 ? code << 1 | (byte == '-') : code;
            n_gap = 0;
            continue;
        }
        char out[2] = {code > 1 ? morse_letter(code) : '\0', ' '};
        if (code > 1) {
            n_letters++;
            *n_bad += out[0] == '\0';
            out[0] = out[0] == '\0' ? '?' : out[0];
        }
        /* A slash, a bar, a new line or a second space ends a word. */
        bool ends_word = at < to && (byte != ' ' ? n_gap < 2 : ++n_gap == 2);
        if (byte != ' ')
            n_gap = 2;
        size_t n = (size_t)(code > 1) + (size_t)ends_word;
        const char *bytes = code > 1 ? out : out + 1;
        if (put)
            view_emit(work, bytes, n, start, at);
        else if (!buffer_append(scratch, bytes, n))
            work->failed = true;
        code = 1;
    }
    return n_letters;
}

/* Dashes alone are the empty cells of a table. */
static bool has_both_marks(const char *text, size_t n_bytes) {
    size_t n_dots = 0, n_dashes = 0;

    for (size_t i = 0; i < n_bytes; i++) {
        n_dots += text[i] == '.';
        n_dashes += text[i] == '-';
    }
    return n_dots * 5 >= n_dashes && n_dashes * 5 >= n_dots;
}

static size_t undo_morse(struct view_work *work, size_t from) {
    struct buffer *scratch = &work->view->scratch;
    size_t to = from, n_bad = 0, last_mark = from;

    for (; to < work->n_in && is_morse_byte(work->in[to]); to++)
        last_mark = work->in[to] == '.' || work->in[to] == '-' ? to + 1 : last_mark;
    if (last_mark - from < FEWEST_MORSE * 2)
        return to;
    scratch->length = 0;
    size_t n_letters = read_morse(work, from, last_mark, false, &n_bad);
    if (n_letters < FEWEST_MORSE || n_bad * 100 > n_letters * (100 - MORSE_KNOWN_PERCENT) ||
        !has_both_marks(work->in + from, last_mark - from) ||
        !view_is_prose(scratch->bytes, scratch->length))
        return to;
    view_copy_to(work, from);
    if (!view_at_gap(work))
        view_emit(work, " ", 1, from, last_mark);
    read_morse(work, from, last_mark, true, &n_bad);
    if (!view_gap_follows(work, last_mark))
        view_emit(work, " ", 1, from, last_mark);
    view_count(work, VIEW_MORSE, from, last_mark, n_letters);
    view_skip_to(work, last_mark);
    return to;
}

void view_undo_codes(struct view_work *work) {
    for (size_t at = 0; at < work->n_in && !work->failed;) {
        char byte = work->in[at];
        if (view_hex_value(byte) >= 0) {
            size_t next = undo_row(work, at);
            at = next > at ? next : at + 1;
            while (at < work->n_in && view_is_alnum(work->in[at]))
                at++;
        } else if (byte == '.' || byte == '-') {
            at = undo_morse(work, at);
        } else {
            at++;
            while (view_is_alnum(byte) && at < work->n_in && view_is_alnum(work->in[at]))
                at++;
        }
    }
}
