/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/long_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/fit.h"
#include "support/buffer.h"

static const size_t LENGTHS[] = {1, 4, 16, 64};
static const char *const LENGTH_NAMES[] = {"1", "4", "16", "64"};
enum { N_LENGTHS = sizeof LENGTHS / sizeof LENGTHS[0] };

enum { MAX_DOCUMENT_BYTES = 16 << 20, MAX_ATTACK_TOKENS = FIT_WINDOW_TOKENS };

/* Rows in a random order, over and over. */
struct deck {
    size_t *rows; /* [n] */
    size_t n;
    size_t next;
};

struct maker {
    const struct corpus *corpus;
    const struct tokenizer *tokenizer;
    struct token_list tokens; /* scratch */
    struct deck benign;
    struct deck hostile;
    uint64_t random;
    struct corpus *documents;
};

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the long documents");
}

/* SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA (2014). */
static size_t draw(struct maker *maker, size_t n) {
    uint64_t z = maker->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (size_t)((z ^ (z >> 31)) % n);
}

static size_t deal(struct maker *maker, struct deck *deck) {
    if (deck->next == 0) {
        for (size_t i = deck->n - 1; i > 0; i--) {
            size_t j = draw(maker, i + 1);
            size_t row = deck->rows[i];
            deck->rows[i] = deck->rows[j];
            deck->rows[j] = row;
        }
    }
    size_t row = deck->rows[deck->next];
    deck->next = (deck->next + 1) % deck->n;
    return row;
}

static void attack_of(const struct row *row, const char **text, size_t *n_bytes) {
    *text = row->has_span ? row->text + row->span_start : row->text;
    *n_bytes = row->has_span ? row->span_end - row->span_start : row->n_bytes;
}

static alkfw_status fill_decks(struct maker *maker, alkfw_error *error) {
    const struct corpus *corpus = maker->corpus;

    maker->benign.rows = calloc(corpus->n_rows, sizeof *maker->benign.rows);
    maker->hostile.rows = calloc(corpus->n_rows, sizeof *maker->hostile.rows);
    if (maker->benign.rows == NULL || maker->hostile.rows == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < corpus->n_rows; i++) {
        const char *text;
        size_t n_bytes;
        bool is_hostile = corpus->rows[i].hostile;
        attack_of(&corpus->rows[i], &text, &n_bytes);
        alkfw_status status =
            tokenizer_encode(maker->tokenizer, text, n_bytes, &maker->tokens, error);
        if (status != ALKFW_OK)
            return status;
        if (maker->tokens.n_tokens == 0) /* of such rows a document would never be full */
            continue;
        if (!is_hostile)
            maker->benign.rows[maker->benign.n++] = i;
        else if (maker->tokens.n_tokens <= MAX_ATTACK_TOKENS)
            maker->hostile.rows[maker->hostile.n++] = i;
    }
    if (maker->benign.n == 0 || maker->hostile.n == 0)
        return alkfw_error_set(error, ALKFW_E_RECORD,
                               "long documents are made of benign rows and of hostile ones of at "
                               "most %d tokens; the corpus has %zu and %zu",
                               MAX_ATTACK_TOKENS, maker->benign.n, maker->hostile.n);
    return ALKFW_OK;
}

/* Tokens in the middle of what gives this many windows. */
static size_t tokens_of(size_t n_windows) {
    size_t step = FIT_WINDOW_TOKENS - FIT_OVERLAP_TOKENS;

    return FIT_WINDOW_TOKENS - step / 2 + (n_windows - 1) * step;
}

/* Benign rows until there are n_tokens; the last one is cut. */
static alkfw_status make_clean(struct maker *maker, size_t n_tokens, struct buffer *document,
                               alkfw_error *error) {
    size_t n_left = n_tokens;
    bool fits = true;

    document->length = 0;
    while (n_left > 0) {
        const struct row *row = &maker->corpus->rows[deal(maker, &maker->benign)];
        size_t n_bytes = row->n_bytes;
        alkfw_status status =
            tokenizer_encode(maker->tokenizer, row->text, row->n_bytes, &maker->tokens, error);
        if (status != ALKFW_OK)
            return status;
        if (maker->tokens.n_tokens > n_left)
            n_bytes = maker->tokens.ends[n_left - 1];
        n_left -= maker->tokens.n_tokens < n_left ? maker->tokens.n_tokens : n_left;
        if (document->length > 0)
            fits = fits && buffer_append(document, "\n\n", 2);
        fits = fits && buffer_append(document, row->text, n_bytes);
        if (!fits)
            return out_of_memory(error);
    }
    return ALKFW_OK;
}

