/* SPDX-License-Identifier: Apache-2.0 */
#include "config/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "config/rules.h"
#include "support/buffer.h"

enum { WHERE_SIZE = 512, LIST_CEILING = 1 << 16 };

struct reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the current one; deleted when the next is read */
    bool has_event;
    const char *name;
    alkfw_config *config;
    alkfw_error *error;
};

/* "FILE:LINE:COLUMN", counted from one as editors do. */
static void where(const struct reader *reader, const yaml_mark_t *mark, char out[WHERE_SIZE]) {
    (void)snprintf(out, WHERE_SIZE, "%s:%zu:%zu", reader->name, mark->line + 1, mark->column + 1);
}

static alkfw_status refuse(const struct reader *reader, const char *what) {
    char place[WHERE_SIZE];

    where(reader, &reader->event.start_mark, place);
    return alkfw_error_set(reader->error, ALKFW_E_CONFIG, "%s: %s", place, what);
}

static const char *anchor_of(const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return (const char *)event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return (const char *)event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return (const char *)event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

static alkfw_status next_event(struct reader *reader) {
    char place[WHERE_SIZE];

    if (reader->has_event)
        yaml_event_delete(&reader->event);
    reader->has_event = false;
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        where(reader, &reader->parser.problem_mark, place);
        return alkfw_error_set(reader->error, ALKFW_E_CONFIG, "%s: not valid YAML: %s", place,
                               reader->parser.problem != NULL ? reader->parser.problem
                                                              : "unreadable");
    }
    reader->has_event = true;
    if (reader->event.type == YAML_ALIAS_EVENT || anchor_of(&reader->event) != NULL)
        return refuse(reader, "anchors and aliases are not allowed in a configuration");
    if (reader->event.type == YAML_SCALAR_EVENT && reader->event.data.scalar.tag != NULL)
        return refuse(reader, "tags are not allowed in a configuration");
    return ALKFW_OK;
}

/* The current scalar as a string, or an error: no NUL may hide in it. */
static alkfw_status scalar_text(const struct reader *reader, const char **text) {
    const char *value = (const char *)reader->event.data.scalar.value;

    if (strlen(value) != reader->event.data.scalar.length)
        return refuse(reader, "a NUL character is not allowed in a configuration");
    *text = value;
    return ALKFW_OK;
}

static alkfw_status set(struct reader *reader, int key, const char *value,
                        const yaml_mark_t *mark) {
    char place[WHERE_SIZE];

    where(reader, mark, place);
    return alkfw_config_set(reader->config, config_keys[key].name, value, place, reader->error);
}

static alkfw_status wrong_type(const struct reader *reader, int key, const char *instead) {
    char allowed[192];
    char place[WHERE_SIZE];

    config_key_allowed(&config_keys[key], allowed, sizeof allowed);
    where(reader, &reader->event.start_mark, place);
    return alkfw_error_set(reader->error, ALKFW_E_CONFIG, "%s: %s must be %s, not %s", place,
                           config_keys[key].name, allowed, instead);
}

static alkfw_status read_scalar(struct reader *reader, int key) {
    enum config_type type = config_keys[key].type;
    bool is_plain = reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    yaml_mark_t mark = reader->event.start_mark;
    const char *value = NULL;

    alkfw_status status = scalar_text(reader, &value);
    if (status != ALKFW_OK)
        return status;
    if (value[0] == '\0')
        return wrong_type(reader, key, "empty");
    if (!is_plain && (type == CONFIG_NUMBER || type == CONFIG_INTEGER || type == CONFIG_BOOLEAN))
        return wrong_type(reader, key, "quoted text");
    return set(reader, key, value, &mark);
}

/* A sequence of scalars becomes "a,b". */
static alkfw_status join_scalars(struct reader *reader, int key, struct buffer *joined) {
    for (;;) {
        const char *value = NULL;
        alkfw_status status = next_event(reader);
        if (status != ALKFW_OK)
            return status;
        if (reader->event.type == YAML_SEQUENCE_END_EVENT)
            break;
        if (reader->event.type != YAML_SCALAR_EVENT)
            return wrong_type(reader, key, "a nested list or mapping");
        status = scalar_text(reader, &value);
        if (status != ALKFW_OK)
            return status;
        if (!buffer_append(joined, ",", joined->length > 0 ? 1 : 0) ||
            !buffer_append(joined, value, strlen(value)))
            return refuse(reader, "the list is too long");
    }
    return buffer_append(joined, "", 1) ? ALKFW_OK : refuse(reader, "the list is too long");
}

/* The value of a member of a rule: a scalar, or scalars that become "a,b". */
static alkfw_status read_rule_value(struct reader *reader, int key, json_t *rule,
                                    const char *name) {
    struct buffer joined;
    const char *value = NULL;

    alkfw_status status = next_event(reader);
    if (status != ALKFW_OK)
        return status;
    buffer_init(&joined, LIST_CEILING);
    if (reader->event.type == YAML_SEQUENCE_START_EVENT) {
        status = join_scalars(reader, key, &joined);
        value = joined.bytes;
    } else if (reader->event.type == YAML_SCALAR_EVENT) {
        status = scalar_text(reader, &value);
    } else {
        status = refuse(reader, "a value in a rule must be text");
    }
    if (status == ALKFW_OK && json_object_set_new(rule, name, json_string(value)) != 0)
        status = refuse(reader, "a value in a rule is not UTF-8");
    buffer_free(&joined);
    return status;
}

