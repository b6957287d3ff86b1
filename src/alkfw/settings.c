/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "locate.h"
#include "signals.h"
#include "support/number.h"
#include "support/utf8.h"

/* A file in a usual place: it need not be there. Takes `path`, which may be NULL. */
static alkfw_status load_usual(alkfw_config *config, char *path, alkfw_error *error) {
    alkfw_status status = ALKFW_OK;

    if (path != NULL) {
        status = alkfw_config_load(config, path, error);
        if (status == ALKFW_OK)
            message_info("configuration %s is read", path);
        if (status == ALKFW_E_MISSING)
            status = ALKFW_OK;
    }
    free(path);
    return status;
}

static alkfw_status load_files(const struct settings *settings, alkfw_error *error) {
    const char *named = getenv("ALKFW_CONFIG");
    alkfw_status status = ALKFW_OK;

    if (!settings->options.no_config) {
        status = load_usual(settings->config, locate_system_config(), error);
        if (status == ALKFW_OK)
            status = load_usual(settings->config, locate_user_config(), error);
        if (status == ALKFW_OK && named != NULL && named[0] != '\0')
            status = alkfw_config_load(settings->config, named, error);
    }
    if (status == ALKFW_OK && settings->options.config != NULL)
        status = alkfw_config_load(settings->config, settings->options.config, error);
    return status;
}

/* ALKFW_THRESHOLD for threshold, and so on; an empty variable counts as unset. */
static alkfw_status load_environment(alkfw_config *config, alkfw_error *error) {
    const char *key;

    for (size_t i = 0; (key = alkfw_config_key(i)) != NULL; i++) {
        char variable[64] = "ALKFW_";
        size_t length = strlen(variable);
        for (const char *at = key; *at != '\0' && length + 1 < sizeof variable; at++)
            variable[length++] = (char)toupper((unsigned char)*at);
        const char *value = getenv(variable);
        if (value == NULL || value[0] == '\0')
            continue;
        alkfw_status status = alkfw_config_set(config, key, value, variable, error);
        if (status != ALKFW_OK)
            return status;
    }
    return ALKFW_OK;
}

static alkfw_status load_options(const struct settings *settings, alkfw_error *error) {
    for (size_t i = 0; i < settings->options.n_settings; i++) {
        const struct option_setting *setting = &settings->options.settings[i];
        alkfw_status status = alkfw_config_set(settings->config, setting->key, setting->value,
                                               setting->origin, error);
        if (status != ALKFW_OK)
            return status;
    }
    return ALKFW_OK;
}

static bool is_true(const alkfw_config *config, const char *key) {
    const char *value = alkfw_config_get(config, key);

    return value != NULL && strcmp(value, "true") == 0;
}

static uint64_t whole_number(const alkfw_config *config, const char *key) {
    const char *value = alkfw_config_get(config, key);
    uint64_t number = 0;

    if (value != NULL && !number_parse_unsigned(value, &number))
        number = 0; /* the schema lets nothing else through */
    return number;
}

/* Whether a word stands in "a,b,c". */
static bool has_word(const char *list, const char *word) {
    size_t length = strlen(word);

    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, word, length) == 0 && (at[length] == ',' || at[length] == '\0'))
            return true;
    }
    return false;
}

static alkfw_status prepare_input(struct settings *settings, alkfw_error *error) {
    const char *field = alkfw_config_get(settings->config, "field");
    const char *id = alkfw_config_get(settings->config, "id");
    const char *match = alkfw_config_get(settings->config, "match");
    struct input_plan *plan = &settings->input;
    alkfw_status status = ALKFW_OK;

    plan->format = alkfw_config_get(settings->config, "input");
    plan->max_bytes = (size_t)whole_number(settings->config, "max_bytes");
    plan->keep_raw = settings->options.pass;
    plan->stop = signals_stop();
    plan->json.roles = alkfw_config_get(settings->config, "role");
    if (field != NULL) {
        status = field_path_parse(field, "--field", &settings->field, error);
        plan->json.field = &settings->field;
    }
    if (status == ALKFW_OK && id != NULL) {
        status = field_path_parse(id, "--id", &settings->id, error);
        plan->json.id = &settings->id;
    }
    if (status == ALKFW_OK && match != NULL) {
        status = matcher_new(match, &settings->matcher, error);
        plan->matcher = settings->matcher;
    }
    return status;
}

/* no-color.org: NO_COLOR of any value but nothing; and a terminal that says of itself that it shows
 * no colours. --color=always is for who knows better. */
static enum color_when color_when(const char *when) {
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    if (strcmp(when, "always") == 0)
        return COLOR_ALWAYS;
    if (strcmp(when, "never") == 0 || (no_color != NULL && *no_color != '\0') || terminal == NULL ||
        strcmp(terminal, "dumb") == 0)
        return COLOR_NEVER;
    return COLOR_AUTO;
}

