/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw.h"
#include "model/tokenizer/image.h"
#include "model/tokenizer/tokenizer.h"
#include "run_tests.h"
#include "support/buffer.h"
#include "support/mapped_file.h"

/* ---- helpers --------------------------------------------------------------- */

/* A tokenizer.json in a few lines; %s are parts that a test may replace. */
static const char frame[] =
    "{\"version\":\"1.0\",\"added_tokens\":%s,\"normalizer\":%s,\"pre_tokenizer\":%s,"
    "\"post_processor\":%s,\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
    "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":%s,\"vocab\":%s}}";
static const char added[] = "[{\"id\":1,\"content\":\"[SEP]\",\"single_word\":false,"
                            "\"lstrip\":false,\"rstrip\":false,\"normalized\":false,"
                            "\"special\":true}]";
static const char normalizer[] =
    "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,"
    "\"strip_accents\":null,\"lowercase\":true}";
static const char pre_tokenizer[] = "{\"type\":\"BertPreTokenizer\"}";
static const char post_processor[] =
    "{\"type\":\"BertProcessing\",\"sep\":[\"[SEP]\",1],\"cls\":[\"[SEP]\",1]}";
static const char vocab[] = "{\"[UNK]\":0,\"[SEP]\":1,\"a\":2,\"##b\":3,\"ab\":4,\"##c\":5}";

struct parts {
    const char *added;
    const char *normalizer;
    const char *pre_tokenizer;
    const char *post_processor;
    const char *most;
    const char *vocab;
};

static const struct parts whole = {added, normalizer, pre_tokenizer, post_processor, "100", vocab};

static alkfw_status parse(const struct parts *parts, struct tokenizer **tokenizer,
                          alkfw_error *error) {
    char json[8192];
    int length = snprintf(json, sizeof json, frame, parts->added, parts->normalizer,
                          parts->pre_tokenizer, parts->post_processor, parts->most, parts->vocab);

    ck_assert(length > 0 && (size_t)length < sizeof json);
    return tokenizer_parse(json, (size_t)length, "tokenizer.json", tokenizer, error);
}

static struct tokenizer *parse_whole(void) {
    struct tokenizer *tokenizer;
    alkfw_error error;

    ck_assert_int_eq(parse(&whole, &tokenizer, &error), ALKFW_OK);
    return tokenizer;
}

/* The parts are refused with this status and a message that has `wanted` in it. */
static void check_refused(const struct parts *parts, alkfw_status status, const char *wanted) {
    struct tokenizer *tokenizer;
    alkfw_error error;

    ck_assert_int_eq(parse(parts, &tokenizer, &error), status);
    ck_assert_ptr_null(tokenizer);
    ck_assert_msg(strstr(error.message, wanted) != NULL, "\"%s\" is not in \"%s\"", wanted,
                  error.message);
}

static void encode(const struct tokenizer *tokenizer, const char *text, size_t n_bytes,
                   struct token_list *tokens) {
    alkfw_error error;

    ck_assert_int_eq(tokenizer_encode(tokenizer, text, n_bytes, tokens, &error), ALKFW_OK);
    for (size_t i = 0; i < tokens->n_tokens; i++) {
        ck_assert_int_ge(tokens->ids[i], 0);
        ck_assert_uint_lt((size_t)tokens->ids[i], tokenizer_vocabulary_size(tokenizer));
        ck_assert_uint_le(tokens->starts[i], tokens->ends[i]);
        ck_assert_uint_le(tokens->ends[i], n_bytes);
    }
}

static struct tokenizer *read_tokenizer(const char *path) {
    struct mapped_file file;
    struct tokenizer *tokenizer;
    alkfw_error error;

    ck_assert_msg(mapped_file_open(&file, path, "tokenizer", &error) == ALKFW_OK, "%s",
                  error.message);
    ck_assert_msg(tokenizer_parse((const char *)file.bytes, file.n_bytes, path, &tokenizer,
                                  &error) == ALKFW_OK,
                  "%s", error.message);
    mapped_file_close(&file);
    return tokenizer;
}

/* A path below tests/golden of the source tree. */
static const char *data_path(const char *name, char *path, size_t n_path) {
    const char *source = getenv("srcdir");
    int length = snprintf(path, n_path, "%s/tests/golden/%s", source != NULL ? source : ".", name);

    ck_assert(length > 0 && (size_t)length < n_path);
    return path;
}

/* ---- goldens ----------------------------------------------------------------- */

/* The text of a golden: "text", or "hex" where it is not UTF-8. */
static void read_text(const json_t *row, struct buffer *text) {
    const json_t *plain = json_object_get(row, "text");
    const char *hex = json_string_value(json_object_get(row, "hex"));

    buffer_init(text, 1 << 20);
    if (plain != NULL) {
        ck_assert(buffer_append(text, json_string_value(plain), json_string_length(plain)));
        return;
    }
    for (; hex[0] != '\0'; hex += 2) {
        char digits[3] = {hex[0], hex[1], '\0'};
        char byte = (char)strtoul(digits, NULL, 16);
        ck_assert(buffer_append(text, &byte, 1));
    }
}

