/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads the model of a tokenizer.json: WordPiece, BPE or Unigram. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/json_reading.h"

/* ---- model --------------------------------------------------------------- */

static alkfw_status allocate_tokens(const struct reading *reading, size_t n) {
    struct tokenizer_spec *spec = reading->spec;

    spec->tokens = calloc(n, sizeof *spec->tokens);
    spec->n_token_bytes = calloc(n, sizeof *spec->n_token_bytes);
    if (spec->tokens == NULL || spec->n_token_bytes == NULL)
        return alkfw_error_set(reading->error, ALKFW_E_MEMORY, "%s: no memory for the vocabulary",
                               reading->name);
    return ALKFW_OK;
}

static alkfw_status add_entry(const struct reading *reading, const char *token, int32_t id) {
    struct tokenizer_spec *spec = reading->spec;

    if (spec->tokens[id] != NULL)
        return FAIL_FORMAT(reading, "%s: the tokens \"%s\" and \"%s\" have the same id %d",
                           reading->name, spec->tokens[id], token, id);
    spec->tokens[id] = token;
    spec->n_token_bytes[id] = (uint32_t)strlen(token);
    return ALKFW_OK;
}

/* The ids of the vocabulary and of the added tokens decide how large the arrays are. */
static alkfw_status find_vocabulary_size(const struct reading *reading, json_t *vocabulary,
                                         const json_t *added, size_t size) {
    size_t index;
    const char *token;
    json_t *value;
    int32_t id = 0;

    json_object_foreach(vocabulary, token, value) {
        alkfw_status status = json_check_id(reading, value, token, &id);
        if (status != ALKFW_OK)
            return status;
        size = (size_t)id + 1 > size ? (size_t)id + 1 : size;
    }
    json_array_foreach(added, index, value) {
        alkfw_status status =
            json_check_id(reading, json_object_get(value, "id"), "an added token", &id);
        if (status != ALKFW_OK)
            return status;
        size = (size_t)id + 1 > size ? (size_t)id + 1 : size;
    }
    if (size == 0)
        return FAIL_FORMAT(reading, "%s: the vocabulary is empty", reading->name);
    reading->spec->vocabulary_size = size;
    return ALKFW_OK;
}

static alkfw_status read_vocabulary(const struct reading *reading, json_t *vocabulary,
                                    const json_t *added) {
    const char *token;
    json_t *value;

    alkfw_status status = find_vocabulary_size(reading, vocabulary, added, 0);
    if (status == ALKFW_OK)
        status = allocate_tokens(reading, reading->spec->vocabulary_size);
    if (status != ALKFW_OK)
        return status;
    json_object_foreach(vocabulary, token, value) {
        status = add_entry(reading, token, (int32_t)json_integer_value(value));
        if (status != ALKFW_OK)
            return status;
    }
    return ALKFW_OK;
}

/* model.vocab as WordPiece and BPE have it. */
static alkfw_status read_object(struct reading *reading, const json_t *model) {
    reading->vocabulary = json_object_get(model, "vocab");
    if (!json_is_object(reading->vocabulary))
        return FAIL_FORMAT(reading, "%s: model.vocab must be an object of tokens and their ids",
                           reading->name);
    return read_vocabulary(reading, reading->vocabulary,
                           json_object_get(reading->root, "added_tokens"));
}

/* ---- WordPiece ------------------------------------------------------------ */

static alkfw_status read_wordpiece(struct reading *reading, const json_t *model) {
    struct tokenizer_spec *spec = reading->spec;
    const char *unknown;
    size_t n_unknown;

    alkfw_status status =
        json_get_string(reading, model, "model", "unk_token", &unknown, &n_unknown);
    if (status == ALKFW_OK)
        status = json_get_string(reading, model, "model", "continuing_subword_prefix",
                                 &spec->continuing_prefix, &spec->n_continuing_prefix);
    if (status != ALKFW_OK)
        return status;
    const json_t *most = json_object_get(model, "max_input_chars_per_word");
    if (!json_is_integer(most) || json_integer_value(most) < 0 ||
        json_integer_value(most) > UINT32_MAX)
        return FAIL_FORMAT(reading,
                           "%s: model.max_input_chars_per_word must be a whole number from 0 to %u",
                           reading->name, UINT32_MAX);
    spec->max_input_chars_per_word = (uint32_t)json_integer_value(most);

    status = read_object(reading, model);
    if (status != ALKFW_OK)
        return status;
    const json_t *unknown_id = json_get_by_string(reading->vocabulary, unknown, n_unknown);
    if (unknown_id == NULL)
        return FAIL_FORMAT(reading, "%s: the unknown token \"%s\" is not in the vocabulary",
                           reading->name, unknown);
    spec->unknown_id = (int32_t)json_integer_value(unknown_id);
    return ALKFW_OK;
}

