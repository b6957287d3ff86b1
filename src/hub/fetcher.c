/* SPDX-License-Identifier: Apache-2.0 */
#include "hub/fetcher.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FETCHER "alkfw-fetch"

enum { MAX_PRINTED_PATH = 8192, MAX_ARGUMENTS = 8 };

/* All that alkfw-fetch may inherit: where the cache and the token are, how to reach the Hub, how
 * wide the terminal is, and where shared libraries are. */
static const char *const inherited[] = {
    "ALL_PROXY",
    "COLUMNS",
    "CURL_CA_BUNDLE",
    "HF_ENDPOINT",
    "HF_HOME",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    "HF_HUB_DISABLE_PROGRESS_BARS",
    "HF_HUB_DOWNLOAD_TIMEOUT",
    "HF_TOKEN",
    "HF_TOKEN_PATH",
    "HOME",
    "HTTPS_PROXY",
    "HUGGING_FACE_HUB_TOKEN",
    "LD_LIBRARY_PATH",
    "NO_PROXY",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "TERM",
    "XDG_CACHE_HOME",
    "all_proxy",
    "http_proxy",
    "https_proxy",
    "no_proxy",
};

enum { N_INHERITED = sizeof inherited / sizeof inherited[0] };

struct child_environment {
    char *variables[N_INHERITED + 2]; /* HF_HUB_CACHE, the inherited, NULL */
    size_t n_variables;
};

static bool add_variable(struct child_environment *child, const char *name, const char *value) {
    if (asprintf(&child->variables[child->n_variables], "%s=%s", name, value) < 0) {
        child->variables[child->n_variables] = NULL;
        return false;
    }
    child->n_variables++;
    return true;
}

static bool make_environment(struct child_environment *child, const char *cache_directory) {
    memset(child, 0, sizeof *child);
    if (!add_variable(child, "HF_HUB_CACHE", cache_directory))
        return false;
    for (size_t i = 0; i < N_INHERITED; i++) {
        const char *value = getenv(inherited[i]);
        if (value != NULL && !add_variable(child, inherited[i], value))
            return false;
    }
    return true;
}

static void free_environment(struct child_environment *child) {
    for (size_t i = 0; i < child->n_variables; i++)
        free(child->variables[i]);
}

/* DIRECTORY/alkfw-fetch when it can be run, else NULL. */
static char *fetcher_in(const char *directory, size_t n_directory) {
    char *path;

    if (asprintf(&path, "%.*s/%s", (int)n_directory, directory, FETCHER) < 0)
        return NULL;
    if (access(path, X_OK) == 0)
        return path;
    free(path);
    return NULL;
}

/* Beside the running program, else where configure says that programs are installed. PATH is not
 * looked at: another alkfw-fetch on it would get the token. */
static char *find_fetcher(void) {
    static const char libtool_directory[] = "/.libs";
    char program[PATH_MAX];
    char *path = NULL;
    ssize_t n_bytes = readlink("/proc/self/exe", program, sizeof program);

    if (n_bytes > 0 && (size_t)n_bytes < sizeof program) {
        size_t length = (size_t)n_bytes;
        while (length > 0 && program[length - 1] != '/')
            length--;
        length -= length > 0;
        path = fetcher_in(program, length);
        /* Before installation libtool keeps the programs themselves one directory deeper. */
        size_t n_suffix = sizeof libtool_directory - 1;
        if (path == NULL && length > n_suffix &&
            memcmp(program + length - n_suffix, libtool_directory, n_suffix) == 0)
            path = fetcher_in(program, length - n_suffix);
    }
    return path != NULL ? path : fetcher_in(HUB_BINDIR, strlen(HUB_BINDIR));
}

