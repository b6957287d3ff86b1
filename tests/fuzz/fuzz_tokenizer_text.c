/* SPDX-License-Identifier: Apache-2.0
 *
 * The input is a text. */
#include "model/tokenizer/tokenizer.h"
#include "tokenizer_sample.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    static struct tokenizer *tokenizers[N_SAMPLES];

    for (int i = 0; i < N_SAMPLES; i++) {
        if (tokenizers[i] == NULL)
            tokenizers[i] = parse_sample(i);
        encode_and_check(tokenizers[i], bytes, n_bytes);
    }
    return 0;
}
