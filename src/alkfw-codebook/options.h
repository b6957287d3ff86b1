/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line of alkfw-codebook. */
#ifndef ALKFW_CODEBOOK_OPTIONS_H
#define ALKFW_CODEBOOK_OPTIONS_H

#include <stdbool.h>

#include "alkfw-codebook/fit.h"
#include "alkfw.h"
#include "model/model.h"

enum command {
    COMMAND_BUILD,
    COMMAND_EXTEND, /* build with --base */
    COMMAND_CALIBRATE,
    COMMAND_FEATURES,
    COMMAND_EVAL,
    COMMAND_INSPECT,
    COMMAND_REPORT,
    COMMAND_VERIFY
};

struct options {
    enum command command;
    bool help;
    bool version;
    bool json;
    bool offline;
    bool show_text; /* report */
    bool quiet;
    int verbosity;
    size_t n_threads;
    enum model_precision precision; /* AUTO: fp32 for a new codebook, else the codebook's */
    const char *backend;
    const char *device;      /* NULL: cpu */
    const char *output;      /* NULL: not given */
    const char *benign;      /* calibrate: the user's text */
    double hostile_share;    /* calibrate: of it, to be left out */
    const char *adapter;     /* build, features: changes the model's weights; NULL: none */
    const char *base;        /* build: a codebook that gets another signal; NULL: none */
    const char *signal;      /* build: its "NAME=FILE" */
    const char *features;    /* build: a file that `features` wrote */
    const char *name;        /* of the codebook; NULL: from the file's name */
    const char *description; /* NULL: made from the corpus */
    const char *model;       /* NULL: the default model */
    const char *layers;      /* "auto" or a list; NULL: taps */
    const char *taps;        /* NULL: not given, nor passage_taps */
    const char *composition; /* NULL: the default */
    size_t n_long;           /* eval: documents of each length; 0: the corpus itself */
    const char *passage_taps;
    struct fit_settings fit;
    char **operands; /* [n_operands] */
    size_t n_operands;
};

ALKFW_MUST_CHECK alkfw_status options_parse(int argc, char **argv, struct options *options,
                                            alkfw_error *error);
/* What --composition names, or the default. */
ALKFW_MUST_CHECK alkfw_status options_composition(const struct options *options,
                                                  enum composition *composition,
                                                  alkfw_error *error);
void options_print_help(void);

#endif
