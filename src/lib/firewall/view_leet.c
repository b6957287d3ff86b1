/* SPDX-License-Identifier: Apache-2.0
 *
 * Words written with digits for letters: 1gn0r3 4ll. Identifiers, units, versions and ordinals mix
 * the two as well, so a stretch is read that way only where several of its words become frequent or
 * word-like ones. */
#include <string.h>

#include "firewall/view_work.h"

enum {
    LONGEST = 24,           /* bytes of a word that is looked at */
    CONVINCING = 2,         /* convincing words that a stretch needs */
    GAIN = 4,               /* plain words that a convincing one outweighs, */
    CEILING = 12,           /* and all of them together, at most */
    SURE = 4,               /* letters of a frequent word, of which there must be one */
    FEW_WORDS = 4,          /* a text this short needs but one */
    FEW_ONES = 5,           /* of i-or-l digits, whose readings are all tried */
    L_MARGIN = 20,          /* eighths of a nat that an l must gain over the commoner i */
    FREQUENT = 1 << 20,     /* above any score of a word that is not frequent */
    LANGUAGE_PER_LETTER = 4 /* eighths of a nat by which an unknown word reads like one */
};

struct word {
    size_t start, end;
    size_t n_letters; /* letters, and digits and signs that stand for letters */
    size_t n_signs;
    char read[LONGEST];
};

/* The letter that a digit or sign stands for, or 0. One is i or l. */
static char leet_letter(char byte) {
    switch (byte) {
    case '0':
        return 'o';
    case '1':
    case '!':
        return 'i';
    case '2':
        return 'z';
    case '3':
        return 'e';
    case '4':
    case '@':
        return 'a';
    case '5':
    case '$':
        return 's';
    case '6':
    case '9':
        return 'g';
    case '7':
        return 't';
    case '8':
        return 'b';
    default:
        return 0;
    }
}

static bool is_inner_sign(char byte) {
    return byte == '!' || byte == '\'';
}

static bool in_word(const struct view_work *work, size_t at) {
    char byte = work->in[at];

    if (view_is_alnum(byte) || byte == '@' || byte == '$')
        return true;
    return is_inner_sign(byte) && at > 0 && view_is_alnum(work->in[at - 1]) &&
           at + 1 < work->n_in && (view_is_alnum(work->in[at + 1]) || work->in[at + 1] == '$');
}

/* Reads ones as i or l, whichever gives a frequent word or else the likelier one. */
static void choose_ones(const struct view_work *work, struct word *word) {
    size_t length = word->end - word->start, ones[FEW_ONES], n_ones = 0;
    int best_score = 0;
    unsigned best = 0;

    for (size_t i = 0; i < length; i++) {
        char byte = work->in[word->start + i];
        if (leet_letter(byte) != 'i')
            continue;
        if (n_ones == FEW_ONES)
            return;
        ones[n_ones++] = i;
    }
    for (unsigned choice = 0; choice < 1u << n_ones; choice++) {
        for (size_t i = 0; i < n_ones; i++)
            word->read[ones[i]] = choice >> i & 1 ? 'l' : 'i';
        int score = view_language_score(word->read, length);
        score += view_is_frequent(word->read, length) ? FREQUENT
                                                      : -L_MARGIN * __builtin_popcount(choice);
        if (choice == 0 || score > best_score) {
            best_score = score;
            best = choice;
        }
    }
    for (size_t i = 0; i < n_ones; i++)
        word->read[ones[i]] = best >> i & 1 ? 'l' : 'i';
}

/* The sign of a mail address is no letter, whatever the rest is. */
static void keep_at_sign(const struct view_work *work, struct word *word) {
    size_t length = word->end - word->start;
    const char *at_sign = memchr(work->in + word->start, '@', length);

    if (at_sign != NULL && at_sign > work->in + word->start && word->end + 1 < work->n_in &&
        work->in[word->end] == '.' && view_is_alnum(work->in[word->end + 1])) {
        word->read[at_sign - (work->in + word->start)] = '@';
        word->n_signs--;
    }
}

/* The next word from `at` on; false at the end of the text. */
static bool next_word(const struct view_work *work, size_t at, struct word *word) {
    *word = (struct word){0};
    while (at < work->n_in && !in_word(work, at))
        at++;
    word->start = at;
    while (at < work->n_in && in_word(work, at)) {
        char byte = work->in[at++];
        if (at - word->start > LONGEST)
            continue;
        bool kept = view_is_letter(byte) || byte == '\'';
        char letter = kept ? byte : leet_letter(byte);
        word->n_signs += !kept;
        word->n_letters += view_is_letter(byte);
        word->read[at - 1 - word->start] = letter;
    }
    word->end = at;
    if (at - word->start <= LONGEST && word->n_signs > 0) {
        keep_at_sign(work, word);
        choose_ones(work, word);
    }
    return word->end > word->start;
}

