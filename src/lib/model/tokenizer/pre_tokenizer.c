/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/pre_tokenizer.h"

void pre_tokenizer_index(struct tokenizer *tokenizer) {
    const struct normalizer_rules *rules = &tokenizer->normalizer_rules;
    bool splits = tokenizer->pre_tokenizer == PRE_TOKENIZER_BERT;

    for (unsigned c = 0; c < 256; c++) {
        enum ascii_kind kind = c < 0x80 ? ASCII_LETTER : ASCII_NOT;
        if (c < 0x80) {
            uint8_t classes = character_class(&tokenizer->characters, c);
            if (rules->clean_text && (classes & CHARACTER_REMOVED))
                kind = ASCII_REMOVED;
            else if (splits && (classes & CHARACTER_SPACE))
                kind = ASCII_SPACE;
            else if (splits && (classes & CHARACTER_PUNCTUATION))
                kind = ASCII_PUNCTUATION;
            else if (rules->clean_text && (classes & CHARACTER_SPACE))
                kind = ASCII_NOT; /* a word with a space in it, which \t becomes */
        }
        tokenizer->ascii_kinds[c] = (uint8_t)kind;
    }
}

static bool encode_word(const struct tokenizer *tokenizer, struct word *word,
                        struct token_list *tokens) {
    bool done = word->n_characters == 0 || wordpiece_encode(tokenizer, word, tokens);

    word_clear(word);
    return done;
}

static bool add_character(const struct tokenizer *tokenizer, struct word *word,
                          const struct character *character, struct token_list *tokens) {
    bool splits = tokenizer->pre_tokenizer == PRE_TOKENIZER_BERT;

    if (splits && (character->classes & CHARACTER_SPACE))
        return encode_word(tokenizer, word, tokens);
    if (splits && (character->classes & CHARACTER_PUNCTUATION))
        return encode_word(tokenizer, word, tokens) && word_append(word, character) &&
               encode_word(tokenizer, word, tokens);
    return word_append(word, character);
}

/* lower_bit: 0x20 makes a capital letter small, 0 does not. */
static inline uint32_t to_case(uint32_t byte, uint32_t lower_bit) {
    return byte - 'A' < 26 ? byte | lower_bit : byte;
}

/* Copies the letters at text[at...] into an empty word, as long as they fit. Returns where they
 * end. */
static size_t copy_letters(const struct tokenizer *tokenizer, const struct normalizer *reader,
                           size_t at, struct word *word) {
    const char *text = reader->text + at;
    size_t n_most = reader->end - at;
    uint32_t lower_bit = reader->rules.lowercase ? 0x20 : 0;
    size_t n = 0;

    if (n_most > word->max_characters)
        n_most = word->max_characters;
    if (n_most > word->capacity)
        n_most = word->capacity;
    for (; n < n_most; n++) {
        unsigned char byte = (unsigned char)text[n];
        if (tokenizer->ascii_kinds[byte] != ASCII_LETTER)
            break;
        word->bytes[n] = (unsigned char)to_case(byte, lower_bit);
    }
    word->start = (uint32_t)at;
    word->end = (uint32_t)(at + n);
    word->n_bytes = n;
    word->n_characters = n;
    return at + n;
}

/* Goes as far as the text is ASCII. Letters that something else follows are left in the word. */
static bool pre_tokenize_ascii(const struct tokenizer *tokenizer, struct normalizer *reader,
                               struct word *word, struct token_list *tokens) {
    uint32_t lower_bit = reader->rules.lowercase ? 0x20 : 0;
    size_t at = reader->at;
    bool done = true;

    while (done && at < reader->end) {
        unsigned char byte = (unsigned char)reader->text[at];
        enum ascii_kind kind = (enum ascii_kind)tokenizer->ascii_kinds[byte];
        if (kind == ASCII_NOT)
            break;
        if (kind == ASCII_LETTER && word->n_characters == 0 && word->max_characters > 0) {
            at = copy_letters(tokenizer, reader, at, word);
            continue;
        }
        if (kind == ASCII_SPACE) {
            done = encode_word(tokenizer, word, tokens);
        } else if (kind != ASCII_REMOVED) {
            struct character character = {to_case(byte, lower_bit), (uint32_t)at, (uint32_t)at + 1,
                                          kind == ASCII_PUNCTUATION ? CHARACTER_PUNCTUATION : 0};
            done = add_character(tokenizer, word, &character, tokens);
        }
        at++;
    }
    if (at > reader->at)
        normalizer_skip_ascii(reader, at);
    return done;
}

bool pre_tokenize(const struct tokenizer *tokenizer, struct normalizer *reader, size_t n_characters,
                  struct word *word, struct token_list *tokens) {
    struct character character;

    for (;;) {
        if (n_characters == SIZE_MAX && normalizer_is_idle(reader) &&
            !pre_tokenize_ascii(tokenizer, reader, word, tokens))
            return false;
        if (n_characters == 0 || !normalizer_next(reader, &character))
            break;
        if (!add_character(tokenizer, word, &character, tokens))
            return false;
        if (n_characters != SIZE_MAX)
            n_characters--;
    }
    return encode_word(tokenizer, word, tokens);
}
