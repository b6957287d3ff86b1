/* SPDX-License-Identifier: Apache-2.0
 *
 * What can go wrong in a download: each kind is an exit status of alkfw-fetch of its own, so that a
 * script can tell them apart (alkfw-fetch(1) lists them). */
#ifndef ALKFW_FETCH_FAILURE_H
#define ALKFW_FETCH_FAILURE_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"

enum fetch_status {
    FETCH_OK = 0,

    /* this machine */
    FETCH_USAGE = 2,
    FETCH_OFFLINE = 3,   /* HF_HUB_OFFLINE */
    FETCH_CACHE = 4,     /* a file or folder cannot be read or written */
    FETCH_DISK_FULL = 5, /* or a quota or RLIMIT_FSIZE */
    FETCH_MEMORY = 6,
    FETCH_MAX_SIZE = 7, /* more than --max-size allows */

    /* the way to the Hub */
    FETCH_UNREACHABLE = 10, /* no such host, or it does not take connections */
    FETCH_CERTIFICATE = 11,
    FETCH_STALLED = 12,  /* no byte for --timeout seconds */
    FETCH_TOO_SLOW = 13, /* bytes, but fewer than --min-rate */
    FETCH_DROPPED = 14,  /* the connection ended before the body did */

    /* what the Hub answers */
    FETCH_UNAUTHORIZED = 20,  /* 401 */
    FETCH_FORBIDDEN = 21,     /* 403 */
    FETCH_GATED = 22,         /* 403 until its conditions are accepted */
    FETCH_NO_REPOSITORY = 23, /* 404 */
    FETCH_NO_REVISION = 24,   /* 404 */
    FETCH_NO_FILE = 25,       /* 404 */
    FETCH_BAD_RANGE = 26,     /* 416 */
    FETCH_RATE_LIMIT = 27,    /* 429 */
    FETCH_SERVER_ERROR = 28,  /* 500, 502, 504 */
    FETCH_UNAVAILABLE = 29,   /* 503 */
    FETCH_HTTP = 30,          /* any other error status */
    FETCH_REDIRECT_LOOP = 31,
    FETCH_REDIRECT_HTTP = 32,   /* from https to plain http */
    FETCH_REDIRECT_SCHEME = 33, /* to file:, ftp:, ... */

    /* what it sends */
    FETCH_NOT_THE_HUB = 40, /* not the replies of a Hub */
    FETCH_NO_MODEL = 41,    /* a repository without config, tokenizer or safetensors */
    FETCH_TOO_LARGE = 42,   /* a body larger than announced */
    FETCH_WRONG_SIZE = 43,  /* two sizes announced for one file */
    FETCH_CHANGED = 44,     /* another file every time it is asked for the rest */
    FETCH_WRONG_SHA256 = 45,
    FETCH_WRONG_BLOB_ID = 46
};

struct failure {
    enum fetch_status status;
    bool transient;    /* another try may succeed */
    long wait_s;       /* how long the server asks to wait before it; 0: it does not say */
    char message[768]; /* one line; escaped when it is printed */
};

/* Fills *failure and returns `status`; transient is false and wait_s 0. */
enum fetch_status fail_for_good(struct failure *failure, enum fetch_status status,
                                const char *format, ...) ALKFW_PRINTF(3, 4);

/* The same, and another try may succeed. */
enum fetch_status fail_for_now(struct failure *failure, enum fetch_status status,
                               const char *format, ...) ALKFW_PRINTF(3, 4);

/* A system call on `path` failed with errno: FETCH_DISK_FULL, FETCH_MEMORY or FETCH_CACHE. */
enum fetch_status fail_errno(struct failure *failure, const char *what, const char *path);

enum fetch_status fail_memory(struct failure *failure);

#endif