/* ---- BPE ------------------------------------------------------------------ */

static alkfw_status read_bpe_flags(const struct reading *reading, const json_t *model) {
    static const struct {
        const char *key;
        uint32_t flag;
    } flags[] = {{"fuse_unk", BPE_FUSE_UNKNOWN},
                 {"byte_fallback", BPE_BYTE_FALLBACK},
                 {"ignore_merges", BPE_IGNORE_MERGES}};

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        bool is_set;
        alkfw_status status =
            json_get_optional_boolean(reading, model, "model", flags[i].key, &is_set);
        if (status != ALKFW_OK)
            return status;
        if (is_set)
            reading->spec->bpe_flags |= flags[i].flag;
    }
    const json_t *dropout = json_object_get(model, "dropout");
    if (dropout != NULL && !json_is_null(dropout) && json_number_value(dropout) != 0)
        return json_unsupported(reading, "setting", "model.dropout", "none");
    return ALKFW_OK;
}

static alkfw_status read_affixes(const struct reading *reading, const json_t *model) {
    struct tokenizer_spec *spec = reading->spec;

    alkfw_status status =
        json_get_optional_string(reading, model, "model", "continuing_subword_prefix",
                                 &spec->continuing_prefix, &spec->n_continuing_prefix);
    if (status == ALKFW_OK)
        status = json_get_optional_string(reading, model, "model", "end_of_word_suffix",
                                          &spec->suffix, &spec->n_suffix);
    if (status == ALKFW_OK &&
        (spec->n_continuing_prefix > BPE_MAX_AFFIX || spec->n_suffix > BPE_MAX_AFFIX))
        return FAIL_FORMAT(reading,
                           "%s: model.continuing_subword_prefix and end_of_word_suffix may have %d "
                           "bytes",
                           reading->name, BPE_MAX_AFFIX);
    return status;
}

static alkfw_status find_token(const struct reading *reading, const char *token, size_t n_token,
                               int32_t *id) {
    const json_t *known = json_get_by_string(reading->vocabulary, token, n_token);

    if (known == NULL)
        return FAIL_FORMAT(reading, "%s: a merge has \"%.64s\", which is not in the vocabulary",
                           reading->name, token);
    *id = (int32_t)json_integer_value(known);
    return ALKFW_OK;
}

/* The two halves of a merge: ["a", "b"], or "a b" in older files. */
static bool split_merge(const json_t *merge, char *halves[2]) {
    if (json_is_array(merge) && json_array_size(merge) == 2) {
        const char *left = json_string_value(json_array_get(merge, 0));
        const char *right = json_string_value(json_array_get(merge, 1));
        if (left == NULL || right == NULL)
            return false;
        halves[0] = strdup(left);
        halves[1] = strdup(right);
        return true;
    }
    const char *text = json_string_value(merge);
    const char *space = text != NULL ? strchr(text, ' ') : NULL;
    if (space == NULL || strchr(space + 1, ' ') != NULL)
        return false;
    halves[0] = strndup(text, (size_t)(space - text));
    halves[1] = strdup(space + 1);
    return true;
}

/* Both halves side by side, but for the prefix of the right one. */
static alkfw_status join_halves(const struct reading *reading, char *const halves[2],
                                struct merge_spec *merge) {
    size_t n_prefix = reading->spec->n_continuing_prefix;
    size_t n_left = strlen(halves[0]);
    size_t n_right = strlen(halves[1]);

    if (n_right < n_prefix)
        return FAIL_FORMAT(reading, "%s: a merge has \"%.64s\", which is not in the vocabulary",
                           reading->name, halves[1]);
    char *joined = malloc(n_left + n_right + 1);
    if (joined == NULL)
        return FAIL_MEMORY(reading, "merges");
    memcpy(joined, halves[0], n_left);
    memcpy(joined + n_left, halves[1] + n_prefix, n_right - n_prefix + 1);
    alkfw_status status = find_token(reading, halves[0], n_left, &merge->left);
    if (status == ALKFW_OK)
        status = find_token(reading, halves[1], n_right, &merge->right);
    if (status == ALKFW_OK)
        status = find_token(reading, joined, strlen(joined), &merge->id);
    free(joined);
    return status;
}

