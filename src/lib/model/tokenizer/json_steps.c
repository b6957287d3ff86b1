/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads the normalizer and the pre-tokenizer of a tokenizer.json into steps. */
#include <stdlib.h>
#include <string.h>

#include <nettle/base64.h>

#include "model/tokenizer/json_reading.h"
#include "support/utf8.h"

enum { MAX_NESTING = 8 /* sequences in sequences */ };

/* ---- steps ------------------------------------------------------------------ */

static alkfw_status add_step(const struct reading *reading, const struct step *step) {
    struct tokenizer_spec *spec = reading->spec;

    if (spec->steps == NULL)
        spec->steps = calloc(STEP_MAX_NUMBER, sizeof *spec->steps);
    if (spec->steps == NULL)
        return FAIL_MEMORY(reading, "steps");
    if (spec->n_steps == STEP_MAX_NUMBER)
        return alkfw_error_set(reading->error, ALKFW_E_UNSUPPORTED,
                               "%s: more than %d steps of normalizers and pre-tokenizers",
                               reading->name, STEP_MAX_NUMBER);
    struct step *added = &spec->steps[spec->n_steps++];
    *added = *step;
    return step_compile(added, reading->name, reading->error);
}

static alkfw_status add_simple(const struct reading *reading, enum step_kind kind, uint32_t flags) {
    return add_step(reading, &(struct step){.kind = kind, .flags = flags});
}

static alkfw_status add_split(const struct reading *reading, enum pattern_kind pattern,
                              uint32_t flags) {
    return add_step(
        reading, &(struct step){.kind = STEP_SPLIT, .flags = flags, .pattern = {.kind = pattern}});
}

static alkfw_status add_flag(const struct reading *reading, const json_t *object, const char *where,
                             const char *key, uint32_t flag, uint32_t *flags) {
    bool is_set = false;
    alkfw_status status = json_get_boolean(reading, object, where, key, &is_set);

    if (is_set)
        *flags |= flag;
    return status;
}

/* {"String": "x"} or {"Regex": "x+"} */
static alkfw_status read_pattern(const struct reading *reading, const json_t *object,
                                 const char *where, struct step *step) {
    const json_t *pattern = json_object_get(object, "pattern");
    bool is_regex = json_object_get(pattern, "Regex") != NULL;

    step->pattern.kind = is_regex ? PATTERN_REGEX : PATTERN_LITERAL;
    return json_get_string(reading, pattern, where, is_regex ? "Regex" : "String", &step->first,
                           &step->n_first);
}

/* ---- normalizers -------------------------------------------------------------- */

typedef alkfw_status step_reader(const struct reading *reading, const json_t *object);

static alkfw_status read_bert(const struct reading *reading, const json_t *object) {
    uint32_t flags = 0;

    alkfw_status status = add_flag(reading, object, "normalizer", "clean_text", BERT_CLEAN, &flags);
    if (status == ALKFW_OK)
        status = add_flag(reading, object, "normalizer", "handle_chinese_chars", BERT_IDEOGRAPHS,
                          &flags);
    if (status == ALKFW_OK)
        status = add_flag(reading, object, "normalizer", "lowercase", BERT_LOWER, &flags);
    const json_t *accents = json_object_get(object, "strip_accents");
    if (accents == NULL || json_is_null(accents))
        flags |= flags & BERT_LOWER ? (uint32_t)BERT_ACCENTS : 0; /* null: as lowercase */
    else if (status == ALKFW_OK)
        status = add_flag(reading, object, "normalizer", "strip_accents", BERT_ACCENTS, &flags);
    return status == ALKFW_OK ? add_simple(reading, STEP_BERT, flags) : status;
}

static alkfw_status read_lowercase(const struct reading *reading, const json_t *object) {
    (void)object;
    return add_simple(reading, STEP_LOWERCASE, 0);
}

static alkfw_status read_strip_accents(const struct reading *reading, const json_t *object) {
    (void)object;
    return add_simple(reading, STEP_STRIP_ACCENTS, 0);
}

static alkfw_status read_nmt(const struct reading *reading, const json_t *object) {
    (void)object;
    return add_simple(reading, STEP_NMT, 0);
}

