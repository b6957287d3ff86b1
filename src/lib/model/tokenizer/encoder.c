/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/encoder.h"

#include <string.h>

#include "model/tokenizer/token_list.h"
#include "support/utf8.h"

/* What a text may swell to: U+FDFA becomes 33 bytes of its 3 in NFKC, and ByteLevel doubles them.
 */
enum { MAX_SWELLING = 64, MIN_CEILING = 1 << 16 };

void encoder_init(struct encoder *encoder, const struct tokenizer *tokenizer, const char *record,
                  size_t n_bytes, struct token_list *tokens) {
    size_t ceiling = n_bytes > INT32_MAX / MAX_SWELLING ? (size_t)INT32_MAX
                                                        : n_bytes * MAX_SWELLING + MIN_CEILING;

    memset(encoder, 0, offsetof(struct encoder, word));
    encoder->failure = ENCODER_NO_MEMORY;
    encoder->tokenizer = tokenizer;
    encoder->record = record;
    encoder->n_bytes = n_bytes;
    encoder->tokens = tokens;
    step_scratch_init(&encoder->scratch);
    encoder->texts[0].ceiling = ceiling;
    encoder->texts[1].ceiling = ceiling;
    word_init(&encoder->word, tokenizer->wordpiece.max_input_chars_per_word);
}

void encoder_free(struct encoder *encoder) {
    step_scratch_free(&encoder->scratch);
    for (size_t i = 0; i < 2; i++) {
        aligned_text_free(&encoder->texts[i]);
        piece_list_free(&encoder->lists[i]);
    }
    bpe_scratch_free(&encoder->bpe);
    unigram_scratch_free(&encoder->unigram);
    word_free(&encoder->word);
}

void encoder_spell_byte(unsigned char byte, char name[6]) {
    static const char digits[] = "0123456789ABCDEF";

    memcpy(name, "<0x", 3);
    name[3] = digits[byte >> 4];
    name[4] = digits[byte & 15];
    name[5] = '>';
}

/* ---- trimming offsets ------------------------------------------------------------ */

struct spaces {
    uint32_t n_leading; /* characters */
    uint32_t n_trailing;
};

enum { BYTE_CHARACTER_OF_SPACE = 0x120 };

static struct spaces count_spaces(const struct tokenizer *tokenizer, const char *surface,
                                  size_t n_surface) {
    struct spaces spaces = {0, 0};
    bool is_leading = true;

    for (size_t at = 0; at < n_surface;) {
        uint32_t code_point;
        at += utf8_decode(surface + at, n_surface - at, &code_point);
        if (code_point == BYTE_CHARACTER_OF_SPACE ||
            (character_class(&tokenizer->characters, code_point) & CHARACTER_SPACE)) {
            spaces.n_leading += is_leading;
            spaces.n_trailing++;
        } else {
            is_leading = false;
            spaces.n_trailing = 0;
        }
    }
    return spaces;
}

static uint32_t forward(const struct encoder *encoder, uint32_t at, uint32_t n_characters,
                        uint32_t end) {
    uint32_t code_point;

    for (; n_characters > 0 && at < end; n_characters--)
        at += (uint32_t)utf8_decode(encoder->record + at, encoder->n_bytes - at, &code_point);
    return at < end ? at : end;
}

/* Back by characters, not before `start`; unchanged when the record has not as many. */
static uint32_t backward(const struct encoder *encoder, uint32_t end, uint32_t n_characters,
                         uint32_t start) {
    uint32_t at = end;

    while (n_characters > 0) {
        uint32_t back = 1;
        uint32_t code_point;
        if (at == 0)
            return end;
        while (back < 4 && back < at && ((unsigned char)encoder->record[at - back] & 0xC0) == 0x80)
            back++;
        if (utf8_decode(encoder->record + at - back, back, &code_point) != back)
            back = 1;
        at -= back;
        n_characters--;
    }
    return at > start ? at : start;
}

/* What the post-processors ByteLevel and RobertaProcessing do with trim_offsets: white space at
 * the ends of a token is not counted to it, but for a space that was put before the record. */
static void trim(const struct encoder *encoder, struct spaces spaces, uint32_t *start,
                 uint32_t *end) {
    bool is_first = encoder->tokens->n_tokens == 0 || *start == 0;

    if (is_first && (encoder->tokenizer->trimming & TRIM_PREFIX_SPACE) && spaces.n_leading == 1)
        spaces.n_leading = 0;
    *start = forward(encoder, *start, spaces.n_leading, *end);
    *end = backward(encoder, *end, spaces.n_trailing, *start);
}

static bool push_trimmed(struct encoder *encoder, int32_t id, uint32_t start, uint32_t end,
                         struct spaces spaces) {
    if (encoder->tokenizer->trimming & TRIM_OFFSETS)
        trim(encoder, spaces, &start, &end);
    return token_list_push(encoder->tokens, id, start, end);
}

