/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hub/environment.h"

enum { MAX_TOKEN_BYTES = 4096 };

/* Without white space around it; NULL in *token when nothing is left. A character that cannot stand
 * in a header would let the token's author write headers. */
static enum fetch_status clean(const char *text, const char *origin, char **token,
                               struct failure *failure) {
    static const char space[] = " \t\r\n";
    size_t length;

    text += strspn(text, space);
    length = strlen(text);
    while (length > 0 && strchr(space, text[length - 1]) != NULL)
        length--;
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return fail_for_good(failure, FETCH_USAGE,
                                 "the token in %s is not one: it has a blank or a "
                                 "control character in it",
                                 origin);
    if (length > 0 && (*token = strndup(text, length)) == NULL)
        return fail_memory(failure);
    return FETCH_OK;
}

static enum fetch_status token_path(char **path, struct failure *failure) {
    const char *value = hub_variable("HF_TOKEN_PATH");
    alkfw_error error;
    char *home;

    if (value != NULL) {
        if (hub_expand_path(value, path, &error) != ALKFW_OK)
            return fail_for_good(failure, FETCH_USAGE, "HF_TOKEN_PATH: %s", error.message);
        return FETCH_OK;
    }
    *path = NULL;
    if (hub_home(&home, &error) != ALKFW_OK)
        return FETCH_OK; /* no home, no stored login */
    if (asprintf(path, "%s/token", home) < 0)
        *path = NULL;
    free(home);
    return *path == NULL ? fail_memory(failure) : FETCH_OK;
}

static enum fetch_status read_file(const char *path, char **token, struct failure *failure) {
    char text[MAX_TOKEN_BYTES + 1];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? FETCH_OK
                   : fail_errno(failure, "cannot read the token in", path);
    ssize_t n_bytes = read(descriptor, text, sizeof text - 1);
    int number = errno;
    (void)close(descriptor);
    errno = number;
    if (n_bytes < 0)
        return fail_errno(failure, "cannot read the token in", path);
    text[n_bytes] = '\0';
    enum fetch_status status = clean(text, path, token, failure);
    explicit_bzero(text, sizeof text);
    return status;
}

enum fetch_status token_read(char **token, struct failure *failure) {
    static const char *const names[] = {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"};
    char *path;

    *token = NULL;
    if (hub_variable_is_true("HF_HUB_DISABLE_IMPLICIT_TOKEN"))
        return FETCH_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = hub_variable(names[i]);
        if (value != NULL)
            return clean(value, names[i], token, failure);
    }
    enum fetch_status status = token_path(&path, failure);
    if (status == FETCH_OK && path != NULL)
        status = read_file(path, token, failure);
    free(path);
    return status;
}

void token_free(char *token) {
    if (token != NULL)
        explicit_bzero(token, strlen(token));
    free(token);
}
