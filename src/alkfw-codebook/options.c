/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/option_table.h"
#include "support/number.h"
#include "support/worker_pool.h"

enum option_action {
    OPTION_ADAPTER = OPTION_SECTION_TITLE + 1,
    OPTION_BACKEND,
    OPTION_BASE,
    OPTION_BENIGN,
    OPTION_COMPONENTS,
    OPTION_COMPOSITION,
    OPTION_CONTRAST,
    OPTION_DESCRIPTION,
    OPTION_DEVICE,
    OPTION_FEATURES,
    OPTION_FOLDS,
    OPTION_HELP,
    OPTION_HOSTILE_SHARE,
    OPTION_HTML,
    OPTION_JSON,
    OPTION_LAYERS,
    OPTION_LONG,
    OPTION_MODEL,
    OPTION_NAME,
    OPTION_OFFLINE,
    OPTION_OUTPUT,
    OPTION_PASSAGE_TAPS,
    OPTION_PRECISION,
    OPTION_QUIET,
    OPTION_SHOW_TEXT,
    OPTION_SHRINKAGE,
    OPTION_SIGNAL,
    OPTION_TAPS,
    OPTION_TEMPERATURE,
    OPTION_THREADS,
    OPTION_VERBOSE,
    OPTION_VERSION
};

/* The commands that read an option. */
enum {
    BUILD = 1 << COMMAND_BUILD,
    EXTEND = 1 << COMMAND_EXTEND,
    CALIBRATE = 1 << COMMAND_CALIBRATE,
    FEATURES = 1 << COMMAND_FEATURES,
    EVAL = 1 << COMMAND_EVAL,
    INSPECT = 1 << COMMAND_INSPECT,
    REPORT = 1 << COMMAND_REPORT,
    VERIFY = 1 << COMMAND_VERIFY,
    ALL = 0,
    MODEL = BUILD | EXTEND | CALIBRATE | FEATURES | EVAL | REPORT | VERIFY,
    WRITERS = BUILD | EXTEND | CALIBRATE | FEATURES | REPORT
};

#define OPTION_COMMAND(command, name, operands, least, most, needs_output)
#define OPTION_VARIANT(command, name, operands, least, most, needs_output)
#define OPTION_ACTION(short, long, argument, action, commands, help)                               \
    {short, long, argument, action, NULL, NULL, commands, help},
#define OPTION_CHOICE(short, long, argument, choices, action, commands, help)                      \
    {short, long, argument, action, NULL, NULL, commands, help},
static const struct option_row rows[] = {
#include "options.def"
};
#undef OPTION_COMMAND
#undef OPTION_VARIANT
#undef OPTION_ACTION
#undef OPTION_CHOICE
#define OPTION_ACTION(short, long, argument, action, commands, help)
#define OPTION_CHOICE(short, long, argument, choices, action, commands, help)

#define OPTION_COMMAND(command, name, operands, least, most, needs_output) [command] = name,
#define OPTION_VARIANT(command, name, operands, least, most, needs_output) [command] = name,
static const char *const command_names[] = {
#include "options.def"
    NULL};
#undef OPTION_COMMAND
#undef OPTION_VARIANT

static const struct {
    const char *operands; /* for a message */
    size_t least;
    size_t most;
    bool needs_output;
    bool is_word; /* of the command line; else a variant */
} commands[] = {
#define OPTION_COMMAND(command, name, operands, least, most, needs_output)                         \
    [command] = {operands, least, most, needs_output, true},
#define OPTION_VARIANT(command, name, operands, least, most, needs_output)                         \
    [command] = {operands, least, most, needs_output, false},
#include "options.def"
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

static const struct option_table table = {"alkfw-codebook", rows, N_ROWS, command_names};

enum { DEFAULT_LONG = 100 };
enum { N_COMMANDS = sizeof commands / sizeof commands[0] };

static alkfw_status set_count(const char *name, const char *text, size_t least, size_t most,
                              size_t *value, alkfw_error *error) {
    uint64_t number;

    if (!number_parse_unsigned(text, &number) || number < least || number > most)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "%s is \"%s\": write a number from %zu to %zu", name, text, least,
                               most);
    *value = (size_t)number;
    return ALKFW_OK;
}

static alkfw_status set_real(const char *name, const char *text, double least, double most,
                             double *value, alkfw_error *error) {
    double number;

    if (!number_parse_double(text, &number) || number < least || number > most)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "%s is \"%s\": write a number from %g to %g", name, text, least,
                               most);
    *value = number;
    return ALKFW_OK;
}

