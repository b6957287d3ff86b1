/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-fetch/copy.h"
#include "alkfw-fetch/download.h"
#include "alkfw-fetch/selection.h"
#include "cli/message.h"
#include "hub/cache.h"
#include "hub/reference.h"

#define INDEX_FILE "model.safetensors.index.json"

char *snapshot_path(const struct snapshot *snapshot) {
    return hub_cache_snapshot(snapshot->store.repository, snapshot->commit);
}

static bool wants_model(const struct snapshot *snapshot) {
    return snapshot->options->n_files == 0;
}

/* ---- what the cache has ------------------------------------------------------ */

static bool has_file(const struct snapshot *snapshot, const char *file) {
    char *path = store_snapshot_file(&snapshot->store, snapshot->commit, file);
    bool found = path != NULL && store_has(path);

    free(path);
    return found;
}

static bool is_complete(const struct snapshot *snapshot) {
    if (!wants_model(snapshot)) {
        for (size_t i = 0; i < snapshot->options->n_files; i++)
            if (!has_file(snapshot, snapshot->options->files[i]))
                return false;
        return true;
    }
    char *directory = snapshot_path(snapshot);
    bool complete = directory != NULL && hub_directory_has_model(directory);
    free(directory);
    return complete;
}

/* Reads what commit the cache has for the revision; snapshot->commit stays empty without one. */
static enum fetch_status read_known_commit(struct snapshot *snapshot, struct failure *failure) {
    alkfw_error error;
    char *commit;

    if (hub_cache_commit(snapshot->store.repository, snapshot->options->revision, &commit,
                         &error) != ALKFW_OK)
        return fail_memory(failure);
    if (commit != NULL)
        memcpy(snapshot->commit, commit, sizeof snapshot->commit);
    free(commit);
    return FETCH_OK;
}

enum fetch_status snapshot_is_cached(struct snapshot *snapshot, bool any_revision, bool *cached,
                                     struct failure *failure) {
    enum fetch_status status = read_known_commit(snapshot, failure);

    *cached = status == FETCH_OK && snapshot->commit[0] != '\0' &&
              (any_revision || hub_is_commit(snapshot->options->revision)) && is_complete(snapshot);
    return status;
}

/* ---- some files at a known commit --------------------------------------------- */

/* Asks for every file that the snapshot lacks; infos[i].etag stays empty for one that it has. */
static enum fetch_status ask(struct snapshot *snapshot, char *const files[], size_t n_files,
                             struct file_info *infos, struct failure *failure) {
    for (size_t i = 0; i < n_files; i++) {
        memset(&infos[i], 0, sizeof infos[i]);
        if (has_file(snapshot, files[i]))
            continue;
        if (store_is_missing(&snapshot->store, snapshot->commit, files[i]))
            return fail_for_good(failure, FETCH_NO_FILE,
                                 "%s of %s@%s: the repository has no such file (the cache knows)",
                                 files[i], snapshot->repository.id, snapshot->commit);
        enum fetch_status status = repository_head(&snapshot->repository, snapshot->commit,
                                                   files[i], NULL, &infos[i], failure);
        if (status == FETCH_NO_FILE)
            store_set_missing(&snapshot->store, snapshot->commit, files[i]);
        if (status != FETCH_OK)
            return status;
    }
    return FETCH_OK;
}

/* Before the first byte is downloaded: all sizes together against --max-size. */
static enum fetch_status check_sizes(struct snapshot *snapshot, const struct file_info *infos,
                                     size_t n_files, struct failure *failure) {
    uint64_t max_bytes = snapshot->options->max_bytes;

    for (size_t i = 0; i < n_files; i++) {
        char *blob = infos[i].etag[0] == '\0' ? NULL : store_blob(&snapshot->store, infos[i].etag);
        bool needed = blob != NULL && !store_has(blob) && infos[i].size > 0;
        free(blob);
        if (!needed)
            continue;
        if ((uint64_t)infos[i].size > max_bytes - snapshot->n_bytes)
            return fail_for_good(failure, FETCH_MAX_SIZE,
                                 "%s: more than the %" PRIu64
                                 " bytes that --max-size allows would have to "
                                 "be downloaded",
                                 snapshot->repository.id, max_bytes);
        snapshot->n_bytes += (uint64_t)infos[i].size;
    }
    return FETCH_OK;
}