static alkfw_status read_rule(struct reader *reader, int key, json_t *rule) {
    char name[64];
    char place[WHERE_SIZE];
    const char *text = NULL;

    if (reader->event.type != YAML_MAPPING_START_EVENT)
        return wrong_type(reader, key, "a list of anything else");
    where(reader, &reader->event.start_mark, place);
    for (;;) {
        alkfw_status status = next_event(reader);
        if (status != ALKFW_OK)
            return status;
        if (reader->event.type == YAML_MAPPING_END_EVENT)
            return config_rule_check(rule, place, reader->error);
        if (reader->event.type != YAML_SCALAR_EVENT)
            return refuse(reader, "a key must be plain text");
        status = scalar_text(reader, &text);
        if (status != ALKFW_OK)
            return status;
        if (strlen(text) >= sizeof name)
            return refuse(reader, "a key of a rule is too long");
        memcpy(name, text, strlen(text) + 1);
        if (json_object_get(rule, name) != NULL)
            return refuse(reader, "a key is set twice in a rule");
        status = read_rule_value(reader, key, rule, name);
        if (status != ALKFW_OK)
            return status;
    }
}

/* A sequence of mappings becomes a JSON array. */
static alkfw_status read_rules(struct reader *reader, int key) {
    yaml_mark_t mark = reader->event.start_mark;
    json_t *rules = json_array();
    char *text = NULL;
    alkfw_status status = ALKFW_OK;

    while (status == ALKFW_OK && rules != NULL) {
        json_t *rule = json_object();
        status = next_event(reader);
        if (status != ALKFW_OK || reader->event.type == YAML_SEQUENCE_END_EVENT) {
            json_decref(rule);
            break;
        }
        status = read_rule(reader, key, rule);
        if (json_array_append_new(rules, rule) != 0 && status == ALKFW_OK)
            status = refuse(reader, "out of memory");
    }
    if (status == ALKFW_OK)
        text = json_dumps(rules, JSON_COMPACT);
    if (status == ALKFW_OK)
        status = text != NULL ? set(reader, key, text, &mark) : refuse(reader, "out of memory");
    free(text);
    json_decref(rules);
    return status;
}

static alkfw_status read_sequence(struct reader *reader, int key) {
    struct buffer joined;
    yaml_mark_t mark = reader->event.start_mark;

    if (config_keys[key].type == CONFIG_RULES)
        return read_rules(reader, key);
    if (config_keys[key].type != CONFIG_LIST && config_keys[key].type != CONFIG_CHOICES)
        return wrong_type(reader, key, "a list");
    buffer_init(&joined, LIST_CEILING);
    alkfw_status status = join_scalars(reader, key, &joined);
    /* An empty list is the way to write "none" in YAML. */
    if (status == ALKFW_OK)
        status = set(reader, key, joined.length > 1 ? joined.bytes : "none", &mark);
    buffer_free(&joined);
    return status;
}

static alkfw_status read_key(struct reader *reader, int *key) {
    char place[WHERE_SIZE];
    const char *name = NULL;

    if (reader->event.type != YAML_SCALAR_EVENT)
        return refuse(reader, "a key must be plain text");
    alkfw_status status = scalar_text(reader, &name);
    if (status != ALKFW_OK)
        return status;
    *key = config_key_find(name);
    if (*key < 0) {
        /* The setter's own message for an unknown key, with this place. */
        where(reader, &reader->event.start_mark, place);
        return alkfw_config_set(reader->config, name, "", place, reader->error);
    }
    if (reader->config->values[*key] != NULL) {
        where(reader, &reader->event.start_mark, place);
        return alkfw_error_set(reader->error, ALKFW_E_CONFIG, "%s: %s is set twice in this file",
                               place, name);
    }
    return ALKFW_OK;
}

static alkfw_status read_mapping(struct reader *reader) {
    for (;;) {
        int key = -1;
        alkfw_status status = next_event(reader);
        if (status != ALKFW_OK || reader->event.type == YAML_MAPPING_END_EVENT)
            return status;
        status = read_key(reader, &key);
        if (status != ALKFW_OK)
            return status;
        status = next_event(reader);
        if (status != ALKFW_OK)
            return status;
        if (reader->event.type == YAML_SCALAR_EVENT)
            status = read_scalar(reader, key);
        else if (reader->event.type == YAML_SEQUENCE_START_EVENT)
            status = read_sequence(reader, key);
        else
            status = wrong_type(reader, key, "a mapping");
        if (status != ALKFW_OK)
            return status;
    }
}

static bool is_empty_scalar(const yaml_event_t *event) {
    return event->type == YAML_SCALAR_EVENT && event->data.scalar.length == 0 &&
           event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static alkfw_status read_stream(struct reader *reader) {
    bool seen_document = false;

    for (;;) {
        alkfw_status status = next_event(reader);
        if (status != ALKFW_OK)
            return status;
        switch (reader->event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_STREAM_END_EVENT:
            return ALKFW_OK;
        case YAML_DOCUMENT_START_EVENT:
            if (seen_document)
                return refuse(reader, "a configuration is one YAML document");
            seen_document = true;
            break;
        case YAML_MAPPING_START_EVENT:
            status = read_mapping(reader);
            if (status != ALKFW_OK)
                return status;
            break;
        default:
            if (!is_empty_scalar(&reader->event))
                return refuse(reader, "a configuration is a mapping, 'key: value' on each line");
        }
    }
}

alkfw_status config_yaml_parse(alkfw_config *config, const char *bytes, size_t n_bytes,
                               const char *name, alkfw_error *error) {
    struct reader reader = {.name = name, .config = config, .error = error};

    if (!yaml_parser_initialize(&reader.parser))
        return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: out of memory", name);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, n_bytes);
    alkfw_status status = read_stream(&reader);
    if (reader.has_event)
        yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    return status;
}