/* A random gap between words of the document; its end when there is none after the place drawn. */
static size_t find_gap(struct maker *maker, const struct buffer *document) {
    size_t at = draw(maker, document->length + 1);

    while (at < document->length && document->bytes[at] != ' ' && document->bytes[at] != '\n')
        at++;
    return at;
}

static alkfw_status add_document(struct maker *maker, const char *length,
                                 const struct buffer *document, const struct row *attack,
                                 alkfw_error *error) {
    struct corpus *documents = maker->documents;
    const char *text = "";
    size_t n_attack = 0;
    size_t at = document->length;

    if (attack != NULL) {
        attack_of(attack, &text, &n_attack);
        at = find_gap(maker, document);
    }
    struct row *row = &documents->rows[documents->n_rows];
    size_t n_seam = attack == NULL ? 0 : 2; /* a line of its own */
    row->n_bytes = document->length + n_attack + n_seam;
    row->text = malloc(row->n_bytes + 1);
    row->source = name_list_add(&documents->sources, length);
    row->category = CORPUS_NONE;
    if (row->text == NULL || row->source == CORPUS_NONE) {
        free(row->text);
        return out_of_memory(error);
    }
    documents->n_rows++;
    row->hostile = attack != NULL;
    memset(row->text, '\n', row->n_bytes);
    memcpy(row->text, document->bytes, at);
    memcpy(row->text + at + n_seam / 2, text, n_attack);
    memcpy(row->text + at + n_seam + n_attack, document->bytes + at, document->length - at);
    row->text[row->n_bytes] = '\0';
    row->has_span = row->hostile;
    row->span_start = at + n_seam / 2;
    row->span_end = row->span_start + n_attack;
    return ALKFW_OK;
}

static alkfw_status make_all(struct maker *maker, size_t n_documents, struct buffer *document,
                             alkfw_error *error) {
    alkfw_status status = ALKFW_OK;

    for (size_t length = 0; length < N_LENGTHS; length++) {
        for (size_t i = 0; status == ALKFW_OK && i < n_documents; i++) {
            status = make_clean(maker, tokens_of(LENGTHS[length]), document, error);
            if (status == ALKFW_OK)
                status = add_document(maker, LENGTH_NAMES[length], document, NULL, error);
            if (status == ALKFW_OK)
                status = add_document(maker, LENGTH_NAMES[length], document,
                                      &maker->corpus->rows[deal(maker, &maker->hostile)], error);
        }
    }
    return status;
}

alkfw_status long_text_make(struct corpus *documents, const struct corpus *corpus,
                            const struct tokenizer *tokenizer, size_t n_documents,
                            alkfw_error *error) {
    struct maker maker = {.corpus = corpus, .tokenizer = tokenizer, .documents = documents};
    struct buffer document;

    memset(documents, 0, sizeof *documents);
    buffer_init(&document, MAX_DOCUMENT_BYTES);
    documents->rows = calloc(2 * N_LENGTHS * n_documents, sizeof *documents->rows);
    alkfw_status status = documents->rows == NULL ? out_of_memory(error) : ALKFW_OK;
    if (status == ALKFW_OK && name_list_add(&documents->files, "long document") == CORPUS_NONE)
        status = out_of_memory(error);
    if (status == ALKFW_OK)
        status = fill_decks(&maker, error);
    if (status == ALKFW_OK)
        status = make_all(&maker, n_documents, &document, error);
    buffer_free(&document);
    token_list_free(&maker.tokens);
    free(maker.benign.rows);
    free(maker.hostile.rows);
    return status;
}
