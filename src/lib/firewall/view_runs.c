/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs of base64 and of hex digits that hold text. Keys, hashes, identifiers, pictures and
 * programs do not decode to text and stay as they are. */
#include <string.h>

#include "firewall/view_work.h"

enum {
    SHORTEST_RUN = 16,
    NESTED_PREFIX = 48, /* bytes that are looked at to see whether what was decoded is base64 */
    FOLDED_LINE = 60    /* base64 goes on after a line of at least this length */
};

/* 0..63 for the characters of both base64 alphabets, else -1. */
static int base64_value(char byte) {
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    if (byte == '+' || byte == '-')
        return 62;
    return byte == '/' || byte == '_' ? 63 : -1;
}

/* How the characters of a run make bytes: each has n_bits. */
struct alphabet {
    enum view_transform transform;
    int (*value)(char byte);
    unsigned n_bits;
};

static const struct alphabet base64 = {VIEW_BASE64, base64_value, 6};
static const struct alphabet hex = {VIEW_HEX, view_hex_value, 4};

/* A character of a run that holds no value: the fold of a line, padding. */
static bool is_filler(char byte) {
    return byte == '\n' || byte == '\r' || byte == '=';
}

static bool decode(struct view_work *work, const struct alphabet *alphabet, size_t from,
                   size_t to) {
    struct buffer *scratch = &work->view->scratch;
    unsigned bits = 0, n_bits = 0;

    scratch->length = 0;
    if (!buffer_reserve(scratch, to - from)) {
        work->failed = true;
        return false;
    }
    for (size_t at = from; at < to; at++) {
        if (is_filler(work->in[at]))
            continue;
        int value = alphabet->value(work->in[at]);
        if (value < 0)
            return false;
        bits = bits << alphabet->n_bits | (unsigned)value;
        n_bits += alphabet->n_bits;
        if (n_bits >= 8) {
            n_bits -= 8;
            scratch->bytes[scratch->length++] = (char)(bits >> n_bits);
            bits &= (1u << n_bits) - 1;
        }
    }
    return n_bits < alphabet->n_bits; /* a whole character too many is no base64 */
}

/* Text in UTF-16, which is what PowerShell encodes: keeps the low bytes. */
static size_t narrow(char *bytes, size_t n_bytes) {
    if (n_bytes < 8 || n_bytes % 2 != 0)
        return n_bytes;
    for (size_t i = 1; i < n_bytes; i += 2)
        if (bytes[i] != '\0')
            return n_bytes;
    for (size_t i = 0; i < n_bytes / 2; i++)
        bytes[i] = bytes[2 * i];
    return n_bytes / 2;
}

/* Whether bytes are base64 that begins a text: one layer of two. */
static bool holds_text(const char *bytes, size_t n_bytes) {
    char decoded[NESTED_PREFIX];
    size_t n = 0;
    unsigned bits = 0, n_bits = 0;

    for (size_t i = 0; i < n_bytes && n < sizeof decoded; i++) {
        int value = base64_value(bytes[i]);
        if (value < 0 && !is_filler(bytes[i]))
            return false;
        if (value < 0)
            continue;
        bits = (bits << 6 | (unsigned)value) & 0xFFFF;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            decoded[n++] = (char)(bits >> n_bits);
        }
    }
    /* The prefix may end within a character. */
    while (n_bytes > NESTED_PREFIX && n > 0 && (decoded[n - 1] & 0x80) != 0)
        n--;
    return view_is_text(decoded, n);
}

/* Puts the decoded bytes in the place of in[from..to), each with the characters it came from. */
static void put(struct view_work *work, const struct alphabet *alphabet, size_t from, size_t to,
                size_t n_bytes, bool narrowed) {
    const char *decoded = work->view->scratch.bytes;
    size_t per_byte = narrowed ? 16 : 8; /* bits */
    size_t at = from, n_bits = 0;

    view_copy_to(work, from);
    if (!view_at_gap(work))
        view_emit(work, " ", 1, from, to);
    for (size_t i = 0; i < n_bytes; i++) {
        size_t first = at;
        while (at < to && (n_bits < per_byte || is_filler(work->in[at])))
            n_bits += is_filler(work->in[at++]) ? 0 : alphabet->n_bits;
        n_bits -= n_bits < per_byte ? n_bits : per_byte;
        view_emit(work, decoded + i, 1, first, at);
    }
    if (!view_gap_follows(work, to))
        view_emit(work, " ", 1, from, to);
    struct view_reading reading;
    view_read(decoded, n_bytes, &reading);
    view_count(work, alphabet->transform, from, to, reading.n_characters);
    view_skip_to(work, to);
}

static bool undo_run(struct view_work *work, const struct alphabet *alphabet, size_t from,
                     size_t to) {
    struct buffer *scratch = &work->view->scratch;

    if (to - from < SHORTEST_RUN || !decode(work, alphabet, from, to))
        return false;
    size_t n_bytes = narrow(scratch->bytes, scratch->length);
    if (!view_is_text(scratch->bytes, n_bytes) && !holds_text(scratch->bytes, n_bytes))
        return false;
    put(work, alphabet, from, to, n_bytes, n_bytes < scratch->length);
    return true;
}

/* The end of the base64 that begins at `from`, padding included. */
static size_t end_of_run(const struct view_work *work, size_t from) {
    size_t at = from, line = from;

    for (;;) {
        while (at < work->n_in && base64_value(work->in[at]) >= 0)
            at++;
        size_t next = at;
        if (at - line < FOLDED_LINE)
            break;
        next += next < work->n_in && work->in[next] == '\r';
        next += next < work->n_in && work->in[next] == '\n';
        if (next == at || next >= work->n_in || base64_value(work->in[next]) < 0)
            break;
        at = line = next;
    }
    for (int i = 0; i < 2 && at < work->n_in && work->in[at] == '='; i++)
        at++;
    return at;
}

/* A run that is no base64 as a whole may hold some between slashes or dashes: a path, a URL. */
static void undo_pieces(struct view_work *work, size_t from, size_t to) {
    while (from < to) {
        size_t end = from;
        while (end < to && (view_is_alnum(work->in[end]) || is_filler(work->in[end])))
            end++;
        if (end - from < to - from || end == to)
            undo_run(work, &base64, from, end);
        from = end + 1;
    }
}

/* Words have no digits and no capitals within: they are not worth decoding. */
static bool looks_encoded(const char *text, size_t n_bytes) {
    for (size_t i = 1; i < n_bytes; i++)
        if (view_is_digit(text[i]) || (text[i] >= 'A' && text[i] <= 'Z'))
            return true;
    return false;
}

void view_undo_runs(struct view_work *work) {
    for (size_t at = 0; at < work->n_in && !work->failed;) {
        if (base64_value(work->in[at]) < 0) {
            at++;
            continue;
        }
        size_t end = end_of_run(work, at);
        size_t digits_at =
            at + (end - at > 2 && work->in[at] == '0' && work->in[at + 1] == 'x' ? 2 : 0);
        if (end - at >= SHORTEST_RUN && looks_encoded(work->in + at, end - at) &&
            !undo_run(work, &hex, digits_at, end) && !undo_run(work, &base64, at, end))
            undo_pieces(work, at, end);
        at = end;
    }
}
