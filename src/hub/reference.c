/* SPDX-License-Identifier: Apache-2.0 */
#include "hub/reference.h"

#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "support/utf8.h"

enum {
    MAX_NAME_BYTES = 96, /* of an owner or a repository, the Hub's own limit */
    MAX_REVISION_BYTES = 255,
    MAX_FILE_BYTES = 1024,
    MAX_COMPONENT_BYTES = 255 /* NAME_MAX of the usual file systems */
};

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool ends_with(const char *text, size_t n_bytes, const char *suffix) {
    size_t n_suffix = strlen(suffix);
    return n_bytes >= n_suffix && memcmp(text + n_bytes - n_suffix, suffix, n_suffix) == 0;
}

/* [\w\-.]{1,96} with a word character at both ends, as REPO_ID_REGEX of the Python client. */
static bool is_name(const char *text, size_t n_bytes) {
    if (n_bytes == 0 || n_bytes > MAX_NAME_BYTES)
        return false;
    if (!is_word(text[0]) || !is_word(text[n_bytes - 1]))
        return false;
    for (size_t i = 0; i < n_bytes; i++)
        if (!is_word(text[i]) && text[i] != '-' && text[i] != '.')
            return false;
    return true;
}

bool hub_is_repository_id(const char *text) {
    size_t n_bytes = strlen(text);
    const char *slash = strchr(text, '/');

    /* "--" joins owner and name in the cache's folder, so neither may have it. */
    if (strstr(text, "--") != NULL || strstr(text, "..") != NULL ||
        ends_with(text, n_bytes, ".git"))
        return false;
    if (slash == NULL)
        return is_name(text, n_bytes);
    size_t n_owner = (size_t)(slash - text);
    return is_name(text, n_owner) && is_name(slash + 1, n_bytes - n_owner - 1);
}

bool hub_is_commit(const char *text) {
    return strlen(text) == 40 && strspn(text, "0123456789abcdef") == 40;
}

static bool has_unprintable(const char *text) {
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return true;
    return false;
}

static bool is_utf8(const char *text) {
    size_t n_bytes = strlen(text);

    for (size_t at = 0; at < n_bytes;) {
        uint32_t code_point;
        at += utf8_decode(text + at, n_bytes - at, &code_point);
        if (code_point == UTF8_REPLACEMENT)
            return false;
    }
    return true;
}

/* Calls `is_fine` on each part between slashes. */
static bool every_component(const char *text, bool (*is_fine)(const char *part, size_t n_bytes)) {
    for (const char *part = text;;) {
        size_t n_bytes = strcspn(part, "/");
        if (!is_fine(part, n_bytes))
            return false;
        if (part[n_bytes] == '\0')
            return true;
        part += n_bytes + 1;
    }
}

static bool is_revision_component(const char *part, size_t n_bytes) {
    return n_bytes > 0 && part[0] != '.' && part[0] != '-' && part[n_bytes - 1] != '.' &&
           !ends_with(part, n_bytes, ".lock");
}

bool hub_is_revision(const char *text) {
    size_t n_bytes = strlen(text);

    return n_bytes > 0 && n_bytes <= MAX_REVISION_BYTES && !has_unprintable(text) &&
           is_utf8(text) && strpbrk(text, " ~^:?*[\\") == NULL && strstr(text, "..") == NULL &&
           strstr(text, "@{") == NULL && every_component(text, is_revision_component);
}

static bool is_file_component(const char *part, size_t n_bytes) {
    bool dots = (n_bytes == 1 && part[0] == '.') || (n_bytes == 2 && memcmp(part, "..", 2) == 0);
    return n_bytes > 0 && n_bytes <= MAX_COMPONENT_BYTES && !dots;
}

bool hub_is_file_name(const char *text) {
    size_t n_bytes = strlen(text);

    return n_bytes > 0 && n_bytes <= MAX_FILE_BYTES && !has_unprintable(text) && is_utf8(text) &&
           strpbrk(text, "\\:") == NULL && every_component(text, is_file_component);
}

bool hub_is_wanted_file(const char *file) {
    static const char *const suffixes[] = {".json", ".safetensors", ".txt", ".model"};
    size_t n_bytes = strlen(file);

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (ends_with(file, n_bytes, suffixes[i]))
            return true;
    return false;
}

static alkfw_status check(struct hub_reference *reference, const char *text, alkfw_error *error) {
    if (!hub_is_repository_id(reference->repository))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "\"%s\" does not name a repository of the Hub: write owner/name",
                               text);
    if (!hub_is_revision(reference->revision))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "\"%s\" does not name a revision: write a branch, a tag or a commit "
                               "after the @",
                               text);
    if (reference->file != NULL && !hub_is_file_name(reference->file))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "\"%s\" does not name a file inside the repository", text);
    return ALKFW_OK;
}

/* Makes the strings of a reference from parts of `text`; revision_bytes 0 is the default. */
static alkfw_status make(const char *text, size_t n_repository, const char *revision,
                         size_t n_revision, const char *file, struct hub_reference *reference,
                         alkfw_error *error) {
    reference->repository = strndup(text, n_repository);
    reference->revision =
        revision == NULL ? strdup(HUB_DEFAULT_REVISION) : strndup(revision, n_revision);
    reference->file = file == NULL ? NULL : strdup(file);
    alkfw_status status = ALKFW_OK;
    if (reference->repository == NULL || reference->revision == NULL ||
        (file != NULL && reference->file == NULL))
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    if (status == ALKFW_OK)
        status = check(reference, text, error);
    if (status != ALKFW_OK)
        hub_reference_free(reference);
    return status;
}

alkfw_status hub_reference_parse_model(const char *text, struct hub_reference *reference,
                                       alkfw_error *error) {
    size_t n_repository = strcspn(text, "@");
    const char *revision = text[n_repository] == '@' ? text + n_repository + 1 : NULL;

    return make(text, n_repository, revision, revision == NULL ? 0 : strlen(revision), NULL,
                reference, error);
}

alkfw_status hub_reference_parse_file(const char *text, struct hub_reference *reference,
                                      alkfw_error *error) {
    size_t n_owner = strcspn(text, "/");
    size_t n_repository = n_owner;
    const char *revision = NULL;
    size_t n_revision = 0;

    if (text[n_owner] == '/')
        n_repository += 1 + strcspn(text + n_owner + 1, "@/");
    const char *rest = text + n_repository;
    if (*rest == '@') {
        revision = rest + 1;
        n_revision = strcspn(revision, "/");
        rest = revision + n_revision;
    }
    if (*rest != '/')
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "\"%s\" names no file: write owner/name@revision/file", text);
    return make(text, n_repository, revision, n_revision, rest + 1, reference, error);
}

void hub_reference_free(struct hub_reference *reference) {
    free(reference->repository);
    free(reference->revision);
    free(reference->file);
    memset(reference, 0, sizeof *reference);
}
