/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-codebook: builds, evaluates, inspects and verifies codebooks. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "alkfw-codebook/commands.h"
#include "alkfw-codebook/options.h"
#include "cli/json_memory.h"
#include "cli/message.h"

enum { EXIT_OK = 0, EXIT_ERROR = 2 };

static alkfw_status run_command(const struct options *options, alkfw_error *error) {
    switch (options->command) {
    case COMMAND_BUILD:
        return command_build(options, error);
    case COMMAND_EXTEND:
        return command_extend(options, error);
    case COMMAND_CALIBRATE:
        return command_calibrate(options, error);
    case COMMAND_FEATURES:
        return command_features(options, error);
    case COMMAND_EVAL:
        return command_eval(options, error);
    case COMMAND_INSPECT:
        return command_inspect(options, error);
    case COMMAND_REPORT:
        return command_report(options, error);
    case COMMAND_VERIFY:
        return command_verify(options, error);
    }
    return ALKFW_OK;
}

static alkfw_status run(int argc, char **argv, alkfw_error *error) {
    struct options options;

    alkfw_status status = options_parse(argc, argv, &options, error);
    if (status != ALKFW_OK)
        return status;
    message_verbosity(options.verbosity);
    if (options.help)
        options_print_help();
    else if (options.version)
        (void)puts("alkfw-codebook " PACKAGE_VERSION);
    else
        status = run_command(&options, error);
    if (status == ALKFW_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot write to standard output: %s",
                                 strerror(errno));
    return status;
}

int main(int argc, char **argv) {
    alkfw_error error = {.status = ALKFW_OK};

    message_program("alkfw-codebook");
    json_memory_or_exit(EXIT_ERROR);
    /* As an error of write, with a message and a status, instead of a silent end. */
    (void)signal(SIGPIPE, SIG_IGN);
    if (run(argc, argv, &error) == ALKFW_OK)
        return EXIT_OK;
    message_error("%s", error.message);
    return EXIT_ERROR;
}
