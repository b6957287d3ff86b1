/* SPDX-License-Identifier: Apache-2.0
 *
 * tool_tokenize TOKENIZER.JSON: reads texts from standard input, each after its length (4 bytes,
 * little-endian), and writes for each the number of tokens and then the ids, starts and ends, all
 * as 4 bytes. scripts/compare-tokenizer drives it.
 * tool_tokenize TOKENIZER.JSON TEXTS: measures on the texts of a file in the same form. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "alkfw.h"
#include "model/tokenizer/tokenizer.h"
#include "support/mapped_file.h"

static int fail(const alkfw_error *error) {
    fprintf(stderr, "tool_tokenize: %s\n", error->message);
    return 2;
}

/* Of the processor: the machine may be busy. */
static double seconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool write_values(const void *values, size_t n) {
    return fwrite(values, 4, n, stdout) == n;
}

/* Answers texts from standard input until its end. */
static int serve(const struct tokenizer *tokenizer, alkfw_error *error) {
    struct token_list tokens = {0};
    char *text = NULL;
    uint32_t n_bytes;
    int result = 0;

    while (result == 0 && fread(&n_bytes, sizeof n_bytes, 1, stdin) == 1) {
        char *grown = realloc(text, (size_t)n_bytes + 1);
        if (grown == NULL || fread(grown, 1, n_bytes, stdin) != n_bytes) {
            free(grown);
            text = NULL;
            result = 2;
            break;
        }
        text = grown;
        if (tokenizer_encode(tokenizer, text, n_bytes, &tokens, error) != ALKFW_OK) {
            result = fail(error);
            break;
        }
        uint32_t n_tokens = (uint32_t)tokens.n_tokens;
        if (!write_values(&n_tokens, 1) || !write_values(tokens.ids, tokens.n_tokens) ||
            !write_values(tokens.starts, tokens.n_tokens) ||
            !write_values(tokens.ends, tokens.n_tokens) || fflush(stdout) != 0)
            result = 2;
    }
    free(text);
    token_list_free(&tokens);
    return result;
}

static int measure(const struct tokenizer *tokenizer, const struct mapped_file *texts,
                   alkfw_error *error) {
    enum { N_ROUNDS = 5 };
    struct token_list tokens = {0};
    double best = 1e9;
    size_t n_bytes = 0;
    size_t n_tokens = 0;

    for (int round = 0; round < N_ROUNDS; round++) {
        double start = seconds();
        n_bytes = 0;
        n_tokens = 0;
        for (size_t at = 0; at + 4 <= texts->n_bytes;) {
            uint32_t length = (uint32_t)texts->bytes[at] | (uint32_t)texts->bytes[at + 1] << 8 |
                              (uint32_t)texts->bytes[at + 2] << 16 |
                              (uint32_t)texts->bytes[at + 3] << 24;
            at += 4;
            if (length > texts->n_bytes - at)
                break;
            if (tokenizer_encode(tokenizer, (const char *)texts->bytes + at, length, &tokens,
                                 error) != ALKFW_OK)
                return fail(error);
            at += length;
            n_bytes += length;
            n_tokens += tokens.n_tokens;
        }
        double taken = seconds() - start;
        best = taken < best ? taken : best;
    }
    printf("%zu bytes, %zu tokens: %.1f MB/s, %.2f M tokens/s\n", n_bytes, n_tokens,
           (double)n_bytes / best * 1e-6, (double)n_tokens / best * 1e-6);
    token_list_free(&tokens);
    return 0;
}

/* How long a start takes, from the JSON and from the image. */
static int measure_start(const struct mapped_file *json, const char *name,
                         const struct tokenizer *tokenizer, alkfw_error *error) {
    struct tokenizer *other;
    double parse = 1e9;
    double open = 1e9;
    size_t n_bytes;
    const void *image = tokenizer_image(tokenizer, &n_bytes);

    for (int round = 0; round < 10; round++) {
        double start = seconds();
        if (tokenizer_parse((const char *)json->bytes, json->n_bytes, name, &other, error) !=
            ALKFW_OK)
            return fail(error);
        double taken = seconds() - start;
        parse = taken < parse ? taken : parse;
        tokenizer_free(other);
        start = seconds();
        if (tokenizer_from_image(image, n_bytes, &other, error) != ALKFW_OK)
            return fail(error);
        taken = seconds() - start;
        open = taken < open ? taken : open;
        tokenizer_free(other);
    }
    printf("parse %.2f ms, image of %zu bytes opened in %.3f ms\n", parse * 1e3, n_bytes,
           open * 1e3);
    return 0;
}

int main(int argc, char **argv) {
    struct tokenizer *tokenizer;
    struct mapped_file json;
    struct mapped_file texts;
    alkfw_error error;

    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: tool_tokenize TOKENIZER.JSON [TEXTS]\n");
        return 2;
    }
    if (mapped_file_open(&json, argv[1], "tokenizer", &error) != ALKFW_OK)
        return fail(&error);
    if (tokenizer_parse((const char *)json.bytes, json.n_bytes, argv[1], &tokenizer, &error) !=
        ALKFW_OK)
        return fail(&error);
    int result;
    if (argc == 2) {
        result = serve(tokenizer, &error);
    } else if (mapped_file_open(&texts, argv[2], "texts", &error) != ALKFW_OK) {
        result = fail(&error);
    } else {
        result = measure_start(&json, argv[1], tokenizer, &error);
        if (result == 0)
            result = measure(tokenizer, &texts, &error);
        mapped_file_close(&texts);
    }
    tokenizer_free(tokenizer);
    mapped_file_close(&json);
    return result;
}
