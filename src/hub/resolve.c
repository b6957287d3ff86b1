/* SPDX-License-Identifier: Apache-2.0 */
#include "hub/hub.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hub/cache.h"
#include "hub/environment.h"
#include "hub/fetcher.h"
#include "hub/reference.h"

static const char hub_scheme[] = "hub:";

enum { HUB_SCHEME_LENGTH = sizeof hub_scheme - 1 };

static bool is_directory(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool is_file(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* Whether a model's name is a path: it cannot be a name on the Hub, or it is a single word that a
 * directory has. */
static bool is_path(const char *model) {
    struct hub_reference reference;
    alkfw_error ignored;

    if (hub_reference_parse_model(model, &reference, &ignored) != ALKFW_OK)
        return strchr(model, '@') == NULL || strchr("/.~", model[0]) != NULL || is_directory(model);
    hub_reference_free(&reference);
    return strchr(model, '/') == NULL && is_directory(model);
}

/* The snapshot that the cache has for a reference; *directory is NULL when it has none. */
static alkfw_status find_snapshot(const char *cache_directory,
                                  const struct hub_reference *reference, char **directory,
                                  alkfw_error *error) {
    char *commit = NULL;

    *directory = NULL;
    char *repository = hub_cache_repository(cache_directory, reference->repository);
    if (repository == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    alkfw_status status = hub_cache_commit(repository, reference->revision, &commit, error);
    if (status == ALKFW_OK && commit != NULL) {
        *directory = hub_cache_snapshot(repository, commit);
        if (*directory == NULL)
            status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    }
    free(commit);
    free(repository);
    return status;
}

/* What a reference stands for in the cache: the directory of a model that is complete, or the path
 * of a file. *path is NULL when it is not there. */
static alkfw_status find_in_cache(const char *cache_directory,
                                  const struct hub_reference *reference, char **path,
                                  alkfw_error *error) {
    char *directory;

    *path = NULL;
    alkfw_status status = find_snapshot(cache_directory, reference, &directory, error);
    if (status != ALKFW_OK || directory == NULL)
        return status;
    if (reference->file == NULL) {
        if (hub_directory_has_model(directory)) {
            *path = directory;
            return ALKFW_OK;
        }
    } else if (asprintf(path, "%s/%s", directory, reference->file) < 0) {
        *path = NULL;
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    } else if (!is_file(*path)) {
        free(*path);
        *path = NULL;
    }
    free(directory);
    return status;
}

/* Fetches what a reference names; *path is the model's directory or the file's path. */
static alkfw_status fetch(const struct hub_environment *environment,
                          const struct hub_reference *reference, const char *to_directory,
                          char **path, alkfw_error *error) {
    char *directory;

    alkfw_status status =
        hub_run_fetcher(environment->cache_directory, reference, to_directory, &directory, error);
    if (status != ALKFW_OK)
        return status;
    if (reference->file == NULL) {
        *path = directory;
        return ALKFW_OK;
    }
    if (asprintf(path, "%s/%s", directory, reference->file) < 0)
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    free(directory);
    return status;
}

static alkfw_status say_missing(const struct hub_environment *environment,
                                const struct hub_reference *reference, const char *name,
                                alkfw_error *error) {
    const char *file = reference->file == NULL ? "" : reference->file;

    if (reference->file == NULL && is_directory(name))
        return alkfw_error_set(error, ALKFW_E_MISSING,
                               "%s is a name on the Hub and not in the cache %s; if the directory "
                               "is meant, write ./%s",
                               name, environment->cache_directory, name);
    return alkfw_error_set(
        error, ALKFW_E_MISSING,
        "%s is not in the cache %s and fetching is off (%s); fetch it once with: "
        "alkfw-fetch --revision=%s %s%s%s",
        name, environment->cache_directory, environment->offline ? "HF_HUB_OFFLINE" : "--offline",
        reference->revision, reference->repository, *file == '\0' ? "" : " ", file);
}

/* A model's directory or a codebook's file that needs no Hub. */
static alkfw_status local(const char *what, const char *text, bool found, char **path,
                          alkfw_error *error) {
    if (!found)
        return alkfw_error_set(error, ALKFW_E_MISSING, "the %s %s is not there: %s", what, text,
                               errno != 0 ? strerror(errno) : "it is of another kind");
    *path = strdup(text);
    return *path == NULL ? alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory") : ALKFW_OK;
}

static alkfw_status local_model(const char *model, char **directory, alkfw_error *error) {
    errno = 0;
    return local("model directory", model, is_directory(model), directory, error);
}

static alkfw_status local_codebook(const char *codebook, char **path, alkfw_error *error) {
    errno = 0;
    return local("codebook", codebook, is_file(codebook), path, error);
}

static bool is_local_codebook(const char *codebook) {
    return strncmp(codebook, hub_scheme, HUB_SCHEME_LENGTH) != 0;
}

static alkfw_status parse_codebook(const char *codebook, struct hub_reference *reference,
                                   alkfw_error *error) {
    return hub_reference_parse_file(codebook + HUB_SCHEME_LENGTH, reference, error);
}

/* What a name can be of. */
struct kind {
    bool (*is_local)(const char *name);
    alkfw_status (*find_local)(const char *name, char **path, alkfw_error *error);
    alkfw_status (*parse)(const char *name, struct hub_reference *reference, alkfw_error *error);
};

static const struct kind model_kind = {is_path, local_model, hub_reference_parse_model};
static const struct kind codebook_kind = {is_local_codebook, local_codebook, parse_codebook};

enum fetching { FETCH_NEVER, FETCH_MISSING, FETCH_ALWAYS };

struct wanted {
    const struct kind *kind;
    const char *name; /* what the user wrote */
    enum fetching fetching;
    const char *to_directory; /* of FETCH_ALWAYS; may be NULL */
};

static alkfw_status find_reference(const struct hub_environment *environment,
                                   const struct wanted *wanted,
                                   const struct hub_reference *reference, char **path,
                                   alkfw_error *error) {
    if (wanted->fetching == FETCH_ALWAYS) {
        if (environment->offline)
            return alkfw_error_set(error, ALKFW_E_NETWORK,
                                   "cannot fetch %s: HF_HUB_OFFLINE is set; unset it",
                                   wanted->name);
        return fetch(environment, reference, wanted->to_directory, path, error);
    }
    alkfw_status status = find_in_cache(environment->cache_directory, reference, path, error);
    if (status != ALKFW_OK || *path != NULL)
        return status;
    if (wanted->fetching == FETCH_MISSING && !environment->offline)
        return fetch(environment, reference, NULL, path, error);
    return say_missing(environment, reference, wanted->name, error);
}

static alkfw_status find(const struct hub_environment *environment, const struct wanted *wanted,
                         char **path, alkfw_error *error) {
    struct hub_reference reference;

    *path = NULL;
    if (wanted->kind->is_local(wanted->name))
        return wanted->kind->find_local(wanted->name, path, error);
    alkfw_status status = wanted->kind->parse(wanted->name, &reference, error);
    if (status != ALKFW_OK)
        return status;
    status = find_reference(environment, wanted, &reference, path, error);
    hub_reference_free(&reference);
    return status;
}

alkfw_status hub_resolve_model(const struct hub_environment *environment, const char *model,
                               bool may_fetch, char **directory, alkfw_error *error) {
    struct wanted wanted = {&model_kind, model, may_fetch ? FETCH_MISSING : FETCH_NEVER, NULL};

    return find(environment, &wanted, directory, error);
}

alkfw_status hub_resolve_codebook(const struct hub_environment *environment, const char *codebook,
                                  bool may_fetch, char **path, alkfw_error *error) {
    struct wanted wanted = {&codebook_kind, codebook, may_fetch ? FETCH_MISSING : FETCH_NEVER,
                            NULL};

    return find(environment, &wanted, path, error);
}

alkfw_status hub_fetch_model(const struct hub_environment *environment, const char *model,
                             const char *to_directory, char **directory, alkfw_error *error) {
    struct wanted wanted = {&model_kind, model, FETCH_ALWAYS, to_directory};

    *directory = NULL;
    if (to_directory != NULL && is_path(model))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "the model %s is a directory on this machine: copy it to %s, "
                               "there is nothing to fetch",
                               model, to_directory);
    return find(environment, &wanted, directory, error);
}

alkfw_status hub_fetch_codebook(const struct hub_environment *environment, const char *codebook,
                                const char *to_directory, char **path, alkfw_error *error) {
    struct wanted wanted = {&codebook_kind, codebook, FETCH_ALWAYS, to_directory};

    return find(environment, &wanted, path, error);
}