static enum fetch_status download(struct snapshot *snapshot, char *const files[], size_t n_files,
                                  const struct file_info *infos, struct failure *failure) {
    for (size_t i = 0; i < n_files; i++) {
        if (infos[i].etag[0] == '\0')
            continue;
        struct download job = {.repository = &snapshot->repository,
                               .store = &snapshot->store,
                               .progress = &snapshot->progress,
                               .commit = snapshot->commit,
                               .file = files[i],
                               .info = &infos[i],
                               .max_bytes = snapshot->options->max_bytes - snapshot->n_bytes};
        enum fetch_status status = download_blob(&job, failure);
        if (status == FETCH_OK)
            status =
                store_link(&snapshot->store, snapshot->commit, files[i], infos[i].etag, failure);
        if (status != FETCH_OK)
            return status;
    }
    return FETCH_OK;
}

static enum fetch_status get_files(struct snapshot *snapshot, char *const files[], size_t n_files,
                                   struct failure *failure) {
    struct file_info *infos = calloc(n_files + 1, sizeof *infos);

    if (infos == NULL)
        return fail_memory(failure);
    enum fetch_status status = ask(snapshot, files, n_files, infos, failure);
    if (status == FETCH_OK)
        status = check_sizes(snapshot, infos, n_files, failure);
    if (status == FETCH_OK)
        status = download(snapshot, files, n_files, infos, failure);
    free(infos);
    return status;
}

/* ---- a model ------------------------------------------------------------------ */

/* Downloads the files that the index of the weights names. */
static enum fetch_status get_shards(struct snapshot *snapshot, struct failure *failure) {
    struct hub_shards shards;
    alkfw_error error;

    char *path = store_snapshot_file(&snapshot->store, snapshot->commit, INDEX_FILE);
    if (path == NULL)
        return fail_memory(failure);
    alkfw_status read = hub_shards_read(path, &shards, &error);
    free(path);
    if (read != ALKFW_OK)
        return fail_for_good(failure, FETCH_NO_MODEL, "%s", error.message);
    enum fetch_status status = get_files(snapshot, shards.files, shards.n_files, failure);
    hub_shards_free(&shards);
    return status;
}

static enum fetch_status get_model(struct snapshot *snapshot, const char *revision,
                                   struct failure *failure) {
    struct listing listing;
    struct selection selection;

    enum fetch_status status = repository_list(&snapshot->repository, revision, &listing, failure);
    if (status != FETCH_OK)
        return status;
    memcpy(snapshot->commit, listing.commit, sizeof snapshot->commit);
    status = selection_of_model(&listing, snapshot->repository.id, &selection, failure);
    if (status == FETCH_OK) {
        for (size_t i = 0; i < selection.n_absent; i++)
            store_set_missing(&snapshot->store, snapshot->commit, selection.absent[i]);
        status = get_files(snapshot, selection.files, selection.n_files, failure);
        if (status == FETCH_OK && selection.is_sharded)
            status = get_shards(snapshot, failure);
        selection_free(&selection);
    }
    listing_free(&listing);
    return status;
}

/* ---- revisions ------------------------------------------------------------------ */

