/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-fetch: the only program of alkfw that touches the network. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-fetch/options.h"
#include "alkfw-fetch/snapshot.h"
#include "alkfw-fetch/token.h"
#include "cli/message.h"
#include "hub/environment.h"
#include "hub/hub.h"

static const char default_endpoint[] = "https://huggingface.co";

/* HF_ENDPOINT without slashes at its end; the caller's, NULL when memory is out. */
static char *read_endpoint(void) {
    const char *value = hub_variable("HF_ENDPOINT");
    char *endpoint = strdup(value != NULL ? value : default_endpoint);

    for (size_t length = endpoint == NULL ? 0 : strlen(endpoint);
         length > 0 && endpoint[length - 1] == '/';)
        endpoint[--length] = '\0';
    return endpoint;
}

static enum fetch_status check_endpoint(const char *endpoint, struct failure *failure) {
    struct url_origin origin;

    if (!url_origin(endpoint, &origin) ||
        (strcmp(origin.scheme, "https") != 0 && strcmp(origin.scheme, "http") != 0))
        return fail_for_good(
            failure, FETCH_USAGE,
            "HF_ENDPOINT is not the address of a Hub: write https://host, without a user "
            "name and a password");
    return FETCH_OK;
}

/* Opens the connection with the user's token and fetches. */
static enum fetch_status fetch_from_hub(struct snapshot *snapshot, struct failure *failure) {
    struct http_client *client = NULL;
    char *token = NULL;

    char *endpoint = read_endpoint();
    if (endpoint == NULL)
        return fail_memory(failure);
    enum fetch_status status = check_endpoint(endpoint, failure);
    if (status == FETCH_OK)
        status = token_read(&token, failure);
    if (status == FETCH_OK)
        status = http_open(endpoint, token, &snapshot->options->limits, &client, failure);
    token_free(token);
    if (status == FETCH_OK) {
        snapshot->repository.http = client;
        snapshot->repository.endpoint = endpoint;
        status = snapshot_fetch(snapshot, failure);
    }
    http_close(client);
    free(endpoint);
    return status;
}

/* What is asked for, from the cache or from the Hub. */
static enum fetch_status get_snapshot(struct snapshot *snapshot, bool offline,
                                      struct failure *failure) {
    bool cached;

    enum fetch_status status = snapshot_is_cached(snapshot, offline, &cached, failure);
    if (status != FETCH_OK || cached)
        return status;
    if (offline)
        return fail_for_good(failure, FETCH_OFFLINE,
                             "%s@%s is not in the cache %s, and HF_HUB_OFFLINE is set; unset it",
                             snapshot->options->repository, snapshot->options->revision,
                             snapshot->store.cache_directory);
    return fetch_from_hub(snapshot, failure);
}

/* Copies to --to when that is asked for; *path, the caller's, is what is to be printed. */
static enum fetch_status place(const struct snapshot *snapshot, char **path,
                               struct failure *failure) {
    const char *to = snapshot->options->to_directory;
    alkfw_error error;

    if (to == NULL) {
        *path = snapshot_path(snapshot);
        return *path == NULL ? fail_memory(failure) : FETCH_OK;
    }
    if (hub_expand_path(to, path, &error) != ALKFW_OK)
        return fail_for_good(failure, FETCH_USAGE, "%s", error.message);
    return snapshot_export(snapshot, *path, failure);
}

static enum fetch_status fetch(const struct options *options,
                               const struct hub_environment *environment, struct failure *failure) {
    struct snapshot snapshot = {.options = options, .repository = {.id = options->repository}};
    char *path = NULL;

    progress_init(&snapshot.progress);
    enum fetch_status status =
        store_open(environment->cache_directory, options->repository, &snapshot.store, failure);
    if (status == FETCH_OK)
        status = get_snapshot(&snapshot, environment->offline, failure);
    if (status == FETCH_OK)
        status = place(&snapshot, &path, failure);
    if (status == FETCH_OK && (printf("%s\n", path) < 0 || fflush(stdout) != 0))
        status = fail_errno(failure, "cannot write to", "standard output");
    free(path);
    store_close(&snapshot.store);
    return status;
}

static enum fetch_status run(int argc, char **argv, struct failure *failure) {
    struct options options;
    struct hub_environment environment;
    alkfw_error error;

    enum fetch_status status = options_parse(argc, argv, &options, failure);
    if (status != FETCH_OK)
        return status;
    if (options.help)
        options_print_help();
    else if (options.version)
        (void)puts("alkfw-fetch " PACKAGE_VERSION);
    if (options.help || options.version)
        return fflush(stdout) == 0 ? FETCH_OK
                                   : fail_errno(failure, "cannot write to", "standard output");
    message_verbosity(options.verbosity);
    if (hub_environment_read(&environment, &error) != ALKFW_OK)
        return fail_for_good(failure, FETCH_USAGE, "%s", error.message);
    status = fetch(&options, &environment, failure);
    hub_environment_free(&environment);
    return status;
}

int main(int argc, char **argv) {
    struct failure failure = {.status = FETCH_OK};

    message_program("alkfw-fetch");
    /* As errors of write and of libcurl: a message instead of a silent end. Every other signal may
     * end the program at any moment, the cache stays right and the next run goes on from there. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    enum fetch_status status = run(argc, argv, &failure);
    if (status != FETCH_OK)
        message_error("%s", failure.message);
    return (int)status;
}
