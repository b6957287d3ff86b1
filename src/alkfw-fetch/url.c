/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/url.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Copies a part in lower case; false when it is not there or does not fit. */
static bool copy_part(CURLU *url, CURLUPart part, unsigned flags, char *out, size_t size) {
    char *text = NULL;

    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return false;
    size_t length = strlen(text);
    bool fits = length < size;
    for (size_t i = 0; fits && i <= length; i++)
        out[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
    curl_free(text);
    return fits;
}

static bool has_part(CURLU *url, CURLUPart part) {
    char *text = NULL;
    bool found = curl_url_get(url, part, &text, 0) == CURLUE_OK;

    curl_free(text);
    return found;
}

bool url_origin(const char *text, struct url_origin *origin) {
    CURLU *url = curl_url();
    bool good = false;

    memset(origin, 0, sizeof *origin);
    if (url == NULL)
        return false;
    /* Schemes that libcurl would never be asked to open are let in to be told by their name. */
    if (curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        copy_part(url, CURLUPART_SCHEME, 0, origin->scheme, sizeof origin->scheme)) {
        bool web = strcmp(origin->scheme, "http") == 0 || strcmp(origin->scheme, "https") == 0;
        good = !web || (copy_part(url, CURLUPART_HOST, 0, origin->host, sizeof origin->host) &&
                        copy_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, origin->port,
                                  sizeof origin->port) &&
                        !has_part(url, CURLUPART_USER) && !has_part(url, CURLUPART_PASSWORD));
    }
    curl_url_cleanup(url);
    return good;
}

bool url_same_origin(const struct url_origin *a, const struct url_origin *b) {
    return strcmp(a->scheme, b->scheme) == 0 && strcmp(a->host, b->host) == 0 &&
           strcmp(a->port, b->port) == 0;
}

bool url_is_loopback(const struct url_origin *origin) {
    /* Only a literal address: "127.evil.example" is a name. */
    bool address = origin->host[strspn(origin->host, "0123456789.")] == '\0';

    return (address && strncmp(origin->host, "127.", 4) == 0) ||
           strcmp(origin->host, "[::1]") == 0 || strcmp(origin->host, "localhost") == 0;
}

char *url_resolve(const char *base, const char *location) {
    CURLU *url = curl_url();
    char *text = NULL;
    char *resolved = NULL;

    if (url == NULL)
        return NULL;
    if (curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK &&
        curl_url_set(url, CURLUPART_URL, location, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK)
        resolved = strdup(text);
    curl_free(text);
    curl_url_cleanup(url);
    return resolved;
}

static bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

char *url_escape(const char *text, bool keep_slashes) {
    static const char digits[] = "0123456789ABCDEF";
    char *escaped = malloc(3 * strlen(text) + 1);
    size_t length = 0;

    if (escaped == NULL)
        return NULL;
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (is_unreserved(*at) || (keep_slashes && *at == '/')) {
            escaped[length++] = *at;
        } else {
            escaped[length++] = '%';
            escaped[length++] = digits[byte >> 4];
            escaped[length++] = digits[byte & 15];
        }
    }
    escaped[length] = '\0';
    return escaped;
}
