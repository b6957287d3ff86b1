/* SPDX-License-Identifier: Apache-2.0
 *
 * Judges whether letters read like language, by the frequencies of letter pairs and by a list of
 * frequent words: enough to tell a decoded text from noise, and far cheaper than the model. */
#include <string.h>

#include "firewall/view_work.h"
#include "support/utf8.h"

/* Twelve random bytes are all printable ASCII once in 10^5; text of another
 * script passes by its letters. */
enum {
    MIN_TEXT_BYTES = 8,
    SHORT_TEXT_BYTES = 40, /* a shorter one must have white space: "user:password" is no message */
    MIN_LETTER_PERCENT = 70,
    MIN_WORD_PERCENT = 60,    /* letters, digits and spaces */
    CHARACTERS_PER_SPACE = 20 /* at most */
};

int view_language_score(const char *text, size_t n_bytes) {
    unsigned before = 0;
    int score = 0;

    for (size_t i = 0; i < n_bytes; i++) {
        unsigned letter = view_letter_index(text[i]);
        if (letter != 0 || before != 0)
            score += view_pair_language[before][letter];
        before = letter;
    }
    if (before != 0)
        score += view_pair_language[before][0];
    return score;
}

bool view_is_frequent(const char *word, size_t n_bytes) {
    char lower[VIEW_LONGEST_WORD];

    if (n_bytes < 2 || n_bytes > VIEW_LONGEST_WORD)
        return n_bytes == 1 && (view_lower(word[0]) == 'a' || view_lower(word[0]) == 'i');
    for (size_t i = 0; i < n_bytes; i++)
        lower[i] = view_lower(word[i]);
    const char *words = view_words[n_bytes];
    size_t low = 0, high = strlen(words) / n_bytes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(lower, words + middle * n_bytes, n_bytes);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static bool is_letter_beyond_ascii(uint32_t code_point) {
    return code_point >= 0xC0 && code_point != 0xD7 && code_point != 0xF7 &&
           !(code_point >= 0x2000 && code_point <= 0x2BFF) && code_point < 0xE000;
}

void view_read(const char *text, size_t n_bytes, struct view_reading *reading) {
    size_t word_start = 0;
    bool in_word = false;

    *reading = (struct view_reading){.valid = true};
    for (size_t at = 0; at < n_bytes;) {
        uint32_t code_point;
        size_t length = utf8_decode(text + at, n_bytes - at, &code_point);
        bool letter = view_is_letter(text[at]);

        reading->n_characters++;
        if (letter && !in_word)
            word_start = at;
        if (!letter && in_word) {
            reading->n_words++;
            if (view_is_frequent(text + word_start, at - word_start))
                reading->n_frequent_letters += at - word_start;
        }
        in_word = letter;
        reading->n_letters += letter || is_letter_beyond_ascii(code_point);
        reading->n_digits += view_is_digit(text[at]);
        reading->n_spaces += view_is_space(text[at]);
        if (code_point == UTF8_REPLACEMENT || code_point == 0x7F ||
            (code_point < 0x20 && !view_is_space(text[at])) ||
            (code_point >= 0x80 && code_point < 0xA0) || code_point >= 0xF0000)
            reading->valid = false;
        at += length;
    }
    if (in_word) {
        reading->n_words++;
        if (view_is_frequent(text + word_start, n_bytes - word_start))
            reading->n_frequent_letters += n_bytes - word_start;
    }
    reading->language = view_language_score(text, n_bytes);
}

bool view_is_prose(const char *text, size_t n_bytes) {
    struct view_reading reading;

    if (n_bytes < MIN_TEXT_BYTES)
        return false;
    view_read(text, n_bytes, &reading);
    if (!reading.valid)
        return false;
    if (n_bytes < SHORT_TEXT_BYTES && reading.n_spaces == 0 && reading.n_characters == n_bytes)
        return false;
    return (reading.n_letters + reading.n_spaces) * 100 >=
               reading.n_characters * MIN_LETTER_PERCENT &&
           reading.n_letters * 2 >= reading.n_characters &&
           (reading.n_characters < n_bytes || reading.language > 0);
}

bool view_is_text(const char *text, size_t n_bytes) {
    struct view_reading reading;

    if (n_bytes < MIN_TEXT_BYTES)
        return false;
    view_read(text, n_bytes, &reading);
    if (!reading.valid)
        return false;
    bool spaced = reading.n_spaces * CHARACTERS_PER_SPACE >= reading.n_characters ||
                  reading.n_characters * 4 < n_bytes * 3; /* scripts without spaces */
    return spaced && (reading.n_letters + reading.n_digits + reading.n_spaces) * 100 >=
                         reading.n_characters * MIN_WORD_PERCENT;
}
