/* SPDX-License-Identifier: Apache-2.0
 *
 * What a server's reply says about itself: its status and the headers that the Hub's protocol uses.
 * Everything in it is the server's word, checked where it is used. */
#ifndef ALKFW_FETCH_REPLY_H
#define ALKFW_FETCH_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes are -1 when they are not told, strings are empty; a value too long for its field is as good
 * as not told, for half an entity tag is a wrong one. */
struct http_response {
    long status;
    bool is_hub; /* from the Hub's own origin, not from a host that it redirected to */
    char host[256];
    char commit[64];        /* X-Repo-Commit */
    char etag[128];         /* ETag, as it came */
    char linked_etag[128];  /* X-Linked-Etag, as it came */
    char error_code[64];    /* X-Error-Code */
    char encoding[32];      /* Content-Encoding */
    char content_range[96]; /* Content-Range */
    int64_t linked_size;    /* X-Linked-Size */
    int64_t content_length;
    char location[8192]; /* where a redirect points */
};

void reply_reset(struct http_response *response);

/* Takes in one line, "Name: value" with or without its CR LF. */
void reply_take_header(struct http_response *response, const char *line, size_t n_bytes);

/* Takes Content-Range apart: "bytes FIRST-LAST/TOTAL", LAST being the last byte of TOTAL. */
bool reply_range(const struct http_response *response, uint64_t *first, uint64_t *total);

/* The hash in an entity tag: without W/ and quotes, 40 or 64 digits, as the Python client names the
 * blob; false when it is none. */
bool reply_plain_etag(const char *etag, char out[65]);

#endif
