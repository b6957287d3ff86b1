/* SPDX-License-Identifier: Apache-2.0
 *
 * The input is a tokenizer.json. */
#include "model/tokenizer/tokenizer.h"
#include "tokenizer_sample.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    static const char text[] = "ab [SEP] <w> \xC3\x89t\xC3\xA9 \xE4\xB8\xAD\xE3\x80\xAE\xFF aab";
    struct tokenizer *tokenizer;
    struct tokenizer *again;
    alkfw_error error;
    size_t n_image;

    if (tokenizer_parse((const char *)bytes, n_bytes, "input", &tokenizer, &error) != ALKFW_OK)
        return 0;
    encode_and_check(tokenizer, text, sizeof text - 1);
    encode_and_check(tokenizer, bytes, n_bytes);
    /* What was built must be good enough for the check of what is mapped. */
    const void *image = tokenizer_image(tokenizer, &n_image);
    if (tokenizer_from_image(image, n_image, &again, &error) != ALKFW_OK)
        abort();
    tokenizer_free(again);
    tokenizer_free(tokenizer);
    return 0;
}
