/* SPDX-License-Identifier: Apache-2.0 */
#include "hub/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/reference.h"

enum {
    MAX_INDEX_BYTES = 64 << 20, /* the largest published index files have a few MB */
    MAX_SHARDS = 4096
};

char *hub_cache_repository(const char *cache_directory, const char *repository) {
    char *path;
    const char *slash = strchr(repository, '/');
    int length;

    if (slash == NULL)
        length = asprintf(&path, "%s/models--%s", cache_directory, repository);
    else
        length = asprintf(&path, "%s/models--%.*s--%s", cache_directory, (int)(slash - repository),
                          repository, slash + 1);
    return length < 0 ? NULL : path;
}

char *hub_cache_snapshot(const char *repository_directory, const char *commit) {
    char *path;
    return asprintf(&path, "%s/snapshots/%s", repository_directory, commit) < 0 ? NULL : path;
}

/* Reads a ref: 40 digits, perhaps with a newline after them. False when there is none. */
static bool read_ref(const char *path, char digits[41]) {
    char text[64];
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0)
        return false;
    ssize_t n_bytes = read(descriptor, text, sizeof text - 1);
    (void)close(descriptor);
    if (n_bytes < 40)
        return false;
    text[n_bytes] = '\0';
    if (text[40 + strspn(text + 40, " \r\n\t")] != '\0')
        return false;
    memcpy(digits, text, 40);
    digits[40] = '\0';
    return hub_is_commit(digits);
}

alkfw_status hub_cache_commit(const char *repository_directory, const char *revision, char **commit,
                              alkfw_error *error) {
    char digits[41];
    char *path = NULL;
    bool found = true;

    *commit = NULL;
    if (hub_is_commit(revision)) {
        memcpy(digits, revision, sizeof digits);
    } else {
        if (asprintf(&path, "%s/refs/%s", repository_directory, revision) < 0)
            return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
        found = read_ref(path, digits);
        free(path);
    }
    if (found && (*commit = strdup(digits)) == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    return ALKFW_OK;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool has_shard(const struct hub_shards *shards, const char *file) {
    for (size_t i = 0; i < shards->n_files; i++)
        if (strcmp(shards->files[i], file) == 0)
            return true;
    return false;
}

static alkfw_status collect_shards(json_t *weight_map, const char *index_path,
                                   struct hub_shards *shards, alkfw_error *error) {
    const char *tensor;
    json_t *value;

    json_object_foreach(weight_map, tensor, value) {
        const char *file = json_string_value(value);
        if (file == NULL || !hub_is_file_name(file) || !hub_is_wanted_file(file))
            return alkfw_error_set(error, ALKFW_E_FORMAT,
                                   "%s: the file of tensor \"%s\" is not a name that can be used",
                                   index_path, tensor);
        if (has_shard(shards, file))
            continue;
        if (shards->n_files == MAX_SHARDS)
            return alkfw_error_set(error, ALKFW_E_LIMIT, "%s: more than %d files", index_path,
                                   MAX_SHARDS);
        if ((shards->files[shards->n_files] = strdup(file)) == NULL)
            return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
        shards->n_files++;
    }
    if (shards->n_files == 0)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: \"weight_map\" names no files",
                               index_path);
    qsort(shards->files, shards->n_files, sizeof shards->files[0], compare_names);
    return ALKFW_OK;
}

alkfw_status hub_shards_read(const char *index_path, struct hub_shards *shards,
                             alkfw_error *error) {
    struct stat info;
    json_error_t json_error;
    alkfw_status status;

    memset(shards, 0, sizeof *shards);
    if (stat(index_path, &info) != 0)
        return alkfw_error_set(error, errno == ENOENT ? ALKFW_E_MISSING : ALKFW_E_IO, "%s: %s",
                               index_path, strerror(errno));
    if (!S_ISREG(info.st_mode) || info.st_size > MAX_INDEX_BYTES)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s: not an index of weights: too large",
                               index_path);
    json_t *root = json_load_file(index_path, JSON_REJECT_DUPLICATES, &json_error);
    if (root == NULL)
        return alkfw_error_set(error, ALKFW_E_FORMAT, "%s:%d: %s", index_path, json_error.line,
                               json_error.text);
    shards->files = calloc(MAX_SHARDS, sizeof shards->files[0]);
    if (shards->files == NULL)
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    else
        status = collect_shards(json_object_get(root, "weight_map"), index_path, shards, error);
    json_decref(root);
    if (status != ALKFW_OK)
        hub_shards_free(shards);
    return status;
}

void hub_shards_free(struct hub_shards *shards) {
    for (size_t i = 0; i < shards->n_files; i++)
        free(shards->files[i]);
    free(shards->files);
    memset(shards, 0, sizeof *shards);
}

/* A dangling link is a file that is not there. */
static bool has_file(const char *directory, const char *file) {
    char *path;
    struct stat info;

    if (asprintf(&path, "%s/%s", directory, file) < 0)
        return false;
    bool found = stat(path, &info) == 0 && S_ISREG(info.st_mode);
    free(path);
    return found;
}

static bool has_all_shards(const char *directory) {
    struct hub_shards shards;
    alkfw_error error;
    char *path;
    bool complete = true;

    if (asprintf(&path, "%s/model.safetensors.index.json", directory) < 0)
        return false;
    alkfw_status status = hub_shards_read(path, &shards, &error);
    free(path);
    if (status != ALKFW_OK)
        return false;
    for (size_t i = 0; i < shards.n_files && complete; i++)
        complete = has_file(directory, shards.files[i]);
    hub_shards_free(&shards);
    return complete;
}

static bool has_any_safetensors(const char *directory) {
    bool found = false;
    DIR *entries = opendir(directory);

    if (entries == NULL)
        return false;
    for (struct dirent *entry; !found && (entry = readdir(entries)) != NULL;) {
        size_t length = strlen(entry->d_name);
        found = length > 12 && strcmp(entry->d_name + length - 12, ".safetensors") == 0 &&
                has_file(directory, entry->d_name);
    }
    (void)closedir(entries);
    return found;
}

bool hub_directory_has_model(const char *directory) {
    if (!has_file(directory, "config.json") || !has_file(directory, "tokenizer.json"))
        return false;
    if (has_file(directory, "model.safetensors"))
        return true;
    if (has_file(directory, "model.safetensors.index.json"))
        return has_all_shards(directory);
    return has_any_safetensors(directory);
}
