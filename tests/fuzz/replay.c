/* SPDX-License-Identifier: Apache-2.0
 *
 * Feeds files to a fuzz target without a fuzzing engine: those named on the command line, or, with
 * none, all of $srcdir/tests/fuzz/corpus/NAME when the program is called replay_NAME. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

enum { MAX_BYTES = 1 << 24 };

static int replay(const char *path) {
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = malloc(MAX_BYTES);
    int result = -1;

    if (file != NULL && bytes != NULL) {
        size_t n_bytes = fread(bytes, 1, MAX_BYTES, file);
        /* An allocation of the exact size lets AddressSanitizer see a read past the end. */
        unsigned char *exact = malloc(n_bytes > 0 ? n_bytes : 1);
        if (ferror(file) == 0 && exact != NULL) {
            memcpy(exact, bytes, n_bytes);
            (void)LLVMFuzzerTestOneInput(exact, n_bytes);
            result = 0;
        }
        free(exact);
    }
    if (result != 0)
        fprintf(stderr, "cannot replay %s\n", path);
    if (file != NULL)
        (void)fclose(file);
    free(bytes);
    return result;
}

static int replay_directory(const char *program) {
    static const char prefix[] = "replay_";
    const char *source = getenv("srcdir");
    const char *name = strstr(program, prefix);
    char directory[2048], path[4096];
    int n_files = 0;

    for (const char *next = name; next != NULL; next = strstr(next + 1, prefix))
        name = next;
    if (name == NULL)
        return -1;
    (void)snprintf(directory, sizeof directory, "%s/tests/fuzz/corpus/%s",
                   source != NULL ? source : ".", name + sizeof prefix - 1);
    DIR *entries = opendir(directory);
    if (entries == NULL) {
        perror(directory);
        return -1;
    }
    int result = 0;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        result |= replay(path);
        n_files++;
    }
    (void)closedir(entries);
    printf("%d files of %s replayed\n", n_files, directory);
    return n_files > 0 ? result : -1;
}

int main(int argc, char **argv) {
    int result = 0;

    if (argc == 1)
        result = replay_directory(argv[0]);
    for (int i = 1; i < argc; i++)
        result |= replay(argv[i]);
    return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
