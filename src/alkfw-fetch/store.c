/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alkfw-fetch/copy.h"
#include "cli/message.h"
#include "hub/cache.h"
#include "hub/reference.h"

/* http://www.brynosaurus.com/cachedir/, with the words of the Python client. */
static const char cachedir_tag[] =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This file is a cache directory tag created by huggingface_hub.\n"
    "# For information about cache directory tags, see:\n"
    "#\thttps://bford.info/cachedir/\n";

enum fetch_status store_open(const char *cache_directory, const char *repository_id,
                             struct store *store, struct failure *failure) {
    store->cache_directory = cache_directory;
    store->repository = hub_cache_repository(cache_directory, repository_id);
    store->locks = NULL;
    if (store->repository == NULL)
        return fail_memory(failure);
    const char *folder = store->repository + strlen(cache_directory) + 1;
    if (asprintf(&store->locks, "%s/.locks/%s", cache_directory, folder) < 0) {
        store->locks = NULL;
        return fail_memory(failure);
    }
    return FETCH_OK;
}

void store_close(struct store *store) {
    free(store->repository);
    free(store->locks);
}

char *store_blob(const struct store *store, const char *etag) {
    char *path;
    return asprintf(&path, "%s/blobs/%s", store->repository, etag) < 0 ? NULL : path;
}

char *store_incomplete(const struct store *store, const char *etag) {
    char *path;
    return asprintf(&path, "%s/blobs/%s.incomplete", store->repository, etag) < 0 ? NULL : path;
}

char *store_snapshot_file(const struct store *store, const char *commit, const char *file) {
    char *path;
    return asprintf(&path, "%s/snapshots/%s/%s", store->repository, commit, file) < 0 ? NULL : path;
}

bool store_has(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool store_known_etag(const struct store *store, const char *commit, const char *file,
                      char etag[65]) {
    char target[4096];
    char *path = store_snapshot_file(store, commit, file);

    if (path == NULL)
        return false;
    ssize_t length = store_has(path) ? readlink(path, target, sizeof target - 1) : -1;
    free(path);
    if (length <= 0)
        return false;
    target[length] = '\0';
    const char *slash = strrchr(target, '/');
    const char *name = slash == NULL ? target : slash + 1;
    size_t n_digits = strspn(name, "0123456789abcdef");
    if ((n_digits != 40 && n_digits != 64) || name[n_digits] != '\0')
        return false;
    memcpy(etag, name, n_digits + 1);
    return true;
}

enum fetch_status store_make_parents(const char *path, struct failure *failure) {
    char *folder = strdup(path);
    enum fetch_status status = FETCH_OK;

    if (folder == NULL)
        return fail_memory(failure);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL && status == FETCH_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            status = fail_errno(failure, "cannot make the folder", folder);
        *slash = '/';
    }
    free(folder);
    return status;
}

/* ---- locks ----------------------------------------------------------------- */

