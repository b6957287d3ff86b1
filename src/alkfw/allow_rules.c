/* SPDX-License-Identifier: Apache-2.0 */
#include "allow_rules.h"

#include <jansson.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "globs.h"
#include "support/date.h"

enum { SHA256_TEXT_SIZE = 2 * SHA256_DIGEST_SIZE + 1 };

/* Members that are NULL ask for nothing. */
struct rule {
    struct allow_rule shown;
    int64_t last_day;
    struct globs *source;
    const char *id;
    const char *signal; /* "a,b" */
    const char *fingerprint;
    const char *sha256; /* of the text */
    bool is_told;       /* that it has expired */
};

struct allow_rules {
    json_t *values; /* owns the strings */
    struct rule *rules;
    size_t n_rules;
};

static const char *member(const json_t *value, const char *name) {
    return json_string_value(json_object_get(value, name));
}

/* A folder stands for all below it. */
static alkfw_status parse_source(const char *pattern, struct globs **globs, alkfw_error *error) {
    char whole[1100]; /* the schema has a lower ceiling */
    size_t length = strlen(pattern);
    bool is_folder = length > 0 && pattern[length - 1] == '/';

    (void)snprintf(whole, sizeof whole, "%s%s", pattern, is_folder ? "**" : "");
    if (globs_add(globs, whole, error) == ALKFW_OK)
        return ALKFW_OK;
    alkfw_error cause = *error;
    return alkfw_error_set(error, ALKFW_E_CONFIG, "allow: source: %s", cause.message);
}

/* The schema has checked the rules; this only guards against being called with others. */
static alkfw_status parse_rule(const json_t *value, struct rule *rule, alkfw_error *error) {
    const char *source = member(value, "source");

    rule->shown = (struct allow_rule){member(value, "reason"), member(value, "expires")};
    rule->id = member(value, "id");
    rule->signal = member(value, "signal");
    rule->fingerprint = member(value, "fingerprint");
    rule->sha256 = member(value, "sha256");
    if (rule->shown.reason == NULL || rule->shown.expires == NULL ||
        !date_parse(rule->shown.expires, &rule->last_day))
        return alkfw_error_set(error, ALKFW_E_CONFIG, "allow: a rule needs reason and expires");
    return source != NULL ? parse_source(source, &rule->source, error) : ALKFW_OK;
}

alkfw_status allow_rules_parse(const char *text, struct allow_rules **rules, alkfw_error *error) {
    *rules = NULL;
    if (text == NULL)
        return ALKFW_OK;
    struct allow_rules *made = calloc(1, sizeof *made);
    if (made == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for rules");
    made->values = json_loads(text, 0, NULL);
    size_t n_rules = json_array_size(made->values);
    made->rules = calloc(n_rules + 1, sizeof *made->rules);
    alkfw_status status = ALKFW_OK;
    if (made->values == NULL || made->rules == NULL)
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for rules");
    while (status == ALKFW_OK && made->n_rules < n_rules) {
        const json_t *value = json_array_get(made->values, made->n_rules);
        status = parse_rule(value, &made->rules[made->n_rules++], error);
    }
    if (status != ALKFW_OK) {
        allow_rules_free(made);
        return status;
    }
    *rules = made;
    return ALKFW_OK;
}

void allow_rules_free(struct allow_rules *rules) {
    if (rules == NULL)
        return;
    for (size_t i = 0; i < rules->n_rules; i++)
        globs_free(rules->rules[i].source);
    free(rules->rules);
    json_decref(rules->values);
    free(rules);
}

static bool fits_source(const struct rule *rule, const char *source) {
    while (strncmp(source, "./", 2) == 0 || *source == '/')
        source += *source == '/' ? 1 : 2;
    return globs_match(rule->source, source, false) == GLOBS_MATCH;
}

/* "m-17" by what it says, a number as it is written. */
static bool fits_id(const struct rule *rule, const struct finding *finding) {
    size_t length = strlen(rule->id);

    if (finding->n_id == length && memcmp(finding->id, rule->id, length) == 0)
        return finding->id[0] != '"';
    json_t *value = json_loadb(finding->id, finding->n_id, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    bool fits = json_is_string(value) && json_string_length(value) == length &&
                memcmp(json_string_value(value), rule->id, length) == 0;
    json_decref(value);
    return fits;
}

static bool fits_signal(const struct rule *rule, const char *signal) {
    size_t length = strlen(signal);

    for (const char *at = rule->signal; *at != '\0';) {
        size_t n_word = strcspn(at, ",");
        if (n_word == length && memcmp(at, signal, length) == 0)
            return true;
        at += n_word + (at[n_word] == ',');
    }
    return false;
}

static bool fits_sha256(const struct rule *rule, const struct finding *finding) {
    static const char digits[] = "0123456789abcdef";
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char hexadecimal[SHA256_TEXT_SIZE] = "";

    sha256_init(&context);
    sha256_update(&context, finding->n_text, (const uint8_t *)finding->text);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++) {
        hexadecimal[2 * i] = digits[digest[i] >> 4];
        hexadecimal[2 * i + 1] = digits[digest[i] & 15];
    }
    return strcmp(hexadecimal, rule->sha256) == 0;
}

static bool fits(const struct rule *rule, const struct finding *finding) {
    return (rule->signal == NULL || fits_signal(rule, finding->signal)) &&
           (rule->fingerprint == NULL || strcmp(rule->fingerprint, finding->fingerprint) == 0) &&
           (rule->id == NULL || fits_id(rule, finding)) &&
           (rule->source == NULL || fits_source(rule, finding->source)) &&
           (rule->sha256 == NULL || fits_sha256(rule, finding));
}

const struct allow_rule *allow_rules_find(const struct allow_rules *rules,
                                          const struct finding *finding, int64_t today) {
    for (size_t i = 0; rules != NULL && i < rules->n_rules; i++)
        if (today <= rules->rules[i].last_day && fits(&rules->rules[i], finding))
            return &rules->rules[i].shown;
    return NULL;
}

void allow_rules_tell_expired(struct allow_rules *rules, int64_t today) {
    for (size_t i = 0; rules != NULL && i < rules->n_rules; i++) {
        struct rule *rule = &rules->rules[i];
        if (rule->is_told || today <= rule->last_day)
            continue;
        rule->is_told = true;
        message_warning("a rule of allow ended on %s and no longer holds: %s", rule->shown.expires,
                        rule->shown.reason);
    }
}
