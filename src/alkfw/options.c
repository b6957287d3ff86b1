/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum option_action {
    OPTION_SECTION_TITLE,
    OPTION_SET,
    OPTION_BASELINE,
    OPTION_CONFIG,
    OPTION_EXCLUDE,
    OPTION_FETCH,
    OPTION_FILES0_FROM,
    OPTION_FOLLOW,
    OPTION_HELP,
    OPTION_INCLUDE,
    OPTION_LOCK,
    OPTION_MARKER,
    OPTION_NO_CONFIG,
    OPTION_PASS,
    OPTION_PRINT_CONFIG,
    OPTION_RECURSIVE,
    OPTION_REDACT,
    OPTION_STATE,
    OPTION_TO,
    OPTION_VERBOSE,
    OPTION_VERDICTS,
    OPTION_VERSION,
    OPTION_WRITE_BASELINE,
};

struct option_row {
    char short_name;
    const char *long_name;
    const char *argument;
    enum option_action action;
    const char *key;   /* OPTION_SET */
    const char *value; /* OPTION_SET without an argument */
    const char *help;
};

#define OPTION_SECTION(title) {0, NULL, NULL, OPTION_SECTION_TITLE, NULL, NULL, title},
#define OPTION_SETTING(short, long, argument, key, help)                                           \
    {short, long, argument, OPTION_SET, key, NULL, help},
#define OPTION_FLAG(short, long, key, value, help)                                                 \
    {short, long, NULL, OPTION_SET, key, value, help},
#define OPTION_ACTION(short, long, argument, action, help)                                         \
    {short, long, argument, action, NULL, NULL, help},
static const struct option_row rows[] = {
#include "options.def"
};

enum { N_ROWS = sizeof rows / sizeof rows[0], LONG_OPTION = 256 };

/* getopt_long's own tables: a long option returns LONG_OPTION plus its row. */
struct getopt_tables {
    char short_options[2 * N_ROWS + 2];
    struct option long_options[N_ROWS + 1];
};

static void make_tables(struct getopt_tables *tables) {
    char *out = tables->short_options;
    size_t n_long = 0;

    memset(tables, 0, sizeof *tables);
    *out++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < N_ROWS; i++) {
        const struct option_row *row = &rows[i];
        if (row->short_name != 0) {
            *out++ = row->short_name;
            if (row->argument != NULL)
                *out++ = ':';
        }
        if (row->long_name != NULL)
            tables->long_options[n_long++] = (struct option){
                .name = row->long_name,
                .has_arg = row->argument != NULL ? required_argument : no_argument,
                .val = LONG_OPTION + i,
            };
    }
}

static const struct option_row *row_of(int result) {
    if (result >= LONG_OPTION)
        return &rows[result - LONG_OPTION];
    for (int i = 0; i < N_ROWS; i++)
        if (rows[i].short_name == result && result != 0)
            return &rows[i];
    return NULL;
}

/* "--threshold" or "-0", in memory that is never changed. */
static const char *name_of(const struct option_row *row) {
    static char names[N_ROWS][32];
    char *name = names[row - rows];

    if (row->long_name != NULL)
        (void)snprintf(name, sizeof names[0], "--%s", row->long_name);
    else
        (void)snprintf(name, sizeof names[0], "-%c", row->short_name);
    return name;
}

static void apply(struct options *options, const struct option_row *row, const char *argument) {
    switch (row->action) {
    case OPTION_SECTION_TITLE:
        break;
    case OPTION_SET:
        options->settings[options->n_settings++] = (struct option_setting){
            row->key, row->argument != NULL ? argument : row->value, name_of(row)};
        break;
    case OPTION_BASELINE:
        options->baseline = argument;
        break;
    case OPTION_CONFIG:
        options->config = argument;
        break;
    case OPTION_EXCLUDE:
        options->exclude[options->n_exclude++] = argument;
        break;
    case OPTION_FETCH:
        options->command = COMMAND_FETCH;
        break;
    case OPTION_FILES0_FROM:
        options->files0_from = argument;
        break;
    case OPTION_FOLLOW:
        options->follow = true;
        break;
    case OPTION_HELP:
        options->command = COMMAND_HELP;
        break;
    case OPTION_INCLUDE:
        options->include[options->n_include++] = argument;
        break;
    case OPTION_LOCK:
        options->lock = argument;
        break;
    case OPTION_MARKER:
        options->marker = argument;
        break;
    case OPTION_NO_CONFIG:
        options->no_config = true;
        break;
    case OPTION_PASS:
        options->pass = true;
        break;
    case OPTION_PRINT_CONFIG:
        options->command = COMMAND_PRINT_CONFIG;
        break;
    case OPTION_RECURSIVE:
        options->recursive = true;
        break;
    case OPTION_REDACT:
        options->pass = true;
        options->redact = true;
        break;
    case OPTION_STATE:
        options->state = argument;
        break;
    case OPTION_TO:
        options->to = argument;
        break;
    case OPTION_VERBOSE:
        options->verbosity++;
        break;
    case OPTION_VERDICTS:
        options->verdicts = argument;
        break;
    case OPTION_VERSION:
        options->command = COMMAND_VERSION;
        break;
    case OPTION_WRITE_BASELINE:
        options->write_baseline = argument;
        break;
    }
}