/* Whether the descriptor still is the file at `path`: a cleaner may have removed it meanwhile. */
static bool is_file_at(int descriptor, const char *path) {
    struct stat open_file, named;

    return fstat(descriptor, &open_file) == 0 && stat(path, &named) == 0 &&
           open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

/* Group-writable whatever the umask is, as the Python client makes it, for a cache that several
 * users share. Only who creates the file may say so. */
static int open_lock(const char *path) {
    const mode_t mode = 0664;
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

    if (descriptor >= 0)
        (void)!fchmod(descriptor, mode);
    else if (errno == EEXIST)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
    return descriptor;
}

static enum fetch_status lock_file(const char *path, const char *file, int *lock,
                                   struct failure *failure) {
    bool told = false;

    for (;;) {
        int descriptor = open_lock(path);
        if (descriptor < 0)
            return fail_errno(failure, "cannot open the lock", path);
        int result = flock(descriptor, LOCK_EX | LOCK_NB);
        if (result != 0 && errno == EWOULDBLOCK) {
            if (!told)
                message_warning("waiting for another process that fetches %s", file);
            told = true;
            while ((result = flock(descriptor, LOCK_EX)) != 0 && errno == EINTR)
                continue;
        }
        /* A file system without locks: files of one name may be fetched twice, not wrongly. */
        if (result == 0 && !is_file_at(descriptor, path)) {
            (void)close(descriptor);
            continue;
        }
        *lock = descriptor;
        return FETCH_OK;
    }
}

/* Backup programs then leave the cache out. It is worth no failure. */
static void tag_cache(const struct store *store) {
    struct failure ignored;
    char *path;

    if (asprintf(&path, "%s/CACHEDIR.TAG", store->cache_directory) < 0)
        return;
    if (!store_has(path))
        (void)!write_file(path, cachedir_tag, sizeof cachedir_tag - 1, &ignored);
    free(path);
}

enum fetch_status store_lock(const struct store *store, const char *etag, const char *file,
                             int *lock, struct failure *failure) {
    char *path;

    if (asprintf(&path, "%s/%s.lock", store->locks, etag) < 0)
        return fail_memory(failure);
    enum fetch_status status = store_make_parents(path, failure);
    if (status == FETCH_OK) {
        tag_cache(store);
        status = lock_file(path, file, lock, failure);
    }
    free(path);
    return status;
}

void store_unlock(int lock) {
    /* The file stays: removing it would let a waiter and a newcomer hold two locks of one name. */
    (void)close(lock);
}

/* ---- links, refs, tags ------------------------------------------------------ */

static bool leads_to(const char *link, const char *target) {
    char text[4096];
    ssize_t length = readlink(link, text, sizeof text);

    return length > 0 && (size_t)length == strlen(target) &&
           memcmp(text, target, (size_t)length) == 0;
}

/* "../../blobs/ETAG", with one more ".." for each folder that the file is in. */
static char *link_target(const char *file, const char *etag) {
    size_t n_folders = 0;
    for (const char *at = file; (at = strchr(at, '/')) != NULL; at++)
        n_folders++;
    size_t size = 3 * (n_folders + 2) + sizeof "blobs/" + strlen(etag);
    char *target = malloc(size);
    if (target == NULL)
        return NULL;
    size_t length = 0;
    for (size_t i = 0; i < n_folders + 2; i++, length += 3)
        memcpy(target + length, "../", 3);
    (void)snprintf(target + length, size - length, "blobs/%s", etag);
    return target;
}

/* Puts a new link in place of what is at `path`, in one step. */
static enum fetch_status replace_link(const char *target, const char *path,
                                      struct failure *failure) {
    char *new;
    enum fetch_status status = FETCH_OK;

    if (asprintf(&new, "%s.%ld.tmp", path, (long)getpid()) < 0)
        return fail_memory(failure);
    (void)unlink(new);
    if (symlink(target, new) != 0) {
        status = fail_errno(failure, "cannot make the link", path);
    } else if (rename(new, path) != 0) {
        status = fail_errno(failure, "cannot replace the link", path);
        (void)unlink(new);
    }
    free(new);
    return status;
}

static enum fetch_status make_link(const struct store *store, const char *path, const char *target,
                                   const char *etag, struct failure *failure) {
    if (symlink(target, path) == 0 || (errno == EEXIST && leads_to(path, target)))
        return FETCH_OK;
    if (errno == EEXIST)
        return replace_link(target, path, failure);
    if (errno != EPERM && errno != EOPNOTSUPP)
        return fail_errno(failure, "cannot make the link", path);
    /* A file system without links: the Python client puts the bytes themselves there too. */
    char *blob = store_blob(store, etag);
    if (blob == NULL)
        return fail_memory(failure);
    enum fetch_status status = copy_file(blob, path, failure);
    free(blob);
    return status;
}

enum fetch_status store_link(const struct store *store, const char *commit, const char *file,
                             const char *etag, struct failure *failure) {
    char *path = store_snapshot_file(store, commit, file);
    char *target = link_target(file, etag);
    enum fetch_status status =
        path == NULL || target == NULL ? fail_memory(failure) : store_make_parents(path, failure);

    if (status == FETCH_OK)
        status = make_link(store, path, target, etag, failure);
    free(path);
    free(target);
    return status;
}

enum fetch_status store_set_ref(const struct store *store, const char *revision, const char *commit,
                                struct failure *failure) {
    char *known = NULL, *path = NULL;
    alkfw_error error;
    enum fetch_status status;

    if (hub_is_commit(revision))
        return FETCH_OK;
    if (hub_cache_commit(store->repository, revision, &known, &error) != ALKFW_OK ||
        asprintf(&path, "%s/refs/%s", store->repository, revision) < 0) {
        free(known);
        return fail_memory(failure);
    }
    /* A cache that is up to date may be read-only. */
    if (known != NULL && strcmp(known, commit) == 0)
        status = FETCH_OK;
    else
        status = store_make_parents(path, failure);
    if (status == FETCH_OK && (known == NULL || strcmp(known, commit) != 0))
        status = write_file(path, commit, strlen(commit), failure);
    free(known);
    free(path);
    return status;
}

static char *missing_path(const struct store *store, const char *commit, const char *file) {
    char *path;
    return asprintf(&path, "%s/.no_exist/%s/%s", store->repository, commit, file) < 0 ? NULL : path;
}

void store_set_missing(const struct store *store, const char *commit, const char *file) {
    char *path = missing_path(store, commit, file);
    struct failure ignored;

    if (path != NULL && !store_has(path) && store_make_parents(path, &ignored) == FETCH_OK) {
        int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor >= 0)
            (void)close(descriptor);
    }
    free(path);
}

bool store_is_missing(const struct store *store, const char *commit, const char *file) {
    char *path = missing_path(store, commit, file);
    bool missing = path != NULL && store_has(path);

    free(path);
    return missing;
}
