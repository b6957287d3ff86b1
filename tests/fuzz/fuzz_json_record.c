/* SPDX-License-Identifier: Apache-2.0
 *
 * A JSON record: whatever the bytes, there is a record or an error, its verdict is JSON, its SARIF
 * document is too, and an annotation of it is one line. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw/batch.h"
#include "alkfw/json_row.h"
#include "alkfw/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_document(struct buffer *out, struct report *report) {
    struct verdict_run run;
    json_error_t error;

    verdict_run_init(&run);
    report->run = &run;
    out->length = 0;
    if (!verdict_write_sarif(out, report) ||
        !verdict_end_sarif(out, &run, &(struct verdict_outcome){.succeeded = true}))
        abort();
    json_t *document = json_loadb(out->bytes, out->length, JSON_ALLOW_NUL, &error);
    if (document == NULL)
        abort();
    json_decref(document);
    verdict_run_free(&run);
}

static void check_annotation(struct buffer *out, const struct report *report) {
    out->length = 0;
    if (!verdict_write_github(out, report) || out->length < 3 || memcmp(out->bytes, "::", 2) != 0 ||
        memchr(out->bytes, '\n', out->length) != out->bytes + out->length - 1 ||
        memchr(out->bytes, '\r', out->length) != NULL)
        abort();
}

static void check_verdict(const struct batch *batch, size_t index) {
    alkfw_verdict review = {.decision = ALKFW_REVIEW};
    struct report report = {
        .batch = batch,
        .row = &batch->rows[0],
        .record = &batch->records[index],
        .verdict = batch->records[index].status == ALKFW_OK ? &review : NULL,
        .show_text = true,
    };
    struct buffer out;
    json_error_t error;

    buffer_init(&out, SIZE_MAX / 4);
    if (!verdict_write_json(&out, &report) || !verdict_write_text(&out, &report))
        abort();
    json_t *verdict =
        json_loadb(out.bytes, out.length, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error);
    if (verdict == NULL)
        abort();
    json_decref(verdict);
    check_document(&out, &report);
    check_annotation(&out, &report);
    buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct field_path id;
    struct json_plan plan = {.id = &id};
    struct batch batch;
    alkfw_error error;

    if (field_path_parse("id", "fuzz", &id, &error) != ALKFW_OK)
        abort();
    batch_init(&batch);
    if (!batch_add_row(&batch, "fuzz", 1, 1) ||
        !json_row_add(&batch, &plan, (const char *)data, size) || batch.n_records == 0)
        abort();
    for (size_t i = 0; i < batch.n_records; i++)
        check_verdict(&batch, i);
    batch_free(&batch);
    field_path_free(&id);
    return 0;
}