static void check_golden(const struct tokenizer *tokenizer, const json_t *row, const char *where,
                         unsigned line, struct token_list *tokens) {
    const json_t *ids = json_object_get(row, "ids");
    const json_t *offsets = json_object_get(row, "offsets");
    struct buffer text;

    read_text(row, &text);
    encode(tokenizer, text.bytes != NULL ? text.bytes : "", text.length, tokens);
    ck_assert_msg(tokens->n_tokens == json_array_size(ids), "%s:%u: %zu tokens instead of %zu",
                  where, line, tokens->n_tokens, json_array_size(ids));
    for (size_t i = 0; i < tokens->n_tokens; i++) {
        const json_t *pair = json_array_get(offsets, i);
        ck_assert_msg(json_integer_value(json_array_get(ids, i)) == tokens->ids[i] &&
                          json_integer_value(json_array_get(pair, 0)) == tokens->starts[i] &&
                          json_integer_value(json_array_get(pair, 1)) == tokens->ends[i],
                      "%s:%u: token %zu is %d [%u, %u)", where, line, i, tokens->ids[i],
                      tokens->starts[i], tokens->ends[i]);
    }
    buffer_free(&text);
}

/* Checks each row of a file of tests/golden; returns how many there are. */
static unsigned check_goldens(const struct tokenizer *tokenizer, const char *name) {
    char path[4096];
    FILE *file = fopen(data_path(name, path, sizeof path), "r");
    struct token_list tokens = {0};
    json_error_t error;
    unsigned line = 0;
    json_t *row;

    ck_assert_msg(file != NULL, "cannot open %s", path);
    while ((row = json_loadf(file, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error)) != NULL) {
        check_golden(tokenizer, row, name, ++line, &tokens);
        json_decref(row);
    }
    ck_assert(feof(file));
    (void)fclose(file);
    token_list_free(&tokens);
    return line;
}

START_TEST(goldens_of_the_small_tokenizer) {
    char path[4096];
    struct tokenizer *tokenizer =
        read_tokenizer(data_path("tokenizer-small.json", path, sizeof path));
    const struct tokenizer_template *template = tokenizer_get_template(tokenizer);

    ck_assert_uint_ge(check_goldens(tokenizer, "tokenizer-small.jsonl"), 150);
    ck_assert_uint_eq(template->n_prefix, 1);
    ck_assert_int_eq(template->prefix[0], 2); /* [CLS] */
    ck_assert_uint_eq(template->n_suffix, 1);
    ck_assert_int_eq(template->suffix[0], 3); /* [SEP] */
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(goldens_of_the_image_alone) {
    char path[4096];
    struct tokenizer *parsed = read_tokenizer(data_path("tokenizer-small.json", path, sizeof path));
    struct tokenizer *tokenizer;
    alkfw_error error;
    size_t n_bytes;
    const void *image = tokenizer_image(parsed, &n_bytes);

    ck_assert_uint_eq((uintptr_t)image % 64, 0);
    void *copy = aligned_alloc(64, n_bytes);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, image, n_bytes);
    tokenizer_free(parsed);
    ck_assert_int_eq(tokenizer_from_image(copy, n_bytes, &tokenizer, &error), ALKFW_OK);
    ck_assert_uint_ge(check_goldens(tokenizer, "tokenizer-small.jsonl"), 150);
    tokenizer_free(tokenizer);
    free(copy);
}
END_TEST

/* Small tokenizers of other kinds, see scripts/make-tokenizer-goldens. */
static const char *const kinds[] = {"bytes", "prefix", "pieces", "unigram"};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

static struct tokenizer *read_kind(int kind) {
    char name[64];
    char path[4096];

    (void)snprintf(name, sizeof name, "tokenizer-%s.json", kinds[kind]);
    return read_tokenizer(data_path(name, path, sizeof path));
}

/* From the JSON, and from an image that lies elsewhere. */
START_TEST(goldens_of_other_kinds) {
    char name[64];
    struct tokenizer *parsed = read_kind(_i);
    struct tokenizer *tokenizer;
    alkfw_error error;
    size_t n_bytes;

    (void)snprintf(name, sizeof name, "tokenizer-%s.jsonl", kinds[_i]);
    ck_assert_uint_ge(check_goldens(parsed, name), 150);
    const void *image = tokenizer_image(parsed, &n_bytes);
    void *copy = aligned_alloc(64, n_bytes);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, image, n_bytes);
    tokenizer_free(parsed);
    ck_assert_int_eq(tokenizer_from_image(copy, n_bytes, &tokenizer, &error), ALKFW_OK);
    ck_assert_uint_ge(check_goldens(tokenizer, name), 150);
    tokenizer_free(tokenizer);
    free(copy);
}
END_TEST

