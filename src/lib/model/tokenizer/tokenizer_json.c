/* SPDX-License-Identifier: Apache-2.0
 *
 * A tokenizer.json has an object with a "type" for each part of the tokenizer. What `tokenizers`
 * itself would refuse is refused; so are ids that contradict each other, where it picks one. */
#include "model/tokenizer/tokenizer_json.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { JSON_MAX_BYTES = 256 << 20 };

struct reading {
    const char *name; /* of the file */
    const json_t *root;
    struct tokenizer_spec *spec;
    alkfw_error *error;
};

#define FAIL_FORMAT(reading, ...) alkfw_error_set((reading)->error, ALKFW_E_FORMAT, __VA_ARGS__)

/* ---- fields -------------------------------------------------------------- */

static alkfw_status get_boolean(const struct reading *reading, const json_t *object,
                                const char *where, const char *key, bool *value) {
    const json_t *field = json_object_get(object, key);

    if (!json_is_boolean(field))
        return FAIL_FORMAT(reading, "%s: %s.%s must be true or false", reading->name, where, key);
    *value = json_is_true(field);
    return ALKFW_OK;
}

static alkfw_status get_string(const struct reading *reading, const json_t *object,
                               const char *where, const char *key, const char **value,
                               size_t *n_bytes) {
    const json_t *field = json_object_get(object, key);

    if (!json_is_string(field))
        return FAIL_FORMAT(reading, "%s: %s.%s must be a string", reading->name, where, key);
    *value = json_string_value(field);
    *n_bytes = json_string_length(field);
    return ALKFW_OK;
}

/* Keys have no NUL in them: a string that has one is no key. */
static const json_t *get_by_string(const json_t *object, const char *key, size_t n_key) {
    return strlen(key) == n_key ? json_object_get(object, key) : NULL;
}

static alkfw_status check_id(const struct reading *reading, const json_t *field, const char *where,
                             int32_t *id) {
    json_int_t value = json_integer_value(field);

    if (!json_is_integer(field) || value < 0 || value >= VOCABULARY_MAX_SIZE)
        return FAIL_FORMAT(reading, "%s: the id of %s must be a whole number from 0 to %d",
                           reading->name, where, VOCABULARY_MAX_SIZE - 1);
    *id = (int32_t)value;
    return ALKFW_OK;
}

/* An object of the root with its type; *object is NULL where the file has null or nothing. */
static alkfw_status get_part(const struct reading *reading, const char *key, const json_t **object,
                             const char **type) {
    size_t n_bytes;

    *object = json_object_get(reading->root, key);
    *type = "null";
    if (*object == NULL || json_is_null(*object)) {
        *object = NULL;
        return ALKFW_OK;
    }
    if (!json_is_object(*object))
        return FAIL_FORMAT(reading, "%s: \"%s\" must be an object", reading->name, key);
    return get_string(reading, *object, key, "type", type, &n_bytes);
}

static alkfw_status unsupported(const struct reading *reading, const char *part, const char *type,
                                const char *known) {
    return alkfw_error_set(reading->error, ALKFW_E_UNSUPPORTED,
                           "%s: the %s \"%s\" is not supported; this version knows %s",
                           reading->name, part, type, known);
}

/* ---- normalizer and pre-tokenizer ---------------------------------------- */

static alkfw_status read_normalizer(const struct reading *reading) {
    struct normalizer_rules *rules = &reading->spec->normalizer_rules;
    const json_t *object;
    const char *type;

    alkfw_status status = get_part(reading, "normalizer", &object, &type);
    if (status != ALKFW_OK || object == NULL)
        return status;
    if (strcmp(type, "BertNormalizer") != 0)
        return unsupported(reading, "normalizer", type, "BertNormalizer");
    status = get_boolean(reading, object, "normalizer", "clean_text", &rules->clean_text);
    if (status == ALKFW_OK)
        status = get_boolean(reading, object, "normalizer", "handle_chinese_chars",
                             &rules->separate_ideographs);
    if (status == ALKFW_OK)
        status = get_boolean(reading, object, "normalizer", "lowercase", &rules->lowercase);
    const json_t *accents = json_object_get(object, "strip_accents");
    rules->strip_accents = rules->lowercase; /* null: as lowercase */
    if (status == ALKFW_OK && accents != NULL && !json_is_null(accents))
        status = get_boolean(reading, object, "normalizer", "strip_accents", &rules->strip_accents);
    return status;
}

