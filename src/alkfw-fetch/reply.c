/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/reply.h"

#include <string.h>
#include <strings.h>

void reply_reset(struct http_response *response) {
    memset(response, 0, sizeof *response);
    response->linked_size = -1;
    response->content_length = -1;
}

static void copy_value(char *out, size_t size, const char *value, size_t n_bytes) {
    if (n_bytes >= size || memchr(value, '\0', n_bytes) != NULL)
        n_bytes = 0;
    memcpy(out, value, n_bytes);
    out[n_bytes] = '\0';
}

/* The number at *text, which is moved behind it. No size in bytes has more than 18 digits. */
static bool take_number(const char **text, const char *end, int64_t *number) {
    enum { MAX_DIGITS = 18 };
    int n_digits = 0;

    *number = 0;
    for (; *text < end && **text >= '0' && **text <= '9'; ++*text) {
        if (++n_digits > MAX_DIGITS)
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return n_digits > 0;
}

static int64_t parse_size(const char *value, size_t n_bytes) {
    const char *at = value;
    int64_t size;

    return take_number(&at, value + n_bytes, &size) && at == value + n_bytes ? size : -1;
}

static bool is_header(const char *line, size_t n_name, const char *name) {
    return strlen(name) == n_name && strncasecmp(line, name, n_name) == 0;
}

static void take_value(struct http_response *response, const char *line, size_t n_name,
                       const char *value, size_t n_value) {
    const struct {
        const char *name;
        char *out;
        size_t size;
    } fields[] = {
        {"X-Repo-Commit", response->commit, sizeof response->commit},
        {"ETag", response->etag, sizeof response->etag},
        {"X-Linked-Etag", response->linked_etag, sizeof response->linked_etag},
        {"X-Error-Code", response->error_code, sizeof response->error_code},
        {"Content-Encoding", response->encoding, sizeof response->encoding},
        {"Content-Range", response->content_range, sizeof response->content_range},
        {"Location", response->location, sizeof response->location},
    };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (is_header(line, n_name, fields[i].name))
            copy_value(fields[i].out, fields[i].size, value, n_value);
    if (is_header(line, n_name, "X-Linked-Size"))
        response->linked_size = parse_size(value, n_value);
    if (is_header(line, n_name, "Content-Length"))
        response->content_length = parse_size(value, n_value);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void reply_take_header(struct http_response *response, const char *line, size_t n_bytes) {
    const char *colon = n_bytes == 0 ? NULL : memchr(line, ':', n_bytes);

    if (colon == NULL)
        return;
    const char *value = colon + 1, *end = line + n_bytes;
    while (value < end && is_space(*value))
        value++;
    while (end > value && is_space(end[-1]))
        end--;
    take_value(response, line, (size_t)(colon - line), value, (size_t)(end - value));
}

static bool take_text(const char **at, const char *end, const char *text) {
    size_t length = strlen(text);

    if ((size_t)(end - *at) < length || memcmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

bool reply_range(const struct http_response *response, uint64_t *first, uint64_t *total) {
    const char *at = response->content_range;
    const char *end = at + strlen(at);
    int64_t from, last, all;

    if (!take_text(&at, end, "bytes ") || !take_number(&at, end, &from) ||
        !take_text(&at, end, "-") || !take_number(&at, end, &last) || !take_text(&at, end, "/") ||
        !take_number(&at, end, &all) || at != end || from > last || last != all - 1)
        return false;
    *first = (uint64_t)from;
    *total = (uint64_t)all;
    return true;
}

bool reply_plain_etag(const char *etag, char out[65]) {
    if (etag[0] == 'W' && etag[1] == '/')
        etag += 2;
    bool quoted = etag[0] == '"';
    etag += quoted;
    size_t length = strspn(etag, "0123456789abcdef");
    if ((length != 40 && length != 64) || strcmp(etag + length, quoted ? "\"" : "") != 0)
        return false;
    memcpy(out, etag, length);
    out[length] = '\0';
    return true;
}
