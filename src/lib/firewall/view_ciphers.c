/* SPDX-License-Identifier: Apache-2.0
 *
 * Text turned by 13 letters, or written backwards. Each word is evidence for or against: how much
 * likelier its letter pairs become when undone, and whether it or what it becomes is a frequent
 * word. The stretches where the evidence adds up highest are undone (a maximal-sum segment, with
 * the sum held at zero from below and at a ceiling from above). */
#include "firewall/view_work.h"

enum {
    /* Eighths of a nat. On the benign rows of the corpus nothing reaches 160 by chance. */
    ENOUGH = 160,
    CEILING = 240,
    UNUSUAL = -8, /* a byte between words that prose does not have there */
    BECOMES_FREQUENT = 24,
    IS_FREQUENT = -56, /* plain words end a stretch soon */
    FEWEST_LETTERS = 10,
    FEWEST_FREQUENT = 2, /* words that must become frequent ones, */
    FREQUENT_ONE_IN = 4, /* and one in so many of the words */
    EDGE_WORDS = 2,
    LONGEST = 64 /* of a word that is evidence */
};

struct word {
    size_t start, end; /* letters only; the byte before and after are none */
    bool plain;        /* no digit or underscore touches it: part of prose, not of an identifier */
};

static bool next_word(const struct view_work *work, size_t at, struct word *word) {
    while (at < work->n_in && !view_is_letter(work->in[at]))
        at++;
    word->start = at;
    while (at < work->n_in && view_is_letter(work->in[at]))
        at++;
    word->end = at;
    if (word->end == word->start)
        return false;
    char before = word->start > 0 ? work->in[word->start - 1] : ' ';
    char after = word->end < work->n_in ? work->in[word->end] : ' ';
    word->plain = word->end - word->start <= LONGEST && !view_is_digit(before) &&
                  !view_is_digit(after) && before != '_' && after != '_' && before != '@' &&
                  (before & 0x80) == 0 && (after & 0x80) == 0;
    return true;
}

static char turned(char letter) {
    char base = letter & 0x20 ? 'a' : 'A';

    return (char)(base + (letter - base + 13) % 26);
}

/* Against: what stands between two words of code, markup or another script. */
static int weigh_gap(const struct view_work *work, size_t from, size_t to) {
    int n_unusual = 0;

    for (size_t at = from; at < to && n_unusual < CEILING; at++) {
        char byte = work->in[at];
        bool usual = view_is_space(byte) ||
                     (byte >= '!' && byte <= '.' && byte != '#' && byte != '$' && byte != '%' &&
                      byte != '*') ||
                     byte == ':' || byte == ';' || byte == '?';
        n_unusual += !usual;
    }
    return n_unusual * UNUSUAL;
}

struct evidence {
    int sum;
    bool becomes_frequent;
};

static struct evidence weigh(const struct view_work *work, const struct word *word,
                             enum view_transform transform) {
    const char *text = work->in + word->start;
    size_t length = word->end - word->start;
    char undone[LONGEST];
    struct evidence evidence = {0};

    if (!word->plain)
        return evidence;
    const int8_t(*pairs)[32] = transform == VIEW_ROT13 ? view_pair_rot13 : view_pair_reversed;
    unsigned before = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned letter = view_letter_index(text[i]);
        evidence.sum += pairs[before][letter];
        before = letter;
        undone[i] = transform == VIEW_ROT13 ? turned(text[i]) : text[length - 1 - i];
    }
    evidence.sum += pairs[before][0];
    if (length < 2)
        return evidence;
    bool is_frequent = view_is_frequent(text, length);
    bool becomes = view_is_frequent(undone, length);
    if (is_frequent && !becomes)
        evidence.sum += IS_FREQUENT;
    if (becomes && !is_frequent && length > 2) {
        evidence.sum += BECOMES_FREQUENT;
        evidence.becomes_frequent = true;
    }
    return evidence;
}

/* Whether text may go on after this byte that stands between words. */
static bool is_within_line(char byte) {
    return byte != '\n' && byte != ':';
}

/* Whether a word beside a stretch may belong to it, the text between them from `after` on. */
static bool is_edge_word(const struct view_work *work, size_t after, const struct word *word) {
    for (size_t i = after; i < word->start; i++)
        if (!is_within_line(work->in[i]))
            return false;
    size_t length = word->end - word->start;
    return word->plain && (length < 4 || !view_is_frequent(work->in + word->start, length));
}

struct stretch {
    size_t start, end;
    int peak;
    size_t n_letters, n_words, n_frequent; /* up to the peak; different frequent ones */
    uint64_t seen[4]; /* hashes of its words as a set of bits: each is evidence but once */
};

