/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    MAX_NUMBER_DIGITS = 5, /* a longer number is a date */
    MAX_LISTINGS = 100
};

static const char digits[] = "0123456789";

static bool has_suffix(const char *name, size_t length, const char *suffix) {
    size_t n_suffix = strlen(suffix);

    return length > n_suffix && memcmp(name + length - n_suffix, suffix, n_suffix) == 0;
}

/* Length of a name without the suffix of a compressed file. */
static size_t without_compression(const char *name) {
    static const char *const suffixes[] = {".gz",  ".bz2", ".xz",   ".zst",
                                           ".lz4", ".lzo", ".lzma", ".Z"};
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (has_suffix(name, length, suffixes[i]))
            return length - strlen(suffixes[i]);
    return length;
}

/* "1", "old", "20261123", "2026-11-23T17:00": what rotation puts in. */
static bool parse_stamp(const char *stamp, size_t length, struct rotated_file *file) {
    static const char of_times[] = "0123456789-_.:+TZ";
    bool is_number = length > 0;

    file->number = 0;
    file->stamp = NULL;
    if (length == 3 && memcmp(stamp, "old", 3) == 0) {
        file->number = 1;
        return true;
    }
    if (length == 0 || strchr(digits, stamp[0]) == NULL)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (strchr(of_times, stamp[i]) == NULL)
            return false;
        is_number = is_number && strchr(digits, stamp[i]) != NULL;
    }
    if (!is_number || length > MAX_NUMBER_DIGITS) {
        file->stamp = stamp;
        return true;
    }
    for (size_t i = 0; i < length; i++)
        file->number = 10 * file->number + (uint64_t)(stamp[i] - '0');
    return true;
}

static bool parse_behind(const char *name, size_t length, const char *stem, size_t n_stem,
                         struct rotated_file *file) {
    return length > n_stem + 1 && memcmp(name, stem, n_stem) == 0 &&
           strchr(".-_", name[n_stem]) != NULL &&
           parse_stamp(name + n_stem + 1, length - n_stem - 1, file);
}

bool rotation_parse_name(const char *base, const char *name, struct rotated_file *file) {
    size_t length = without_compression(name);
    const char *dot = strrchr(base, '.');

    file->is_compressed = name[length] != '\0';
    if (parse_behind(name, length, base, strlen(base), file))
        return true;
    /* logrotate's `extension`: app-20261123.log */
    return dot != NULL && dot != base && has_suffix(name, length, dot) &&
           parse_behind(name, length - strlen(dot), base, (size_t)(dot - base), file);
}

/* For qsort: oldest first. */
static int compare_age(const void *left, const void *right) {
    const struct rotated_file *a = left, *b = right;

    int order = 0;

    if (a->stamp == NULL && b->stamp == NULL)
        order = a->number > b->number ? -1 : a->number < b->number;
    else if (a->stamp != NULL && b->stamp != NULL)
        order = strcmp(a->stamp, b->stamp);
    else
        order = a->stamp != NULL ? -1 : 1;
    /* The same name in two folders. */
    return order != 0 ? order : strcmp(a->path, b->path);
}

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* The folder of a log, or of what its rotation moved away when `olddir` says so, as what stands
 * before a name: "", "logs/". NULL when memory is out. */
static char *folder_of(const char *log, const char *olddir) {
    int n_beside = olddir != NULL && olddir[0] == '/' ? 0 : (int)(base_of(log) - log);
    char *folder;

    return asprintf(&folder, "%.*s%s%s", n_beside, log, olddir == NULL ? "" : olddir,
                    olddir == NULL ? "" : "/") < 0
               ? NULL
               : folder;
}

static DIR *open_folder(const char *folder) {
    return opendir(folder[0] == '\0' ? "." : folder);
}

static char *path_in(const char *folder, const char *name) {
    char *path;

    return asprintf(&path, "%s%s", folder, name) < 0 ? NULL : path;
}

static bool add_file(struct rotation *rotation, const struct rotated_file *parsed,
                     const char *folder, const char *name, const struct stat *info) {
    struct rotated_file file = *parsed;

    if (rotation->n_files == rotation->capacity) {
        size_t capacity = rotation->capacity == 0 ? 16 : 2 * rotation->capacity;
        struct rotated_file *files = reallocarray(rotation->files, capacity, sizeof *files);
        if (files == NULL)
            return false;
        rotation->files = files;
        rotation->capacity = capacity;
    }
    file.path = path_in(folder, name);
    if (file.path == NULL)
        return false;
    if (file.stamp != NULL)
        file.stamp = base_of(file.path) + (file.stamp - name);
    file.device = info->st_dev;
    file.inode = info->st_ino;
    file.size = (uint64_t)info->st_size;
    rotation->files[rotation->n_files++] = file;
    return true;
}

