/* SPDX-License-Identifier: Apache-2.0 */
#include "config/rules.h"

#include <stdio.h>
#include <string.h>

#include "support/date.h"

enum { MEMBER_CEILING = 1024 }; /* bytes of a value */

static bool is_hexadecimal(const char *text, size_t length) {
    return strlen(text) == length && strspn(text, "0123456789abcdef") == length;
}

static bool is_anything(const char *text) {
    return text[0] != '\0';
}

static bool is_date(const char *text) {
    int64_t days;

    return date_parse(text, &days);
}

/* A `!` takes back other patterns of a list; here there are none. */
static bool is_source(const char *text) {
    return text[0] != '\0' && text[0] != '!' && strcmp(text, "/") != 0;
}

static bool is_signals(const char *text) {
    static const char *const letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";

    for (;;) {
        size_t length = strspn(text, letters);
        if (length == 0)
            return false;
        if (text[length] == '\0')
            return true;
        if (text[length] != ',')
            return false;
        text += length + 1;
    }
}

static bool is_fingerprint(const char *text) {
    return is_hexadecimal(text, 32);
}

static bool is_sha256(const char *text) {
    return is_hexadecimal(text, 64);
}

static const struct {
    const char *name;
    bool is_needed;
    bool (*is_valid)(const char *text);
    const char *allowed;
} members[] = {
    {"reason", true, is_anything, "text that says why this is no attack"},
    {"expires", true, is_date, "the last day of the rule, YYYY-MM-DD"},
    {"source", false, is_source, "a pattern of file names"},
    {"id", false, is_anything, "an identifier"},
    {"signal", false, is_signals, "a list of words"},
    {"fingerprint", false, is_fingerprint, "32 hexadecimal digits in small letters"},
    {"sha256", false, is_sha256, "64 hexadecimal digits in small letters"},
};

enum { N_MEMBERS = sizeof members / sizeof members[0] };

static int find_member(const char *name) {
    for (int i = 0; i < N_MEMBERS; i++)
        if (strcmp(members[i].name, name) == 0)
            return i;
    return -1;
}

static alkfw_status check_member(const char *name, const json_t *value, const char *where,
                                 alkfw_error *error) {
    int index = find_member(name);
    const char *text = json_string_value(value);

    if (index < 0)
        return alkfw_error_set(error, ALKFW_E_CONFIG,
                               "%s: unknown key '%s' in a rule of allow; known are reason, "
                               "expires, source, id, signal, fingerprint and sha256",
                               where, name);
    if (text == NULL || strlen(text) != json_string_length(value) ||
        json_string_length(value) > MEMBER_CEILING || !members[index].is_valid(text))
        return alkfw_error_set(error, ALKFW_E_CONFIG,
                               "%s: %s of a rule of allow must be %s%s%.*s%s", where, name,
                               members[index].allowed, text != NULL ? ", not '" : "", 80,
                               text != NULL ? text : "", text != NULL ? "'" : "");
    return ALKFW_OK;
}

alkfw_status config_rule_check(const json_t *rule, const char *where, alkfw_error *error) {
    bool says_for_what = false;
    const char *name;
    json_t *value;

    if (!json_is_object(rule))
        return alkfw_error_set(error, ALKFW_E_CONFIG, "%s: a rule of allow must be a mapping",
                               where);
    json_object_foreach((json_t *)(uintptr_t)rule, name, value) {
        alkfw_status status = check_member(name, value, where, error);
        if (status != ALKFW_OK)
            return status;
        says_for_what = says_for_what || !members[find_member(name)].is_needed;
    }
    for (int i = 0; i < N_MEMBERS; i++)
        if (members[i].is_needed && json_object_get(rule, members[i].name) == NULL)
            return alkfw_error_set(error, ALKFW_E_CONFIG, "%s: a rule of allow needs %s: %s", where,
                                   members[i].name, members[i].allowed);
    if (!says_for_what)
        return alkfw_error_set(error, ALKFW_E_CONFIG,
                               "%s: a rule of allow needs source, id, signal, fingerprint or "
                               "sha256: it must not hold for everything",
                               where);
    return ALKFW_OK;
}

alkfw_status config_rules_canonical(const char *text, const char *where, char **canonical,
                                    alkfw_error *error) {
    json_error_t problem;
    alkfw_status status = ALKFW_OK;
    json_t *rules = json_loads(text, JSON_REJECT_DUPLICATES, &problem);

    if (!json_is_array(rules) || json_array_size(rules) > CONFIG_RULES_MAX)
        status = alkfw_error_set(error, ALKFW_E_CONFIG,
                                 "%s: allow must be a list of at most %d rules, as JSON", where,
                                 (int)CONFIG_RULES_MAX);
    for (size_t i = 0; status == ALKFW_OK && i < json_array_size(rules); i++)
        status = config_rule_check(json_array_get(rules, i), where, error);
    if (status == ALKFW_OK) {
        *canonical = json_dumps(rules, JSON_COMPACT);
        if (*canonical == NULL)
            status = alkfw_error_set(error, ALKFW_E_MEMORY, "%s: out of memory", where);
    }
    json_decref(rules);
    return status;
}