/* 1st 22nd 3rd 4th, 5mg, 10k: a number and a short unit. */
static bool is_quantity(const char *text, size_t length) {
    size_t n = 0;

    while (n < length && view_is_digit(text[n]))
        n++;
    if (n == 0 || n == length)
        return false;
    if (length - n == 1)
        return true;
    if (length - n > 2)
        return false;
    char ending[2] = {view_lower(text[n]), view_lower(text[n + 1])};
    char last = text[n - 1];
    bool teen = n > 1 && text[n - 2] == '1';
    return (memcmp(ending, "th", 2) == 0 && (teen || last == '0' || last >= '4')) ||
           (last == '1' && memcmp(ending, "st", 2) == 0) ||
           (last == '2' && memcmp(ending, "nd", 2) == 0) ||
           (last == '3' && memcmp(ending, "rd", 2) == 0);
}

/* A word and one digit: row5, user1, step3. */
static bool is_numbered(const char *text, size_t length) {
    for (size_t i = 0; i + 1 < length; i++)
        if (!view_is_letter(text[i]))
            return false;
    return !view_is_letter(text[length - 1]) &&
           (text[length - 1] == '5' || view_is_frequent(text, length - 1));
}

/* A decorator, a handle or a variable: a sign that begins a name is no letter of it. */
static bool is_handle(const struct view_work *work, const struct word *word) {
    char first = work->in[word->start];

    return (first == '@' || first == '$') && word->n_signs == 1 &&
           !view_is_frequent(word->read, word->end - word->start);
}

/* Well-known words with digits that read as another word. */
static bool is_known(const char *text, size_t length) {
    static const char *const known[] = {"l10n", "i18n", "a11y", "k8s",
                                        "e2e",  "b2b",  "h264", "h265"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i]) == length && memcmp(known[i], text, length) == 0)
            return true;
    return false;
}

static bool are_hex(const char *text, size_t n, size_t length) {
    size_t i = 0;

    while (i < n && i < length && view_hex_value(text[i]) >= 0)
        i++;
    return i == n && (n == 2 || n == 3 || n == 6);
}

static bool is_candidate(const struct view_work *work, const struct word *word) {
    const char *text = work->in + word->start;
    size_t length = word->end - word->start;

    char before = word->start > 0 ? work->in[word->start - 1] : ' ';
    if (before == '\\' || before == '&' || (before == '%' && are_hex(text, 2, length)) ||
        (before == '#' && are_hex(text, length, length) &&
         (word->start < 2 || work->in[word->start - 2] != '#')))
        return false; /* an escape, a colour */
    return word->n_signs > 0 && word->n_letters > 0 && length <= LONGEST &&
           memchr(word->read, '\0', length) == NULL && !is_handle(work, word) &&
           !is_known(text, length);
}

/* Whether a digit or sign stands between letters or their like, and not only at an end, where it
 * may be a number that has run into a word. */
static bool has_inner_sign(const char *text, size_t length) {
    size_t first = 0, last = length - 1;

    while (first < last && !view_is_letter(text[first]))
        first++;
    while (last > first && !view_is_letter(text[last]))
        last--;
    for (size_t i = first; i < last; i++)
        if (!view_is_letter(text[i]) && text[i] != '\'')
            return true;
    return false;
}

/* parts_of_a_name, and capitals within. */
static bool is_identifier(const struct view_work *work, const struct word *word) {
    bool lower = false;

    if ((word->start > 0 && work->in[word->start - 1] == '_') ||
        (word->end < work->n_in && work->in[word->end] == '_'))
        return true;
    for (size_t at = word->start; at < word->end; at++) {
        char byte = work->in[at];
        if (lower && byte >= 'A' && byte <= 'Z')
            return true;
        lower = lower || (byte >= 'a' && byte <= 'z');
    }
    return false;
}

/* 1e6 */
static bool is_exponent(const char *text, size_t length) {
    size_t n_other = 0, n_e = 0;

    for (size_t i = 0; i < length; i++) {
        n_e += text[i] == 'e' || text[i] == 'E';
        n_other += !view_is_digit(text[i]);
    }
    return n_e == 1 && n_other == 1;
}

/* FE47: a code point, a register. */
static bool is_capital_hex(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!view_is_digit(text[i]) && !(text[i] >= 'A' && text[i] <= 'F'))
            return false;
    return true;
}

