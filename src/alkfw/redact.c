/* SPDX-License-Identifier: Apache-2.0 */
#include "redact.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "json_writer.h"

/* ---- texts --------------------------------------------------------------- */

struct span {
    size_t start;
    size_t end;
};

static int by_start(const void *a, const void *b) {
    const struct span *left = a, *right = b;

    return left->start < right->start ? -1 : left->start > right->start;
}

static bool is_continuation(alkfw_text text, size_t at) {
    return at < text.n_bytes && ((unsigned char)text.bytes[at] & 0xC0) == 0x80;
}

static struct span whole_characters(alkfw_text text, const alkfw_alarm *alarm) {
    struct span span = {alarm->start, alarm->end < text.n_bytes ? alarm->end : text.n_bytes};

    while (span.start > 0 && is_continuation(text, span.start))
        span.start--;
    while (is_continuation(text, span.end))
        span.end++;
    return span;
}

bool redact_text(struct buffer *out, alkfw_text text, const alkfw_alarm *alarms, size_t n_alarms,
                 const char *marker) {
    struct span *spans = calloc(n_alarms + 1, sizeof *spans);
    size_t at = 0;
    bool done = spans != NULL;

    for (size_t i = 0; done && i < n_alarms; i++)
        spans[i] = whole_characters(text, &alarms[i]);
    if (done)
        qsort(spans, n_alarms, sizeof *spans, by_start);
    for (size_t i = 0; done && i < n_alarms;) {
        struct span span = spans[i++];
        for (; i < n_alarms && spans[i].start <= span.end; i++)
            if (spans[i].end > span.end)
                span.end = spans[i].end;
        if (span.start >= span.end)
            continue;
        done = buffer_append(out, text.bytes + at, span.start - at) &&
               buffer_append(out, marker, strlen(marker));
        at = span.end;
    }
    free(spans);
    return done && buffer_append(out, text.bytes + at, text.n_bytes - at);
}

/* ---- rows ---------------------------------------------------------------- */

static bool append_csv(struct buffer *out, alkfw_text text) {
    bool done = buffer_append(out, "\"", 1);

    while (done && text.n_bytes > 0) {
        const char *quote = memchr(text.bytes, '"', text.n_bytes);
        size_t length = quote != NULL ? (size_t)(quote - text.bytes) + 1 : text.n_bytes;
        done = buffer_append(out, text.bytes, length) &&
               (quote == NULL || buffer_append(out, "\"", 1));
        text.bytes += length;
        text.n_bytes -= length;
    }
    return done && buffer_append(out, "\"", 1);
}

/* A row of one text, whose place in it is known. */
static bool replace_place(struct buffer *out, const struct batch *batch, const struct row *row,
                          const struct record *record, alkfw_text text) {
    const char *raw = batch_bytes(batch, row->raw);
    size_t end = record->place.start + record->place.length;
    bool done = buffer_append(out, raw, record->place.start);

    if (row->coding == ROW_CSV)
        done = done && append_csv(out, text);
    else
        done = done && buffer_append(out, text.bytes, text.n_bytes);
    return done && buffer_append(out, raw + end, row->raw.length - end);
}

/* Bytes of the JSON string that begins at json[0], its quotes included. The row was parsed: it
 * ends. */
static size_t string_length(const char *json, size_t n_bytes) {
    size_t at = 1;

    while (at < n_bytes && json[at] != '"')
        at += json[at] == '\\' ? 2 : 1;
    return at < n_bytes ? at + 1 : n_bytes;
}

static bool is_key(const char *json, size_t n_bytes, size_t at) {
    while (at < n_bytes && strchr(" \t\r\n", json[at]) != NULL && json[at] != '\0')
        at++;
    return at < n_bytes && json[at] == ':';
}

/* The record whose old text a JSON string is, or n_records. */
static size_t record_of(const struct batch *batch, const struct row *row, size_t first,
                        const alkfw_text *texts, const char *json, size_t n_bytes) {
    json_t *value = json_loadb(json, n_bytes, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    size_t length = json_string_length(value);
    size_t i = 0;

    for (; i < row->n_records; i++) {
        struct slice old = batch->records[first + i].text;
        if (texts[i].bytes != NULL && old.length == length && value != NULL &&
            memcmp(batch_bytes(batch, old), json_string_value(value), length) == 0)
            break;
    }
    json_decref(value);
    return i;
}

static bool replace_strings(struct buffer *out, const struct batch *batch, const struct row *row,
                            size_t first, const alkfw_text *texts, bool *found) {
    const char *raw = batch_bytes(batch, row->raw);
    size_t n_raw = row->raw.length, n_found = 0;
    bool done = true;

    for (size_t at = 0, length; done && at < n_raw; at += length) {
        const char *quote = memchr(raw + at, '"', n_raw - at);
        length = quote != NULL ? (size_t)(quote - (raw + at)) : n_raw - at;
        if (length > 0) {
            done = buffer_append(out, raw + at, length);
            continue;
        }
        length = string_length(raw + at, n_raw - at);
        size_t record = row->n_records;
        if (!is_key(raw, n_raw, at + length))
            record = record_of(batch, row, first, texts, raw + at, length);
        n_found += record < row->n_records;
        done = record < row->n_records
                   ? json_write_string(out, texts[record].bytes, texts[record].n_bytes)
                   : buffer_append(out, raw + at, length);
    }
    *found = n_found > 0;
    return done;
}

bool redact_row(struct buffer *out, const struct batch *batch, const struct row *row, size_t first,
                const alkfw_text *texts, bool *found) {
    if (row->coding == ROW_JSON)
        return replace_strings(out, batch, row, first, texts, found);
    *found = true;
    return replace_place(out, batch, row, &batch->records[first], texts[0]);
}