static alkfw_status read_byte_characters(const struct reading *reading, const json_t *object) {
    (void)object;
    return add_simple(reading, STEP_BYTE_CHARACTERS, 0);
}

/* NFC, NFD, NFKC and NFKD. */
static alkfw_status read_normal_form(const struct reading *reading, const json_t *object) {
    const char *type = json_string_value(json_object_get(object, "type"));
    uint32_t flags = (strchr(type, 'K') != NULL ? (uint32_t)NORMAL_FORM_COMPATIBLE : 0) |
                     (strchr(type, 'C') != NULL ? (uint32_t)NORMAL_FORM_COMPOSED : 0);

    return add_simple(reading, STEP_NORMAL_FORM, flags);
}

static alkfw_status read_strip(const struct reading *reading, const json_t *object) {
    uint32_t flags = 0;

    alkfw_status status = add_flag(reading, object, "normalizer", "strip_left", STRIP_LEFT, &flags);
    if (status == ALKFW_OK)
        status = add_flag(reading, object, "normalizer", "strip_right", STRIP_RIGHT, &flags);
    return status == ALKFW_OK ? add_simple(reading, STEP_STRIP, flags) : status;
}

static alkfw_status read_replace(const struct reading *reading, const json_t *object) {
    struct step step = {.kind = STEP_REPLACE};

    alkfw_status status = read_pattern(reading, object, "normalizer.pattern", &step);
    if (status == ALKFW_OK)
        status =
            json_get_string(reading, object, "normalizer", "content", &step.second, &step.n_second);
    return status == ALKFW_OK ? add_step(reading, &step) : status;
}

static alkfw_status read_prepend(const struct reading *reading, const json_t *object) {
    struct step step = {.kind = STEP_PREPEND};

    alkfw_status status =
        json_get_string(reading, object, "normalizer", "prepend", &step.first, &step.n_first);
    return status == ALKFW_OK ? add_step(reading, &step) : status;
}

/* Keeps memory that a step points to for as long as the document is there. */
static bool own(const struct reading *reading, void *memory) {
    for (size_t i = 0; i < TOKENIZER_MAX_OWNED; i++)
        if (reading->document->owned[i] == NULL) {
            reading->document->owned[i] = memory;
            return true;
        }
    return false;
}

/* The size of the trie in bytes, the trie (little-endian), and the strings. */
static alkfw_status take_apart(const struct reading *reading, const uint8_t *map, size_t n_map,
                               struct step *step) {
    uint32_t n_trie = 0;

    if (n_map >= 4)
        n_trie = (uint32_t)map[0] | (uint32_t)map[1] << 8 | (uint32_t)map[2] << 16 |
                 (uint32_t)map[3] << 24;
    if (n_trie < 4 || n_trie % 4 != 0 || n_trie > n_map - 4)
        return FAIL_FORMAT(reading, "%s: normalizer.precompiled_charsmap is too short for its trie",
                           reading->name);
    step->n_units = n_trie / 4;
    uint32_t *units = malloc(n_trie);
    if (units == NULL || !own(reading, units)) {
        free(units);
        return FAIL_MEMORY(reading, "charsmap");
    }
    for (size_t i = 0; i < step->n_units; i++) {
        const uint8_t *bytes = map + 4 + 4 * i;
        units[i] = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                   (uint32_t)bytes[3] << 24;
    }
    step->units = units;
    step->second = (const char *)map + 4 + n_trie;
    step->n_second = n_map - 4 - n_trie;
    return ALKFW_OK;
}

static alkfw_status read_precompiled(const struct reading *reading, const json_t *object) {
    struct step step = {.kind = STEP_PRECOMPILED};
    struct base64_decode_ctx context;
    const char *text;
    size_t n_text;

    alkfw_status status =
        json_get_string(reading, object, "normalizer", "precompiled_charsmap", &text, &n_text);
    if (status != ALKFW_OK)
        return status;
    size_t n_map = BASE64_DECODE_LENGTH(n_text);
    uint8_t *map = malloc(n_map + 1);
    if (map == NULL || !own(reading, map)) {
        free(map);
        return FAIL_MEMORY(reading, "charsmap");
    }
    base64_decode_init(&context);
    if (!base64_decode_update(&context, &n_map, map, n_text, text) ||
        !base64_decode_final(&context))
        return FAIL_FORMAT(reading, "%s: normalizer.precompiled_charsmap is not in base64",
                           reading->name);
    status = take_apart(reading, map, n_map, &step);
    return status == ALKFW_OK ? add_step(reading, &step) : status;
}

