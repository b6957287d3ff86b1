/* SPDX-License-Identifier: Apache-2.0
 *
 * Addresses: what a redirect points to, whose origin it is, and how names become part of a URL. */
#ifndef ALKFW_FETCH_URL_H
#define ALKFW_FETCH_URL_H

#include <stdbool.h>

#include "alkfw-fetch/failure.h"

/* RFC 6454: who a token belongs to. */
struct url_origin {
    char scheme[16]; /* lower case */
    char host[256];  /* lower case; an IPv6 address in brackets */
    char port[8];    /* the scheme's own when the address has none */
};

/* Takes an address apart; false when it is none, or carries a user name or a password. */
ALKFW_MUST_CHECK bool url_origin(const char *url, struct url_origin *origin);
bool url_same_origin(const struct url_origin *a, const struct url_origin *b);

/* 127.0.0.0/8, ::1, localhost: plain http to it stays on the machine. */
bool url_is_loopback(const struct url_origin *origin);

/* What `location` means on a page at `base`, absolute; NULL when it means nothing. Free with free.
 */
char *url_resolve(const char *base, const char *location);

/* Percent-encodes all but unreserved characters (RFC 3986); "/" stays when `keep_slashes`. NULL
 * only when memory is out. Free with free. */
char *url_escape(const char *text, bool keep_slashes);

#endif