static bool is_capital(char byte) {
    return byte >= 'A' && byte <= 'Z';
}

static bool is_enough(const struct stretch *stretch) {
    return stretch->peak >= ENOUGH && stretch->n_letters >= FEWEST_LETTERS &&
           stretch->n_frequent >= FEWEST_FREQUENT &&
           stretch->n_frequent * FREQUENT_ONE_IN >= stretch->n_words;
}

/* Whether a word is new to the stretch, which it then is no more. */
static bool is_new(const struct view_work *work, const struct word *word, struct stretch *stretch) {
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t at = word->start; at < word->end; at++)
        hash = (hash ^ (unsigned char)view_lower(work->in[at])) * 16777619u;
    hash ^= hash >> 16;
    uint64_t bit = (uint64_t)1 << (hash & 63);
    uint64_t *bits = &stretch->seen[hash >> 6 & 3];
    bool new = (*bits & bit) == 0;
    *bits |= bit;
    return new;
}

/* The next stretch from `at` on; returns where to look for another, 0 at the end. */
static size_t next_stretch(const struct view_work *work, size_t at, enum view_transform transform,
                           struct stretch *stretch) {
    struct stretch now = {0};
    struct word word;
    int sum = 0;

    *stretch = now;
    while (next_word(work, at, &word)) {
        struct evidence evidence = weigh(work, &word, transform);
        if (sum > 0)
            evidence.sum += weigh_gap(work, at, word.start);
        at = word.end;
        if (sum == 0) {
            if (evidence.sum <= 0)
                continue;
            now = (struct stretch){.start = word.start};
        }
        if (evidence.sum > 0 && !is_new(work, &word, &now))
            evidence = (struct evidence){0};
        sum += evidence.sum;
        sum = sum < CEILING ? sum : CEILING;
        now.n_words++;
        now.n_letters += word.end - word.start;
        now.n_frequent += evidence.becomes_frequent;
        if (sum >= now.peak) {
            now.peak = sum;
            now.end = word.end;
            *stretch = now;
        }
        if (sum <= 0) {
            sum = 0;
            if (is_enough(stretch))
                return at;
        }
    }
    return 0;
}

/* The words at the edges of a stretch are often rare ones, which are no evidence: takes in up to
 * EDGE_WORDS on either side on the same line that are not frequent as they stand. */
static void widen(const struct view_work *work, struct stretch *stretch, size_t from) {
    struct word word;
    size_t n = 0, at = stretch->end;

    while (n++ < EDGE_WORDS && next_word(work, at, &word) && is_edge_word(work, at, &word)) {
        at = stretch->end = word.end;
        stretch->n_letters += word.end - word.start;
    }
    for (n = 0; n < EDGE_WORDS; n++) {
        at = stretch->start;
        while (at > from && !view_is_letter(work->in[at - 1]) && is_within_line(work->in[at - 1]))
            at--;
        word.end = at;
        while (at > from && view_is_letter(work->in[at - 1]) && word.end - at < LONGEST)
            at--;
        if (at == word.end || !next_word(work, at, &word) || !is_edge_word(work, word.start, &word))
            break;
        stretch->start = word.start;
        stretch->n_letters += word.end - word.start;
    }
}

static void undo_rot13(struct view_work *work, const struct stretch *stretch) {
    for (size_t at = stretch->start; at < stretch->end; at++) {
        if (!view_is_letter(work->in[at]))
            continue;
        char letter = turned(work->in[at]);
        view_replace(work, at, at + 1, &letter, 1);
    }
    view_count(work, VIEW_ROT13, stretch->start, stretch->end, stretch->n_letters);
}

/* ---- backwards ---------------------------------------------------------- */

static bool is_final_mark(char byte) {
    return byte == '.' || byte == '!' || byte == '?' || byte == '"' || byte == ')' || byte == '\'';
}

static void put_backwards(struct view_work *work, size_t start, size_t end) {
    view_copy_to(work, start);
    for (size_t at = end; at > start;) {
        size_t last = at--;
        while (at > start && (work->in[at] & 0xC0) == 0x80 && last - at < 4)
            at--;
        for (size_t i = at; i < last; i++)
            view_emit(work, work->in + i, 1, i, i + 1);
    }
    view_skip_to(work, end);
}

/* Little words that come before little words, and not after them: of the, to your, is all. */
static bool is_one_of(const struct view_work *work, const struct word *word,
                      const char *const *list) {
    size_t length = word->end - word->start;

    for (; *list != NULL; list++) {
        size_t i = 0;
        while (i < length && (*list)[i] == view_lower(work->in[word->end - 1 - i]))
            i++;
        if (i == length && (*list)[i] == '\0')
            return true;
    }
    return false;
}