/* ---- pre-tokenizers ------------------------------------------------------------ */

static alkfw_status read_bert_split(const struct reading *reading, const json_t *object) {
    (void)object;
    alkfw_status status = add_split(reading, PATTERN_SPACE, SPLIT_REMOVED);
    return status == ALKFW_OK ? add_split(reading, PATTERN_PUNCTUATION, SPLIT_ISOLATED) : status;
}

static alkfw_status read_whitespace(const struct reading *reading, const json_t *object) {
    (void)object;
    return add_split(reading, PATTERN_WORDS, SPLIT_REMOVED | SPLIT_INVERT);
}

static alkfw_status read_whitespace_split(const struct reading *reading, const json_t *object) {
    (void)object;
    return add_split(reading, PATTERN_SPACE, SPLIT_REMOVED);
}

static alkfw_status read_digits(const struct reading *reading, const json_t *object) {
    bool individual = false;
    alkfw_status status =
        json_get_boolean(reading, object, "pre_tokenizer", "individual_digits", &individual);

    return status == ALKFW_OK
               ? add_split(reading, PATTERN_NUMERIC, individual ? SPLIT_ISOLATED : SPLIT_CONTIGUOUS)
               : status;
}

static alkfw_status read_byte_level(const struct reading *reading, const json_t *object) {
    bool has_prefix = false;
    bool uses_regex = true;
    alkfw_status status =
        json_get_boolean(reading, object, "pre_tokenizer", "add_prefix_space", &has_prefix);

    if (status == ALKFW_OK && json_object_get(object, "use_regex") != NULL)
        status = json_get_boolean(reading, object, "pre_tokenizer", "use_regex", &uses_regex);
    if (status == ALKFW_OK && has_prefix)
        status = add_step(reading, &(struct step){.kind = STEP_PREPEND,
                                                  .flags = PREPEND_UNLESS_THERE,
                                                  .first = " ",
                                                  .n_first = 1});
    if (status == ALKFW_OK && uses_regex)
        status = add_split(reading, PATTERN_GPT2, SPLIT_ISOLATED);
    return status == ALKFW_OK ? add_simple(reading, STEP_BYTE_CHARACTERS, 0) : status;
}

static alkfw_status read_behavior(const struct reading *reading, const json_t *object,
                                  uint32_t *flags) {
    static const char *const names[N_SPLIT_BEHAVIORS] = {
        [SPLIT_ISOLATED] = "Isolated",
        [SPLIT_REMOVED] = "Removed",
        [SPLIT_WITH_PREVIOUS] = "MergedWithPrevious",
        [SPLIT_WITH_NEXT] = "MergedWithNext",
        [SPLIT_CONTIGUOUS] = "Contiguous",
    };
    const char *behavior;
    size_t n_behavior;

    alkfw_status status =
        json_get_string(reading, object, "pre_tokenizer", "behavior", &behavior, &n_behavior);
    if (status != ALKFW_OK)
        return status;
    for (uint32_t i = 0; i < N_SPLIT_BEHAVIORS; i++)
        if (strcmp(behavior, names[i]) == 0) {
            *flags |= i;
            return ALKFW_OK;
        }
    return json_unsupported(reading, "behavior", behavior,
                            "Isolated, Removed, MergedWithPrevious, MergedWithNext and Contiguous");
}

static alkfw_status read_punctuation(const struct reading *reading, const json_t *object) {
    uint32_t flags = 0; /* SPLIT_ISOLATED */
    alkfw_status status = ALKFW_OK;

    if (json_object_get(object, "behavior") != NULL)
        status = read_behavior(reading, object, &flags);
    return status == ALKFW_OK ? add_split(reading, PATTERN_PUNCTUATION, flags) : status;
}

