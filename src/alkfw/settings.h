/* SPDX-License-Identifier: Apache-2.0
 *
 * What this run is to do: the configuration from all its sources, and the parts of it that the
 * program itself needs, ready to use. */
#ifndef ALKFW_SETTINGS_H
#define ALKFW_SETTINGS_H

#include <stdbool.h>

#include "alkfw.h"
#include "field_path.h"
#include "input.h"
#include "matcher.h"
#include "options.h"
#include "verdict.h"

struct settings {
    struct options options;
    alkfw_config *config;
    struct input_plan input;
    struct field_path field; /* input.json points here when they are set */
    struct field_path id;
    struct matcher *matcher;
    const struct verdict_format *format;
    bool writes[ALKFW_ERROR + 1]; /* by decision: --only */
    bool show_text;
    bool summary;
    bool progress;
    bool offline;
    int alarm_status;
    enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER } color;
};

/* Reads the command line, then the configuration from its sources, weakest first:
 * defaults < system file < user's file < $ALKFW_CONFIG < --config < ALKFW_* < options.
 * Nothing is read from the current directory. For --help and --version only the command line is
 * read. `settings` is to be freed in any case. */
ALKFW_MUST_CHECK alkfw_status settings_read(struct settings *settings, int argc, char **argv,
                                            alkfw_error *error);
void settings_free(struct settings *settings);

/* Prints every key and its value as a configuration file. */
void settings_print(const struct settings *settings, FILE *out);

#endif
