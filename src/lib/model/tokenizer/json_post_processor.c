/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads the post-processor of a tokenizer.json: which tokens stand around a text, and whether
 * offsets leave white space out. */
#include <string.h>

#include "model/tokenizer/json_reading.h"

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
        json_get_string(reading, special, "post_processor.single[]", "id", &token, &n_token);
    if (status != ALKFW_OK)
        return status;
    const json_t *known =
        json_get_by_string(json_object_get(processor, "special_tokens"), token, n_token);
    const json_t *ids = json_object_get(known, "ids");
    if (!json_is_array(ids))
        return FAIL_FORMAT(reading, "%s: post_processor.special_tokens has no ids for \"%s\"",
                           reading->name, token);
    json_array_foreach(ids, index, id) {
        status = json_check_id(reading, id, token, &value);
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

/* ["[CLS]", 101] of BertProcessing and RobertaProcessing. */
static alkfw_status read_special(const struct reading *reading, const json_t *processor,
                                 const char *key, bool after) {
    const json_t *pair = json_object_get(processor, key);
    int32_t id = 0;

    if (json_array_size(pair) != 2 || !json_is_string(json_array_get(pair, 0)))
        return FAIL_FORMAT(reading, "%s: post_processor.%s must be a token and its id",
                           reading->name, key);
    alkfw_status status = json_check_id(reading, json_array_get(pair, 1), key, &id);
    return status == ALKFW_OK ? add_special(reading, id, after) : status;
}

/* ---- offsets ---------------------------------------------------------------- */

static alkfw_status read_trimming(const struct reading *reading, const json_t *processor) {
    bool trims = false;
    bool has_prefix = false;

    alkfw_status status =
        json_get_boolean(reading, processor, "post_processor", "trim_offsets", &trims);
    if (status == ALKFW_OK)
        status =
            json_get_boolean(reading, processor, "post_processor", "add_prefix_space", &has_prefix);
    if (status != ALKFW_OK || !trims)
        return status;
    if (reading->spec->trimming != 0)
        return alkfw_error_set(reading->error, ALKFW_E_UNSUPPORTED,
                               "%s: two post_processors trim offsets; this version knows one",
                               reading->name);
    reading->spec->trimming = TRIM_OFFSETS | (has_prefix ? (uint32_t)TRIM_PREFIX_SPACE : 0);
    return ALKFW_OK;
}

/* ---- which -------------------------------------------------------------------- */

static alkfw_status read_around(const struct reading *reading, const json_t *processor) {
    alkfw_status status = read_special(reading, processor, "cls", false);

    return status == ALKFW_OK ? read_special(reading, processor, "sep", true) : status;
}

static alkfw_status read_roberta(const struct reading *reading, const json_t *processor) {
    alkfw_status status = read_trimming(reading, processor);

    return status == ALKFW_OK ? read_around(reading, processor) : status;
}

static alkfw_status read_one(const struct reading *reading, const json_t *processor) {
    static const struct {
        const char *type;
        alkfw_status (*read)(const struct reading *reading, const json_t *processor);
    } processors[] = {{"TemplateProcessing", read_template},
                      {"BertProcessing", read_around},
                      {"RobertaProcessing", read_roberta},
                      {"ByteLevel", read_trimming}};
    const char *type;

    alkfw_status status = json_get_type(reading, processor, "post_processor", &type);
    if (status != ALKFW_OK)
        return status;
    for (size_t i = 0; i < sizeof processors / sizeof processors[0]; i++)
        if (strcmp(type, processors[i].type) == 0)
            return processors[i].read(reading, processor);
    return json_unsupported(reading, "post_processor", type,
                            "BertProcessing, ByteLevel, RobertaProcessing, Sequence and "
                            "TemplateProcessing");
}

/* What a later processor puts before the text comes before what is there. */
static void move_outside(struct tokenizer_template *template, size_t n_inside) {
    int32_t inside[TOKENIZER_MAX_SPECIAL];
    size_t n_outside = template->n_prefix - n_inside;

    memcpy(inside, template->prefix, n_inside * sizeof *inside);
    memmove(template->prefix, template->prefix + n_inside, n_outside * sizeof *inside);
    memcpy(template->prefix + n_outside, inside, n_inside * sizeof *inside);
}

alkfw_status json_read_post_processor(const struct reading *reading) {
    const json_t *processor;
    const char *type;
    size_t index;
    json_t *inner;

    alkfw_status status = json_get_part(reading, "post_processor", &processor, &type);
    if (status != ALKFW_OK || processor == NULL)
        return status;
    if (strcmp(type, "Sequence") != 0)
        return read_one(reading, processor);
    const json_t *processors = json_object_get(processor, "processors");
    if (!json_is_array(processors))
        return FAIL_FORMAT(reading, "%s: post_processor.processors must be an array",
                           reading->name);
    json_array_foreach(processors, index, inner) {
        size_t n_inside = reading->spec->template.n_prefix;
        status = read_one(reading, inner);
        if (status != ALKFW_OK)
            return status;
        move_outside(&reading->spec->template, n_inside);
    }
    return ALKFW_OK;
}
