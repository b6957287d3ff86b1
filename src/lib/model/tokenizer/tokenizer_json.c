/* SPDX-License-Identifier: Apache-2.0
 *
 * A tokenizer.json has an object with a "type" for each part of the tokenizer. What `tokenizers`
 * itself would refuse is refused; so are ids that contradict each other, where it picks one. */
#include "model/tokenizer/tokenizer_json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "model/tokenizer/json_reading.h"

enum { JSON_MAX_BYTES = 256 << 20 };

/* ---- fields -------------------------------------------------------------- */

alkfw_status json_get_boolean(const struct reading *reading, const json_t *object,
                              const char *where, const char *key, bool *value) {
    const json_t *field = json_object_get(object, key);

    if (!json_is_boolean(field))
        return FAIL_FORMAT(reading, "%s: %s.%s must be true or false", reading->name, where, key);
    *value = json_is_true(field);
    return ALKFW_OK;
}

alkfw_status json_get_string(const struct reading *reading, const json_t *object, const char *where,
                             const char *key, const char **value, size_t *n_bytes) {
    const json_t *field = json_object_get(object, key);

    if (!json_is_string(field))
        return FAIL_FORMAT(reading, "%s: %s.%s must be a string", reading->name, where, key);
    *value = json_string_value(field);
    *n_bytes = json_string_length(field);
    return ALKFW_OK;
}

static bool is_absent(const json_t *object, const char *key) {
    const json_t *field = json_object_get(object, key);

    return field == NULL || json_is_null(field);
}

alkfw_status json_get_optional_boolean(const struct reading *reading, const json_t *object,
                                       const char *where, const char *key, bool *value) {
    *value = false;
    return is_absent(object, key) ? ALKFW_OK : json_get_boolean(reading, object, where, key, value);
}

alkfw_status json_get_optional_string(const struct reading *reading, const json_t *object,
                                      const char *where, const char *key, const char **value,
                                      size_t *n_bytes) {
    *value = "";
    *n_bytes = 0;
    return is_absent(object, key) ? ALKFW_OK
                                  : json_get_string(reading, object, where, key, value, n_bytes);
}

const json_t *json_get_by_string(const json_t *object, const char *key, size_t n_key) {
    return strlen(key) == n_key ? json_object_get(object, key) : NULL;
}

alkfw_status json_check_id(const struct reading *reading, const json_t *field, const char *where,
                           int32_t *id) {
    json_int_t value = json_integer_value(field);

    if (!json_is_integer(field) || value < 0 || value >= VOCABULARY_MAX_SIZE)
        return FAIL_FORMAT(reading, "%s: the id of %s must be a whole number from 0 to %d",
                           reading->name, where, VOCABULARY_MAX_SIZE - 1);
    *id = (int32_t)value;
    return ALKFW_OK;
}

alkfw_status json_get_type(const struct reading *reading, const json_t *object, const char *key,
                           const char **type) {
    size_t n_bytes;

    *type = "null";
    if (object == NULL)
        return ALKFW_OK;
    if (!json_is_object(object))
        return FAIL_FORMAT(reading, "%s: \"%s\" must be an object", reading->name, key);
    return json_get_string(reading, object, key, "type", type, &n_bytes);
}

alkfw_status json_get_part(const struct reading *reading, const char *key, const json_t **object,
                           const char **type) {
    *object = json_object_get(reading->root, key);
    if (json_is_null(*object))
        *object = NULL;
    return json_get_type(reading, *object, key, type);
}

alkfw_status json_unsupported(const struct reading *reading, const char *part, const char *type,
                              const char *known) {
    return alkfw_error_set(reading->error, ALKFW_E_UNSUPPORTED,
                           "%s: the %s \"%s\" is not supported; this version knows %s",
                           reading->name, part, type, known);
}

/* ---- added tokens -------------------------------------------------------- */

static alkfw_status read_added_flags(const struct reading *reading, const json_t *object,
                                     struct added_token_spec *added) {
    static const char where[] = "added_tokens[]";
    bool single_word = false;
    bool lstrip = false;
    bool rstrip = false;
    bool special = false;

    alkfw_status status = json_get_boolean(reading, object, where, "single_word", &single_word);
    if (status == ALKFW_OK)
        status = json_get_boolean(reading, object, where, "lstrip", &lstrip);
    if (status == ALKFW_OK)
        status = json_get_boolean(reading, object, where, "rstrip", &rstrip);
    if (status == ALKFW_OK)
        status = json_get_boolean(reading, object, where, "normalized", &added->normalized);
    if (status == ALKFW_OK)
        status = json_get_boolean(reading, object, where, "special", &special); /* for decoding */
    added->flags = (single_word ? (uint32_t)ADDED_TOKEN_SINGLE_WORD : 0) |
                   (lstrip ? (uint32_t)ADDED_TOKEN_LSTRIP : 0) |
                   (rstrip ? (uint32_t)ADDED_TOKEN_RSTRIP : 0);
    return status;
}