/* What can be resumed and followed has a name. */
static alkfw_status check_logs(const struct options *options, alkfw_error *error) {
    const char *option = options->follow ? "--follow" : "--state";
    bool is_standard_input =
        options->n_files == 0 && options->files0_from == NULL && !options->recursive;

    if (!options->follow && options->state == NULL)
        return ALKFW_OK;
    if (options->write_baseline != NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--write-baseline is for a whole run, not for %s", option);
    if (options->follow && (options->files0_from != NULL || options->recursive))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--follow is for files on the command line, not for %s",
                               options->recursive ? "folders" : "--files0-from");
    for (size_t i = 0; i < options->n_files; i++)
        is_standard_input |= strcmp(options->files[i], "-") == 0;
    if (is_standard_input)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "%s is for files with a name, not standard input", option);
    return ALKFW_OK;
}

/* getopt has set optopt and optind when it returns '?' or ':'. */
static alkfw_status refuse(char **argv, int result, alkfw_error *error) {
    const struct option_row *row = row_of(optopt);

    if (result == ':' && row != NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "option %s needs %s; try alkfw --help",
                               name_of(row), row->argument);
    if (optopt > 0 && optopt < LONG_OPTION)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "unknown option -%c; try alkfw --help",
                               optopt);
    if (row != NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "option %s takes no argument",
                               name_of(row));
    return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                           "unknown or ambiguous option %s; try alkfw --help", argv[optind - 1]);
}

alkfw_status options_parse(int argc, char **argv, struct options *options, alkfw_error *error) {
    struct getopt_tables tables;
    int result;

    memset(options, 0, sizeof *options);
    /* An argument can hold several flags (-0q), but never more than it has bytes. */
    size_t most = 1;
    for (int i = 1; i < argc; i++)
        most += strlen(argv[i]);
    options->settings = calloc(most, sizeof *options->settings);
    options->include = calloc(most, sizeof *options->include);
    options->exclude = calloc(most, sizeof *options->exclude);
    if (options->settings == NULL || options->include == NULL || options->exclude == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    make_tables(&tables);
    opterr = 0; /* our own messages, escaped */
    /* --help and --version hold wherever they stand, but not after an error. */
    while ((result = getopt_long(argc, argv, tables.short_options, tables.long_options, NULL)) !=
           -1) {
        const struct option_row *row = row_of(result);
        if (result == '?' || result == ':' || row == NULL)
            return options->command == COMMAND_VERSION ? ALKFW_OK : refuse(argv, result, error);
        apply(options, row, optarg);
        if (options->command == COMMAND_HELP)
            return ALKFW_OK;
    }
    if (options->command == COMMAND_VERSION) /* after all of them: -v may follow it */
        return ALKFW_OK;
    options->files = argv + optind;
    options->n_files = (size_t)(argc - optind);
    if (options->files0_from != NULL && options->n_files > 0)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--files0-from and files on the command line exclude each other");
    if ((options->n_include > 0 || options->n_exclude > 0) && !options->recursive)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--include and --exclude choose among what -r finds");
    if (options->marker != NULL && !options->redact)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "--marker is for --redact only");
    for (const char *at = options->marker; at != NULL && *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == '\x7F')
            return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                                   "--marker has a control character, which could end a record");
    if (options->to != NULL && options->command != COMMAND_FETCH)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "--to is for --fetch only");
    return options->command == COMMAND_SCAN ? check_logs(options, error) : ALKFW_OK;
}

void options_free(struct options *options) {
    free(options->settings);
    free(options->include);
    free(options->exclude);
    memset(options, 0, sizeof *options);
}

static void print_row(FILE *out, const struct option_row *row) {
    enum { HELP_COLUMN = 28 };
    char left[64];

    if (row->action == OPTION_SECTION_TITLE) {
        (void)fprintf(out, "\n%s:\n", row->help);
        return;
    }
    int width =
        snprintf(left, sizeof left, "  %c%c%s%s%s%s%s", row->short_name != 0 ? '-' : ' ',
                 row->short_name != 0 ? row->short_name : ' ',
                 row->long_name == NULL ? "" : (row->short_name != 0 ? ", " : "  "),
                 row->long_name != NULL ? "--" : "", row->long_name != NULL ? row->long_name : "",
                 row->argument != NULL ? "=" : "", row->argument != NULL ? row->argument : "");
    (void)fprintf(out, "%s%*s", left, width < HELP_COLUMN ? HELP_COLUMN - width : 1, "");
    for (const char *at = row->help; *at != '\0'; at++) {
        (void)fputc(*at, out);
        if (*at == '\n')
            (void)fprintf(out, "%*s", HELP_COLUMN, "");
    }
    (void)fputc('\n', out);
}

void options_print_help(FILE *out) {
    (void)fputs("Usage: alkfw [OPTION]... [FILE]...\n"
                "Screen text before a large language model reads it: one verdict for each record.\n"
                "No FILE, or -, is standard input, one record a line.\n",
                out);
    for (int i = 0; i < N_ROWS; i++)
        print_row(out, &rows[i]);
    (void)fputs(
        "\n"
        "Exit status: 0 nothing alarmed, 1 something alarmed, 2 an error (something was not\n"
        "scanned), 3 something is for review. alkfw(1) has the details.\n",
        out);
}
