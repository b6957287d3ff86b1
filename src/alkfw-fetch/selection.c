/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/selection.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/cache.h"
#include "hub/reference.h"

#define WEIGHTS "model.safetensors"
#define WEIGHTS_INDEX "model.safetensors.index.json"

static const char *const required[] = {"config.json", "tokenizer.json"};
static const char *const useful[] = {"special_tokens_map.json", "tokenizer_config.json"};

static enum fetch_status add(struct selection *selection, const char *file,
                             struct failure *failure) {
    char **longer = realloc(selection->files, (selection->n_files + 1) * sizeof longer[0]);

    if (longer == NULL)
        return fail_memory(failure);
    selection->files = longer;
    if ((longer[selection->n_files] = strdup(file)) == NULL)
        return fail_memory(failure);
    selection->n_files++;
    return FETCH_OK;
}

static bool is_root_safetensors(const char *file) {
    size_t length = strlen(file);
    size_t n_suffix = strlen(".safetensors");

    return strchr(file, '/') == NULL && length > n_suffix &&
           strcmp(file + length - n_suffix, ".safetensors") == 0;
}

/* model.safetensors in one file, else its index, else whatever safetensors lie at the root:
 * variants in folders (onnx/, openvino/) are other formats. */
static enum fetch_status add_weights(const struct listing *listing, struct selection *selection,
                                     struct failure *failure) {
    enum fetch_status status = FETCH_OK;

    if (listing_has(listing, WEIGHTS))
        return add(selection, WEIGHTS, failure);
    if (listing_has(listing, WEIGHTS_INDEX)) {
        selection->is_sharded = true;
        return add(selection, WEIGHTS_INDEX, failure);
    }
    for (size_t i = 0; i < listing->n_files && status == FETCH_OK; i++)
        if (is_root_safetensors(listing->files[i]))
            status = add(selection, listing->files[i], failure);
    return status;
}

enum fetch_status selection_of_model(const struct listing *listing, const char *repository_id,
                                     struct selection *selection, struct failure *failure) {
    enum fetch_status status = FETCH_OK;

    memset(selection, 0, sizeof *selection);
    for (size_t i = 0; i < 2 && status == FETCH_OK; i++) {
        if (!listing_has(listing, required[i]))
            status =
                fail_for_good(failure, FETCH_NO_MODEL, "%s@%s has no %s, so alkfw cannot use it",
                              repository_id, listing->commit, required[i]);
        else
            status = add(selection, required[i], failure);
    }
    for (size_t i = 0; i < 2 && status == FETCH_OK; i++) {
        if (listing_has(listing, useful[i]))
            status = add(selection, useful[i], failure);
        else
            selection->absent[selection->n_absent++] = useful[i];
    }
    size_t n_before = selection->n_files;
    if (status == FETCH_OK)
        status = add_weights(listing, selection, failure);
    if (status == FETCH_OK && selection->n_files == n_before)
        status = fail_for_good(failure, FETCH_NO_MODEL,
                               "%s@%s has no safetensors weights, and pickle is not fetched",
                               repository_id, listing->commit);
    if (status != FETCH_OK)
        selection_free(selection);
    return status;
}

/* The names at the root of a directory as a listing. */
static enum fetch_status list_directory(const char *directory, struct listing *listing,
                                        struct failure *failure) {
    struct selection names = {.n_files = 0};
    enum fetch_status status = FETCH_OK;
    DIR *entries = opendir(directory);

    memset(listing, 0, sizeof *listing);
    if (entries == NULL)
        return fail_errno(failure, "cannot read the folder", directory);
    for (struct dirent *entry; status == FETCH_OK && (entry = readdir(entries)) != NULL;)
        if (hub_is_file_name(entry->d_name))
            status = add(&names, entry->d_name, failure);
    (void)closedir(entries);
    listing->files = names.files;
    listing->n_files = names.n_files;
    return status;
}

static enum fetch_status add_shards(const char *directory, struct selection *selection,
                                    struct failure *failure) {
    struct hub_shards shards;
    alkfw_error error;
    char *path;

    if (asprintf(&path, "%s/%s", directory, WEIGHTS_INDEX) < 0)
        return fail_memory(failure);
    alkfw_status read = hub_shards_read(path, &shards, &error);
    free(path);
    if (read != ALKFW_OK)
        return fail_for_good(failure, FETCH_NO_MODEL, "%s", error.message);
    enum fetch_status status = FETCH_OK;
    for (size_t i = 0; i < shards.n_files && status == FETCH_OK; i++)
        status = add(selection, shards.files[i], failure);
    hub_shards_free(&shards);
    return status;
}

enum fetch_status selection_of_directory(const char *directory, struct selection *selection,
                                         struct failure *failure) {
    struct listing listing;

    memset(selection, 0, sizeof *selection);
    enum fetch_status status = list_directory(directory, &listing, failure);
    if (status == FETCH_OK)
        status = selection_of_model(&listing, directory, selection, failure);
    if (status == FETCH_OK && selection->is_sharded)
        status = add_shards(directory, selection, failure);
    if (status != FETCH_OK)
        selection_free(selection);
    listing_free(&listing);
    return status;
}

void selection_free(struct selection *selection) {
    for (size_t i = 0; i < selection->n_files; i++)
        free(selection->files[i]);
    free(selection->files);
    memset(selection, 0, sizeof *selection);
}
