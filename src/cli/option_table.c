/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/option_table.h"

#include <stdbool.h>
#include <string.h>

enum { LONG_OPTION = 256, HELP_COLUMN = 28 };

/* Only that of a long option may be left out. */
static int takes_argument(const struct option_row *row) {
    if (row->argument == NULL)
        return no_argument;
    return row->argument[0] == '[' ? optional_argument : required_argument;
}

/* A long option returns LONG_OPTION plus its row. */
void option_reader_init(struct option_reader *reader, const struct option_table *table) {
    char *out = reader->short_options;
    size_t n_long = 0;

    memset(reader, 0, sizeof *reader);
    reader->table = table;
    *out++ = ':'; /* tell a missing argument from an unknown option */
    for (size_t i = 0; i < table->n_rows && i < OPTION_TABLE_MOST; i++) {
        const struct option_row *row = &table->rows[i];
        if (row->short_name != 0) {
            *out++ = row->short_name;
            if (row->argument != NULL)
                *out++ = ':';
        }
        if (row->long_name != NULL)
            reader->long_options[n_long++] = (struct option){
                .name = row->long_name,
                .has_arg = takes_argument(row),
                .val = LONG_OPTION + (int)i,
            };
    }
    opterr = 0; /* our own messages, escaped */
}

static const struct option_row *row_of(const struct option_table *table, int result) {
    if (result >= LONG_OPTION)
        return &table->rows[result - LONG_OPTION];
    for (size_t i = 0; i < table->n_rows; i++)
        if (table->rows[i].short_name == result && result != 0)
            return &table->rows[i];
    return NULL;
}

void option_name(const struct option_row *row, char name[OPTION_NAME_SIZE]) {
    if (row->long_name != NULL)
        (void)snprintf(name, OPTION_NAME_SIZE, "--%s", row->long_name);
    else
        (void)snprintf(name, OPTION_NAME_SIZE, "-%c", row->short_name);
}

void option_commands(const struct option_table *table, const struct option_row *row,
                     char names[OPTION_COMMANDS_SIZE]) {
    const char *last = "";
    size_t length = 0;

    names[0] = '\0';
    for (size_t i = 0; table->commands != NULL && table->commands[i] != NULL; i++) {
        const char *name = table->commands[i];
        bool is_variant = length > 0 && strncmp(name, last, strlen(last)) == 0;
        if ((row->commands >> i & 1) == 0 || is_variant || length >= OPTION_COMMANDS_SIZE)
            continue;
        length += (size_t)snprintf(names + length, OPTION_COMMANDS_SIZE - length, "%s%s",
                                   length == 0 ? "" : ", ", name);
        last = name;
    }
}

/* getopt has set optopt and optind when it returns '?' or ':'. */
static alkfw_status refuse(const struct option_table *table, char **argv, int result,
                           alkfw_error *error) {
    const struct option_row *row = row_of(table, optopt);
    char name[OPTION_NAME_SIZE];

    if (row != NULL)
        option_name(row, name);
    if (result == ':' && row != NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "option %s needs %s; try %s --help", name,
                               row->argument, table->program);
    if (optopt > 0 && optopt < LONG_OPTION)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "unknown option -%c; try %s --help", optopt,
                               table->program);
    if (row != NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "option %s takes no argument", name);
    return alkfw_error_set(error, ALKFW_E_ARGUMENT, "unknown or ambiguous option %s; try %s --help",
                           argv[optind - 1], table->program);
}

alkfw_status option_reader_next(const struct option_reader *reader, int argc, char **argv,
                                const struct option_row **row, alkfw_error *error) {
    int result = getopt_long(argc, argv, reader->short_options, reader->long_options, NULL);

    *row = result == -1 ? NULL : row_of(reader->table, result);
    if (result == '?' || result == ':' || (result != -1 && *row == NULL))
        return refuse(reader->table, argv, result, error);
    return ALKFW_OK;
}

/* "  -t, --threads=N", "      --long[=N]", "  -0"; returns the width. */
static int print_names(FILE *out, const struct option_row *row) {
    const char *argument = row->argument;
    int width = row->short_name == 0
                    ? fprintf(out, "      ")
                    : fprintf(out, "  -%c%s", row->short_name, row->long_name == NULL ? "" : ", ");

    if (row->long_name != NULL)
        width += fprintf(out, "--%s", row->long_name);
    if (argument != NULL)
        width +=
            argument[0] == '[' ? fprintf(out, "[=%s", argument + 1) : fprintf(out, "=%s", argument);
    return width;
}

/* What most commands read is told without their names. */
static bool is_of_few(const struct option_table *table, const struct option_row *row) {
    size_t n_commands = 0;
    size_t n = 0;

    for (; table->commands != NULL && table->commands[n_commands] != NULL; n_commands++)
        n += row->commands >> n_commands & 1;
    return n > 0 && 2 * n <= n_commands;
}

static void print_row(FILE *out, const struct option_table *table, const struct option_row *row) {
    char commands[OPTION_COMMANDS_SIZE];

    if (row->action == OPTION_SECTION_TITLE) {
        (void)fprintf(out, "\n%s:\n", row->help);
        return;
    }
    int width = print_names(out, row);
    (void)fprintf(out, "%*s", width < HELP_COLUMN ? HELP_COLUMN - width : 1, "");
    option_commands(table, row, commands);
    if (is_of_few(table, row))
        (void)fprintf(out, "%s: ", commands);
    for (const char *at = row->help; *at != '\0'; at++) {
        (void)fputc(*at, out);
        if (*at == '\n')
            (void)fprintf(out, "%*s", HELP_COLUMN, "");
    }
    (void)fputc('\n', out);
}

void option_table_print(const struct option_table *table, FILE *out) {
    for (size_t i = 0; i < table->n_rows; i++)
        print_row(out, table, &table->rows[i]);
}
