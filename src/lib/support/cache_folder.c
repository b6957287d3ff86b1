/* SPDX-License-Identifier: Apache-2.0 */
#include "support/cache_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60, N_HEX_DIGITS = 64, N_RANDOM = 7 /* ".XXXXXX" */ };

void cache_folder_make(const char *directory) {
    char *path = strdup(directory);

    if (path == NULL || *path == '\0') {
        free(path);
        return;
    }
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(path, S_IRWXU);
            *at = '/';
        }
    }
    (void)mkdir(path, S_IRWXU);
    free(path);
}

enum kind { KIND_OTHER, KIND_PACK, KIND_PROOF, KIND_UNFINISHED };

static enum kind kind_of(const char *name) {
    static const char *const suffixes[] = {CACHE_PACK_SUFFIX, CACHE_PROOF_SUFFIX};
    static const enum kind kinds[] = {KIND_PACK, KIND_PROOF};

    if (strspn(name, "0123456789abcdef") != N_HEX_DIGITS)
        return KIND_OTHER;
    name += N_HEX_DIGITS;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        size_t length = strlen(suffixes[i]);
        if (strncmp(name, suffixes[i], length) != 0)
            continue;
        if (name[length] == '\0')
            return kinds[i];
        if (name[length] == '.' && strlen(name + length) == N_RANDOM)
            return KIND_UNFINISHED;
    }
    return KIND_OTHER;
}

static bool head_is_stale(int folder, const char *name, cache_is_stale *is_stale,
                          const void *context) {
    _Alignas(64) unsigned char head[CACHE_HEAD_SIZE];
    int descriptor = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);

    if (descriptor < 0)
        return false;
    ssize_t n_bytes = read(descriptor, head, sizeof head);
    (void)close(descriptor);
    return n_bytes > 0 && is_stale(context, head, (size_t)n_bytes);
}

void cache_folder_sweep(const char *directory, cache_is_stale *is_stale, const void *context) {
    DIR *entries = opendir(directory);
    time_t now = time(NULL);

    if (entries == NULL)
        return;
    int folder = dirfd(entries);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        enum kind kind = kind_of(entry->d_name);
        struct stat info;
        bool stale = false;
        if (kind == KIND_OTHER || fstatat(folder, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(info.st_mode))
            continue;
        if (kind == KIND_PACK)
            stale = is_stale != NULL && head_is_stale(folder, entry->d_name, is_stale, context);
        else if (kind == KIND_PROOF)
            stale = info.st_mtim.tv_sec < now - (time_t)CACHE_PROOF_DAYS * DAY;
        else
            stale = info.st_mtim.tv_sec < now - DAY;
        if (stale)
            (void)unlinkat(folder, entry->d_name, 0);
    }
    (void)closedir(entries);
}
