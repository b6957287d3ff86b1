/* SPDX-License-Identifier: Apache-2.0 */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

void batch_init(struct batch *batch) {
    memset(batch, 0, sizeof *batch);
    /* The readers bound what one row holds (--max-bytes); this is only against overflow. */
    buffer_init(&batch->bytes, SIZE_MAX / 4);
}

void batch_free(struct batch *batch) {
    buffer_free(&batch->bytes);
    free(batch->rows);
    free(batch->records);
    batch_init(batch);
}

void batch_clear(struct batch *batch) {
    batch->bytes.length = 0;
    batch->n_rows = 0;
    batch->n_records = 0;
    batch->n_text_bytes = 0;
}

void batch_cut(struct batch *batch, size_t n_rows) {
    while (batch->n_records > 0 && batch->records[batch->n_records - 1].row >= n_rows)
        batch->n_text_bytes -= batch->records[--batch->n_records].text.length;
    batch->n_rows = n_rows;
}

bool batch_is_full(const struct batch *batch) {
    return batch->n_records >= BATCH_RECORDS || batch->n_rows >= BATCH_RECORDS ||
           batch->n_text_bytes >= BATCH_BYTES || batch->bytes.length >= 4 * (size_t)BATCH_BYTES;
}

/* Makes room for one more element; NULL when memory is out. */
static void *grow(void *array, size_t n, size_t *capacity, size_t element_size) {
    if (n < *capacity)
        return array;
    size_t wanted = *capacity == 0 ? BATCH_RECORDS : *capacity * 2;
    void *grown = reallocarray(array, wanted, element_size);
    if (grown != NULL)
        *capacity = wanted;
    return grown;
}

static bool store(struct batch *batch, const void *bytes, size_t n_bytes, struct slice *slice) {
    size_t start = batch->bytes.length;

    if (!buffer_append(&batch->bytes, bytes, n_bytes))
        return false;
    *slice = (struct slice){start, n_bytes};
    return true;
}

bool batch_add_row(struct batch *batch, const char *source, uint64_t number, uint64_t line) {
    struct row row = {.number = number, .line = line};
    struct row *rows = grow(batch->rows, batch->n_rows, &batch->rows_capacity, sizeof *rows);

    if (rows == NULL)
        return false;
    batch->rows = rows;
    /* Neighbours are mostly of the same input. */
    const struct row *before = batch->n_rows > 0 ? &rows[batch->n_rows - 1] : NULL;
    size_t length = strlen(source);
    if (before != NULL && before->source.length == length &&
        memcmp(batch_bytes(batch, before->source), source, length) == 0)
        row.source = before->source;
    else if (!store(batch, source, length, &row.source))
        return false;
    rows[batch->n_rows++] = row;
    return true;
}

bool batch_set_raw(struct batch *batch, const char *bytes, size_t n_bytes) {
    return store(batch, bytes, n_bytes, &batch->rows[batch->n_rows - 1].raw);
}

bool batch_set_id(struct batch *batch, const char *json, size_t n_bytes) {
    return store(batch, json, n_bytes, &batch->rows[batch->n_rows - 1].id);
}

void batch_set_file(struct batch *batch, size_t n_bom) {
    struct row *row = &batch->rows[batch->n_rows - 1];

    row->is_file = true;
    row->n_bom = n_bom;
}

static bool add_record(struct batch *batch, const struct record *record) {
    struct record *records =
        grow(batch->records, batch->n_records, &batch->records_capacity, sizeof *records);

    if (records == NULL)
        return false;
    batch->records = records;
    records[batch->n_records] = *record;
    records[batch->n_records++].row = batch->n_rows - 1;
    batch->rows[batch->n_rows - 1].n_records++;
    batch->n_text_bytes += record->text.length;
    return true;
}

bool batch_add_text(struct batch *batch, const char *field, size_t n_field, const char *text,
                    size_t n_text) {
    struct record record = {.status = ALKFW_OK};

    return store(batch, field, n_field, &record.field) &&
           store(batch, text, n_text, &record.text) && add_record(batch, &record);
}

void batch_set_place(struct batch *batch, enum row_coding coding, size_t start, size_t length) {
    batch->rows[batch->n_rows - 1].coding = coding;
    batch->records[batch->n_records - 1].place = (struct slice){start, length};
}

void batch_set_column(struct batch *batch, uint64_t column) {
    batch->records[batch->n_records - 1].column = column;
}

bool batch_add_error(struct batch *batch, const char *field, size_t n_field,
                     const alkfw_error *error) {
    struct record record = {.status = error->status};

    return store(batch, field, n_field, &record.field) &&
           store(batch, error->message, strlen(error->message), &record.message) &&
           add_record(batch, &record);
}