static alkfw_status read_split(const struct reading *reading, const json_t *object) {
    struct step step = {.kind = STEP_SPLIT};

    alkfw_status status = read_pattern(reading, object, "pre_tokenizer.pattern", &step);
    if (status == ALKFW_OK)
        status = read_behavior(reading, object, &step.flags);
    if (status == ALKFW_OK)
        status = add_flag(reading, object, "pre_tokenizer", "invert", SPLIT_INVERT, &step.flags);
    return status == ALKFW_OK ? add_step(reading, &step) : status;
}

/* A string of one character. */
static alkfw_status read_character(const struct reading *reading, const json_t *object,
                                   const char *key, const char **value, size_t *n_bytes) {
    uint32_t code_point;
    alkfw_status status = json_get_string(reading, object, "pre_tokenizer", key, value, n_bytes);

    if (status == ALKFW_OK &&
        (*n_bytes == 0 || utf8_decode(*value, *n_bytes, &code_point) != *n_bytes))
        return FAIL_FORMAT(reading, "%s: pre_tokenizer.%s must be one character", reading->name,
                           key);
    return status;
}

static alkfw_status read_delimiter(const struct reading *reading, const json_t *object) {
    struct step step = {.kind = STEP_SPLIT, .flags = SPLIT_REMOVED};
    alkfw_status status = read_character(reading, object, "delimiter", &step.first, &step.n_first);

    return status == ALKFW_OK ? add_step(reading, &step) : status;
}

/* Whether something goes before the text, and the flags of that step. */
static alkfw_status read_prepend_scheme(const struct reading *reading, const json_t *object,
                                        bool *prepends, uint32_t *flags) {
    const json_t *older = json_object_get(object, "add_prefix_space");
    const json_t *scheme = json_object_get(object, "prepend_scheme");
    const char *name = scheme == NULL ? "always" : json_string_value(scheme);

    *flags = PREPEND_UNLESS_THERE;
    *prepends = true;
    if (name == NULL)
        return FAIL_FORMAT(reading, "%s: pre_tokenizer.prepend_scheme must be a string",
                           reading->name);
    if (json_is_false(older) && strcmp(name, "never") != 0 && scheme != NULL)
        return FAIL_FORMAT(reading,
                           "%s: pre_tokenizer.add_prefix_space contradicts its prepend_scheme",
                           reading->name);
    if (json_is_false(older) || strcmp(name, "never") == 0)
        *prepends = false;
    else if (strcmp(name, "first") == 0)
        *flags |= PREPEND_AT_BEGINNING;
    else if (strcmp(name, "always") != 0)
        return json_unsupported(reading, "prepend_scheme", name, "always, first and never");
    return ALKFW_OK;
}

static alkfw_status read_metaspace(const struct reading *reading, const json_t *object) {
    struct step replace = {.kind = STEP_REPLACE, .first = " ", .n_first = 1};
    struct step prepend = {.kind = STEP_PREPEND};
    struct step split = {.kind = STEP_SPLIT, .flags = SPLIT_WITH_NEXT};
    bool prepends = true;
    bool splits = true;

    alkfw_status status =
        read_character(reading, object, "replacement", &replace.second, &replace.n_second);
    prepend.first = split.first = replace.second;
    prepend.n_first = split.n_first = replace.n_second;
    if (status == ALKFW_OK)
        status = read_prepend_scheme(reading, object, &prepends, &prepend.flags);
    const json_t *whether = json_object_get(object, "split");
    if (status == ALKFW_OK && whether != NULL && !json_is_null(whether))
        status = json_get_boolean(reading, object, "pre_tokenizer", "split", &splits);
    if (status == ALKFW_OK)
        status = add_step(reading, &replace);
    if (status == ALKFW_OK && prepends)
        status = add_step(reading, &prepend);
    if (status == ALKFW_OK && splits)
        status = add_step(reading, &split);
    return status;
}

/* ---- which ------------------------------------------------------------------------ */

struct step_type {
    const char *name;
    step_reader *read;
};

