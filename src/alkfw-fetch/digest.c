/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/digest.h"

#include <errno.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 18 };

struct digest {
    bool is_sha256;
    struct sha256_ctx sha256;
    struct sha1_ctx sha1;
};

static void update(struct digest *digest, size_t n_bytes, const uint8_t *bytes) {
    if (digest->is_sha256)
        sha256_update(&digest->sha256, n_bytes, bytes);
    else
        sha1_update(&digest->sha1, n_bytes, bytes);
}

static void start(struct digest *digest, bool is_sha256, intmax_t size) {
    char header[32];

    digest->is_sha256 = is_sha256;
    sha256_init(&digest->sha256);
    sha1_init(&digest->sha1);
    if (is_sha256)
        return;
    int length = snprintf(header, sizeof header, "blob %jd", size);
    update(digest, (size_t)length + 1, (const uint8_t *)header); /* with its NUL */
}

static void finish(struct digest *digest, char hex[65]) {
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[SHA256_DIGEST_SIZE];
    size_t n_bytes = digest->is_sha256 ? SHA256_DIGEST_SIZE : SHA1_DIGEST_SIZE;

    if (digest->is_sha256)
        sha256_digest(&digest->sha256, n_bytes, bytes);
    else
        sha1_digest(&digest->sha1, n_bytes, bytes);
    for (size_t i = 0; i < n_bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * n_bytes] = '\0';
}

enum fetch_status digest_prove(int descriptor, const char *etag, const char *what,
                               struct failure *failure) {
    struct digest digest;
    struct stat info;
    char hex[65];
    off_t at = 0;

    if (fstat(descriptor, &info) != 0)
        return fail_errno(failure, "cannot read", what);
    uint8_t *block = malloc(BLOCK_BYTES);
    if (block == NULL)
        return fail_memory(failure);
    start(&digest, strlen(etag) == 64, (intmax_t)info.st_size);
    enum fetch_status status = FETCH_OK;
    for (;;) {
        ssize_t n_bytes = pread(descriptor, block, BLOCK_BYTES, at);
        if (n_bytes < 0 && errno == EINTR)
            continue;
        if (n_bytes < 0)
            status = fail_errno(failure, "cannot read back", what);
        if (n_bytes <= 0)
            break;
        update(&digest, (size_t)n_bytes, block);
        at += n_bytes;
    }
    free(block);
    if (status != FETCH_OK)
        return status;
    finish(&digest, hex);
    if (strcmp(hex, etag) == 0)
        return FETCH_OK;
    if (digest.is_sha256)
        return fail_for_good(
            failure, FETCH_WRONG_SHA256,
            "%s: what arrived has the sha256 %s, and the Hub says %s; it is thrown away", what, hex,
            etag);
    return fail_for_good(
        failure, FETCH_WRONG_BLOB_ID,
        "%s: what arrived has the git blob id %s, and the Hub says %s; it is thrown away", what,
        hex, etag);
}
