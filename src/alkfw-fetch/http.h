/* SPDX-License-Identifier: Apache-2.0
 *
 * HTTP over libcurl, and the only file that calls it for more than URLs: one request at a time,
 * redirects followed by hand so that each hop is checked and the token goes to the Hub's own origin
 * only; time limits; retries. */
#ifndef ALKFW_FETCH_HTTP_H
#define ALKFW_FETCH_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw-fetch/failure.h"
#include "alkfw-fetch/reply.h"
#include "alkfw-fetch/url.h"

struct http_limits {
    unsigned timeout_s;      /* to connect, and without a byte */
    uint64_t min_rate;       /* bytes a second, averaged over 3 * timeout_s; 0: no limit */
    unsigned n_retries;      /* after the first try */
    unsigned retry_delay_ms; /* before the first retry; doubles, up to 8 times that */
};

/* Takes the body of a 2xx reply. A status that is not FETCH_OK ends the transfer with it. */
struct http_body {
    /* Called once, before the first byte or at the end of an empty body. */
    enum fetch_status (*begin)(void *context, const struct http_response *response,
                               struct failure *failure);
    enum fetch_status (*write)(void *context, const char *bytes, size_t n_bytes,
                               struct failure *failure);
    void *context;
};

struct http_request {
    const char *url;
    const char *what; /* for messages: "model.safetensors of owner/name@main" */
    bool head;
    bool stay_on_hub;          /* a redirect to another host is the answer, not followed */
    uint64_t range_start;      /* 0: the whole body */
    const char *if_range;      /* with range_start: an entity tag, or NULL */
    const char *if_none_match; /* an entity tag, or NULL */
    struct http_body body;     /* not for head */
};

struct http_client;

/* `hub` is the endpoint's address. `token` may be NULL; it is copied, and wiped at the end. */
ALKFW_MUST_CHECK enum fetch_status http_open(const char *hub, const char *token,
                                             const struct http_limits *limits,
                                             struct http_client **client, struct failure *failure);
void http_close(struct http_client *client);

/* One try. A reply of 200, 206, 304, or a redirect that was not followed, is FETCH_OK. */
ALKFW_MUST_CHECK enum fetch_status http_try(struct http_client *client,
                                            const struct http_request *request,
                                            struct http_response *response,
                                            struct failure *failure);

/* After a try that failed: waits as long as is right and returns true when there should be another;
 * false when the failure is final. *n_tried counts the retries; the caller starts it at 0 and may
 * set it back when a try got somewhere. */
bool http_retry(const struct http_client *client, unsigned *n_tried, const struct failure *failure);

/* Tries until it succeeds or the failure is final. */
ALKFW_MUST_CHECK enum fetch_status http_get_response(struct http_client *client,
                                                     const struct http_request *request,
                                                     struct http_response *response,
                                                     struct failure *failure);

#endif