/* `tokenizers` does not look at the ids of added tokens: they have the vocabulary's, or go on after
 * it. A file that says otherwise would mean other tokens to other programs. */
static alkfw_status reconcile_id(const struct reading *reading, const json_t *vocabulary,
                                 const struct added_token_spec *added, int32_t *next_id) {
    struct tokenizer_spec *spec = reading->spec;
    const json_t *known = json_get_by_string(vocabulary, added->content, added->n_content);
    int32_t expected = known != NULL ? (int32_t)json_integer_value(known) : *next_id;

    if (added->id != expected)
        return FAIL_FORMAT(reading,
                           "%s: the added token \"%s\" has the id %d, but the vocabulary %s %d",
                           reading->name, added->content, added->id,
                           known != NULL ? "says" : "goes on with", expected);
    if (known == NULL && spec->tokens[added->id] != NULL)
        return FAIL_FORMAT(reading, "%s: the added token \"%s\" has the id %d of \"%s\"",
                           reading->name, added->content, added->id, spec->tokens[added->id]);
    *next_id += known == NULL;
    return ALKFW_OK;
}

static alkfw_status read_added_token(const struct reading *reading, const json_t *vocabulary,
                                     const json_t *object, struct added_token_spec *added,
                                     int32_t *next_id) {
    alkfw_status status = json_get_string(reading, object, "added_tokens[]", "content",
                                          &added->content, &added->n_content);
    if (status == ALKFW_OK && added->n_content == 0)
        return FAIL_FORMAT(reading, "%s: an added token is empty", reading->name);
    if (status == ALKFW_OK)
        status = json_check_id(reading, json_object_get(object, "id"), added->content, &added->id);
    if (status == ALKFW_OK)
        status = read_added_flags(reading, object, added);
    if (status == ALKFW_OK)
        status = reconcile_id(reading, vocabulary, added, next_id);
    return status;
}

/* Two added tokens of one id: `seen` has one byte for each id. */
static alkfw_status check_added_ids(const struct reading *reading) {
    const struct tokenizer_spec *spec = reading->spec;
    unsigned char *seen = calloc(spec->vocabulary_size, 1);
    alkfw_status status = ALKFW_OK;

    if (seen == NULL)
        return alkfw_error_set(reading->error, ALKFW_E_MEMORY, "%s: no memory for the vocabulary",
                               reading->name);
    for (size_t i = 0; i < spec->n_added_tokens && status == ALKFW_OK; i++) {
        if (seen[spec->added_tokens[i].id])
            status = FAIL_FORMAT(reading, "%s: two added tokens have the id %d", reading->name,
                                 spec->added_tokens[i].id);
        seen[spec->added_tokens[i].id] = 1;
    }
    free(seen);
    return status;
}

static alkfw_status read_added_tokens(const struct reading *reading) {
    struct tokenizer_spec *spec = reading->spec;
    const json_t *array = json_object_get(reading->root, "added_tokens");
    const json_t *vocabulary = reading->vocabulary;
    int32_t next_id = (int32_t)json_object_size(vocabulary);
    size_t index;
    json_t *object;

    if (array == NULL || json_is_null(array))
        return ALKFW_OK;
    if (!json_is_array(array))
        return FAIL_FORMAT(reading, "%s: \"added_tokens\" must be an array", reading->name);
    spec->added_tokens = calloc(json_array_size(array) + 1, sizeof *spec->added_tokens);
    if (spec->added_tokens == NULL)
        return alkfw_error_set(reading->error, ALKFW_E_MEMORY, "%s: no memory for added tokens",
                               reading->name);
    json_array_foreach(array, index, object) {
        alkfw_status status =
            read_added_token(reading, vocabulary, object, &spec->added_tokens[index], &next_id);
        if (status != ALKFW_OK)
            return status;
        spec->n_added_tokens++;
    }
    return check_added_ids(reading);
}

/* ---- the file ------------------------------------------------------------ */