static alkfw_status set_precision(const char *text, enum model_precision *precision,
                                  alkfw_error *error) {
    if (!model_precision_parse(text, precision) || *precision == MODEL_PRECISION_AUTO)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--precision is \"%s\": write fp32, int8 or bf16", text);
    return ALKFW_OK;
}

static alkfw_status set_number(int option, const char *value, struct options *options,
                               alkfw_error *error) {
    struct fit_settings *fit = &options->fit;

    switch (option) {
    case OPTION_COMPONENTS:
        return set_count("--components", value, 1, 4096, &fit->n_components, error);
    case OPTION_FOLDS:
        return set_count("--folds", value, 2, 64, &fit->n_folds, error);
    case OPTION_HOSTILE_SHARE:
        return set_real("--hostile-share", value, 0, 0.5, &options->hostile_share, error);
    case OPTION_LONG:
        options->n_long = DEFAULT_LONG;
        return value == NULL ? ALKFW_OK
                             : set_count("--long", value, 1, 100000, &options->n_long, error);
    case OPTION_SHRINKAGE:
        return set_real("--shrinkage", value, 0, 1, &fit->shrinkage, error);
    case OPTION_TEMPERATURE:
        return set_real("--temperature", value, 0.01, 1000, &fit->temperature, error);
    case OPTION_PRECISION:
        return set_precision(value, &options->precision, error);
    case OPTION_THREADS:
        return set_count("--threads", value, 1, WORKER_POOL_MAX, &options->n_threads, error);
    default:
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "see alkfw-codebook --help");
    }
}

static alkfw_status set_option(int option, const char *value, struct options *options,
                               alkfw_error *error) {
    switch (option) {
    case OPTION_BACKEND:
        options->backend = value;
        return ALKFW_OK;
    case OPTION_DEVICE:
        options->device = value;
        return ALKFW_OK;
    case OPTION_MODEL:
        options->model = value;
        return ALKFW_OK;
    case OPTION_OUTPUT:
        options->output = value;
        return ALKFW_OK;
    case OPTION_QUIET:
        options->quiet = true;
        return ALKFW_OK;
    case OPTION_VERBOSE:
        options->verbosity++;
        return ALKFW_OK;
    case OPTION_BENIGN:
        options->benign = value;
        return ALKFW_OK;
    case OPTION_ADAPTER:
        options->adapter = value;
        return ALKFW_OK;
    case OPTION_BASE:
        options->base = value;
        return ALKFW_OK;
    case OPTION_SIGNAL:
        options->signal = value;
        return ALKFW_OK;
    case OPTION_COMPOSITION:
        options->composition = value;
        return ALKFW_OK;
    case OPTION_DESCRIPTION:
        options->description = value;
        return ALKFW_OK;
    case OPTION_FEATURES:
        options->features = value;
        return ALKFW_OK;
    case OPTION_CONTRAST:
        options->fit.contrast = value;
        return ALKFW_OK;
    case OPTION_HELP:
        options->help = true;
        return ALKFW_OK;
    case OPTION_HTML: /* the only form of a report so far */
        return ALKFW_OK;
    case OPTION_JSON:
        options->json = true;
        return ALKFW_OK;
    case OPTION_LAYERS:
        options->layers = value;
        return ALKFW_OK;
    case OPTION_NAME:
        options->name = value;
        return ALKFW_OK;
    case OPTION_OFFLINE:
        options->offline = true;
        return ALKFW_OK;
    case OPTION_PASSAGE_TAPS:
        options->passage_taps = value;
        return ALKFW_OK;
    case OPTION_SHOW_TEXT:
        options->show_text = true;
        return ALKFW_OK;
    case OPTION_TAPS:
        options->taps = value;
        return ALKFW_OK;
    case OPTION_VERSION:
        options->version = true;
        return ALKFW_OK;
    default:
        return set_number(option, value, options, error);
    }
}

static alkfw_status find_command(const char *name, struct options *options, alkfw_error *error) {
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (commands[i].is_word && strcmp(name, command_names[i]) == 0) {
            bool extends = i == COMMAND_BUILD && options->base != NULL;
            options->command = extends ? COMMAND_EXTEND : (enum command)i;
            return ALKFW_OK;
        }
    }
    return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                           "\"%s\" is not a command: write build, calibrate, features, eval, "
                           "inspect, report or verify",
                           name);
}

/* Known before hours of work are lost to a slip of the pen. */
static bool has_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    bool found = path[0] != '\0' && folder != NULL && access(folder, W_OK | X_OK) == 0;

    free(folder);
    return found;
}

