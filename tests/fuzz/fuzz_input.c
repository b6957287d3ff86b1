/* SPDX-License-Identifier: Apache-2.0
 *
 * Every record format over the same bytes: they end, within memory, and what --pass would copy out
 * is what came in. The first byte chooses the format. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alkfw/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const formats[] = {"lines", "null", "whole", "jsonl", "json", "csv"};
    struct input_plan plan = {.max_bytes = 64, .keep_raw = true};
    struct batch batch;
    struct input input;
    alkfw_error error;
    enum input_result result;
    size_t n_raw = 0;
    bool is_whole = true; /* no row was too long to be kept */

    if (size == 0)
        return 0;
    plan.format = formats[data[0] % 6];
    int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
    if (descriptor < 0 || write(descriptor, data + 1, size - 1) != (ssize_t)(size - 1) ||
        lseek(descriptor, 0, SEEK_SET) != 0 ||
        input_open_descriptor(&input, &plan, "fuzz", descriptor, &error) != ALKFW_OK)
        abort();
    batch_init(&batch);
    do {
        (void)input_ready(&input);
        result = input_next(&input, &batch);
        for (size_t i = 0; i < batch.n_rows; i++) {
            const char *raw = batch_bytes(&batch, batch.rows[i].raw);
            if (is_whole && memcmp(raw, data + 1 + n_raw, batch.rows[i].raw.length) != 0)
                abort();
            n_raw += batch.rows[i].raw.length;
            is_whole = is_whole && batch.rows[i].raw.length > 0;
        }
        batch_clear(&batch);
    } while (result == INPUT_ROW || result == INPUT_SKIPPED);
    if (result == INPUT_END && is_whole && n_raw != size - 1)
        abort();
    batch_free(&batch);
    input_close(&input);
    return 0;
}