/* Starts the fetcher with its standard output on a pipe; *output is the end to read from. */
static alkfw_status start(const char *program, char *const arguments[], char *const variables[],
                          pid_t *process, int *output, alkfw_error *error) {
    posix_spawn_file_actions_t actions;
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return alkfw_error_set(error, ALKFW_E_IO, "cannot make a pipe: %s", strerror(errno));
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure == 0) {
        failure =
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (failure == 0)
            failure = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        if (failure == 0)
            failure = posix_spawn(process, program, &actions, NULL, arguments, variables);
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    (void)close(ends[1]);
    if (failure != 0) {
        (void)close(ends[0]);
        return alkfw_error_set(error, ALKFW_E_IO, "cannot run %s: %s", program, strerror(failure));
    }
    *output = ends[0];
    return ALKFW_OK;
}

/* Reads the one line that the fetcher prints, without its newline. */
static size_t read_line(int descriptor, char *line, size_t size) {
    size_t length = 0;

    for (;;) {
        ssize_t n_bytes = read(descriptor, line + length, size - 1 - length);
        if (n_bytes < 0 && errno == EINTR)
            continue;
        if (n_bytes <= 0)
            break;
        length += (size_t)n_bytes;
    }
    (void)close(descriptor);
    if (length > 0 && line[length - 1] == '\n')
        length--;
    line[length] = '\0';
    return length;
}

static int wait_for(pid_t process) {
    int result;

    while (waitpid(process, &result, 0) < 0)
        if (errno != EINTR)
            return -1;
    return result;
}

static alkfw_status run(const char *program, char *const arguments[], char *const variables[],
                        const struct hub_reference *reference, char **path, alkfw_error *error) {
    char line[MAX_PRINTED_PATH];
    pid_t process;
    int output = -1;

    alkfw_status status = start(program, arguments, variables, &process, &output, error);
    if (status != ALKFW_OK)
        return status;
    size_t length = read_line(output, line, sizeof line);
    int result = wait_for(process);
    if (result == -1 || !WIFEXITED(result))
        return alkfw_error_set(error, ALKFW_E_NETWORK, "%s was ended while it fetched %s@%s",
                               FETCHER, reference->repository, reference->revision);
    if (WEXITSTATUS(result) != 0)
        return alkfw_error_set(error, ALKFW_E_NETWORK,
                               "cannot fetch %s@%s: %s ended with status %d, its message says why",
                               reference->repository, reference->revision, FETCHER,
                               WEXITSTATUS(result));
    if (length == 0 || line[0] != '/')
        return alkfw_error_set(error, ALKFW_E_NETWORK, "%s did not say where it put %s@%s", FETCHER,
                               reference->repository, reference->revision);
    *path = strdup(line);
    return *path == NULL ? alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory") : ALKFW_OK;
}

alkfw_status hub_run_fetcher(const char *cache_directory, const struct hub_reference *reference,
                             const char *to_directory, char **path, alkfw_error *error) {
    struct child_environment child;
    char *arguments[MAX_ARGUMENTS] = {NULL};
    char *revision = NULL, *to = NULL;
    char end_of_options[] = "--";
    alkfw_status status;

    char *program = find_fetcher();
    if (program == NULL)
        return alkfw_error_set(error, ALKFW_E_MISSING,
                               "cannot fetch %s@%s: %s is neither beside this program nor in %s",
                               reference->repository, reference->revision, FETCHER, HUB_BINDIR);
    bool fits = make_environment(&child, cache_directory) &&
                asprintf(&revision, "--revision=%s", reference->revision) >= 0 &&
                (to_directory == NULL || asprintf(&to, "--to=%s", to_directory) >= 0);
    if (fits) {
        size_t n = 0;
        arguments[n++] = program;
        arguments[n++] = revision;
        if (to != NULL)
            arguments[n++] = to;
        arguments[n++] = end_of_options;
        arguments[n++] = reference->repository;
        if (reference->file != NULL)
            arguments[n++] = reference->file;
        status = run(program, arguments, child.variables, reference, path, error);
    } else {
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    }
    free_environment(&child);
    free(revision);
    free(to);
    free(program);
    return status;
}
