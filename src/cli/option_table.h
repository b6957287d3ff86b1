/* SPDX-License-Identifier: Apache-2.0
 *
 * The options of a program as one table: what getopt_long needs, the messages and --help come from
 * it. Each program keeps its table in an options.def, which scripts/make-completions reads too. */
#ifndef ALKFW_OPTION_TABLE_H
#define ALKFW_OPTION_TABLE_H

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>

#include "alkfw.h"

enum {
    OPTION_SECTION_TITLE = 0,
    OPTION_TABLE_MOST = 96,
    OPTION_NAME_SIZE = 32,
    OPTION_COMMANDS_SIZE = 128
};

struct option_row {
    char short_name;       /* 0: none */
    const char *long_name; /* NULL: none */
    const char *argument;  /* what --help calls it; "[N]": may be left out; NULL: takes none */
    int action;            /* the program's own; OPTION_SECTION_TITLE: no option, help is a title */
    const char *key;       /* of the configuration, for programs that have one, else NULL */
    const char *value;     /* that an option without an argument gives the key */
    unsigned commands;     /* bits of the table's commands that read it; 0: all do */
    const char *help;      /* a newline in it goes on in the same column */
};

struct option_table {
    const char *program;
    const struct option_row *rows; /* [n_rows], at most OPTION_TABLE_MOST */
    size_t n_rows;
    const char *const *commands; /* their names, until NULL; NULL: the program has none. A variant
                                    of the command before it is called "build --base" */
};

struct option_reader {
    const struct option_table *table;
    char short_options[2 * OPTION_TABLE_MOST + 2];
    struct option long_options[OPTION_TABLE_MOST + 1];
};

void option_reader_init(struct option_reader *reader, const struct option_table *table);

/* The next option of the command line, its argument in getopt's optarg; *row is NULL behind the
 * last, when optind is the first operand. ALKFW_E_ARGUMENT: unknown, or without its argument. */
ALKFW_MUST_CHECK alkfw_status option_reader_next(const struct option_reader *reader, int argc,
                                                 char **argv, const struct option_row **row,
                                                 alkfw_error *error);

/* "--threshold" or "-0". */
void option_name(const struct option_row *row, char name[OPTION_NAME_SIZE]);

/* Names of the commands that read an option, divided by commas; a variant goes without saying when
 * its command is named. */
void option_commands(const struct option_table *table, const struct option_row *row,
                     char names[OPTION_COMMANDS_SIZE]);

/* The rows as --help has them: the commands come before what only some of them read. */
void option_table_print(const struct option_table *table, FILE *out);

#endif
