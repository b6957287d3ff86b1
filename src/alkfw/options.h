/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line, parsed and not yet applied: configuration files come before its settings. */
#ifndef ALKFW_OPTIONS_H
#define ALKFW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "alkfw.h"

/* A key of the configuration as an option sets it. */
struct option_setting {
    const char *key;
    const char *value;
    const char *origin; /* "--threshold" */
};

enum command { COMMAND_SCAN, COMMAND_FETCH, COMMAND_PRINT_CONFIG, COMMAND_HELP, COMMAND_VERSION };

/* All strings are those of argv or of the option table. */
struct options {
    enum command command;
    struct option_setting *settings; /* [n_settings], in the order given */
    size_t n_settings;
    const char *config; /* --config, or NULL */
    bool no_config;
    bool pass; /* --pass or --redact */
    bool redact;
    const char *marker;      /* of --marker, or NULL */
    const char *verdicts;    /* --verdicts, or NULL */
    const char *files0_from; /* --files0-from, or NULL */
    bool recursive;
    const char **include; /* [n_include] patterns of --include */
    size_t n_include;
    const char **exclude; /* [n_exclude] */
    size_t n_exclude;
    const char *to;             /* --to, or NULL */
    const char *baseline;       /* --baseline, or NULL */
    const char *write_baseline; /* --write-baseline, or NULL */
    const char *state;          /* --state, or NULL */
    const char *olddir;         /* --olddir, or NULL */
    const char *lock;           /* --lock, or NULL */
    bool follow;
    int verbosity;
    char **files; /* [n_files] of argv */
    size_t n_files;
};

/* ALKFW_E_ARGUMENT: an unknown option, or one without its argument. */
ALKFW_MUST_CHECK alkfw_status options_parse(int argc, char **argv, struct options *options,
                                            alkfw_error *error);
void options_free(struct options *options);

/* What --help says. */
void options_print_help(FILE *out);

#endif