/* An option of another command would have no effect, without a word. */
static alkfw_status check_given(const struct options *options, const bool *given,
                                alkfw_error *error) {
    for (size_t i = 0; i < N_ROWS; i++) {
        bool is_read = rows[i].commands == ALL || (rows[i].commands >> options->command & 1) != 0;
        char option[OPTION_NAME_SIZE];
        char names[OPTION_COMMANDS_SIZE];
        if (!given[i] || is_read)
            continue;
        option_name(&rows[i], option);
        option_commands(&table, &rows[i], names);
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "%s is an option of %s, not of %s", option,
                               names, command_names[options->command]);
    }
    return ALKFW_OK;
}

static alkfw_status check_taps(const struct options *options, alkfw_error *error) {
    bool has_taps = options->taps != NULL || options->passage_taps != NULL;

    if (options->layers != NULL && has_taps)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--layers says what --taps and --passage-taps say: give one of "
                               "them");
    if (options->features != NULL && (options->layers != NULL || has_taps))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--features has its layers and taps: leave out --layers, --taps and "
                               "--passage-taps");
    return ALKFW_OK;
}

static alkfw_status check(const struct options *options, alkfw_error *error) {
    size_t n = options->n_operands;
    const char *name = command_names[options->command];

    if (n < commands[options->command].least || n > commands[options->command].most)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "%s takes %s; see alkfw-codebook --help",
                               name, commands[options->command].operands);
    if (commands[options->command].needs_output && options->output == NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "%s needs -o FILE", name);
    if (options->output != NULL && !has_folder(options->output))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "-o \"%s\": there is no such folder, or it cannot be written to",
                               options->output);
    if (options->name != NULL && !codebook_name_is_valid(options->name))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--name is \"%s\": write 1 to %d of a-z, 0-9, '_' and '-'",
                               options->name, CODEBOOK_MAX_NAME);
    return check_taps(options, error);
}

alkfw_status options_parse(int argc, char **argv, struct options *options, alkfw_error *error) {
    struct option_reader reader;
    const struct option_row *row;
    bool given[N_ROWS] = {false};
    alkfw_status status;

    *options = (struct options){.n_threads = worker_pool_usual_size(),
                                .backend = "native",
                                .precision = MODEL_PRECISION_AUTO,
                                .fit = fit_default_settings};
    option_reader_init(&reader, &table);
    for (;;) {
        status = option_reader_next(&reader, argc, argv, &row, error);
        if (status == ALKFW_OK && row != NULL)
            status = set_option(row->action, optarg, options, error);
        if (status != ALKFW_OK || row == NULL)
            break;
        given[row - rows] = true;
    }
    if (status != ALKFW_OK || options->help || options->version)
        return status;
    if (optind >= argc)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "no command is given; see alkfw-codebook --help");
    status = find_command(argv[optind], options, error);
    if (status == ALKFW_OK)
        status = check_given(options, given, error);
    if (status != ALKFW_OK)
        return status;
    options->operands = argv + optind + 1;
    options->n_operands = (size_t)(argc - optind - 1);
    return check(options, error);
}

alkfw_status options_composition(const struct options *options, enum composition *composition,
                                 alkfw_error *error) {
    *composition = COMPOSITION_LOGISTIC;
    if (options->composition != NULL && !composition_parse(options->composition, composition))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--composition is \"%s\": write logistic, max, noisy_or, fisher or "
                               "stouffer",
                               options->composition);
    return ALKFW_OK;
}

void options_print_help(void) {
    (void)fputs(
        "Usage: alkfw-codebook build -o FILE [OPTION]... CORPUS.jsonl...\n"
        "       alkfw-codebook build -o FILE --base=CODEBOOK --signal=NAME=FILE BENIGN.jsonl...\n"
        "       alkfw-codebook features -o FILE [OPTION]... CORPUS.jsonl...\n"
        "       alkfw-codebook eval [OPTION]... CODEBOOK CORPUS.jsonl...\n"
        "       alkfw-codebook calibrate -o FILE --benign=FILE [OPTION]... CODEBOOK\n"
        "       alkfw-codebook inspect [--json] CODEBOOK\n"
        "       alkfw-codebook report --html -o FILE [OPTION]... CODEBOOK CORPUS.jsonl...\n"
        "       alkfw-codebook verify [OPTION]... CODEBOOK\n"
        "Builds codebooks for alkfw from labelled text, and says what they are worth. A CORPUS\n"
        "of - is standard input.\n"
        "\n",
        stdout);
    option_table_print(&table, stdout);
    (void)fputs("\n"
                "alkfw-codebook(1) describes the corpus and the exit statuses.\n",
                stdout);
}
