/* SPDX-License-Identifier: Apache-2.0 */
#include "fingerprint.h"

#include <nettle/sha2.h>
#include <string.h>

enum { FINGERPRINT_BYTES = (FINGERPRINT_SIZE - 1) / 2 };

void fingerprint(const char *signal, const char *text, size_t n_text,
                 char hexadecimal[FINGERPRINT_SIZE]) {
    static const char kind[] = "alkfw/1";
    static const char digits[] = "0123456789abcdef";
    struct sha256_ctx context;
    uint8_t digest[FINGERPRINT_BYTES];

    sha256_init(&context);
    sha256_update(&context, sizeof kind, (const uint8_t *)kind);
    sha256_update(&context, strlen(signal) + 1, (const uint8_t *)signal);
    sha256_update(&context, n_text, (const uint8_t *)text);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hexadecimal[2 * i] = digits[digest[i] >> 4];
        hexadecimal[2 * i + 1] = digits[digest[i] & 15];
    }
    hexadecimal[FINGERPRINT_SIZE - 1] = '\0';
}
