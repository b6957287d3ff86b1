/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"

enum option_action {
    OPTION_SET = OPTION_SECTION_TITLE + 1,
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
    OPTION_OLDDIR,
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

#define OPTION_SECTION(title) {0, NULL, NULL, OPTION_SECTION_TITLE, NULL, NULL, 0, title},
#define OPTION_SETTING(short, long, argument, key, help)                                           \
    {short, long, argument, OPTION_SET, key, NULL, 0, help},
#define OPTION_FLAG(short, long, key, value, help)                                                 \
    {short, long, NULL, OPTION_SET, key, value, 0, help},
#define OPTION_ACTION(short, long, argument, action, help)                                         \
    {short, long, argument, action, NULL, NULL, 0, help},
static const struct option_row rows[] = {
#include "options.def"
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

static const struct option_table table = {"alkfw", rows, N_ROWS, NULL};

/* "--threshold" or "-0", in memory that is never changed. */
static const char *name_of(const struct option_row *row) {
    static char names[N_ROWS][OPTION_NAME_SIZE];
    char *name = names[row - rows];

    option_name(row, name);
    return name;
}

static void apply(struct options *options, const struct option_row *row, const char *argument) {
    switch ((enum option_action)row->action) {
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
    case OPTION_OLDDIR:
        options->olddir = argument;
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

/* What is written goes to files of its own: one would replace or fill the other. */
static alkfw_status check_written(const struct options *options, alkfw_error *error) {
    const struct {
        const char *option;
        const char *path; /* NULL: not given */
    } written[] = {
        {"--state", options->state},
        {"--lock", options->lock},
        {"--verdicts", options->verdicts},
        {"--write-baseline", options->write_baseline},
    };
    enum { N_WRITTEN = sizeof written / sizeof written[0] };

    for (size_t i = 0; i < N_WRITTEN; i++)
        for (size_t k = i + 1; k < N_WRITTEN && written[i].path != NULL; k++)
            if (written[k].path != NULL && strcmp(written[i].path, written[k].path) == 0)
                return alkfw_error_set(error, ALKFW_E_ARGUMENT, "%s and %s are one file, %s",
                                       written[i].option, written[k].option, written[i].path);
    for (size_t i = 0; i < options->n_files && options->state != NULL; i++)
        if (strcmp(options->state, options->files[i]) == 0)
            return alkfw_error_set(error, ALKFW_E_ARGUMENT, "--state: %s is an input of this run",
                                   options->state);
    return ALKFW_OK;
}

/* What can be resumed and followed has a name. */
static alkfw_status check_logs(const struct options *options, alkfw_error *error) {
    const char *option = options->follow ? "--follow" : "--state";
    bool is_standard_input =
        options->n_files == 0 && options->files0_from == NULL && !options->recursive;

    if (!options->follow && options->state == NULL)
        return options->olddir == NULL
                   ? ALKFW_OK
                   : alkfw_error_set(error, ALKFW_E_ARGUMENT,
                                     "--olddir is for --state and --follow only");
    if (options->olddir != NULL && options->olddir[0] == '\0')
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "--olddir is empty: name a folder");
    if (options->write_baseline != NULL && options->follow)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--write-baseline is written when a run has read everything, and a "
                               "run with --follow never has: use --state without it");
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

alkfw_status options_parse(int argc, char **argv, struct options *options, alkfw_error *error) {
    struct option_reader reader;
    const struct option_row *row;

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
    option_reader_init(&reader, &table);
    /* --help and --version hold wherever they stand, but not after an error. */
    for (;;) {
        alkfw_status status = option_reader_next(&reader, argc, argv, &row, error);
        if (status != ALKFW_OK)
            return options->command == COMMAND_VERSION ? ALKFW_OK : status;
        if (row == NULL)
            break;
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
    if (options->command != COMMAND_SCAN)
        return ALKFW_OK;
    alkfw_status status = check_written(options, error);
    return status == ALKFW_OK ? check_logs(options, error) : status;
}

void options_free(struct options *options) {
    free(options->settings);
    free(options->include);
    free(options->exclude);
    memset(options, 0, sizeof *options);
}

void options_print_help(FILE *out) {
    (void)fputs("Usage: alkfw [OPTION]... [FILE]...\n"
                "Screen text before a large language model reads it: one verdict for each record.\n"
                "No FILE, or -, is standard input, one record a line.\n",
                out);
    option_table_print(&table, out);
    (void)fputs(
        "\n"
        "Exit status: 0 nothing alarmed, 1 something alarmed, 2 an error (something was not\n"
        "scanned), 3 something is for review. alkfw(1) has the details.\n",
        out);
}
