/* SPDX-License-Identifier: Apache-2.0 */
#include "baseline.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "json_writer.h"
#include "support/atomic_file.h"
#include "support/mapped_file.h"

static const char schema[] = "alkfw-baseline/1";
static const char schema_family[] = "alkfw-baseline/";

enum { CEILING = 64 << 20 /* bytes of a file: over 400,000 findings */ };

struct entry {
    char fingerprint[FINGERPRINT_SIZE];
    bool is_found;
    char *signal;
    char *source;
};

struct baseline {
    struct entry *entries; /* the first n_sorted by fingerprint, each once */
    size_t n_entries;
    size_t n_sorted;
    size_t capacity;
};

alkfw_status baseline_new(struct baseline **baseline, alkfw_error *error) {
    *baseline = calloc(1, sizeof **baseline);
    if (*baseline == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for a baseline");
    return ALKFW_OK;
}

static void free_entry(struct entry *entry) {
    free(entry->signal);
    free(entry->source);
}

void baseline_free(struct baseline *baseline) {
    if (baseline == NULL)
        return;
    for (size_t i = 0; i < baseline->n_entries; i++)
        free_entry(&baseline->entries[i]);
    free(baseline->entries);
    free(baseline);
}

static int by_fingerprint(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    int order = strcmp(a->fingerprint, b->fingerprint);

    /* Of several with one fingerprint the same is kept, whatever the order of the inputs. */
    return order != 0 ? order : strcmp(a->source, b->source);
}

static int by_source(const void *left, const void *right) {
    const struct entry *a = left, *b = right;
    int order = strcmp(a->source, b->source);

    if (order == 0)
        order = strcmp(a->signal, b->signal);
    return order != 0 ? order : strcmp(a->fingerprint, b->fingerprint);
}

static void settle(struct baseline *baseline) {
    size_t n_kept = 0;

    if (baseline->n_sorted == baseline->n_entries)
        return;
    qsort(baseline->entries, baseline->n_entries, sizeof *baseline->entries, by_fingerprint);
    for (size_t i = 0; i < baseline->n_entries; i++) {
        struct entry *entry = &baseline->entries[i];
        struct entry *last = n_kept > 0 ? &baseline->entries[n_kept - 1] : NULL;
        if (last != NULL && strcmp(last->fingerprint, entry->fingerprint) == 0) {
            last->is_found = last->is_found || entry->is_found;
            free_entry(entry);
        } else {
            baseline->entries[n_kept++] = *entry;
        }
    }
    baseline->n_entries = n_kept;
    baseline->n_sorted = n_kept;
}

static bool make_room(struct baseline *baseline) {
    if (baseline->n_entries < baseline->capacity)
        return true;
    settle(baseline); /* the same finding many times takes no more room than once */
    if (baseline->n_entries < baseline->capacity / 2)
        return true;
    size_t capacity = baseline->capacity == 0 ? 64 : baseline->capacity * 2;
    struct entry *entries = reallocarray(baseline->entries, capacity, sizeof *entries);
    if (entries == NULL)
        return false;
    baseline->entries = entries;
    baseline->capacity = capacity;
    return true;
}

bool baseline_add(struct baseline *baseline, const char hexadecimal[FINGERPRINT_SIZE],
                  const char *signal, const char *source) {
    struct entry entry = {.signal = strdup(signal), .source = strdup(source)};

    memcpy(entry.fingerprint, hexadecimal, FINGERPRINT_SIZE);
    if (entry.signal == NULL || entry.source == NULL || !make_room(baseline)) {
        free_entry(&entry);
        return false;
    }
    baseline->entries[baseline->n_entries++] = entry;
    return true;
}

bool baseline_has(struct baseline *baseline, const char hexadecimal[FINGERPRINT_SIZE]) {
    size_t low = 0;

    settle(baseline);
    for (size_t high = baseline->n_entries; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(baseline->entries[middle].fingerprint, hexadecimal);
        if (order == 0) {
            baseline->entries[middle].is_found = true;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

size_t baseline_count(struct baseline *baseline) {
    settle(baseline);
    return baseline->n_entries;
}

size_t baseline_count_found(struct baseline *baseline) {
    size_t n_found = 0;

    settle(baseline);
    for (size_t i = 0; i < baseline->n_entries; i++)
        n_found += baseline->entries[i].is_found;
    return n_found;
}

static bool is_fingerprint(const char *text) {
    return text != NULL && strlen(text) == FINGERPRINT_SIZE - 1 &&
           strspn(text, "0123456789abcdef") == FINGERPRINT_SIZE - 1;
}

static alkfw_status add_findings(struct baseline *baseline, const json_t *findings,
                                 const char *name, alkfw_error *error) {
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        const char *hexadecimal = json_string_value(json_object_get(finding, "fingerprint"));
        const char *signal = json_string_value(json_object_get(finding, "signal"));
        const char *source = json_string_value(json_object_get(finding, "source"));
        if (!is_fingerprint(hexadecimal) || signal == NULL || source == NULL)
            return alkfw_error_set(error, ALKFW_E_FORMAT,
                                   "%s: finding %zu of the baseline needs a fingerprint of 32 "
                                   "hexadecimal digits, a signal and a source",
                                   name, i + 1);
        if (!baseline_add(baseline, hexadecimal, signal, source))
            return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: out of memory", name);
    }
    return ALKFW_OK;
}

alkfw_status baseline_parse(struct baseline *baseline, const char *bytes, size_t n_bytes,
                            const char *name, alkfw_error *error) {
    json_error_t problem;
    json_t *root = json_loadb(bytes, n_bytes, JSON_REJECT_DUPLICATES, &problem);
    const char *version = json_string_value(json_object_get(root, "schema"));
    const json_t *findings = json_object_get(root, "findings");
    alkfw_status status;

    if (root == NULL)
        status = alkfw_error_set(error, ALKFW_E_FORMAT,
                                 "%s: the baseline is not JSON, at line %d; make it anew with "
                                 "--write-baseline",
                                 name, problem.line);
    else if (version == NULL || strncmp(version, schema_family, strlen(schema_family)) != 0)
        status = alkfw_error_set(error, ALKFW_E_FORMAT,
                                 "%s: not a baseline: its schema is not %s; --write-baseline "
                                 "makes one",
                                 name, schema);
    else if (strcmp(version, schema) != 0)
        status = alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                                 "%s: a baseline of another version, %.40s and not %s; make it "
                                 "anew with --write-baseline",
                                 name, version, schema);
    else if (!json_is_array(findings))
        status = alkfw_error_set(error, ALKFW_E_FORMAT, "%s: the baseline has no list of findings",
                                 name);
    else
        status = add_findings(baseline, findings, name, error);
    json_decref(root);
    return status;
}

alkfw_status baseline_read(struct baseline *baseline, const char *path, alkfw_error *error) {
    struct mapped_file file;

    alkfw_status status = mapped_file_open(&file, path, "baseline", error);
    if (status != ALKFW_OK)
        return status;
    if (file.n_bytes > CEILING)
        status = alkfw_error_set(error, ALKFW_E_LIMIT, "%s: the baseline is over %d bytes", path,
                                 (int)CEILING);
    else
        status = baseline_parse(baseline, file.n_bytes > 0 ? (const char *)file.bytes : "",
                                file.n_bytes, path, error);
    mapped_file_close(&file);
    return status;
}

static bool write_entry(struct buffer *out, const struct entry *entry, bool is_first) {
    return json_write_raw(out, is_first ? "\n{\"source\":" : ",\n{\"source\":") &&
           json_write_string(out, entry->source, strlen(entry->source)) &&
           json_write_raw(out, ",\"signal\":") &&
           json_write_string(out, entry->signal, strlen(entry->signal)) &&
           json_write_raw(out, ",\"fingerprint\":\"") && json_write_raw(out, entry->fingerprint) &&
           json_write_raw(out, "\"}");
}

static bool write_all(struct buffer *out, const struct baseline *baseline) {
    bool goes_on = json_write_raw(out, "{\"schema\":\"") && json_write_raw(out, schema) &&
                   json_write_raw(out, "\",\"findings\":[");

    for (size_t i = 0; goes_on && i < baseline->n_entries; i++)
        goes_on = write_entry(out, &baseline->entries[i], i == 0);
    return goes_on && json_write_raw(out, "\n]}\n");
}

alkfw_status baseline_write(struct baseline *baseline, const char *path, alkfw_error *error) {
    struct atomic_file file;
    struct buffer out;

    settle(baseline);
    if (baseline->n_entries > 0)
        qsort(baseline->entries, baseline->n_entries, sizeof *baseline->entries, by_source);
    baseline->n_sorted = 0;
    buffer_init(&out, CEILING);
    alkfw_status status = ALKFW_OK;
    if (!write_all(&out, baseline))
        status = alkfw_error_set(error, ALKFW_E_LIMIT, "%s: the baseline would be over %d bytes",
                                 path, (int)CEILING);
    if (status == ALKFW_OK)
        status = atomic_file_begin(&file, path, "baseline", error);
    if (status == ALKFW_OK) {
        status = atomic_file_write(&file, out.bytes, out.length, error);
        if (status == ALKFW_OK)
            status = atomic_file_commit(&file, error);
        else
            atomic_file_abort(&file);
    }
    buffer_free(&out);
    return status;
}
