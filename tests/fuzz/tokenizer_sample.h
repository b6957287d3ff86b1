/* SPDX-License-Identifier: Apache-2.0
 *
 * A tokenizer.json that uses all that there is, in little, for the fuzz targets. */
#ifndef TOKENIZER_SAMPLE_H
#define TOKENIZER_SAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/tokenizer.h"

#define SAMPLE_TOKEN(id, content, single_word, lstrip, rstrip, normalized)                         \
    "{\"id\":" #id ",\"content\":\"" content "\",\"single_word\":" #single_word                    \
    ",\"lstrip\":" #lstrip ",\"rstrip\":" #rstrip ",\"normalized\":" #normalized                   \
    ",\"special\":false}"

static const char tokenizer_sample[] =
    "{\"version\":\"1.0\",\"added_tokens\":[" SAMPLE_TOKEN(1, "[SEP]", false, false, false, false) "," SAMPLE_TOKEN(9, "<w>", true, false, false, false) "," SAMPLE_TOKEN(
        10, "<s", false, true, true,
        false) "," SAMPLE_TOKEN(11, "<s>", false, true, false,
                                false) "," SAMPLE_TOKEN(12, "\\uFFFD\\uFFFD", true, true, true,
                                                        false) "," SAMPLE_TOKEN(13, "\\u00C9", true,
                                                                                true, true,
                                                                                true) "," SAMPLE_TOKEN(14,
                                                                                                       " \\u302E",
                                                                                                       false,
                                                                                                       true,
                                                                                                       false,
                                                                                                       true) "],\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,"
                                                                                                             "\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true},"
                                                                                                             "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
                                                                                                             "\"post_processor\":{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",1],\"cls\":[\"[SEP]\",1]},"
                                                                                                             "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
                                                                                                             "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":9,\"vocab\":"
                                                                                                             "{\"[UNK]\":0,\"[SEP]\":1,\"a\":2,\"##b\":3,\"ab\":4,\"##c\":5,\"##\\u302E\":6,"
                                                                                                             "\"\\u4E2D\":7,\"##\\u0430\":8}}}";

/* Encodes and checks what must hold of any text. */
static inline void encode_and_check(const struct tokenizer *tokenizer, const void *text,
                                    size_t n_bytes) {
    struct token_list tokens = {0};
    alkfw_error error;

    if (tokenizer_encode(tokenizer, text, n_bytes, &tokens, &error) != ALKFW_OK &&
        error.status != ALKFW_E_MEMORY)
        abort();
    for (size_t i = 0; i < tokens.n_tokens; i++)
        if (tokens.ids[i] < 0 || (size_t)tokens.ids[i] >= tokenizer_vocabulary_size(tokenizer) ||
            tokens.starts[i] > tokens.ends[i] || tokens.ends[i] > n_bytes)
            abort();
    token_list_free(&tokens);
}

static inline struct tokenizer *parse_sample(void) {
    struct tokenizer *tokenizer;
    alkfw_error error;

    if (tokenizer_parse(tokenizer_sample, strlen(tokenizer_sample), "sample", &tokenizer, &error) !=
        ALKFW_OK)
        abort();
    return tokenizer;
}

#endif