static bool is_convincing(const struct view_work *work, const struct word *word) {
    const char *text = work->in + word->start;
    size_t length = word->end - word->start;

    if (length < 3 || !is_candidate(work, word) || is_numbered(text, length) ||
        is_quantity(text, length) || is_exponent(text, length) || is_capital_hex(text, length) ||
        (text[0] == '$' && word->n_signs == 1))
        return false;
    if (view_is_frequent(word->read, length))
        return true;
    return length >= 5 && has_inner_sign(text, length) && !is_identifier(work, word) &&
           view_language_score(word->read, length) >= LANGUAGE_PER_LETTER * (int)length;
}

static bool is_before_plural(const struct view_work *work, const struct word *word) {
    struct word next;

    if (!next_word(work, word->end, &next))
        return true;
    char last = work->in[next.end - 1];
    return last == 's' || last == 'S' || last == '5' || last == '$';
}

/* A number that is a word where all around is leet. */
static bool is_number_read_as_word(const struct view_work *work, const struct word *word) {
    static const char *const numbers[] = {"4", "15", "17", "70", "47", "45", "41"};
    const char *text = work->in + word->start;
    size_t length = word->end - word->start;

    if (word->n_letters > 0 || length > LONGEST || memchr(word->read, '\0', length) != NULL)
        return false;
    if (length == 1 && text[0] == '1') /* I, but not in 1. and 1) */
        return word->end >= work->n_in || view_is_space(work->in[word->end]);
    if (length == 2 && memcmp(text, "50", 2) == 0) /* so, but not in 50 words */
        return !is_before_plural(work, word);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strlen(numbers[i]) == length && memcmp(numbers[i], text, length) == 0)
            return true;
    bool sign = memchr(text, '@', length) != NULL || memchr(text, '$', length) != NULL;
    const char *apostrophe = memchr(text, '\'', length);
    if (apostrophe != NULL) /* it's, as 17'5 */
        length = (size_t)(apostrophe - text);
    return (length >= 3 || sign || apostrophe != NULL) && view_is_frequent(word->read, length);
}

/* Whether to read a word of a stretch that is leet. */
static bool is_in_leet(const struct view_work *work, const struct word *word) {
    size_t length = word->end - word->start;

    if (!is_candidate(work, word))
        return is_number_read_as_word(work, word);
    if (view_is_frequent(word->read, length))
        return true;
    const char *text = work->in + word->start;
    return !is_quantity(text, length) &&
           (has_inner_sign(text, length) || view_is_letter(text[length - 1]) ||
            view_language_score(word->read, length) * 2 >= LANGUAGE_PER_LETTER * (int)length);
}

static void put_word(struct view_work *work, const struct word *word) {
    size_t n = 0;

    for (size_t at = word->start; at < word->end; at++) {
        char letter = word->read[at - word->start];
        if (letter == work->in[at])
            continue;
        view_replace(work, at, at + 1, &letter, 1);
        n++;
    }
    view_count(work, VIEW_LEET, word->start, word->end, n);
}

struct stretch {
    size_t start, end;
    size_t n_words;
    size_t n_convincing;
    size_t n_sure;
};

/* The next stretch of leet from `at` on: convincing words, few plain ones between them, and words
 * on either side that can be leet. Returns where to look for another, 0 at the end. */
static size_t next_stretch(const struct view_work *work, size_t at, struct stretch *stretch) {
    struct word word;
    bool candidates = false; /* words before the first convincing one, all of which can be leet */
    size_t first_candidate = 0;
    int sum = 0;

    *stretch = (struct stretch){0};
    while (next_word(work, at, &word)) {
        size_t length = word.end - word.start;
        at = word.end;
        stretch->n_words++;
        if (is_convincing(work, &word)) {
            if (sum == 0)
                stretch->start = candidates ? first_candidate : word.start;
            sum = sum + GAIN < CEILING ? sum + GAIN : CEILING;
            stretch->end = word.end;
            stretch->n_convincing++;
            stretch->n_sure += length >= SURE && view_is_frequent(word.read, length);
        } else if (is_in_leet(work, &word)) {
            if (sum > 0)
                stretch->end = word.end;
            else if (!candidates)
                first_candidate = word.start;
            candidates = true;
        } else {
            candidates = false;
            sum -= sum > 0 ? 1 : 0;
            if (sum == 0 && stretch->n_convincing > 0)
                return at;
        }
    }
    return 0;
}

void view_undo_leet(struct view_work *work) {
    struct stretch stretch;
    struct word word;
    size_t from = 0;

    do {
        size_t next = next_stretch(work, from, &stretch);
        bool few = from == 0 && next == 0 && stretch.n_words <= FEW_WORDS;
        if (stretch.n_sure > 0 && stretch.n_convincing >= (few ? 1 : CONVINCING))
            for (size_t at = stretch.start; next_word(work, at, &word) && word.start < stretch.end;
                 at = word.end)
                if (is_in_leet(work, &word))
                    put_word(work, &word);
        from = next;
    } while (from != 0 && !work->failed);
}