static alkfw_status load(const char *json, size_t n_bytes, const char *name, json_t **root,
                         alkfw_error *error) {
    json_error_t where;

    if (n_bytes > JSON_MAX_BYTES)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s: %zu bytes are too many for a tokenizer.json (at most %d)", name,
                               n_bytes, JSON_MAX_BYTES);
    *root = json_loadb(json, n_bytes, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &where);
    if (*root == NULL && json_error_code(&where) == json_error_out_of_memory)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: no memory for it", name);
    if (*root == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT,
                               "%s:%d:%d: not a tokenizer.json: %s; get the model again", name,
                               where.line, where.column, where.text);
    if (!json_is_object(*root))
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: not a tokenizer.json: not an object",
                               name);
    return ALKFW_OK;
}

static alkfw_status check_version(const struct reading *reading) {
    const char *version = json_string_value(json_object_get(reading->root, "version"));

    if (version == NULL)
        return FAIL_FORMAT(reading, "%s: not a tokenizer.json: it has no \"version\"",
                           reading->name);
    if (strcmp(version, "1.0") != 0)
        return json_unsupported(reading, "version", version, "1.0");
    return ALKFW_OK;
}

/* Whether the steps are BertNormalizer or none, and BertPreTokenizer or none. */
static bool is_bert(const struct tokenizer_spec *spec) {
    const struct step *steps = spec->steps + spec->n_normalizers;
    size_t n_splits = spec->n_steps - spec->n_normalizers;

    if (spec->n_normalizers > 1 || (spec->n_normalizers == 1 && spec->steps[0].kind != STEP_BERT))
        return false;
    return n_splits == 0 ||
           (n_splits == 2 && steps[0].kind == STEP_SPLIT &&
            steps[0].pattern.kind == PATTERN_SPACE && steps[0].flags == SPLIT_REMOVED &&
            steps[1].kind == STEP_SPLIT && steps[1].pattern.kind == PATTERN_PUNCTUATION &&
            steps[1].flags == SPLIT_ISOLATED);
}

/* BERT's steps can be taken in a stream. */
static void choose_stream(struct tokenizer_spec *spec) {
    spec->pre_tokenizer = PRE_TOKENIZER_STEPS;
    if (spec->model != MODEL_WORDPIECE || spec->trimming != 0 ||
        (spec->n_steps > 0 && !is_bert(spec)))
        return;
    if (spec->n_normalizers > 0) {
        uint32_t flags = spec->steps[0].flags;
        spec->normalizer_rules = (struct normalizer_rules){
            flags & BERT_CLEAN, flags & BERT_IDEOGRAPHS, flags & BERT_ACCENTS, flags & BERT_LOWER};
    }
    spec->pre_tokenizer =
        spec->n_steps > spec->n_normalizers ? PRE_TOKENIZER_BERT : PRE_TOKENIZER_NONE;
    spec->n_normalizers = 0;
    spec->n_steps = 0; /* BERT's have nothing to free */
}

alkfw_status tokenizer_json_read(const char *json, size_t n_bytes, const char *name,
                                 struct tokenizer_document *document, alkfw_error *error) {
    json_t *root = NULL;

    memset(document, 0, sizeof *document);
    alkfw_status status = load(json, n_bytes, name, &root, error);
    document->root = root;
    struct reading reading = {name, root, document, &document->spec, NULL, error};
    if (status == ALKFW_OK)
        status = check_version(&reading);
    if (status == ALKFW_OK)
        status = json_read_normalizer(&reading);
    if (status == ALKFW_OK)
        status = json_read_pre_tokenizer(&reading);
    if (status == ALKFW_OK)
        status = json_read_model(&reading);
    if (status == ALKFW_OK)
        status = read_added_tokens(&reading);
    if (status == ALKFW_OK)
        status = json_read_post_processor(&reading);
    if (status == ALKFW_OK)
        choose_stream(&document->spec);
    return status;
}

void tokenizer_json_free(struct tokenizer_document *document) {
    for (size_t i = 0; i < document->spec.n_steps; i++)
        pattern_free(&document->spec.steps[i].pattern);
    for (size_t i = 0; i < TOKENIZER_MAX_OWNED && document->owned[i] != NULL; i++)
        free(document->owned[i]);
    free(document->spec.steps);
    free(document->spec.merges);
    free(document->spec.scores);
    free(document->spec.tokens);
    free(document->spec.n_token_bytes);
    free(document->spec.added_tokens);
    json_decref(document->vocabulary);
    json_decref(document->root);
}