/* Asks for one file at the revision, conditionally when the cache has it, to learn the commit. */
static enum fetch_status ask_commit(struct snapshot *snapshot, const char *file,
                                    struct failure *failure) {
    char etag[65];
    struct file_info info;
    bool known = snapshot->commit[0] != '\0' &&
                 store_known_etag(&snapshot->store, snapshot->commit, file, etag);

    enum fetch_status status = repository_head(&snapshot->repository, snapshot->options->revision,
                                               file, known ? etag : NULL, &info, failure);
    if (status == FETCH_NO_FILE && info.commit[0] != '\0')
        store_set_missing(&snapshot->store, info.commit, file);
    if (status != FETCH_OK)
        return status;
    memcpy(snapshot->commit, info.commit, sizeof snapshot->commit);
    return FETCH_OK;
}

/* Whether the Hub could not be asked, in contrast to a Hub that says no. */
static bool is_out_of_reach(enum fetch_status status) {
    return status == FETCH_UNREACHABLE || status == FETCH_STALLED || status == FETCH_TOO_SLOW ||
           status == FETCH_DROPPED || status == FETCH_RATE_LIMIT || status == FETCH_SERVER_ERROR ||
           status == FETCH_UNAVAILABLE;
}

/* A branch that the cache has completely: one request tells whether it has moved. A Hub that cannot
 * be asked leaves it as it is, as with the Python client. */
static enum fetch_status revalidate(struct snapshot *snapshot, bool *current,
                                    struct failure *failure) {
    const char *file = wants_model(snapshot) ? "config.json" : snapshot->options->files[0];

    enum fetch_status status = ask_commit(snapshot, file, failure);
    if (is_out_of_reach(status)) {
        message_warning("%s; using what the cache has for %s", failure->message,
                        snapshot->options->revision);
        *current = true;
        return FETCH_OK;
    }
    *current = status == FETCH_OK && is_complete(snapshot);
    return status;
}

enum fetch_status snapshot_fetch(struct snapshot *snapshot, struct failure *failure) {
    const struct options *options = snapshot->options;
    bool pinned = hub_is_commit(options->revision);
    bool current = false;
    enum fetch_status status = FETCH_OK;

    if (!pinned && snapshot->commit[0] != '\0' && is_complete(snapshot))
        status = revalidate(snapshot, &current, failure);
    else if (!pinned && !wants_model(snapshot))
        status = ask_commit(snapshot, options->files[0], failure);
    if (status == FETCH_OK && !current)
        status = wants_model(snapshot)
                     ? get_model(snapshot, options->revision, failure)
                     : get_files(snapshot, options->files, options->n_files, failure);
    if (status == FETCH_OK)
        status = store_set_ref(&snapshot->store, options->revision, snapshot->commit, failure);
    return status;
}

/* ---- --to ------------------------------------------------------------------------- */

static enum fetch_status export_files(const struct snapshot *snapshot, char *const files[],
                                      size_t n_files, const char *to_directory,
                                      struct failure *failure) {
    enum fetch_status status = FETCH_OK;

    for (size_t i = 0; i < n_files && status == FETCH_OK; i++) {
        char *from = store_snapshot_file(&snapshot->store, snapshot->commit, files[i]);
        char *to;
        if (asprintf(&to, "%s/%s", to_directory, files[i]) < 0)
            to = NULL;
        if (from == NULL || to == NULL)
            status = fail_memory(failure);
        if (status == FETCH_OK)
            status = store_make_parents(to, failure);
        if (status == FETCH_OK)
            status = copy_file(from, to, failure);
        free(from);
        free(to);
    }
    return status;
}

enum fetch_status snapshot_export(const struct snapshot *snapshot, const char *to_directory,
                                  struct failure *failure) {
    struct selection selection;

    if (!wants_model(snapshot))
        return export_files(snapshot, snapshot->options->files, snapshot->options->n_files,
                            to_directory, failure);
    char *directory = snapshot_path(snapshot);
    if (directory == NULL)
        return fail_memory(failure);
    enum fetch_status status = selection_of_directory(directory, &selection, failure);
    free(directory);
    if (status != FETCH_OK)
        return status;
    status = export_files(snapshot, selection.files, selection.n_files, to_directory, failure);
    selection_free(&selection);
    return status;
}
