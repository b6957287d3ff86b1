/* SPDX-License-Identifier: Apache-2.0 */
#include "hub/environment.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "hub/hub.h"

enum { MAX_PATH_BYTES = 4096 };

struct path_text {
    char bytes[MAX_PATH_BYTES];
    size_t length;
    bool overflow;
};

static void append(struct path_text *path, const char *text, size_t n_bytes) {
    if (n_bytes >= sizeof path->bytes - path->length) {
        path->overflow = true;
        return;
    }
    memcpy(path->bytes + path->length, text, n_bytes);
    path->length += n_bytes;
    path->bytes[path->length] = '\0';
}

const char *hub_variable(const char *name) {
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

bool hub_variable_is_true(const char *name) {
    static const char *const words[] = {"1", "on", "yes", "true"};
    const char *value = getenv(name);

    for (size_t i = 0; value != NULL && i < sizeof words / sizeof words[0]; i++)
        if (strcasecmp(value, words[i]) == 0)
            return true;
    return false;
}

/* Appends the value of the variable at `text` ("$NAME" or "${NAME}"); returns what it takes. */
static size_t append_variable(struct path_text *path, const char *text) {
    static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    char name[256];
    bool braces = text[1] == '{';
    const char *start = text + (braces ? 2 : 1);
    size_t n_name = strspn(start, word);
    size_t n_taken = n_name + (braces ? 3 : 1);

    if (n_name == 0 || n_name >= sizeof name || (braces && start[n_name] != '}')) {
        append(path, text, 1);
        return 1;
    }
    memcpy(name, start, n_name);
    name[n_name] = '\0';
    const char *value = getenv(name);
    if (value == NULL)
        append(path, text, n_taken);
    else
        append(path, value, strlen(value));
    return n_taken;
}

alkfw_status hub_expand_path(const char *text, char **result, alkfw_error *error) {
    struct path_text path = {.length = 0};
    char directory[PATH_MAX];
    const char *at = text;

    if (at[0] == '~' && (at[1] == '/' || at[1] == '\0')) {
        const char *home = hub_variable("HOME");
        if (home == NULL)
            return alkfw_error_set(error, ALKFW_E_CONFIG,
                                   "cannot tell where \"%s\" is: HOME is not set", text);
        append(&path, home, strlen(home));
        at++;
    }
    while (*at != '\0') {
        if (*at == '$') {
            at += append_variable(&path, at);
        } else {
            append(&path, at, 1);
            at++;
        }
    }
    if (path.length == 0 || path.bytes[0] != '/') {
        struct path_text relative = path;
        if (getcwd(directory, sizeof directory) == NULL)
            return alkfw_error_set(error, ALKFW_E_IO, "cannot tell the current directory: %s",
                                   strerror(errno));
        path = (struct path_text){.overflow = relative.overflow};
        append(&path, directory, strlen(directory));
        append(&path, "/", 1);
        append(&path, relative.bytes, relative.length);
    }
    while (path.length > 1 && path.bytes[path.length - 1] == '/')
        path.bytes[--path.length] = '\0';
    if (path.overflow)
        return alkfw_error_set(error, ALKFW_E_LIMIT, "the path \"%.200s...\" is too long", text);
    *result = strdup(path.bytes);
    return *result == NULL ? alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory") : ALKFW_OK;
}

/* The expanded path of `base`/`name`. */
static alkfw_status expand_below(const char *base, const char *name, char **path,
                                 alkfw_error *error) {
    char *joined;

    if (asprintf(&joined, "%s/%s", base, name) < 0)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    alkfw_status status = hub_expand_path(joined, path, error);
    free(joined);
    return status;
}

alkfw_status hub_home(char **path, alkfw_error *error) {
    const char *value;

    if ((value = hub_variable("HF_HOME")) != NULL)
        return hub_expand_path(value, path, error);
    if ((value = hub_variable("XDG_CACHE_HOME")) != NULL)
        return expand_below(value, "huggingface", path, error);
    if (hub_variable("HOME") == NULL)
        return alkfw_error_set(error, ALKFW_E_CONFIG,
                               "cannot tell where the Hub's cache is: set HF_HUB_CACHE or HOME");
    return hub_expand_path("~/.cache/huggingface", path, error);
}

alkfw_status hub_environment_read(struct hub_environment *environment, alkfw_error *error) {
    const char *value;
    char *home;

    memset(environment, 0, sizeof *environment);
    environment->offline = hub_variable("HF_HUB_OFFLINE") != NULL
                               ? hub_variable_is_true("HF_HUB_OFFLINE")
                               : hub_variable_is_true("TRANSFORMERS_OFFLINE");
    if ((value = hub_variable("HF_HUB_CACHE")) != NULL ||
        (value = hub_variable("HUGGINGFACE_HUB_CACHE")) != NULL)
        return hub_expand_path(value, &environment->cache_directory, error);
    alkfw_status status = hub_home(&home, error);
    if (status != ALKFW_OK)
        return status;
    status = expand_below(home, "hub", &environment->cache_directory, error);
    free(home);
    return status;
}

void hub_environment_free(struct hub_environment *environment) {
    free(environment->cache_directory);
    memset(environment, 0, sizeof *environment);
}
