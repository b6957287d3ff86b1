/* SPDX-License-Identifier: Apache-2.0 */
#include "config/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/rules.h"
#include "hub/default_model.h"
#include "support/number.h"
#include "support/worker_pool.h"

/* clang-format off: one key per block reads as the table that it is */
const struct config_key config_keys[CONFIG_KEY_COUNT] = {
    /* what runs */
    {"model", CONFIG_TEXT, HUB_DEFAULT_MODEL, 0, 0, NULL,
     "model: a directory, or owner/name[@revision] of the Hugging Face Hub"},
    {"codebook", CONFIG_TEXT, NULL, 0, 0, NULL,
     "codebook: a file, or hub:owner/name@revision/file; unset: the installed default"},
    {"backend", CONFIG_CHOICE, "native", 0, 0, "native,torch", "what runs the model"},
    {"device", CONFIG_TEXT, "cpu", 0, 0, NULL,
     "where the backend torch computes: cpu, or of a libtorch for CUDA cuda or cuda:N"},
    {"precision", CONFIG_CHOICE, "auto", 0, 0, "auto,fp32,int8,bf16",
     "arithmetic of the model; auto: as the codebook was built"},
    {"threads", CONFIG_INTEGER, NULL, 1, WORKER_POOL_MAX, NULL,
     "threads that score; unset: one for each processor that the process may use"},
    {"cache_dir", CONFIG_TEXT, NULL, 0, 0, NULL,
     "where packed weights are kept; unset: $XDG_CACHE_HOME/alkfw"},
    {"offline", CONFIG_BOOLEAN, "false", 0, 0, NULL, "never fetch a model or codebook"},
    /* how it judges */
    {"sensitivity", CONFIG_CHOICE, "balanced", 0, 0, "strict,balanced,quiet",
     "operating point: 5, 1 or 0.1 % false positives on benign text"},
    {"threshold", CONFIG_NUMBER, NULL, 0, 1, NULL,
     "a score of at least this is an alarm; unset: as the sensitivity says"},
    {"review", CONFIG_NUMBER, NULL, 0, 1, NULL,
     "a score of at least this, below the threshold, is for review; unset: no review band"},
    {"signals", CONFIG_LIST, NULL, 0, 0, NULL, "signals that count; unset: all of the codebook"},
    {"composition", CONFIG_CHOICE, "logistic", 0, 0, "logistic,max,noisy_or,fisher,stouffer",
     "how the signals become one score"},
    {"allow", CONFIG_RULES, NULL, 0, 0, NULL,
     "rules for findings that are accepted, each with a reason and a day on which it ends"},
    /* what is read */
    {"max_bytes", CONFIG_SIZE, "1048576", 1, 2147483647, NULL,
     "ceiling of a record; a longer one is an error"},
    {"input", CONFIG_CHOICE, "auto", 0, 0, "auto,lines,null,whole,jsonl,json,csv",
     "how input splits into records; auto: by the file's suffix, else lines"},
    {"field", CONFIG_TEXT, NULL, 0, 0, NULL,
     "where the text is in a JSON record or CSV row; unset: the first present of prompt, text, "
     "input, content, messages[].content"},
    {"id", CONFIG_TEXT, NULL, 0, 0, NULL, "where the identifier is that a verdict repeats"},
    {"role", CONFIG_LIST, NULL, 0, 0, NULL,
     "roles of the messages of a chat that are read, as user,tool; unset: all"},
    {"match", CONFIG_TEXT, NULL, 0, 0, NULL,
     "regular expression that finds the text in a line; other lines are skipped"},
    /* what is written */
    {"output", CONFIG_CHOICE, "json", 0, 0, "json,text,github,sarif", "format of the verdicts"},
    {"only", CONFIG_CHOICES, "pass,review,alarm,error", 0, 0, "pass,review,alarm,error",
     "verdicts to write, or none"},
    {"show_text", CONFIG_BOOLEAN, "false", 0, 0, NULL, "put the text into the verdict"},
    {"exit_code", CONFIG_INTEGER, "1", 0, 125, NULL, "exit status that stands for an alarm"},
    {"summary", CONFIG_BOOLEAN, "false", 0, 0, NULL, "totals on standard error at the end"},
    {"progress", CONFIG_BOOLEAN, "false", 0, 0, NULL,
     "a progress line on standard error when it is a terminal"},
    {"color", CONFIG_CHOICE, "auto", 0, 0, "auto,always,never", "colour in the text format"},
};
/* clang-format on */

int config_key_find(const char *name) {
    for (int i = 0; i < CONFIG_KEY_COUNT; i++)
        if (strcmp(config_keys[i].name, name) == 0)
            return i;
    return -1;
}

enum { LONGEST_NAME = 31 }; /* names over this have no near neighbour */

/* Levenshtein's distance; both names are at most LONGEST_NAME bytes. */
static size_t edit_distance(const char *left, const char *right) {
    size_t n_right = strlen(right);
    size_t row[LONGEST_NAME + 1];

    for (size_t j = 0; j <= n_right; j++)
        row[j] = j;
    for (size_t i = 0; left[i] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n_right; j++) {
            size_t substituted = diagonal + (left[i] != right[j]);
            size_t shifted = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            diagonal = row[j + 1];
            row[j + 1] = substituted < shifted ? substituted : shifted;
        }
    }
    return row[n_right];
}

