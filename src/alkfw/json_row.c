/* SPDX-License-Identifier: Apache-2.0 */
#include "json_row.h"

#include <stdlib.h>
#include <string.h>

const char *const json_default_paths[JSON_DEFAULT_PATHS] = {
    "prompt", "text", "input", "content", "messages[].content",
};

enum { ID_CEILING = 1024, TEXT_DEPTH = 3 };

struct gathering {
    struct batch *batch;
    const char *roles;
    size_t n_found;  /* records added, errors included */
    bool left_out;   /* a message of a role that is not wanted */
    bool is_inexact; /* a number of the row is over 64 bits, so numbers are not what they were */
    bool out_of_memory;
};

static bool add_error(struct gathering *gathering, const char *field, const alkfw_error *error) {
    gathering->n_found++;
    if (!batch_add_error(gathering->batch, field, strlen(field), error))
        gathering->out_of_memory = true;
    return !gathering->out_of_memory;
}

static const char *kind_of(const json_t *value) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    default:
        return "null";
    }
}

/* A message whose role is none of those that were asked for is not gone into. */
static bool is_wanted(void *context, const json_t *element) {
    struct gathering *gathering = context;
    const json_t *role = json_object_get(element, "role");
    size_t length = json_string_length(role);

    if (gathering->roles == NULL || !json_is_string(role))
        return true;
    for (const char *at = gathering->roles; *at != '\0'; at += *at == ',') {
        size_t n_word = strcspn(at, ",");
        if (n_word == length && memcmp(at, json_string_value(role), length) == 0)
            return true;
        at += n_word;
    }
    gathering->left_out = true;
    return false;
}

static bool add_value(struct gathering *gathering, const char *name, json_t *value, int depth);

/* An element of a list of texts, of messages or of content parts:
 * "a", {"role":"user","content":...}, {"type":"text","text":"a"}, {"type":"image_url",...}. */
static bool add_element(struct gathering *gathering, const char *list, size_t index,
                        json_t *element, int depth) {
    char name[FIELD_NAME_SIZE + 64];
    static const char *const members[] = {"text", "content"};

    bool has_text = false;

    if (json_is_null(element) || !is_wanted(gathering, element))
        return true;
    for (size_t i = 0; i < 2 && json_is_object(element); i++) {
        json_t *member = json_object_get(element, members[i]);
        if (member == NULL || json_is_null(member))
            continue;
        has_text = true;
        (void)snprintf(name, sizeof name, "%s[%zu].%s", list, index, members[i]);
        if (!add_value(gathering, name, member, depth + 1))
            return false;
    }
    if (has_text)
        return true;
    /* An image or a tool call: a part of a known shape that has no text. */
    if (json_is_string(json_object_get(element, "type")) ||
        json_is_string(json_object_get(element, "role")))
        return true;
    (void)snprintf(name, sizeof name, "%s[%zu]", list, index);
    return add_value(gathering, name, element, depth + 1);
}

/* At most TEXT_DEPTH deep: a list of messages of content parts. */
static bool add_value(struct gathering *gathering, const char *name, json_t *value, int depth) {
    alkfw_error error;

    if (json_is_string(value)) {
        gathering->n_found++;
        if (!batch_add_text(gathering->batch, name, strlen(name), json_string_value(value),
                            json_string_length(value)))
            gathering->out_of_memory = true;
        return !gathering->out_of_memory;
    }
    if (json_is_array(value) && depth < TEXT_DEPTH) {
        for (size_t i = 0; i < json_array_size(value); i++)
            if (!add_element(gathering, name, i, json_array_get(value, i), depth))
                return false;
        return true;
    }
    (void)alkfw_error_set(&error, ALKFW_E_RECORD, "field %s is %s, not text", name, kind_of(value));
    return add_error(gathering, name, &error);
}

static bool visit_text(void *context, const char *name, json_t *value) {
    return add_value(context, name, value, 0);
}