/* Which words stand first in a sentence of words that are backwards: above 0 the first of the text
 * (each word was turned round), below 0 the last (the whole was). */
static int order_of_words(const struct view_work *work, const struct stretch *stretch) {
    static const char *const before[] = {"of",  "to",   "in",   "on",  "for", "with", "from",
                                         "at",  "by",   "as",   "is",  "are", "and",  "ignore",
                                         "all", "tell", "that", "you", NULL};
    static const char *const first[] = {"please", "ignore", "disregard", "forget", "you",  "tell",
                                        "what",   "if",     "now",       "repeat", "do",   "how",
                                        "drop",   "never",  "reveal",    "print",  "show", NULL};
    static const char *const after[] = {"the", "a",   "an",    "your",     "this", "my",
                                        "any", "are", "these", "previous", "me",   NULL};
    struct word word, last = {0};
    int votes = 0;

    for (size_t at = stretch->start; next_word(work, at, &word) && word.start < stretch->end;
         at = word.end) {
        /* A stop or comma, turned round with its word, stands before it; the capital of a sentence
         * ends its first word. */
        bool capital = is_capital(work->in[word.end - 1]) && !is_capital(work->in[word.start]);
        bool stop = word.start > 0 && is_final_mark(work->in[word.start - 1]);
        bool last_capital =
            last.end > 0 && is_capital(work->in[last.end - 1]) && !is_capital(work->in[last.start]);
        bool last_stop = last.start > 0 && is_final_mark(work->in[last.start - 1]);
        if (last.end == 0) {
            votes += capital || is_one_of(work, &word, first) ? 1 : 0;
            votes -= stop ? 1 : 0;
        } else {
            votes += last_stop && capital ? 2 : 0;
            votes -= last_capital && stop ? 2 : 0;
            votes += is_one_of(work, &last, before) && is_one_of(work, &word, after) ? 2 : 0;
            votes -= is_one_of(work, &last, after) && is_one_of(work, &word, before) ? 2 : 0;
        }
        last = word;
    }
    bool capital =
        last.end > 0 && is_capital(work->in[last.end - 1]) && !is_capital(work->in[last.start]);
    votes -= capital || (last.end > 0 && is_one_of(work, &last, first)) ? 1 : 0;
    votes += last.start > 0 && is_final_mark(work->in[last.start - 1]) ? 1 : 0;
    return votes;
}

/* Turns round each of the words between white space. */
static void put_words_backwards(struct view_work *work, size_t start, size_t end) {
    for (size_t at = start; at < end;) {
        size_t from = at;
        while (at < work->n_in && !view_is_space(work->in[at]))
            at++;
        put_backwards(work, from, at);
        while (at < end && view_is_space(work->in[at]))
            at++;
    }
}

static void undo_reversed(struct view_work *work, const struct stretch *stretch) {
    size_t start = stretch->start, end = stretch->end;

    if (order_of_words(work, stretch) > 0) {
        while (start > work->done && !view_is_space(work->in[start - 1]))
            start--;
        put_words_backwards(work, start, end);
    } else {
        /* What has no letters before and behind belongs to it when nothing else is there. */
        size_t first = start, last = end;
        while (first > work->done && !view_is_letter(work->in[first - 1]) &&
               work->in[first - 1] != '\n')
            first--;
        while (last < work->n_in && !view_is_letter(work->in[last]) && work->in[last] != '\n')
            last++;
        while (start > work->done && is_final_mark(work->in[start - 1]))
            start--;
        start = first == work->done || work->in[first - 1] == '\n' ? first : start;
        end = last == work->n_in || work->in[last] == '\n' ? last : end;
        put_backwards(work, start, end);
    }
    view_count(work, VIEW_REVERSED, start, end, stretch->n_letters);
}

void view_undo_ciphers(struct view_work *work) {
    /* One at a time: a stretch of one is none of the other. */
    struct stretch stretch;
    size_t at = 0;

    do {
        at = next_stretch(work, at, VIEW_ROT13, &stretch);
        if (is_enough(&stretch)) {
            widen(work, &stretch, work->done);
            undo_rot13(work, &stretch);
            at = at != 0 && at < work->done ? work->done : at;
        }
    } while (at != 0);
    if (work->changed)
        return;
    do {
        at = next_stretch(work, at, VIEW_REVERSED, &stretch);
        if (is_enough(&stretch)) {
            widen(work, &stretch, work->done);
            undo_reversed(work, &stretch);
            at = at != 0 && at < work->done ? work->done : at;
        }
    } while (at != 0);
}
