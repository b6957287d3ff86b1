/* SPDX-License-Identifier: Apache-2.0 */
#include "field_path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/number.h"

static alkfw_status malformed(const char *origin, const char *text, const char *what,
                              alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_CONFIG,
                           "%s: '%s' is not a path such as prompt, data.text or "
                           "messages[].content: %s",
                           origin, text, what);
}

/* "[]" or "[N]" at *at; moves past it. */
static const char *parse_brackets(const char **at, struct field_step *step) {
    char digits[NUMBER_TEXT_SIZE];
    uint64_t index;
    size_t length = strcspn(*at + 1, "]");

    if ((*at)[1 + length] != ']')
        return "a bracket is not closed";
    if (length == 0) {
        *step = (struct field_step){.kind = FIELD_EACH};
    } else {
        if (length >= sizeof digits)
            return "the number in brackets is too large";
        memcpy(digits, *at + 1, length);
        digits[length] = '\0';
        if (!number_parse_unsigned(digits, &index) || index > UINT32_MAX)
            return "brackets hold nothing or a number";
        *step = (struct field_step){.kind = FIELD_INDEX, .index = (size_t)index};
    }
    *at += length + 2;
    return NULL;
}

/* A name at *at into *names, which moves past its NUL. */
static const char *parse_name(const char **at, char **names, struct field_step *step) {
    char *out = *names;

    *step = (struct field_step){.kind = FIELD_KEY, .key = out};
    while (**at != '\0' && **at != '.' && **at != '[') {
        if (**at == '\\' && (*at)[1] != '\0')
            ++*at;
        *out++ = *(*at)++;
    }
    if (out == *names)
        return "a name is empty";
    *out = '\0';
    *names = out + 1;
    return NULL;
}

alkfw_status field_path_parse(const char *text, const char *origin, struct field_path *path,
                              alkfw_error *error) {
    const char *at = text;

    memset(path, 0, sizeof *path);
    path->text = strdup(text);
    /* A NUL after each name takes the place of the dot or bracket after it. */
    path->names = malloc(strlen(text) + 1);
    if (path->text == NULL || path->names == NULL) {
        field_path_free(path);
        return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: out of memory", origin);
    }
    char *names = path->names;
    const char *problem = NULL;
    bool wants_name = *at != '[';
    do {
        if (path->n_steps == FIELD_MAX_STEPS) {
            problem = "it has more than 16 steps";
            break;
        }
        struct field_step *step = &path->steps[path->n_steps++];
        if (wants_name)
            problem = parse_name(&at, &names, step);
        else if (*at == '[')
            problem = parse_brackets(&at, step);
        else
            problem = "a dot must stand between a bracket and a name";
        wants_name = *at == '.';
        at += wants_name;
    } while (problem == NULL && (*at != '\0' || wants_name));
    if (problem == NULL)
        return ALKFW_OK;
    field_path_free(path);
    return malformed(origin, text, problem, error);
}

void field_path_free(struct field_path *path) {
    free(path->text);
    free(path->names);
    memset(path, 0, sizeof *path);
}

struct walk {
    const struct field_path *path;
    field_filter *wants;
    field_visit *visit;
    void *context;
    char name[FIELD_NAME_SIZE]; /* of the value that is looked at, cut when it is longer */
};

static bool walk_from(struct walk *walk, size_t step, size_t length, json_t *value);

/* Goes on with an array's element; its number is written at walk->name[length]. */
static bool walk_element(struct walk *walk, size_t step, size_t length, json_t *array,
                         size_t index) {
    json_t *element = json_array_get(array, index);

    if (element == NULL || (walk->wants != NULL && !walk->wants(walk->context, element)))
        return true;
    int written = snprintf(walk->name + length, sizeof walk->name - length, "[%zu]", index);
    size_t room = sizeof walk->name - 1 - length;
    size_t added = (size_t)written < room ? (size_t)written : room;
    return walk_from(walk, step + 1, length + added, element);
}

/* As deep as the path has steps, which the user gave: at most FIELD_MAX_STEPS. */
static bool walk_from(struct walk *walk, size_t step, size_t length, json_t *value) {
    if (step == walk->path->n_steps) {
        walk->name[length] = '\0';
        return json_is_null(value) || walk->visit(walk->context, walk->name, value);
    }
    const struct field_step *wanted = &walk->path->steps[step];
    if (wanted->kind == FIELD_KEY) {
        json_t *member = json_object_get(value, wanted->key);
        if (member == NULL)
            return true;
        int written = snprintf(walk->name + length, sizeof walk->name - length, "%s%s",
                               length > 0 ? "." : "", wanted->key);
        size_t room = sizeof walk->name - 1 - length;
        size_t added = (size_t)written < room ? (size_t)written : room;
        return walk_from(walk, step + 1, length + added, member);
    }
    if (wanted->kind == FIELD_INDEX)
        return walk_element(walk, step, length, value, wanted->index);
    size_t n_elements = json_array_size(value); /* 0 when it is no array */
    for (size_t i = 0; i < n_elements; i++)
        if (!walk_element(walk, step, length, value, i))
            return false;
    return true;
}

bool field_path_walk(const struct field_path *path, json_t *root, field_filter *wants,
                     field_visit *visit, void *context) {
    struct walk walk = {.path = path, .wants = wants, .visit = visit, .context = context};

    return walk_from(&walk, 0, 0, root);
}