static void prepare_output(struct settings *settings) {
    const alkfw_config *config = settings->config;

    settings->format = verdict_format(alkfw_config_get(config, "output"));
    for (int i = 0; i <= ALKFW_ERROR; i++)
        settings->writes[i] =
            has_word(alkfw_config_get(config, "only"), alkfw_decision_name((alkfw_decision)i));
    settings->show_text = is_true(config, "show_text");
    settings->summary = is_true(config, "summary");
    settings->progress = is_true(config, "progress");
    settings->offline = is_true(config, "offline");
    settings->alarm_status = (int)whole_number(config, "exit_code");
    settings->color = color_when(alkfw_config_get(config, "color"));
}

/* Whether the run can be broken off and go on later, as logs are read. */
static alkfw_status check_logs(const struct settings *settings, alkfw_error *error) {
    const struct options *options = &settings->options;
    const char *input = settings->input.format;

    if (!options->follow && options->state == NULL)
        return ALKFW_OK;
    const char *option = options->follow ? "--follow" : "--state";
    if (settings->format->end != NULL && strcmp(settings->format->name, "sarif") == 0)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--output=sarif is one document of a run, which %s breaks up; use "
                               "json",
                               option);
    if (strcmp(input, "auto") != 0 && !input_is_by_lines(input))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--input=%s cannot be resumed; %s is for lines, jsonl and null",
                               input, option);
    return ALKFW_OK;
}

alkfw_status settings_read(struct settings *settings, int argc, char **argv, alkfw_error *error) {
    memset(settings, 0, sizeof *settings);
    alkfw_status status = options_parse(argc, argv, &settings->options, error);
    message_verbosity(settings->options.verbosity);
    if (status != ALKFW_OK || settings->options.command == COMMAND_HELP ||
        settings->options.command == COMMAND_VERSION)
        return status;
    status = alkfw_config_new(&settings->config, error);
    if (status == ALKFW_OK)
        status = load_files(settings, error);
    if (status == ALKFW_OK)
        status = load_environment(settings->config, error);
    if (status == ALKFW_OK)
        status = load_options(settings, error);
    if (status == ALKFW_OK)
        status = prepare_input(settings, error);
    if (status == ALKFW_OK)
        prepare_output(settings);
    if (status == ALKFW_OK && settings->options.command == COMMAND_SCAN)
        status = check_logs(settings, error);
    return status;
}

void settings_free(struct settings *settings) {
    field_path_free(&settings->field);
    field_path_free(&settings->id);
    matcher_free(settings->matcher);
    alkfw_config_free(settings->config);
    options_free(&settings->options);
}

/* Without quotes YAML reads it as nothing but itself. */
static bool is_plain(const char *value) {
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@+-,";

    return strchr("@+-,", value[0]) == NULL && value[strspn(value, letters)] == '\0';
}

static bool is_printable(const char *value) {
    uint32_t code_point;

    for (size_t at = 0, n = strlen(value); at < n;) {
        at += utf8_decode(value + at, n - at, &code_point);
        if (code_point == UTF8_REPLACEMENT || utf8_is_unprintable(code_point))
            return false;
    }
    return true;
}

/* In double quotes, the only ones that know escapes: nothing of it may reach a terminal. */
static void print_escaped(const char *value, FILE *out) {
    uint32_t code_point;
    size_t n;

    (void)fputc('"', out);
    for (const char *at = value; *at != '\0'; at += n) {
        n = utf8_decode(at, strlen(at), &code_point);
        if (code_point == UTF8_REPLACEMENT || utf8_is_unprintable(code_point))
            (void)fprintf(out, "\\U%08" PRIX32, code_point);
        else
            (void)fprintf(out, "%s%.*s", *at == '"' || *at == '\\' ? "\\" : "", (int)n, at);
    }
    (void)fputc('"', out);
}

/* A value as a YAML scalar that says the same. */
static void print_value(const char *value, FILE *out) {
    if (is_plain(value)) {
        (void)fputs(value, out);
        return;
    }
    if (!is_printable(value)) {
        print_escaped(value, out);
        return;
    }
    (void)fputc('\'', out);
    for (; *value != '\0'; value++) {
        if (*value == '\'')
            (void)fputc('\'', out);
        (void)fputc(*value, out);
    }
    (void)fputc('\'', out);
}

void settings_print(const struct settings *settings, FILE *out) {
    const char *key;

    for (size_t i = 0; (key = alkfw_config_key(i)) != NULL; i++) {
        const char *value = alkfw_config_get(settings->config, key);
        (void)fprintf(out, "# %s\n%s%s:%s", alkfw_config_help(key), value == NULL ? "#" : "", key,
                      value == NULL ? "" : " ");
        if (value != NULL)
            print_value(value, out);
        (void)fputs("\n\n", out);
    }
}
