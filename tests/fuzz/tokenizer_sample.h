/* SPDX-License-Identifier: Apache-2.0
 *
 * Files tokenizer.json that use all that there is, in little, for the fuzz targets. */
#ifndef TOKENIZER_SAMPLE_H
#define TOKENIZER_SAMPLE_H

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/tokenizer.h"

/* clang-format off */
#define SAMPLE_FLAGS(single_word, lstrip, rstrip, normalized)                                      \
    "\"single_word\":" #single_word ",\"lstrip\":" #lstrip ",\"rstrip\":" #rstrip                  \
    ",\"normalized\":" #normalized ",\"special\":false}"

static const char wordpiece_sample[] =
    "{\"version\":\"1.0\",\"added_tokens\":["
    "{\"id\":1,\"content\":\"[SEP]\"," SAMPLE_FLAGS(false, false, false, false) ","
    "{\"id\":9,\"content\":\"<w>\"," SAMPLE_FLAGS(true, false, false, false) ","
    "{\"id\":10,\"content\":\"<s\"," SAMPLE_FLAGS(false, true, true, false) ","
    "{\"id\":11,\"content\":\"<s>\"," SAMPLE_FLAGS(false, true, false, false) ","
    "{\"id\":12,\"content\":\"\\uFFFD\\uFFFD\"," SAMPLE_FLAGS(true, true, true, false) ","
    "{\"id\":13,\"content\":\"\\u00C9\"," SAMPLE_FLAGS(true, true, true, true) ","
    "{\"id\":14,\"content\":\" \\u302E\"," SAMPLE_FLAGS(false, true, false, true) "],"
    "\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,"
    "\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true},"
    "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
    "\"post_processor\":{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",1],\"cls\":[\"[SEP]\",1]},"
    "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
    "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":9,\"vocab\":"
    "{\"[UNK]\":0,\"[SEP]\":1,\"a\":2,\"##b\":3,\"ab\":4,\"##c\":5,\"##\\u302E\":6,"
    "\"\\u4E2D\":7,\"##\\u0430\":8}}}";

/* Normal forms, a regular expression, bytes as characters, offsets trimmed. */
static const char bpe_sample[] =
    "{\"version\":\"1.0\",\"added_tokens\":["
    "{\"id\":9,\"content\":\"[SEP]\"," SAMPLE_FLAGS(false, true, true, false) ","
    "{\"id\":10,\"content\":\"\\u00C9t\"," SAMPLE_FLAGS(true, false, false, true) "],"
    "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKC\"},{\"type\":\"Lowercase\"},"
    "{\"type\":\"NFD\"},{\"type\":\"StripAccents\"},{\"type\":\"Nmt\"},{\"type\":\"NFC\"}]},"
    "\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":["
    "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(?i:'s)|[^\\\\r\\\\n\\\\p{L}]?\\\\p{L}+|\\\\w|\\\\s+(?!\\\\S)|"
    "\\\\s*\"},\"behavior\":\"Isolated\",\"invert\":false},"
    "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":true}]},"
    "\"post_processor\":{\"type\":\"RobertaProcessing\",\"sep\":[\"[SEP]\",9],\"cls\":[\"[SEP]\",9],"
    "\"trim_offsets\":true,\"add_prefix_space\":true},"
    "\"model\":{\"type\":\"BPE\",\"unk_token\":\"?\",\"fuse_unk\":true,\"ignore_merges\":true,"
    "\"vocab\":{\"?\":0,\"a\":1,\"b\":2,\"ab\":3,\"\\u0120\":4,\"\\u0120ab\":5,\"c\":6,\"abc\":7,"
    "\"\\u0120a\":8},"
    "\"merges\":[\"a b\",\"\\u0120 ab\",[\"ab\",\"c\"],[\"\\u0120\",\"a\"]]}}";

/* A map of one character ("a" becomes "b"), pieces that keep their space, unknown bytes. */
static const char unigram_sample[] =
    "{\"version\":\"1.0\",\"added_tokens\":["
    "{\"id\":6,\"content\":\"<w>\"," SAMPLE_FLAGS(true, true, false, false) "],"
    "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":["
    "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":false},"
    "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"DAAAAACAAQBhDQAAAAAAgGIA\"},"
    "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\" \"},"
    "{\"type\":\"Prepend\",\"prepend\":\"x\"}]},"
    "\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":["
    "{\"type\":\"Digits\",\"individual_digits\":false},"
    "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithPrevious\"},"
    "{\"type\":\"Metaspace\",\"replacement\":\"\\u2581\",\"prepend_scheme\":\"first\"}]},"
    "\"post_processor\":null,"
    "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"byte_fallback\":true,\"vocab\":"
    "[[\"?\",0],[\"\\u2581\",-1.5],[\"b\",-2.25],[\"\\u2581b\",-2.5],[\"<0xC3>\",-9],[\"bb\",-4]]}}";
/* clang-format on */

enum { N_SAMPLES = 3 };

/* Encodes and checks what must hold of any text. */
static inline void encode_and_check(const struct tokenizer *tokenizer, const void *text,
                                    size_t n_bytes) {
    struct token_list tokens = {0};
    alkfw_error error;

    if (tokenizer_encode(tokenizer, text, n_bytes, &tokens, &error) != ALKFW_OK &&
        error.status != ALKFW_E_MEMORY && error.status != ALKFW_E_LIMIT &&
        error.status != ALKFW_E_FORMAT)
        abort();
    for (size_t i = 0; i < tokens.n_tokens; i++)
        if (tokens.ids[i] < 0 || (size_t)tokens.ids[i] >= tokenizer_vocabulary_size(tokenizer) ||
            tokens.starts[i] > tokens.ends[i] || tokens.ends[i] > n_bytes)
            abort();
    token_list_free(&tokens);
}

static inline struct tokenizer *parse_sample(int which) {
    const char *const samples[N_SAMPLES] = {wordpiece_sample, bpe_sample, unigram_sample};
    struct tokenizer *tokenizer;
    alkfw_error error;

    if (tokenizer_parse(samples[which], strlen(samples[which]), "sample", &tokenizer, &error) !=
        ALKFW_OK)
        abort();
    return tokenizer;
}

#endif