bool encoder_push_added(struct encoder *encoder, int32_t id, uint32_t start, uint32_t end,
                        const char *surface, size_t n_surface) {
    struct spaces spaces = {0, 0};

    if (encoder->tokenizer->trimming & TRIM_OFFSETS)
        spaces = count_spaces(encoder->tokenizer, surface, n_surface);
    return push_trimmed(encoder, id, start, end, spaces);
}

bool encoder_push(struct encoder *encoder, const struct aligned_text *text,
                  const struct piece *piece, int32_t id, size_t first, size_t last,
                  const char *surface, size_t n_surface) {
    size_t n_piece = piece->last - piece->first;
    uint32_t end = text->ends[piece->last - 1];
    uint32_t start = first < n_piece ? text->starts[piece->first + first] : end;

    if (last <= n_piece && last > first)
        end = text->ends[piece->first + last - 1];
    if (start > end)
        start = end;
    return encoder_push_added(encoder, id, start, end, surface, n_surface);
}

/* ---- the way of a stretch ------------------------------------------------------------- */

/* Cuts the normalised added tokens out of the only piece, the whole text. */
static bool cut_added_tokens(struct encoder *encoder) {
    const struct tokenizer *tokenizer = encoder->tokenizer;
    const struct aligned_text *text = &encoder->texts[0];
    struct piece_list *pieces = &encoder->lists[0];
    struct normalizer_rules as_it_is = {0};
    struct normalizer reader;
    struct added_token_scan scan;
    struct added_token_match match;
    size_t at = 0;

    pieces->n_pieces = 0;
    if (text->n_bytes == 0)
        return true;
    normalizer_init(&reader, &tokenizer->characters, as_it_is, (const char *)text->bytes, 0,
                    text->n_bytes);
    added_token_scan_init(&scan, &tokenizer->normalized_tokens, &reader, true);
    while (added_token_scan_next(&scan, &match)) {
        struct spaces spaces = count_spaces(tokenizer, (const char *)text->bytes + match.first,
                                            match.last - match.first);
        struct piece token = {.first = text->starts[match.first],
                              .last = text->ends[match.last - 1],
                              .token = match.id,
                              .n_leading_spaces = spaces.n_leading,
                              .n_trailing_spaces = spaces.n_trailing};
        if (!piece_list_cut(pieces, text, at, match.first) || !piece_list_push(pieces, &token))
            return false;
        at = match.last;
    }
    return piece_list_cut(pieces, text, at, text->n_bytes);
}

static bool encode_with_wordpiece(struct encoder *encoder, const struct aligned_text *text,
                                  const struct piece *piece) {
    for (size_t at = piece->first; at < piece->last;) {
        struct character character = {.start = text->starts[at]};
        at += utf8_decode((const char *)text->bytes + at, piece->last - at, &character.code_point);
        character.end = text->ends[at - 1];
        if (!word_append(&encoder->word, &character))
            return false;
    }
    bool done = wordpiece_encode(encoder->tokenizer, &encoder->word, encoder->tokens);
    word_clear(&encoder->word);
    return done;
}

/* The one place where models are told apart. */
static bool encode_piece(struct encoder *encoder, const struct piece *piece) {
    const struct aligned_text *text = &encoder->texts[0];

    if (piece->token != PIECE_IS_TEXT)
        return push_trimmed(encoder, piece->token, piece->first, piece->last,
                            (struct spaces){piece->n_leading_spaces, piece->n_trailing_spaces});
    switch (encoder->tokenizer->model) {
    case MODEL_WORDPIECE:
        return encode_with_wordpiece(encoder, text, piece);
    case MODEL_BPE:
        return bpe_encode(encoder, text, piece);
    case MODEL_UNIGRAM:
        return unigram_encode(encoder, text, piece);
    }
    return false;
}

static bool run_steps(struct encoder *encoder, size_t first, size_t end) {
    const struct tokenizer *tokenizer = encoder->tokenizer;

    if (steps_run(tokenizer->steps + first, end - first, &tokenizer->characters, &encoder->scratch,
                  encoder->texts, encoder->lists))
        return true;
    if (encoder->scratch.failure == STEP_PATTERN_TOO_LONG)
        encoder->failure = ENCODER_PATTERN_TOO_LONG;
    else if (encoder->texts[0].is_full || encoder->texts[1].is_full)
        encoder->failure = ENCODER_TEXT_SWELLS;
    return false;
}

bool encoder_stretch(struct encoder *encoder, size_t start, size_t end) {
    const struct tokenizer *tokenizer = encoder->tokenizer;

    encoder->texts[0].n_bytes = 0;
    encoder->lists[0].n_pieces = 0;
    if (!aligned_text_read(&encoder->texts[0], encoder->record, start, end) ||
        !piece_list_cut(&encoder->lists[0], &encoder->texts[0], 0, encoder->texts[0].n_bytes) ||
        !run_steps(encoder, 0, tokenizer->n_normalizers) || !cut_added_tokens(encoder) ||
        !run_steps(encoder, tokenizer->n_normalizers, tokenizer->n_steps))
        return false;
    for (size_t i = 0; i < encoder->lists[0].n_pieces; i++)
        if (!encode_piece(encoder, &encoder->lists[0].pieces[i]))
            return false;
    return true;
}
