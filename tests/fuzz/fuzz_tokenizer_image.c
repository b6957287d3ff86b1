/* SPDX-License-Identifier: Apache-2.0
 *
 * The input is what a forger would do to an image: pieces of [offset (4 bytes, little-endian),
 * value (4 bytes)] that are written into a good one, whose checksum is then set right. */
#include "model/tokenizer/image.h"
#include "model/tokenizer/tokenizer.h"
#include "tokenizer_sample.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    static const char text[] = "ab [SEP] <w> \xC3\x89t\xC3\xA9 \xE4\xB8\xAD\xE3\x80\xAE\xFF aab";
    static struct tokenizer *sample;
    struct tokenizer *tokenizer;
    alkfw_error error;
    size_t n_image;

    if (sample == NULL)
        sample = parse_sample();
    const void *good = tokenizer_image(sample, &n_image);
    unsigned char *image = aligned_alloc(64, n_image);
    if (image == NULL)
        return 0;
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
    return 0;
}