static alkfw_status read_merge(const struct reading *reading, const json_t *object,
                               struct merge_spec *merge) {
    char *halves[2] = {NULL, NULL};

    if (!split_merge(object, halves))
        return FAIL_FORMAT(reading, "%s: model.merges[] must be pairs of tokens", reading->name);
    alkfw_status status = halves[0] == NULL || halves[1] == NULL
                              ? FAIL_MEMORY(reading, "merges")
                              : join_halves(reading, halves, merge);
    free(halves[0]);
    free(halves[1]);
    return status;
}

static alkfw_status read_merges(const struct reading *reading, const json_t *model) {
    static const char comment[] = "#version";
    struct tokenizer_spec *spec = reading->spec;
    const json_t *array = json_object_get(model, "merges");
    size_t index;
    json_t *merge;

    if (!json_is_array(array))
        return FAIL_FORMAT(reading, "%s: model.merges must be an array", reading->name);
    spec->merges = calloc(json_array_size(array) + 1, sizeof *spec->merges);
    if (spec->merges == NULL)
        return FAIL_MEMORY(reading, "merges");
    json_array_foreach(array, index, merge) {
        const char *text = json_string_value(merge);
        if (text != NULL && strncmp(text, comment, sizeof comment - 1) == 0)
            continue;
        alkfw_status status = read_merge(reading, merge, &spec->merges[spec->n_merges]);
        if (status != ALKFW_OK)
            return status;
        spec->n_merges++;
    }
    return ALKFW_OK;
}

static alkfw_status read_bpe(struct reading *reading, const json_t *model) {
    struct tokenizer_spec *spec = reading->spec;
    const char *unknown = NULL;
    size_t n_unknown = 0;

    alkfw_status status = read_bpe_flags(reading, model);
    if (status == ALKFW_OK)
        status = read_affixes(reading, model);
    if (status == ALKFW_OK)
        status = read_object(reading, model);
    if (status == ALKFW_OK)
        status = read_merges(reading, model);
    spec->unknown_id = BPE_NO_UNKNOWN;
    const json_t *field = json_object_get(model, "unk_token");
    if (status != ALKFW_OK || field == NULL || json_is_null(field))
        return status;
    status = json_get_string(reading, model, "model", "unk_token", &unknown, &n_unknown);
    if (status != ALKFW_OK)
        return status;
    const json_t *known = json_get_by_string(reading->vocabulary, unknown, n_unknown);
    spec->unknown_id = known != NULL ? (int32_t)json_integer_value(known) : BPE_MISSING_UNKNOWN;
    return ALKFW_OK;
}

/* ---- Unigram ---------------------------------------------------------------- */

/* The shortest decimal digits that are this number: significand * 10^exponent. */
static bool to_decimal(double value, uint64_t *significand, int *exponent) {
    char text[40];
    int n_fraction = 0;
    bool is_fraction = false;
    const char *at = text;

    for (int precision = 14; precision <= 16; precision++) {
        int length = snprintf(text, sizeof text, "%.*e", precision, value);
        if (length <= 0 || (size_t)length >= sizeof text)
            return false;
        if (strtod(text, NULL) == value)
            break;
    }
    *significand = 0;
    for (; *at != '\0' && *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') {
            *significand = *significand * 10 + (uint64_t)(*at - '0');
            n_fraction += is_fraction;
        } else if (*at != '-') {
            is_fraction = true; /* the point, whatever the locale has for it */
        }
    }
    *exponent = (int)strtol(*at == 'e' ? at + 1 : "0", NULL, 10) - n_fraction;
    while (*significand != 0 && *significand % 10 == 0 && *exponent < 0) {
        *significand /= 10;
        ++*exponent;
    }
    return true;
}

/* `tokenizers` reads numbers with serde_json, which multiplies or divides the digits by a power of
 * ten: one unit in the last place off for one number in seven. Sums of scores that are equal but
 * for rounding decide by it, so the same is done here. */
static double as_serde_json(double value) {
    uint64_t significand;
    int exponent;

    if (value == 0 || !to_decimal(value, &significand, &exponent) || exponent < -300 ||
        exponent > 300)
        return value;
    char text[16];
    (void)snprintf(text, sizeof text, "1e%d", exponent < 0 ? -exponent : exponent);
    double power = strtod(text, NULL);
    double result = exponent < 0 ? (double)significand / power : (double)significand * power;
    return value < 0 ? -result : result;
}