static alkfw_status read_pre_tokenizer(const struct reading *reading) {
    const json_t *object;
    const char *type;

    alkfw_status status = get_part(reading, "pre_tokenizer", &object, &type);
    if (status != ALKFW_OK || object == NULL)
        return status;
    if (strcmp(type, "BertPreTokenizer") != 0)
        return unsupported(reading, "pre_tokenizer", type, "BertPreTokenizer");
    reading->spec->pre_tokenizer = PRE_TOKENIZER_BERT;
    return ALKFW_OK;
}

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
                                         const json_t *added) {
    size_t size = 0;
    size_t index;
    const char *token;
    json_t *value;
    int32_t id = 0;

    json_object_foreach(vocabulary, token, value) {
        alkfw_status status = check_id(reading, value, token, &id);
        if (status != ALKFW_OK)
            return status;
        size = (size_t)id + 1 > size ? (size_t)id + 1 : size;
    }
    json_array_foreach(added, index, value) {
        alkfw_status status =
            check_id(reading, json_object_get(value, "id"), "an added token", &id);
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

    alkfw_status status = find_vocabulary_size(reading, vocabulary, added);
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

static alkfw_status read_wordpiece(const struct reading *reading, const json_t *model) {
    struct tokenizer_spec *spec = reading->spec;
    const char *unknown;
    size_t n_unknown;

    alkfw_status status = get_string(reading, model, "model", "unk_token", &unknown, &n_unknown);
    if (status == ALKFW_OK)
        status = get_string(reading, model, "model", "continuing_subword_prefix",
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

    json_t *vocabulary = json_object_get(model, "vocab");
    if (!json_is_object(vocabulary))
        return FAIL_FORMAT(reading, "%s: model.vocab must be an object of tokens and their ids",
                           reading->name);
    status = read_vocabulary(reading, vocabulary, json_object_get(reading->root, "added_tokens"));
    if (status != ALKFW_OK)
        return status;
    const json_t *unknown_id = get_by_string(vocabulary, unknown, n_unknown);
    if (unknown_id == NULL)
        return FAIL_FORMAT(reading, "%s: the unknown token \"%s\" is not in the vocabulary",
                           reading->name, unknown);
    spec->unknown_id = (int32_t)json_integer_value(unknown_id);
    return ALKFW_OK;
}

static alkfw_status read_model(const struct reading *reading) {
    const json_t *model;
    const char *type;

    alkfw_status status = get_part(reading, "model", &model, &type);
    if (status != ALKFW_OK)
        return status;
    if (model == NULL || strcmp(type, "WordPiece") != 0)
        return unsupported(reading, "model", type, "WordPiece");
    reading->spec->model = MODEL_WORDPIECE;
    return read_wordpiece(reading, model);
}

/* ---- added tokens -------------------------------------------------------- */

static alkfw_status read_added_flags(const struct reading *reading, const json_t *object,
                                     struct added_token_spec *added) {
    static const char where[] = "added_tokens[]";
    bool single_word = false;
    bool lstrip = false;
    bool rstrip = false;
    bool special = false;

    alkfw_status status = get_boolean(reading, object, where, "single_word", &single_word);
    if (status == ALKFW_OK)
        status = get_boolean(reading, object, where, "lstrip", &lstrip);
    if (status == ALKFW_OK)
        status = get_boolean(reading, object, where, "rstrip", &rstrip);
    if (status == ALKFW_OK)
        status = get_boolean(reading, object, where, "normalized", &added->normalized);
    if (status == ALKFW_OK)
        status = get_boolean(reading, object, where, "special", &special); /* for decoding */
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
    const json_t *known = get_by_string(vocabulary, added->content, added->n_content);
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
    alkfw_status status = get_string(reading, object, "added_tokens[]", "content", &added->content,
                                     &added->n_content);
    if (status == ALKFW_OK && added->n_content == 0)
        return FAIL_FORMAT(reading, "%s: an added token is empty", reading->name);
    if (status == ALKFW_OK)
        status = check_id(reading, json_object_get(object, "id"), added->content, &added->id);
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
    const json_t *vocabulary = json_object_get(json_object_get(reading->root, "model"), "vocab");
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

/* ---- post-processor ------------------------------------------------------ */

static alkfw_status add_special(const struct reading *reading, int32_t id, bool after) {
    struct tokenizer_template *template = &reading->spec->template;
    int32_t *ids = after ? template->suffix : template->prefix;
    size_t *n_ids = after ? &template->n_suffix : &template->n_prefix;

    if (id < 0 || (size_t)id >= reading->spec->vocabulary_size)
        return FAIL_FORMAT(reading, "%s: post_processor has the id %d, outside the vocabulary",
                           reading->name, id);
    if (*n_ids == TOKENIZER_MAX_SPECIAL)
        return alkfw_error_set(
            reading->error, ALKFW_E_UNSUPPORTED,
            "%s: post_processor puts more than %d tokens on one side of the text", reading->name,
            TOKENIZER_MAX_SPECIAL);
    ids[(*n_ids)++] = id;
    return ALKFW_OK;
}

/* {"SpecialToken": {"id": "[CLS]"}} of a template, looked up in special_tokens. */
static alkfw_status add_special_token(const struct reading *reading, const json_t *processor,
                                      const json_t *special, bool after) {
    const char *token;
    size_t n_token;
    size_t index;
    json_t *id;
    int32_t value = 0;

    alkfw_status status =
        get_string(reading, special, "post_processor.single[]", "id", &token, &n_token);
    if (status != ALKFW_OK)
        return status;
    const json_t *known =
        get_by_string(json_object_get(processor, "special_tokens"), token, n_token);
    const json_t *ids = json_object_get(known, "ids");
    if (!json_is_array(ids))
        return FAIL_FORMAT(reading, "%s: post_processor.special_tokens has no ids for \"%s\"",
                           reading->name, token);
    json_array_foreach(ids, index, id) {
        status = check_id(reading, id, token, &value);
        if (status == ALKFW_OK)
            status = add_special(reading, value, after);
        if (status != ALKFW_OK)
            return status;
    }
    return ALKFW_OK;
}

static alkfw_status read_template(const struct reading *reading, const json_t *processor) {
    const json_t *single = json_object_get(processor, "single");
    bool has_text = false;
    size_t index;
    json_t *piece;

    if (!json_is_array(single))
        return FAIL_FORMAT(reading, "%s: post_processor.single must be an array", reading->name);
    json_array_foreach(single, index, piece) {
        const json_t *special = json_object_get(piece, "SpecialToken");
        const json_t *sequence = json_object_get(piece, "Sequence");
        const char *which = json_string_value(json_object_get(sequence, "id"));
        if (special != NULL) {
            alkfw_status status = add_special_token(reading, processor, special, has_text);
            if (status != ALKFW_OK)
                return status;
        } else if (which != NULL && strcmp(which, "A") == 0 && !has_text) {
            has_text = true;
        } else {
            return FAIL_FORMAT(reading,
                               "%s: post_processor.single must be special tokens and the sequence "
                               "\"A\" once",
                               reading->name);
        }
    }
    if (!has_text)
        return FAIL_FORMAT(reading, "%s: post_processor.single has no sequence \"A\"",
                           reading->name);
    return ALKFW_OK;
}

/* ["[CLS]", 101] of BertProcessing. */
static alkfw_status read_bert_special(const struct reading *reading, const json_t *processor,
                                      const char *key, bool after) {
    const json_t *pair = json_object_get(processor, key);
    int32_t id = 0;

    if (json_array_size(pair) != 2 || !json_is_string(json_array_get(pair, 0)))
        return FAIL_FORMAT(reading, "%s: post_processor.%s must be a token and its id",
                           reading->name, key);
    alkfw_status status = check_id(reading, json_array_get(pair, 1), key, &id);
    return status == ALKFW_OK ? add_special(reading, id, after) : status;
}

static alkfw_status read_post_processor(const struct reading *reading) {
    const json_t *processor;
    const char *type;

    alkfw_status status = get_part(reading, "post_processor", &processor, &type);
    if (status != ALKFW_OK || processor == NULL)
        return status;
    if (strcmp(type, "TemplateProcessing") == 0)
        return read_template(reading, processor);
    if (strcmp(type, "BertProcessing") == 0) {
        status = read_bert_special(reading, processor, "cls", false);
        return status == ALKFW_OK ? read_bert_special(reading, processor, "sep", true) : status;
    }
    return unsupported(reading, "post_processor", type, "TemplateProcessing and BertProcessing");
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
        return unsupported(reading, "version", version, "1.0");
    return ALKFW_OK;
}

alkfw_status tokenizer_json_read(const char *json, size_t n_bytes, const char *name,
                                 struct tokenizer_document *document, alkfw_error *error) {
    json_t *root = NULL;

    memset(document, 0, sizeof *document);
    alkfw_status status = load(json, n_bytes, name, &root, error);
    document->root = root;
    struct reading reading = {name, root, &document->spec, error};
    if (status == ALKFW_OK)
        status = check_version(&reading);
    if (status == ALKFW_OK)
        status = read_normalizer(&reading);
    if (status == ALKFW_OK)
        status = read_pre_tokenizer(&reading);
    if (status == ALKFW_OK)
        status = read_model(&reading);
    if (status == ALKFW_OK)
        status = read_added_tokens(&reading);
    if (status == ALKFW_OK)
        status = read_post_processor(&reading);
    return status;
}

void tokenizer_json_free(struct tokenizer_document *document) {
    free(document->spec.tokens);
    free(document->spec.n_token_bytes);
    free(document->spec.added_tokens);
    json_decref(document->root);
}
