/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option_table.h"
#include "hub/environment.h"
#include "hub/hub.h"
#include "hub/reference.h"
#include "support/number.h"

enum { DEFAULT_TIMEOUT_S = 10, DEFAULT_MIN_RATE = 1024, DEFAULT_RETRIES = 5, MAX_FILES = 1000 };

static const uint64_t default_max_bytes = UINT64_C(16) << 30;

enum option_action {
    OPTION_HELP = OPTION_SECTION_TITLE + 1,
    OPTION_MAX_SIZE,
    OPTION_MIN_RATE,
    OPTION_RETRIES,
    OPTION_RETRY_DELAY,
    OPTION_REVISION,
    OPTION_TIMEOUT,
    OPTION_TO,
    OPTION_VERBOSE,
    OPTION_VERSION
};

#define OPTION_NO_FILES()
#define OPTION_ACTION(short, long, argument, action, help)                                         \
    {short, long, argument, action, NULL, NULL, 0, help},
static const struct option_row rows[] = {
#include "options.def"
};

static const struct option_table table = {"alkfw-fetch", rows, sizeof rows / sizeof rows[0], NULL};

static enum fetch_status parse_number(const char *name, const char *text, unsigned long least,
                                      unsigned long most, unsigned *value,
                                      struct failure *failure) {
    uint64_t number;

    if (!number_parse_unsigned(text, &number) || number < least || number > most)
        return fail_for_good(failure, FETCH_USAGE, "%s is \"%s\": write a number from %lu to %lu",
                             name, text, least, most);
    *value = (unsigned)number;
    return FETCH_OK;
}

static enum fetch_status parse_size(const char *name, const char *text, uint64_t *value,
                                    struct failure *failure) {
    if (!number_parse_size(text, value))
        return fail_for_good(failure, FETCH_USAGE,
                             "%s is \"%s\": write a number of bytes, such as 500M or 2G", name,
                             text);
    return FETCH_OK;
}

static enum fetch_status set_defaults(struct options *options, struct failure *failure) {
    static const char variable[] = "HF_HUB_DOWNLOAD_TIMEOUT";
    const char *timeout = hub_variable(variable);

    *options = (struct options){
        .revision = HUB_DEFAULT_REVISION,
        .max_bytes = default_max_bytes,
        .limits = {.timeout_s = DEFAULT_TIMEOUT_S,
                   .min_rate = DEFAULT_MIN_RATE,
                   .n_retries = DEFAULT_RETRIES,
                   .retry_delay_ms = 1000},
    };
    if (timeout == NULL)
        return FETCH_OK;
    return parse_number(variable, timeout, 1, 3600, &options->limits.timeout_s, failure);
}

static enum fetch_status set_option(int option, const char *value, struct options *options,
                                    struct failure *failure) {
    struct http_limits *limits = &options->limits;

    switch (option) {
    case OPTION_REVISION:
        options->revision = value;
        return FETCH_OK;
    case OPTION_TO:
        options->to_directory = value;
        return FETCH_OK;
    case OPTION_MAX_SIZE:
        return parse_size("--max-size", value, &options->max_bytes, failure);
    case OPTION_MIN_RATE:
        return parse_size("--min-rate", value, &limits->min_rate, failure);
    case OPTION_TIMEOUT:
        return parse_number("--timeout", value, 1, 3600, &limits->timeout_s, failure);
    case OPTION_RETRIES:
        return parse_number("--retries", value, 0, 1000, &limits->n_retries, failure);
    case OPTION_RETRY_DELAY:
        return parse_number("--retry-delay", value, 0, 3600000, &limits->retry_delay_ms, failure);
    case OPTION_VERBOSE:
        options->verbosity++;
        return FETCH_OK;
    case OPTION_HELP:
        options->help = true;
        return FETCH_OK;
    case OPTION_VERSION:
        options->version = true;
        return FETCH_OK;
    default:
        return FETCH_OK;
    }
}

static enum fetch_status check_names(const struct options *options, struct failure *failure) {
    if (!hub_is_repository_id(options->repository))
        return fail_for_good(failure, FETCH_USAGE,
                             "\"%s\" does not name a repository of the Hub: write owner/name",
                             options->repository);
    if (!hub_is_revision(options->revision))
        return fail_for_good(failure, FETCH_USAGE,
                             "\"%s\" does not name a revision: write a branch, a tag or a commit",
                             options->revision);
    if (options->to_directory != NULL && options->to_directory[0] == '\0')
        return fail_for_good(failure, FETCH_USAGE, "--to is empty; name a folder");
    if (options->n_files > MAX_FILES)
        return fail_for_good(failure, FETCH_USAGE, "more than %d files", MAX_FILES);
    for (size_t i = 0; i < options->n_files; i++) {
        if (!hub_is_file_name(options->files[i]))
            return fail_for_good(failure, FETCH_USAGE,
                                 "\"%s\" does not name a file inside the repository",
                                 options->files[i]);
        if (!hub_is_wanted_file(options->files[i]))
            return fail_for_good(
                failure, FETCH_USAGE,
                "%s: only .json, .safetensors, .txt and .model files are fetched, never "
                "pickle",
                options->files[i]);
    }
    return FETCH_OK;
}

enum fetch_status options_parse(int argc, char **argv, struct options *options,
                                struct failure *failure) {
    struct option_reader reader;
    const struct option_row *row = NULL;
    alkfw_error error;

    enum fetch_status status = set_defaults(options, failure);
    option_reader_init(&reader, &table);
    while (status == FETCH_OK) {
        if (option_reader_next(&reader, argc, argv, &row, &error) != ALKFW_OK)
            return fail_for_good(failure, FETCH_USAGE, "%s", error.message);
        if (row == NULL)
            break;
        status = set_option(row->action, optarg, options, failure);
    }
    if (status != FETCH_OK || options->help || options->version)
        return status;
    if (optind >= argc)
        return fail_for_good(failure, FETCH_USAGE,
                             "no repository is named; see alkfw-fetch --help");
    options->repository = argv[optind];
    options->files = argv + optind + 1;
    options->n_files = (size_t)(argc - optind - 1);
    return check_names(options, failure);
}

void options_print_help(void) {
    (void)fputs("Usage: alkfw-fetch [OPTION]... OWNER/NAME [FILE]...\n"
                "Downloads a model of the Hugging Face Hub (or FILEs of a repository) into the\n"
                "cache that the Python client uses too, and prints where it is.\n"
                "\n",
                stdout);
    option_table_print(&table, stdout);
    (void)fputs("\n"
                "Variables: HF_HUB_CACHE, HF_HOME, HF_ENDPOINT, HF_TOKEN, HF_TOKEN_PATH,\n"
                "HF_HUB_OFFLINE, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE. alkfw-fetch(1) tells them\n"
                "all, and the exit statuses.\n",
                stdout);
}