/* One of the two parts of a tokenizer.json that are made of steps. */
struct part {
    const char *key;
    const char *what;
    const char *members; /* of a Sequence */
    const struct step_type *types;
    size_t n_types;
    const char *known;
};

static const struct step_type normalizers[] = {
    {"BertNormalizer", read_bert},
    {"ByteLevel", read_byte_characters},
    {"Lowercase", read_lowercase},
    {"NFC", read_normal_form},
    {"NFD", read_normal_form},
    {"NFKC", read_normal_form},
    {"NFKD", read_normal_form},
    {"Nmt", read_nmt},
    {"Precompiled", read_precompiled},
    {"Prepend", read_prepend},
    {"Replace", read_replace},
    {"Strip", read_strip},
    {"StripAccents", read_strip_accents},
};

static const struct step_type pre_tokenizers[] = {
    {"BertPreTokenizer", read_bert_split},
    {"ByteLevel", read_byte_level},
    {"CharDelimiterSplit", read_delimiter},
    {"Digits", read_digits},
    {"Metaspace", read_metaspace},
    {"Punctuation", read_punctuation},
    {"Split", read_split},
    {"Whitespace", read_whitespace},
    {"WhitespaceSplit", read_whitespace_split},
};

static const struct part normalizer_part = {"normalizer",
                                            "normalizer",
                                            "normalizers",
                                            normalizers,
                                            sizeof normalizers / sizeof normalizers[0],
                                            "BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, "
                                            "NFKD, Nmt, Precompiled, Prepend, Replace, "
                                            "Sequence, Strip and StripAccents"};

static const struct part pre_tokenizer_part = {
    "pre_tokenizer",
    "pre-tokenizer",
    "pretokenizers",
    pre_tokenizers,
    sizeof pre_tokenizers / sizeof pre_tokenizers[0],
    "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, Metaspace, Punctuation, Sequence, "
    "Split, Whitespace and WhitespaceSplit"};

static alkfw_status read_one(const struct reading *reading, const struct part *part,
                             const json_t *object) {
    const char *type;

    alkfw_status status = json_get_type(reading, object, part->key, &type);
    if (status != ALKFW_OK)
        return status;
    for (size_t i = 0; i < part->n_types; i++)
        if (strcmp(type, part->types[i].name) == 0)
            return part->types[i].read(reading, object);
    return json_unsupported(reading, part->what, type, part->known);
}

static bool is_sequence(const json_t *object) {
    const char *type = json_string_value(json_object_get(object, "type"));

    return type != NULL && strcmp(type, "Sequence") == 0;
}

/* Goes through sequences in sequences without recursion. */
static alkfw_status read_part(const struct reading *reading, const struct part *part) {
    struct {
        const json_t *array;
        size_t next;
    } open[MAX_NESTING];
    size_t depth = 0;
    const json_t *object;
    const char *type;

    alkfw_status status = json_get_part(reading, part->key, &object, &type);
    while (status == ALKFW_OK && (object != NULL || depth > 0)) {
        if (object == NULL) {
            object = json_array_get(open[depth - 1].array, open[depth - 1].next++);
            depth -= object == NULL;
            continue;
        }
        if (!is_sequence(object)) {
            status = read_one(reading, part, object);
        } else if (depth == MAX_NESTING) {
            return FAIL_FORMAT(reading, "%s: the sequences of the %s are nested too deeply",
                               reading->name, part->what);
        } else {
            open[depth].array = json_object_get(object, part->members);
            open[depth].next = 0;
            if (!json_is_array(open[depth].array))
                return FAIL_FORMAT(reading, "%s: %s.%s must be an array", reading->name, part->key,
                                   part->members);
            depth++;
        }
        object = NULL;
    }
    return status;
}

alkfw_status json_read_normalizer(const struct reading *reading) {
    alkfw_status status = read_part(reading, &normalizer_part);

    reading->spec->n_normalizers = reading->spec->n_steps;
    return status;
}

alkfw_status json_read_pre_tokenizer(const struct reading *reading) {
    return read_part(reading, &pre_tokenizer_part);
}
