/* SPDX-License-Identifier: Apache-2.0 */
#include "model/digest.h"

#include <stdio.h>
#include <string.h>

/* Text with its terminating NUL, so that neighbours cannot run into each other. */
static void update_text(struct digest *digest, const char *text) {
    sha256_update(&digest->context, strlen(text) + 1, (const uint8_t *)text);
}

void digest_begin(struct digest *digest) {
    sha256_init(&digest->context);
}

void digest_metadata(struct digest *digest, const char *key, const char *value) {
    update_text(digest, key);
    update_text(digest, value);
}

void digest_tensor(struct digest *digest, const char *name, enum safetensors_dtype dtype,
                   const size_t *shape, size_t n_dims, const void *data, size_t n_bytes) {
    char size[32];

    update_text(digest, name);
    update_text(digest, safetensors_dtype_name(dtype));
    for (size_t i = 0; i < n_dims; i++) {
        (void)snprintf(size, sizeof size, "%zu", shape[i]);
        update_text(digest, size);
    }
    update_text(digest, "");
    sha256_update(&digest->context, n_bytes, data);
}

void digest_hex(struct sha256_ctx *context, char hex[DIGEST_HEX_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[SHA256_DIGEST_SIZE];

    sha256_digest(context, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[DIGEST_HEX_SIZE - 1] = '\0';
}

void digest_end(struct digest *digest, char hex[DIGEST_HEX_SIZE]) {
    digest_hex(&digest->context, hex);
}

void digest_of_file(const struct safetensors *file, char hex[DIGEST_HEX_SIZE]) {
    struct digest digest;
    const char *key;

    digest_begin(&digest);
    for (size_t i = 0; (key = safetensors_metadata_key(file, i)) != NULL; i++) {
        if (strcmp(key, "sha256") != 0)
            digest_metadata(&digest, key, safetensors_metadata(file, key));
    }
    for (size_t i = 0; i < safetensors_n_tensors(file); i++) {
        const struct safetensors_tensor *tensor = safetensors_tensor_at(file, i);
        digest_tensor(&digest, tensor->name, tensor->dtype, tensor->shape, tensor->n_dims,
                      tensor->data, tensor->n_bytes);
    }
    digest_end(&digest, hex);
}
