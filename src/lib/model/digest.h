/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256 of metadata and tensors. A codebook carries that of all its metadata but the digest, then
 * of all its tensors, in the file's order (doc/formats.md); reader and writer both feed it. */
#ifndef ALKFW_DIGEST_H
#define ALKFW_DIGEST_H

#include <nettle/sha2.h>

#include "model/safetensors.h"

enum { DIGEST_HEX_SIZE = 2 * SHA256_DIGEST_SIZE + 1 };

struct digest {
    struct sha256_ctx context;
};

void digest_begin(struct digest *digest);
void digest_metadata(struct digest *digest, const char *key, const char *value);
void digest_tensor(struct digest *digest, const char *name, enum safetensors_dtype dtype,
                   const size_t *shape, size_t n_dims, const void *data, size_t n_bytes);
/* The digest of what was fed to a context, in hex. */
void digest_hex(struct sha256_ctx *context, char hex[DIGEST_HEX_SIZE]);

void digest_end(struct digest *digest, char hex[DIGEST_HEX_SIZE]);

/* The same of a whole file; the metadata key "sha256" is passed over. */
void digest_of_file(const struct safetensors *file, char hex[DIGEST_HEX_SIZE]);

#endif
