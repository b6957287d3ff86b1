/* SPDX-License-Identifier: Apache-2.0
 *
 * Labelled texts to build or evaluate a codebook with: JSON lines, checked row by row. */
#ifndef ALKFW_CODEBOOK_CORPUS_H
#define ALKFW_CODEBOOK_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "alkfw.h"

/* {"text":…,"label":0|1,"category":…,"source":…,"span":[s,e]?,"id":…?,"pair":ID?,"twin":ID?} */
struct row {
    char *text;
    size_t n_bytes;
    bool hostile;
    size_t category;   /* index of corpus.categories; CORPUS_NONE for a benign row without one */
    size_t source;     /* index of corpus.sources */
    bool has_span;     /* given, or found by comparison with the carrier document */
    size_t span_start; /* bytes of the text that were injected, [span_start, span_end) */
    size_t span_end;
    char *id;      /* NULL when absent */
    char *pair;    /* id of the same carrier document without the injection, or NULL */
    char *twin;    /* shared by rows of a source that differ in intent only, or NULL */
    uint32_t file; /* index of corpus.files, and the line there, for messages */
    uint32_t line;
};

enum { CORPUS_NONE = SIZE_MAX };

struct name_list {
    char **names; /* [n_names] */
    size_t n_names;
};

struct corpus {
    struct row *rows; /* [n_rows] */
    size_t n_rows;
    size_t capacity;
    struct name_list sources;
    struct name_list categories;
    struct name_list files;
    const struct row **by_id; /* [n_ids] rows that have an id, in its order */
    size_t n_ids;
    time_t newest; /* modification time of the newest file, 0 when only standard input was read */
};

/* Reads files ("-": standard input) and checks each row and what rows say of each other.
 * ALKFW_E_RECORD names file and line. The corpus is to be freed after an error too. */
ALKFW_MUST_CHECK alkfw_status corpus_read(struct corpus *corpus, char *const *paths, size_t n_paths,
                                          alkfw_error *error);
void corpus_free(struct corpus *corpus);

/* The row that `row` is paired with, or NULL. */
const struct row *corpus_pair(const struct corpus *corpus, const struct row *row);

/* Rows that have a twin id, those of one id side by side and the benign one first. [*n_rows], to be
 * freed; NULL when memory is out. */
const struct row **corpus_twins(const struct corpus *corpus, size_t *n_rows);
/* Whether two of them, a before b, have one id. */
bool corpus_are_twins(const struct row *a, const struct row *b);

/* Finds the span of hostile rows that have none, where a benign document of their source is their
 * carrier: all of it stands at the row's beginning and end. Returns how many were found. */
size_t corpus_find_spans(struct corpus *corpus);

/* Hex digest of texts, labels and spans: two corpora with the same one give the same codebook. */
void corpus_digest(const struct corpus *corpus, char hex[65]);

/* Index of a name, appended when it is new; CORPUS_NONE when memory is out. */
size_t name_list_add(struct name_list *list, const char *name);
void name_list_free(struct name_list *list);

#endif
