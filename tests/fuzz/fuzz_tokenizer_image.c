/* SPDX-License-Identifier: Apache-2.0
 *
 * The input is what a forger would do to an image: pieces of [offset (4 bytes, little-endian),
 * value (4 bytes)] that are written into a good one of each model, whose checksum is then set
 * right. */
#include "model/tokenizer/image.h"
#include "model/tokenizer/tokenizer.h"
#include "tokenizer_sample.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

static void try_image(struct tokenizer *sample, const unsigned char *bytes, size_t n_bytes) {
    static const char text[] =
        "ab [SEP] <w> \xC3\x89t\xC3\xA9 \xE4\xB8\xAD\xE3\x80\xAE\xFF aab 12's";
    struct tokenizer *tokenizer;
    alkfw_error error;
    size_t n_image;

    const void *good = tokenizer_image(sample, &n_image);
    unsigned char *image = aligned_alloc(64, n_image);
    if (image == NULL)
        return;
    memcpy(image, good, n_image);
    for (; n_bytes >= 8; bytes += 8, n_bytes -= 8) {
        uint32_t offset;
        memcpy(&offset, bytes, sizeof offset);
        memcpy(image + offset % (n_image - 3), bytes + 4, 4);
    }
    image_seal(image, n_image);
    if (tokenizer_from_image(image, n_image, &tokenizer, &error) == ALKFW_OK) {
        encode_and_check(tokenizer, text, sizeof text - 1);
        tokenizer_free(tokenizer);
    }
    free(image);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    static struct tokenizer *samples[N_SAMPLES];

    for (int i = 0; i < N_SAMPLES; i++) {
        if (samples[i] == NULL)
            samples[i] = parse_sample(i);
        try_image(samples[i], bytes, n_bytes);
    }
    return 0;
}
