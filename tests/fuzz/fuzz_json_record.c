/* SPDX-License-Identifier: Apache-2.0
 *
 * A JSON record: whatever the bytes, there is a record or an error, and its verdict is JSON. */
#include <jansson.h>
#include <stdlib.h>

#include "alkfw/batch.h"
#include "alkfw/json_row.h"
#include "alkfw/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_verdict(const struct batch *batch, size_t index) {
    struct report report = {
        .batch = batch,
        .row = &batch->rows[0],
        .record = &batch->records[index],
        .verdict = batch->records[index].status == ALKFW_OK ? &(alkfw_verdict){0} : NULL,
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
