/* SPDX-License-Identifier: Apache-2.0
 *
 * Golden values from tests/golden/NAME.json, each made by a script in scripts/. A file that is
 * absent or malformed ends the test program: there is nothing to compare with. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

static inline json_t *golden_load(const char *name) {
    const char *source = getenv("srcdir");
    char path[4096];
    json_error_t error;

    (void)snprintf(path, sizeof path, "%s/tests/golden/%s.json", source != NULL ? source : ".",
                   name);
    json_t *golden = json_load_file(path, 0, &error);
    if (golden == NULL) {
        fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        exit(EXIT_FAILURE);
    }
    return golden;
}

static inline json_t *golden_at(const json_t *object, const char *key) {
    json_t *value = json_object_get(object, key);

    ck_assert_msg(value != NULL, "golden data has no %s", key);
    return value;
}

static inline double golden_number(const json_t *object, const char *key) {
    return json_number_value(golden_at(object, key));
}

/* Copies a list of numbers, or a list of lists row by row, and returns how many. */
static inline size_t golden_doubles(const json_t *list, double *out, size_t capacity) {
    size_t n = 0;
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item) {
        if (json_is_array(item)) {
            n += golden_doubles(item, out + n, capacity - n);
            continue;
        }
        ck_assert_msg(n < capacity, "golden list is longer than expected");
        out[n++] = json_number_value(item);
    }
    return n;
}

static inline size_t golden_floats(const json_t *list, float *out, size_t capacity) {
    double *values = calloc(capacity + 1, sizeof *values);

    ck_assert_ptr_nonnull(values);
    size_t n = golden_doubles(list, values, capacity);
    for (size_t i = 0; i < n; i++)
        out[i] = (float)values[i];
    free(values);
    return n;
}

#endif