static void gather(struct gathering *gathering, const struct json_plan *plan, json_t *root) {
    alkfw_error error;

    if (plan->field != NULL) {
        (void)field_path_walk(plan->field, root, is_wanted, visit_text, gathering);
        if (gathering->n_found > 0 || gathering->left_out || gathering->out_of_memory)
            return;
        (void)alkfw_error_set(&error, ALKFW_E_RECORD, "field %s is absent", plan->field->text);
        (void)add_error(gathering, plan->field->text, &error);
        return;
    }
    if (json_is_string(root)) {
        (void)add_value(gathering, "", root, 0);
        return;
    }
    for (size_t i = 0; i < JSON_DEFAULT_PATHS && gathering->n_found == 0; i++) {
        struct field_path path;
        if (field_path_parse(json_default_paths[i], "", &path, &error) != ALKFW_OK) {
            gathering->out_of_memory = true;
            return;
        }
        (void)field_path_walk(&path, root, is_wanted, visit_text, gathering);
        field_path_free(&path);
        if (gathering->out_of_memory)
            return;
    }
    if (gathering->n_found > 0 || gathering->left_out)
        return;
    (void)alkfw_error_set(&error, ALKFW_E_RECORD,
                          "none of prompt, text, input, content, messages[].content is there; "
                          "name the text's field with --field");
    (void)add_error(gathering, "", &error);
}

static bool visit_id(void *context, const char *name, json_t *value) {
    struct gathering *gathering = context;
    char json[ID_CEILING];
    alkfw_error error;

    if (gathering->is_inexact && json_is_number(value))
        return false; /* none is better than another record's */
    if (json_is_object(value) || json_is_array(value)) {
        (void)alkfw_error_set(&error, ALKFW_E_RECORD, "identifier %s is %s, not text or a number",
                              name, kind_of(value));
        (void)add_error(gathering, "", &error);
        return false;
    }
    size_t length =
        json_dumpb(value, json, sizeof json, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
    if (length == 0 || length > sizeof json) {
        (void)alkfw_error_set(&error, ALKFW_E_RECORD, "identifier %s is over %d bytes", name,
                              (int)sizeof json);
        (void)add_error(gathering, "", &error);
        return false;
    }
    if (!batch_set_id(gathering->batch, json, length))
        gathering->out_of_memory = true;
    return false; /* the first is the one */
}

/* jansson quotes the text that it stumbles over: that is cut off, since a message may be seen by
 * people who must not see the record. */
static void syntax_error(const json_error_t *problem, alkfw_error *error) {
    const char *near = strstr(problem->text, " near ");
    size_t length = near != NULL ? (size_t)(near - problem->text) : strlen(problem->text);

    (void)alkfw_error_set(error, ALKFW_E_RECORD, "not valid JSON at byte %d: %.*s",
                          problem->position, (int)length, problem->text);
}

bool json_row_add(struct batch *batch, const struct json_plan *plan, const char *json,
                  size_t n_bytes) {
    struct gathering gathering = {.batch = batch, .roles = plan->roles};
    size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES;
    json_error_t problem;
    alkfw_error error;

    batch->rows[batch->n_rows - 1].coding = ROW_JSON;
    json_t *root = json_loadb(json, n_bytes, flags, &problem);
    /* An integer of more than 64 bits is no reason to leave a text unscanned. */
    if (root == NULL && json_error_code(&problem) == json_error_numeric_overflow) {
        gathering.is_inexact = true;
        root = json_loadb(json, n_bytes, flags | JSON_DECODE_INT_AS_REAL, &problem);
    }
    if (root == NULL) {
        if (json_error_code(&problem) == json_error_out_of_memory)
            return false;
        syntax_error(&problem, &error);
        return batch_add_error(batch, "", 0, &error);
    }
    if (plan->id != NULL)
        (void)field_path_walk(plan->id, root, NULL, visit_id, &gathering);
    if (gathering.n_found == 0 && !gathering.out_of_memory)
        gather(&gathering, plan, root);
    json_decref(root);
    return !gathering.out_of_memory;
}