static alkfw_status read_scored(const struct reading *reading, const json_t *entry, size_t id) {
    struct tokenizer_spec *spec = reading->spec;
    const json_t *token = json_array_get(entry, 0);
    const json_t *score = json_array_get(entry, 1);

    if (json_array_size(entry) != 2 || !json_is_string(token) || !json_is_number(score))
        return FAIL_FORMAT(reading, "%s: model.vocab[%zu] must be a token and its score",
                           reading->name, id);
    spec->tokens[id] = json_string_value(token);
    spec->n_token_bytes[id] = (uint32_t)json_string_length(token);
    spec->scores[id] = json_is_integer(score) ? (double)json_integer_value(score)
                                              : as_serde_json(json_real_value(score));
    /* A token with a NUL has no key, and no added token has its name. */
    if (strlen(spec->tokens[id]) == spec->n_token_bytes[id] &&
        json_object_set_new_nocheck(reading->vocabulary, spec->tokens[id],
                                    json_integer((json_int_t)id)) != 0)
        return FAIL_MEMORY(reading, "vocabulary");
    return ALKFW_OK;
}

static alkfw_status read_scores(struct reading *reading, const json_t *array) {
    struct tokenizer_spec *spec = reading->spec;
    size_t n = json_array_size(array);
    size_t index;
    json_t *entry;

    reading->vocabulary = json_object();
    reading->document->vocabulary = reading->vocabulary;
    spec->scores = calloc(n, sizeof *spec->scores);
    if (reading->vocabulary == NULL || spec->scores == NULL)
        return FAIL_MEMORY(reading, "vocabulary");
    spec->n_scores = n;
    json_array_foreach(array, index, entry) {
        alkfw_status status = read_scored(reading, entry, index);
        if (status != ALKFW_OK)
            return status;
    }
    return ALKFW_OK;
}

static alkfw_status read_unigram(struct reading *reading, const json_t *model) {
    struct tokenizer_spec *spec = reading->spec;
    const json_t *array = json_object_get(model, "vocab");
    const json_t *unknown = json_object_get(model, "unk_id");
    bool byte_fallback = false;

    if (!json_is_array(array) || json_array_size(array) == 0 ||
        json_array_size(array) > VOCABULARY_MAX_SIZE)
        return FAIL_FORMAT(reading, "%s: model.vocab must be an array of 1 to %d tokens and scores",
                           reading->name, VOCABULARY_MAX_SIZE);
    if (!json_is_integer(unknown) || json_integer_value(unknown) < 0 ||
        (size_t)json_integer_value(unknown) >= json_array_size(array))
        return FAIL_FORMAT(reading,
                           "%s: model.unk_id must be the place of a token in the vocabulary",
                           reading->name);
    spec->unknown_id = (int32_t)json_integer_value(unknown);
    alkfw_status status =
        json_get_optional_boolean(reading, model, "model", "byte_fallback", &byte_fallback);
    spec->unigram_flags = byte_fallback ? UNIGRAM_BYTE_FALLBACK : 0;
    if (status == ALKFW_OK)
        status = find_vocabulary_size(reading, NULL, json_object_get(reading->root, "added_tokens"),
                                      json_array_size(array));
    if (status == ALKFW_OK)
        status = allocate_tokens(reading, spec->vocabulary_size);
    return status == ALKFW_OK ? read_scores(reading, array) : status;
}

/* ---- which ---------------------------------------------------------------------- */

alkfw_status json_read_model(struct reading *reading) {
    static const struct {
        const char *type;
        enum model_kind kind;
        alkfw_status (*read)(struct reading *reading, const json_t *model);
    } models[] = {{"WordPiece", MODEL_WORDPIECE, read_wordpiece},
                  {"BPE", MODEL_BPE, read_bpe},
                  {"Unigram", MODEL_UNIGRAM, read_unigram}};
    const json_t *model;
    const char *type;

    alkfw_status status = json_get_part(reading, "model", &model, &type);
    if (status != ALKFW_OK)
        return status;
    if (model != NULL)
        for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
            if (strcmp(type, models[i].type) == 0) {
                reading->spec->model = models[i].kind;
                return models[i].read(reading, model);
            }
    return json_unsupported(reading, "model", type, "WordPiece, BPE and Unigram");
}