static alkfw_status list_directory(struct rotation *rotation, const char *base, const char *folder,
                                   DIR *directory, alkfw_error *error) {
    struct rotated_file file;
    struct dirent *entry;
    struct stat info;

    while (errno = 0, (entry = readdir(directory)) != NULL) {
        if (!rotation_parse_name(base, entry->d_name, &file) ||
            fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(info.st_mode))
            continue;
        if (!add_file(rotation, &file, folder, entry->d_name, &info))
            return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    }
    return errno == 0
               ? ALKFW_OK
               : alkfw_error_set(error, ALKFW_E_IO, "cannot list its folder: %s", strerror(errno));
}

/* An olddir that is not there yet is made by the first rotation; the log's own folder is not listed
 * twice. */
static alkfw_status list_olddir(struct rotation *rotation, const char *log, const char *olddir,
                                const struct stat *beside, alkfw_error *error) {
    char *folder = folder_of(log, olddir);
    DIR *directory = folder == NULL ? NULL : open_folder(folder);
    struct stat info;
    alkfw_status status = ALKFW_OK;

    if (directory == NULL && errno != ENOENT)
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot list %s, where it is moved to: %s",
                                 folder == NULL ? olddir : folder, strerror(errno));
    if (directory != NULL && (fstat(dirfd(directory), &info) != 0 ||
                              info.st_dev != beside->st_dev || info.st_ino != beside->st_ino))
        status = list_directory(rotation, base_of(log), folder, directory, error);
    if (directory != NULL)
        (void)closedir(directory);
    free(folder);
    return status;
}

static alkfw_status list_once(struct rotation *rotation, const char *log, const char *olddir,
                              alkfw_error *error) {
    char *folder = folder_of(log, NULL);
    DIR *directory = folder == NULL ? NULL : open_folder(folder);
    struct stat info = {.st_ino = 0};
    alkfw_status status;

    memset(rotation, 0, sizeof *rotation);
    if (directory == NULL || fstat(dirfd(directory), &info) != 0)
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot list its folder: %s", strerror(errno));
    else
        status = list_directory(rotation, base_of(log), folder, directory, error);
    if (directory != NULL)
        (void)closedir(directory);
    free(folder);
    if (status == ALKFW_OK && olddir != NULL)
        status = list_olddir(rotation, log, olddir, &info, error);
    if (rotation->n_files > 0)
        qsort(rotation->files, rotation->n_files, sizeof rotation->files[0], compare_age);
    return status;
}

static bool is_same_list(const struct rotation *a, const struct rotation *b) {
    if (a->n_files != b->n_files)
        return false;
    for (size_t i = 0; i < a->n_files; i++)
        if (a->files[i].inode != b->files[i].inode || a->files[i].device != b->files[i].device ||
            strcmp(a->files[i].path, b->files[i].path) != 0)
            return false;
    return true;
}

/* A folder that is read while its files are renamed can show one twice or not at all: what two
 * readings agree on is right. */
alkfw_status rotation_list(struct rotation *rotation, const char *log, const char *olddir,
                           alkfw_error *error) {
    static const struct timespec pause = {.tv_nsec = 10000000};
    struct rotation before;
    alkfw_status status = list_once(rotation, log, olddir, error);

    for (int i = 0; i < MAX_LISTINGS && status == ALKFW_OK; i++) {
        before = *rotation;
        status = list_once(rotation, log, olddir, error);
        bool is_same = status == ALKFW_OK && is_same_list(&before, rotation);
        rotation_free(&before);
        if (is_same)
            break;
        (void)nanosleep(&pause, NULL);
    }
    return status;
}

void rotation_free(struct rotation *rotation) {
    for (size_t i = 0; i < rotation->n_files; i++)
        free(rotation->files[i].path);
    free(rotation->files);
    memset(rotation, 0, sizeof *rotation);
}

static char *locate_in(const char *folder, uint64_t device, uint64_t inode) {
    DIR *directory = folder == NULL ? NULL : open_folder(folder);
    struct dirent *entry;
    struct stat info;
    char *path = NULL;

    if (directory == NULL)
        return NULL;
    while (path == NULL && (entry = readdir(directory)) != NULL)
        /* d_ino is another number on an overlay. */
        if (fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(info.st_mode) && info.st_dev == device && info.st_ino == inode)
            path = path_in(folder, entry->d_name);
    (void)closedir(directory);
    return path;
}

char *rotation_locate(const char *log, const char *olddir, uint64_t device, uint64_t inode) {
    char *folder = folder_of(log, NULL);
    char *path = locate_in(folder, device, inode);

    free(folder);
    if (path != NULL || olddir == NULL)
        return path;
    folder = folder_of(log, olddir);
    path = locate_in(folder, device, inode);
    free(folder);
    return path;
}
