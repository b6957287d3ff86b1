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

    if (a->stamp == NULL && b->stamp == NULL)
        return a->number > b->number ? -1 : a->number < b->number;
    if (a->stamp != NULL && b->stamp != NULL)
        return strcmp(a->stamp, b->stamp);
    return a->stamp != NULL ? -1 : 1;
}

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static DIR *open_folder(const char *log) {
    size_t length = (size_t)(base_of(log) - log);
    char *folder = length > 0 ? strndup(log, length) : strdup(".");
    DIR *directory = folder == NULL ? NULL : opendir(folder);

    free(folder);
    return directory;
}

/* `name` in the folder of the log. */
static char *path_beside(const char *log, const char *name) {
    char *path;
    int n_folder = (int)(base_of(log) - log);

    return asprintf(&path, "%.*s%s", n_folder, log, name) < 0 ? NULL : path;
}

static bool add_file(struct rotation *rotation, const struct rotated_file *parsed, const char *log,
                     const char *name, const struct stat *info) {
    struct rotated_file file = *parsed;

    if (rotation->n_files == rotation->capacity) {
        size_t capacity = rotation->capacity == 0 ? 16 : 2 * rotation->capacity;
        struct rotated_file *files = reallocarray(rotation->files, capacity, sizeof *files);
        if (files == NULL)
            return false;
        rotation->files = files;
        rotation->capacity = capacity;
    }
    file.path = path_beside(log, name);
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

static alkfw_status list_once(struct rotation *rotation, const char *log, alkfw_error *error) {
    struct rotated_file file;
    struct dirent *entry;
    struct stat info;
    alkfw_status status = ALKFW_OK;

    memset(rotation, 0, sizeof *rotation);
    DIR *directory = open_folder(log);
    if (directory == NULL)
        return alkfw_error_set(error, ALKFW_E_IO, "cannot list its folder: %s", strerror(errno));
    while (status == ALKFW_OK && (errno = 0, entry = readdir(directory)) != NULL) {
        if (!rotation_parse_name(base_of(log), entry->d_name, &file) ||
            fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(info.st_mode))
            continue;
        if (!add_file(rotation, &file, log, entry->d_name, &info))
            status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory");
    }
    if (status == ALKFW_OK && errno != 0)
        status = alkfw_error_set(error, ALKFW_E_IO, "cannot list its folder: %s", strerror(errno));
    (void)closedir(directory);
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
alkfw_status rotation_list(struct rotation *rotation, const char *log, alkfw_error *error) {
    static const struct timespec pause = {.tv_nsec = 10000000};
    struct rotation before;
    alkfw_status status = list_once(rotation, log, error);

    for (int i = 0; i < MAX_LISTINGS && status == ALKFW_OK; i++) {
        before = *rotation;
        status = list_once(rotation, log, error);
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

char *rotation_locate(const char *log, uint64_t device, uint64_t inode) {
    struct dirent *entry;
    struct stat info;
    char *path = NULL;
    DIR *directory = open_folder(log);

    if (directory == NULL)
        return NULL;
    while (path == NULL && (entry = readdir(directory)) != NULL)
        /* d_ino is another number on an overlay. */
        if (fstatat(dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(info.st_mode) && info.st_dev == device && info.st_ino == inode)
            path = path_beside(log, entry->d_name);
    (void)closedir(directory);
    return path;
}
