/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "alkfw-fetch/reply.h"
#include "alkfw-fetch/url.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

/* The input is the head of a reply, a header a line. */
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    static struct http_response response;
    struct url_origin origin;
    char etag[65];
    uint64_t first, total;

    reply_reset(&response);
    for (size_t at = 0; at < n_bytes;) {
        const unsigned char *newline = memchr(bytes + at, '\n', n_bytes - at);
        size_t length = newline == NULL ? n_bytes - at : (size_t)(newline - (bytes + at)) + 1;
        reply_take_header(&response, (const char *)bytes + at, length);
        at += length;
    }
    if (response.content_length < -1 || response.linked_size < -1)
        abort();
    if (reply_range(&response, &first, &total) && first >= total)
        abort();
    if (reply_plain_etag(response.linked_etag, etag) && strlen(etag) != 40 && strlen(etag) != 64)
        abort();
    char *target = url_resolve("https://hub.example/a/b", response.location);
    if (target != NULL && url_origin(target, &origin) && origin.scheme[0] == '\0')
        abort();
    free(target);
    return 0;
}