START_TEST(templates_of_other_kinds) {
    static const struct {
        size_t n_prefix;
        size_t n_suffix;
    } wanted[N_KINDS] = {{1, 0}, {1, 1}, {1, 0}, {0, 0}};
    struct tokenizer *tokenizer = read_kind(_i);
    const struct tokenizer_template *template = tokenizer_get_template(tokenizer);

    ck_assert_uint_eq(template->n_prefix, wanted[_i].n_prefix);
    ck_assert_uint_eq(template->n_suffix, wanted[_i].n_suffix);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(goldens_of_the_real_tokenizer) {
    const char *model = getenv("ALKFW_TEST_MODEL");
    char path[4096];

    if (model == NULL) {
        fprintf(stderr, "SKIP: goldens of the real tokenizer: ALKFW_TEST_MODEL is not set\n");
        return;
    }
    int length = snprintf(path, sizeof path, "%s/tokenizer.json", model);
    ck_assert(length > 0 && (size_t)length < sizeof path);
    struct tokenizer *tokenizer = read_tokenizer(path);
    ck_assert_uint_ge(check_goldens(tokenizer, "tokenizer-minilm.jsonl"), 150);
    ck_assert_uint_eq(tokenizer_vocabulary_size(tokenizer), 30522);
    tokenizer_free(tokenizer);
}
END_TEST

/* ---- texts ------------------------------------------------------------------- */

START_TEST(empty_text_has_no_tokens) {
    struct tokenizer *tokenizer = parse_whole();
    struct token_list tokens = {0};

    encode(tokenizer, "", 0, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, 0);
    encode(tokenizer, NULL, 0, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, 0);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(a_huge_word_is_one_unknown_token) {
    enum { N_BYTES = 1 << 20 };
    struct tokenizer *tokenizer = parse_whole();
    struct token_list tokens = {0};
    char *text = malloc(N_BYTES);

    ck_assert_ptr_nonnull(text);
    memset(text, 'a', N_BYTES);
    text[N_BYTES - 2] = ' ';
    encode(tokenizer, text, N_BYTES, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, 2);
    ck_assert_int_eq(tokens.ids[0], 0);
    ck_assert_uint_eq(tokens.starts[0], 0);
    ck_assert_uint_eq(tokens.ends[0], N_BYTES - 2);
    ck_assert_int_eq(tokens.ids[1], 2);
    ck_assert_uint_eq(tokens.capacity, 256); /* nothing grew with the word */
    free(text);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(long_words_when_the_model_takes_them) {
    struct parts parts = whole;
    struct tokenizer *tokenizer;
    struct token_list tokens = {0};
    char text[5000];
    alkfw_error error;

    parts.most = "4999";
    ck_assert_int_eq(parse(&parts, &tokenizer, &error), ALKFW_OK);
    memset(text, 'b', sizeof text);
    text[0] = 'a';
    encode(tokenizer, text, 4999, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, 4998); /* ab ##b ##b ... */
    ck_assert_uint_eq(tokens.starts[4997], 4998);
    encode(tokenizer, text, 5000, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, 1);
    ck_assert_int_eq(tokens.ids[0], 0);
    memcpy(text + 2000, "\xCC\x81", 2); /* a mark: the offsets are no longer implied */
    encode(tokenizer, text, 4999, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, 4996);
    ck_assert_uint_eq(tokens.ends[4995], 4999);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

/* One huge piece: no model or step may need time that grows with its square. */
START_TEST(huge_pieces_of_other_kinds) {
    enum { N_BYTES = 1 << 18 };
    static const char *const units[] = {
        "a",  "ab", " ", "\n", "'", "\xE4\xB8\xAD", "\xFF", "e\xCC\x81\xCC\xA3", "\xE2\x80\x8D",
        "a 1"};
    struct tokenizer *tokenizer = read_kind(_i);
    struct token_list tokens = {0};
    alkfw_error error;
    char *text = malloc(N_BYTES + 8);

    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t n_unit = strlen(units[i]);
        for (size_t at = 0; at < N_BYTES; at += n_unit)
            memcpy(text + at, units[i], n_unit);
        ck_assert_int_eq(tokenizer_encode(tokenizer, text, N_BYTES, &tokens, &error), ALKFW_OK);
        size_t n_outside = 0; /* counted, because asserting a million times takes long */
        for (size_t token = 0; token < tokens.n_tokens; token++)
            n_outside += tokens.starts[token] > tokens.ends[token] || tokens.ends[token] > N_BYTES;
        ck_assert_uint_eq(n_outside, 0);
    }
    free(text);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

/* What a normalizer makes of a text may not be without bounds. */
START_TEST(a_text_that_swells_is_refused) {
    enum { N_CONTENT = 4000 };
    char json[N_CONTENT + 512];
    char content[N_CONTENT + 1];
    char text[8192];
    struct tokenizer *tokenizer;
    struct token_list tokens = {0};
    alkfw_error error;

    memset(content, 'b', N_CONTENT);
    content[N_CONTENT] = '\0';
    int length = snprintf(json, sizeof json,
                          "{\"version\":\"1.0\",\"normalizer\":{\"type\":\"Replace\",\"pattern\":"
                          "{\"String\":\"a\"},\"content\":\"%s\"},\"model\":{\"type\":\"BPE\","
                          "\"vocab\":{\"b\":0},\"merges\":[]}}",
                          content);
    ck_assert(length > 0 && (size_t)length < sizeof json);
    ck_assert_int_eq(tokenizer_parse(json, (size_t)length, "t.json", &tokenizer, &error), ALKFW_OK);
    encode(tokenizer, "a", 1, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, N_CONTENT);
    memset(text, 'a', sizeof text);
    ck_assert_int_eq(tokenizer_encode(tokenizer, text, sizeof text, &tokens, &error),
                     ALKFW_E_LIMIT);
    ck_assert_ptr_nonnull(strstr(error.message, "swells"));
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

/* A pattern that doubles back is cut off, and the text is an error, not without tokens. */
START_TEST(a_pattern_that_takes_too_long_is_an_error) {
    static const char json[] =
        "{\"version\":\"1.0\",\"pre_tokenizer\":{\"type\":\"Split\",\"pattern\":{\"Regex\":"
        "\"(?:a|aa)+(?:b|c)\"},\"behavior\":\"Isolated\",\"invert\":false},"
        "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}";
    char text[4096];
    struct tokenizer *tokenizer;
    struct token_list tokens = {0};
    alkfw_error error;

    ck_assert_int_eq(tokenizer_parse(json, strlen(json), "t.json", &tokenizer, &error), ALKFW_OK);
    memset(text, 'a', sizeof text);
    ck_assert_int_eq(tokenizer_encode(tokenizer, text, sizeof text, &tokens, &error),
                     ALKFW_E_LIMIT);
    ck_assert_ptr_nonnull(strstr(error.message, "regular expression"));
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(a_text_over_two_gigabytes_is_refused) {
    struct tokenizer *tokenizer = parse_whole();
    struct token_list tokens = {0};
    alkfw_error error;

    ck_assert_int_eq(tokenizer_encode(tokenizer, "", (size_t)INT32_MAX + 1, &tokens, &error),
                     ALKFW_E_LIMIT);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

/* ---- tokenizer.json ---------------------------------------------------------- */

START_TEST(parts_may_be_null) {
    const struct parts parts = {"[]", "null", "null", "null", "100", vocab};
    struct tokenizer *tokenizer;
    struct token_list tokens = {0};
    alkfw_error error;

    ck_assert_int_eq(parse(&parts, &tokenizer, &error), ALKFW_OK);
    ck_assert_uint_eq(tokenizer_get_template(tokenizer)->n_prefix, 0);
    encode(tokenizer, "ab", 2, &tokens);
    ck_assert_uint_eq(tokens.n_tokens, 1);
    ck_assert_int_eq(tokens.ids[0], 4);
    encode(tokenizer, "a b", 3, &tokens);
    ck_assert_int_eq(tokens.ids[0], 0);
    ck_assert_uint_eq(tokens.ends[0], 3);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
}
END_TEST

START_TEST(every_truncation_is_refused) {
    char json[8192];
    int length = snprintf(json, sizeof json, frame, added, normalizer, pre_tokenizer,
                          post_processor, "100", vocab);
    struct tokenizer *tokenizer;
    alkfw_error error;

    for (size_t n = 0; n < (size_t)length; n++) {
        /* An allocation of the exact size lets AddressSanitizer see a read past the end. */
        char *cut = malloc(n > 0 ? n : 1);
        ck_assert_ptr_nonnull(cut);
        memcpy(cut, json, n);
        ck_assert_int_eq(tokenizer_parse(cut, n, "cut.json", &tokenizer, &error), ALKFW_E_FORMAT);
        ck_assert_ptr_eq(strstr(error.message, "cut.json"), error.message);
        free(cut);
    }
}
END_TEST

START_TEST(not_a_tokenizer_json) {
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"version\":1}",
        "{\"version\":\"1.0\"} x",
        "\xFF\xFE",
        "{\"version\":\"1.0\",\"version\":\"1.0\"}",
    };
    struct tokenizer *tokenizer;
    alkfw_error error;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert_int_eq(
            tokenizer_parse(texts[i], strlen(texts[i]), "tokenizer.json", &tokenizer, &error),
            ALKFW_E_FORMAT);
    static const char newer[] = "{\"version\":\"2.0\"}";
    ck_assert_int_eq(tokenizer_parse(newer, strlen(newer), "tokenizer.json", &tokenizer, &error),
                     ALKFW_E_UNSUPPORTED);
}
END_TEST

START_TEST(deep_nesting_is_refused) {
    enum { DEPTH = 1 << 20 };
    char *json = malloc(DEPTH);
    struct tokenizer *tokenizer;
    alkfw_error error;

    ck_assert_ptr_nonnull(json);
    memset(json, '[', DEPTH);
    ck_assert_int_eq(tokenizer_parse(json, DEPTH, "tokenizer.json", &tokenizer, &error),
                     ALKFW_E_FORMAT);
    free(json);
}
END_TEST

static size_t count_tokens(const char *json, size_t n_rows, const char *text,
                           size_t *vocabulary_size) {
    struct token_list tokens = {0};
    struct tokenizer *tokenizer;
    alkfw_error error;

    alkfw_status status =
        tokenizer_parse_for(json, strlen(json), "t.json", n_rows, &tokenizer, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    encode(tokenizer, text, strlen(text), &tokens);
    size_t n_tokens = tokens.n_tokens;
    *vocabulary_size = tokenizer_vocabulary_size(tokenizer);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
    return n_tokens;
}

/* As <image_soft_token> of Gemma 3. */
START_TEST(an_added_token_beyond_the_model_is_text_like_any_other) {
#define FLAGS                                                                                      \
    "\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":"    \
    "true"
    static const char json[] =
        "{\"version\":\"1.0\",\"added_tokens\":[{\"id\":0,\"content\":\"a\"," FLAGS "},"
        "{\"id\":3,\"content\":\"<b>\"," FLAGS "},{\"id\":4,\"content\":\"<c>\"," FLAGS "}],"
        "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"<\":1,\"c\":2},\"merges\":[]}}";
    static const char around[] =
        "{\"version\":\"1.0\",\"added_tokens\":[{\"id\":2,\"content\":\"<s>\"," FLAGS "}],"
        "\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":"
        "\"<s>\",\"type_id\":0}},{\"Sequence\":{\"id\":\"A\",\"type_id\":0}}],\"pair\":[],"
        "\"special_tokens\":{\"<s>\":{\"id\":\"<s>\",\"ids\":[2],\"tokens\":[\"<s>\"]}}},"
        "\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"<\":1},\"merges\":[]}}";
#undef FLAGS
    size_t size;

    ck_assert_uint_eq(count_tokens(json, SIZE_MAX, "<c><b>a", &size), 3);
    ck_assert_uint_eq(size, 5);
    ck_assert_uint_eq(count_tokens(json, 4, "<c><b>a", &size), 4); /* "<", "c" */
    ck_assert_uint_eq(size, 4);
    ck_assert_uint_eq(count_tokens(json, 3, "<c><b>a", &size), 4); /* "<", "c", "<", "a" */
    ck_assert_uint_eq(size, 3);
    /* What the vocabulary has, and what is around every text, stays: the model does not fit. */
    ck_assert_uint_eq(count_tokens(json, 1, "<c>", &size), 2);
    ck_assert_uint_eq(size, 3);
    ck_assert_uint_eq(count_tokens(around, 2, "<a", &size), 2);
    ck_assert_uint_eq(size, 3);
}
END_TEST

START_TEST(other_kinds_are_named_with_the_known_ones) {
    struct parts parts = whole;

    parts.normalizer = "{\"type\":\"Nfc\"}";
    check_refused(
        &parts, ALKFW_E_UNSUPPORTED,
        "normalizer \"Nfc\" is not supported; this version knows BertNormalizer, ByteLevel");
    parts = whole;
    parts.pre_tokenizer = "{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Digits\","
                          "\"individual_digits\":true},{\"type\":\"UnicodeScripts\"}]}";
    check_refused(&parts, ALKFW_E_UNSUPPORTED,
                  "\"UnicodeScripts\" is not supported; this version knows BertPreTokenizer, ");
    parts = whole;
    parts.post_processor = "{\"type\":\"PairProcessing\"}";
    check_refused(&parts, ALKFW_E_UNSUPPORTED, "this version knows BertProcessing, ByteLevel, ");

    static const char word_level[] = "{\"version\":\"1.0\",\"model\":{\"type\":\"WordLevel\"}}";
    static const char none[] = "{\"version\":\"1.0\"}";
    struct tokenizer *tokenizer;
    alkfw_error error;
    ck_assert_int_eq(
        tokenizer_parse(word_level, strlen(word_level), "tokenizer.json", &tokenizer, &error),
        ALKFW_E_UNSUPPORTED);
    ck_assert_ptr_nonnull(strstr(error.message, "\"WordLevel\" is not supported; this version "
                                                "knows WordPiece, BPE and Unigram"));
    ck_assert_int_eq(tokenizer_parse(none, strlen(none), "tokenizer.json", &tokenizer, &error),
                     ALKFW_E_UNSUPPORTED);
}
END_TEST

/* Models other than WordPiece that cannot be meant. */
START_TEST(bad_models_are_refused) {
    static const struct {
        const char *model;
        const char *message;
    } cases[] = {
        {"{\"type\":\"BPE\"}", "model.vocab must be an object"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0}}", "model.merges must be an array"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a\"]}", "must be pairs of tokens"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a a a\"]}", "must be pairs"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[[\"a\",1]]}", "must be pairs"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[[\"a\",\"b\"]]}",
         "a merge has \"b\", which is not in the vocabulary"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[[\"a\",\"a\"]]}",
         "a merge has \"aa\", which is not in the vocabulary"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"dropout\":0.5}", "dropout"},
        {"{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[],\"fuse_unk\":1}", "true or false"},
        {"{\"type\":\"Unigram\",\"vocab\":{}}", "model.vocab must be an array"},
        {"{\"type\":\"Unigram\",\"vocab\":[]}", "of 1 to 4194304 tokens"},
        {"{\"type\":\"Unigram\",\"vocab\":[[\"a\",-1]]}", "model.unk_id must be"},
        {"{\"type\":\"Unigram\",\"unk_id\":1,\"vocab\":[[\"a\",-1]]}", "model.unk_id must be"},
        {"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\"]]}", "a token and its score"},
        {"{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"a\",\"1\"]]}", "and its score"},
    };
    char json[1024];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tokenizer *tokenizer;
        alkfw_error error;
        (void)snprintf(json, sizeof json, "{\"version\":\"1.0\",\"model\":%s}", cases[i].model);
        ck_assert_int_ne(tokenizer_parse(json, strlen(json), "t.json", &tokenizer, &error),
                         ALKFW_OK);
        ck_assert_msg(strstr(error.message, cases[i].message) != NULL, "\"%s\" is not in \"%s\"",
                      cases[i].message, error.message);
    }
}
END_TEST

/* Normalizers and pre-tokenizers, each with what is wrong with it. */
START_TEST(bad_steps_are_refused) {
#define SPLIT(pattern)                                                                             \
    "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"" pattern                                        \
    "\"},\"behavior\":\"Isolated\",\"invert\":false}"
    static const struct {
        const char *pre_tokenizer;
        alkfw_status status;
        const char *message;
    } cases[] = {
        {SPLIT("("), ALKFW_E_FORMAT, "no regular expression"},
        {SPLIT("[a"), ALKFW_E_FORMAT, "no regular expression"},
        {SPLIT(""), ALKFW_E_FORMAT, "must have 1 to"},
        {SPLIT("[^\\\\d\\\\s]+(?i:a)"), ALKFW_OK, ""},
        {SPLIT("\\\\h"), ALKFW_E_UNSUPPORTED, "an escape that PCRE2 reads differently"},
        {SPLIT("\\\\C"), ALKFW_E_UNSUPPORTED, "an escape"},
        {SPLIT("(*UTF)a"), ALKFW_E_UNSUPPORTED, "a verb"},
        {SPLIT("(?R)"), ALKFW_E_UNSUPPORTED, "a group of another kind"},
        {SPLIT("[a[bc]]"), ALKFW_E_UNSUPPORTED, "a class in a class"},
        {SPLIT("[a&&b]"), ALKFW_E_UNSUPPORTED, "an intersection"},
        {SPLIT("[\\\\W]"), ALKFW_E_UNSUPPORTED, "\\W in a class"},
        {SPLIT("a{1,2}+"), ALKFW_E_UNSUPPORTED, "an interval"},
        {SPLIT("\\\\p{No Such}"), ALKFW_E_UNSUPPORTED, "a property"},
        {SPLIT("\\\\p{Nosuch}"), ALKFW_E_FORMAT, "no regular expression"},
        {"{\"type\":\"Split\",\"pattern\":\"a\",\"behavior\":\"Isolated\",\"invert\":false}",
         ALKFW_E_FORMAT, "pre_tokenizer.pattern.String must be a string"},
        {"{\"type\":\"Split\",\"pattern\":{\"String\":\"a\"},\"behavior\":\"Kept\"}",
         ALKFW_E_UNSUPPORTED, "this version knows Isolated, Removed, "},
        {"{\"type\":\"Metaspace\",\"replacement\":\"ab\"}", ALKFW_E_FORMAT,
         "must be one character"},
        {"{\"type\":\"Metaspace\",\"replacement\":\"_\",\"prepend_scheme\":\"last\"}",
         ALKFW_E_UNSUPPORTED, "always, first and never"},
        {"{\"type\":\"ByteLevel\"}", ALKFW_E_FORMAT, "add_prefix_space must be true or false"},
        {"{\"type\":\"Sequence\"}", ALKFW_E_FORMAT, "pretokenizers must be an array"},
        {"{\"type\":\"Sequence\",\"pretokenizers\":[[]]}", ALKFW_E_FORMAT, "must be an object"},
    };
    struct parts parts = whole;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parts.pre_tokenizer = cases[i].pre_tokenizer;
        if (cases[i].status != ALKFW_OK) {
            check_refused(&parts, cases[i].status, cases[i].message);
            continue;
        }
        struct tokenizer *tokenizer;
        alkfw_error error;
        ck_assert_int_eq(parse(&parts, &tokenizer, &error), ALKFW_OK);
        tokenizer_free(tokenizer);
    }
    parts = whole;
    parts.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAA!\"}";
    check_refused(&parts, ALKFW_E_FORMAT, "not in base64");
    parts.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"/////wAAAAA=\"}";
    check_refused(&parts, ALKFW_E_FORMAT, "too short for its trie");
    parts.normalizer = "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAAAAA==\"}";
    check_refused(&parts, ALKFW_E_FORMAT, "too short for its trie");
}
END_TEST

START_TEST(sequences_too_deep_are_refused) {
    char nested[4096] = "";
    struct parts parts = whole;

    for (int i = 0; i < 9; i++)
        strncat(nested, "{\"type\":\"Sequence\",\"normalizers\":[",
                sizeof nested - strlen(nested) - 1);
    for (int i = 0; i < 9; i++)
        strncat(nested, "]}", sizeof nested - strlen(nested) - 1);
    parts.normalizer = nested;
    check_refused(&parts, ALKFW_E_FORMAT, "nested too deeply");
}
END_TEST

START_TEST(bad_vocabularies_are_refused) {
    static const struct {
        const char *vocab;
        const char *message;
    } cases[] = {
        {"{}", "the vocabulary is empty"},
        {"{\"a\":2}", "the unknown token \"[UNK]\" is not in the vocabulary"},
        {"{\"[UNK]\":0,\"a\":0}", "have the same id 0"},
        {"{\"[UNK]\":0,\"a\":2,\"a\":3}", "duplicate object key"},
        {"{\"[UNK]\":0,\"a\":-1}", "the id of a must be a whole number"},
        {"{\"[UNK]\":0,\"a\":4194304}", "from 0 to 4194303"},
        {"{\"[UNK]\":0,\"a\":99999999999999999999}", "too big"},
        {"{\"[UNK]\":0,\"a\":1.5}", "must be a whole number"},
        {"{\"[UNK]\":0,\"a\":\"2\"}", "must be a whole number"},
        {"{\"[UNK]\":0,\"a\":NaN}", "invalid token"},
        {"{\"[UNK]\":0,3:1}", "string or '}' expected"},
        {"{\"[UNK]\":0,\"\\ud800\":1}", "invalid Unicode"},
        {"[\"[UNK]\"]", "must be an object"},
        {"null", "must be an object"},
    };
    struct parts parts = whole;

    parts.added = "[]";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parts.vocab = cases[i].vocab;
        check_refused(&parts, ALKFW_E_FORMAT, cases[i].message);
    }
    static const char *const limits[] = {"-1", "1.0", "\"100\"", "null", "4294967296", "1e400"};
    parts = whole;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        parts.most = limits[i];
        check_refused(&parts, ALKFW_E_FORMAT, "");
    }
}
END_TEST

#define FLAGS                                                                                      \
    "\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":true,\"special\":"     \
    "false"

START_TEST(bad_added_tokens_are_refused) {
    static const struct {
        const char *added;
        const char *message;
    } cases[] = {
        {"{}", "\"added_tokens\" must be an array"},
        {"[1]", "must be a whole number"},
        {"[{\"id\":6," FLAGS "}]", "added_tokens[].content must be a string"},
        {"[{\"id\":6,\"content\":\"\"," FLAGS "}]", "an added token is empty"},
        {"[{\"id\":6,\"content\":\"x\"}]", "added_tokens[].single_word must be true or false"},
        {"[{\"content\":\"x\"," FLAGS "}]", "must be a whole number"},
        {"[{\"id\":5,\"content\":\"a\"," FLAGS "}]", "has the id 5, but the vocabulary says 2"},
        {"[{\"id\":7,\"content\":\"x\"," FLAGS "}]", "but the vocabulary goes on with 6"},
        {"[{\"id\":6,\"content\":\"x\"," FLAGS "},{\"id\":6,\"content\":\"y\"," FLAGS "}]",
         "has the id 6, but the vocabulary goes on with 7"},
        {"[{\"id\":1,\"content\":\"[SEP]\"," FLAGS "},{\"id\":1,\"content\":\"[SEP]\"," FLAGS "}]",
         "two added tokens have the id 1"},
    };
    struct parts parts = whole;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parts.added = cases[i].added;
        check_refused(&parts, ALKFW_E_FORMAT, cases[i].message);
    }
    parts.vocab = "{\"[UNK]\":0,\"[SEP]\":1,\"a\":3}"; /* the next id is taken */
    parts.added = "[{\"id\":3,\"content\":\"x\"," FLAGS "}]";
    check_refused(&parts, ALKFW_E_FORMAT, "has the id 3 of \"a\"");
}
END_TEST

START_TEST(bad_normalizers_and_post_processors_are_refused) {
    static const struct {
        const char *normalizer;
        const char *post_processor;
        alkfw_status status;
        const char *message;
    } cases[] = {
        {"[]", post_processor, ALKFW_E_FORMAT, "\"normalizer\" must be an object"},
        {"{}", post_processor, ALKFW_E_FORMAT, "normalizer.type must be a string"},
        {"{\"type\":\"BertNormalizer\"}", post_processor, ALKFW_E_FORMAT, "normalizer.clean_text"},
        {normalizer, "{\"type\":\"BertProcessing\"}", ALKFW_E_FORMAT, "post_processor.cls"},
        {normalizer, "{\"type\":\"BertProcessing\",\"cls\":[\"x\",6],\"sep\":[\"x\",1]}",
         ALKFW_E_FORMAT, "outside the vocabulary"},
        {normalizer, "{\"type\":\"TemplateProcessing\"}", ALKFW_E_FORMAT, "must be an array"},
        {normalizer, "{\"type\":\"TemplateProcessing\",\"single\":[]}", ALKFW_E_FORMAT,
         "no sequence \"A\""},
        {normalizer, "{\"type\":\"TemplateProcessing\",\"single\":[{\"Sequence\":{\"id\":\"B\"}}]}",
         ALKFW_E_FORMAT, "the sequence \"A\" once"},
        {normalizer,
         "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"x\"}}]}",
         ALKFW_E_FORMAT, "no ids for \"x\""},
        {normalizer,
         "{\"type\":\"TemplateProcessing\",\"single\":[{\"SpecialToken\":{\"id\":\"x\"}}],"
         "\"special_tokens\":{\"x\":{\"ids\":[1,1,1,1,1,1,1,1,1]}}}",
         ALKFW_E_UNSUPPORTED, "more than 8 tokens"},
    };
    struct parts parts = whole;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        parts.normalizer = cases[i].normalizer;
        parts.post_processor = cases[i].post_processor;
        check_refused(&parts, cases[i].status, cases[i].message);
    }
}
END_TEST

/* ---- damaged images ----------------------------------------------------------- */

static const char any_text[] = "ab [SEP] abc \xC3\xA9\xE4\xB8\xAD\xE3\x80\xAE\xCC\x81 \xFF aab\n";

/* Opens the image and, if that is possible, uses it: what comes out matters to no one. */
static bool survives(const void *image, size_t n_bytes) {
    struct tokenizer *tokenizer;
    struct token_list tokens = {0};
    alkfw_error error;

    if (tokenizer_from_image(image, n_bytes, &tokenizer, &error) != ALKFW_OK) {
        ck_assert_int_eq(error.status, ALKFW_E_FORMAT);
        return false;
    }
    encode(tokenizer, any_text, sizeof any_text - 1, &tokens);
    token_list_free(&tokens);
    tokenizer_free(tokenizer);
    return true;
}

/* A copy of the image of a tokenizer, of exactly its size. */
static unsigned char *copy_image_of(struct tokenizer *tokenizer, size_t *n_bytes) {
    const void *image = tokenizer_image(tokenizer, n_bytes);
    unsigned char *copy = aligned_alloc(64, *n_bytes);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, image, *n_bytes);
    tokenizer_free(tokenizer);
    return copy;
}

static unsigned char *copy_image(size_t *n_bytes) {
    return copy_image_of(parse_whole(), n_bytes);
}

START_TEST(a_damaged_image_is_noticed) {
    size_t n_bytes;
    unsigned char *image = copy_image(&n_bytes);

    ck_assert(survives(image, n_bytes));
    for (size_t at = 0; at < n_bytes; at += at < 1024 ? 1 : 61) {
        image[at] ^= 0x10;
        ck_assert_msg(!survives(image, n_bytes), "byte %zu", at);
        image[at] ^= 0x10;
    }
    for (size_t n = 0; n < n_bytes; n += n < 1024 ? 1 : 64)
        ck_assert(!survives(image, n));
    ck_assert(!survives(image + 1, n_bytes - 64));
    free(image);
}
END_TEST

/* What a forger would do: the checksum is right. Nothing may be read outside the image. */
START_TEST(a_forged_image_is_harmless) {
    static const unsigned char masks[] = {0x01, 0x80, 0xFF};
    size_t n_bytes;
    unsigned char *image = copy_image(&n_bytes);
    unsigned n_opened = 0;

    for (size_t i = 0; i < sizeof masks; i++)
        /* The character table is most of it, and its bytes are all alike. */
        for (size_t at = 0; at<n_bytes; at += at> 512 && at + 2048 < n_bytes ? 397 : 1) {
            image[at] ^= masks[i];
            image_seal(image, n_bytes);
            n_opened += survives(image, n_bytes);
            image[at] ^= masks[i];
        }
    ck_assert_uint_gt(n_opened, 0);
    free(image);
}
END_TEST

/* The same for the other kinds, at places that a seed picks: all of them would take too long. */
START_TEST(forged_images_of_other_kinds_are_harmless) {
    size_t n_bytes;
    unsigned char *image = copy_image_of(read_kind(_i), &n_bytes);
    uint32_t chance = 12345;
    unsigned n_opened = 0;

    for (int round = 0; round < 1500; round++) {
        chance = chance * 1664525u + 1013904223u;
        /* Half of them in the header. */
        size_t at = (chance >> 8) % (round % 2 == 0 && n_bytes > 512 ? 512 : n_bytes);
        unsigned char mask = (unsigned char)(1u << (chance >> 28 & 7));
        image[at] ^= mask;
        image_seal(image, n_bytes);
        n_opened += survives(image, n_bytes);
        image[at] ^= mask;
    }
    ck_assert_uint_gt(n_opened, 0);
    free(image);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("tokenizer");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, goldens_of_the_small_tokenizer);
    tcase_add_test(tests, goldens_of_the_image_alone);
    tcase_add_loop_test(tests, goldens_of_other_kinds, 0, N_KINDS);
    tcase_add_loop_test(tests, templates_of_other_kinds, 0, N_KINDS);
    tcase_add_test(tests, goldens_of_the_real_tokenizer);
    tcase_add_test(tests, empty_text_has_no_tokens);
    tcase_add_test(tests, a_huge_word_is_one_unknown_token);
    tcase_add_test(tests, long_words_when_the_model_takes_them);
    tcase_add_loop_test(tests, huge_pieces_of_other_kinds, 0, N_KINDS);
    tcase_add_test(tests, a_text_that_swells_is_refused);
    tcase_add_test(tests, a_pattern_that_takes_too_long_is_an_error);
    tcase_add_test(tests, a_text_over_two_gigabytes_is_refused);
    tcase_add_test(tests, parts_may_be_null);
    tcase_add_test(tests, every_truncation_is_refused);
    tcase_add_test(tests, not_a_tokenizer_json);
    tcase_add_test(tests, deep_nesting_is_refused);
    tcase_add_test(tests, an_added_token_beyond_the_model_is_text_like_any_other);
    tcase_add_test(tests, other_kinds_are_named_with_the_known_ones);
    tcase_add_test(tests, bad_vocabularies_are_refused);
    tcase_add_test(tests, bad_models_are_refused);
    tcase_add_test(tests, bad_steps_are_refused);
    tcase_add_test(tests, sequences_too_deep_are_refused);
    tcase_add_test(tests, bad_added_tokens_are_refused);
    tcase_add_test(tests, bad_normalizers_and_post_processors_are_refused);
    tcase_add_test(tests, a_damaged_image_is_noticed);
    tcase_add_test(tests, a_forged_image_is_harmless);
    tcase_add_loop_test(tests, forged_images_of_other_kinds_are_harmless, 0, N_KINDS);
    return run_tests("tokenizer", tests);
}
