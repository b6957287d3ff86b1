/* SPDX-License-Identifier: Apache-2.0
 *
 * The input is a text. */
#include "model/tokenizer/tokenizer.h"
#include "tokenizer_sample.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    static struct tokenizer *tokenizer;

    if (tokenizer == NULL)
        tokenizer = parse_sample();
    encode_and_check(tokenizer, bytes, n_bytes);
    return 0;
}