const char *config_key_nearest(const char *name) {
    const char *nearest = NULL;
    size_t length = strlen(name);

    if (length > LONGEST_NAME)
        return NULL;
    size_t best = length / 3 + 1;
    for (int i = 0; i < CONFIG_KEY_COUNT; i++) {
        size_t distance = edit_distance(name, config_keys[i].name);
        if (distance < best) {
            best = distance;
            nearest = config_keys[i].name;
        }
    }
    return nearest;
}

/* "a,b,c" as "a, b, c". */
static void spread(const char *choices, char *out, size_t out_size) {
    size_t written = 0;

    for (; *choices != '\0' && written + 2 < out_size; choices++) {
        out[written++] = *choices;
        if (*choices == ',')
            out[written++] = ' ';
    }
    out[written] = '\0';
}

void config_key_allowed(const struct config_key *key, char *out, size_t out_size) {
    char choices[128] = "";

    if (key->choices != NULL)
        spread(key->choices, choices, sizeof choices);
    switch (key->type) {
    case CONFIG_TEXT:
        (void)snprintf(out, out_size, "text that is not empty");
        break;
    case CONFIG_LIST:
        (void)snprintf(out, out_size, "a list of words");
        break;
    case CONFIG_CHOICE:
        (void)snprintf(out, out_size, "one of %s", choices);
        break;
    case CONFIG_CHOICES:
        (void)snprintf(out, out_size, "none or a list of %s", choices);
        break;
    case CONFIG_NUMBER:
        (void)snprintf(out, out_size, "a number from %.0f to %.0f", key->minimum, key->maximum);
        break;
    case CONFIG_INTEGER:
        (void)snprintf(out, out_size, "an integer from %.0f to %.0f", key->minimum, key->maximum);
        break;
    case CONFIG_SIZE:
        (void)snprintf(out, out_size, "a size from %.0f to %.0f bytes (K, M, G understood)",
                       key->minimum, key->maximum);
        break;
    case CONFIG_BOOLEAN:
        (void)snprintf(out, out_size, "true or false");
        break;
    case CONFIG_RULES:
        (void)snprintf(out, out_size, "a list of mappings");
        break;
    }
}

/* Whether word[0..length) stands in "a,b,c". */
static bool is_choice(const char *choices, const char *word, size_t length) {
    for (const char *at = choices; *at != '\0';) {
        size_t n = strcspn(at, ",");
        if (n == length && memcmp(at, word, n) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

static bool is_word(const char *word, size_t length) {
    for (size_t i = 0; i < length; i++) {
        char byte = word[i];
        if (!(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') && byte != '_' &&
            byte != '-')
            return false;
    }
    return length > 0;
}

static bool is_list(const struct config_key *key, const char *value) {
    if (key->type == CONFIG_CHOICES && strcmp(value, "none") == 0)
        return true;
    for (const char *at = value;;) {
        size_t n = strcspn(at, ",");
        if (!is_word(at, n) || (key->choices != NULL && !is_choice(key->choices, at, n)))
            return false;
        if (at[n] == '\0')
            return true;
        at += n + 1;
    }
}

/* Writes the canonical form of a whole number; false when it is none or out of range. */
static bool canonical_integer(const struct config_key *key, const char *value,
                              char out[NUMBER_TEXT_SIZE]) {
    uint64_t parsed;
    bool is_number = key->type == CONFIG_SIZE ? number_parse_size(value, &parsed)
                                              : number_parse_unsigned(value, &parsed);

    if (!is_number || (double)parsed < key->minimum || (double)parsed > key->maximum)
        return false;
    (void)number_format_unsigned(parsed, out);
    return true;
}

alkfw_status config_key_canonical(const struct config_key *key, const char *value,
                                  const char *where, char **canonical, alkfw_error *error) {
    char number[NUMBER_TEXT_SIZE];
    char allowed[192];
    const char *result = value;
    double parsed;
    bool valid = false;

    switch (key->type) {
    case CONFIG_RULES:
        return config_rules_canonical(value, where, canonical, error);
    case CONFIG_TEXT:
        valid = value[0] != '\0';
        break;
    case CONFIG_LIST:
    case CONFIG_CHOICES:
        valid = is_list(key, value);
        break;
    case CONFIG_CHOICE:
        valid = strchr(value, ',') == NULL && is_choice(key->choices, value, strlen(value));
        break;
    case CONFIG_NUMBER:
        valid =
            number_parse_double(value, &parsed) && parsed >= key->minimum && parsed <= key->maximum;
        break;
    case CONFIG_INTEGER:
    case CONFIG_SIZE:
        valid = canonical_integer(key, value, number);
        result = number;
        break;
    case CONFIG_BOOLEAN:
        valid = strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
        break;
    }
    if (!valid) {
        config_key_allowed(key, allowed, sizeof allowed);
        return alkfw_error_set(error, ALKFW_E_CONFIG, "%s: %s must be %s, not '%s'", where,
                               key->name, allowed, value);
    }
    *canonical = strdup(result);
    if (*canonical == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: out of memory", where);
    return ALKFW_OK;
}
