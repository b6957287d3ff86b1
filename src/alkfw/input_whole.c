/* SPDX-License-Identifier: Apache-2.0
 *
 * The format `whole`: all of an input is one record. An empty one has none. */
#include "input.h"

#include "support/utf8.h"

static bool open_whole(struct input *input) {
    byte_reader_init(&input->bytes, input->descriptor, input->plan->max_bytes + BYTE_READER_CHUNK);
    input->bytes.stop = input->plan->stop;
    return true;
}

static enum input_result next_whole(struct input *input, struct batch *batch) {
    struct input_scan scan;
    size_t n_bytes;

    if (input->n_rows > 0)
        return INPUT_END;
    enum input_result result = input_gather(input, NULL, input->plan->max_bytes, &scan);
    if (result != INPUT_ROW)
        return result;
    const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);
    if (scan.n_skipped + n_bytes == 0)
        return INPUT_END;
    if (scan.n_skipped == 0 && input_is_utf16(input, bytes, n_bytes))
        return INPUT_FAILED;
    bool added;
    if (scan.n_skipped > 0) {
        added = input_begin_row(input, batch, 0, NULL, 0) &&
                input_add_too_long(input, batch, scan.n_skipped + n_bytes);
    } else {
        size_t bom = utf8_bom(bytes, n_bytes);
        added = input_begin_row(input, batch, 0, bytes, n_bytes) &&
                batch_add_text(batch, "", 0, bytes + bom, n_bytes - bom);
        if (added) {
            batch_set_place(batch, ROW_TEXT, bom, n_bytes - bom);
            batch_set_file(batch, bom);
        }
    }
    return added ? INPUT_ROW : input_out_of_memory(input);
}

static bool ready(struct input *input) {
    return input_gather_ready(input, NULL, input->plan->max_bytes);
}

static void close_whole(struct input *input) {
    byte_reader_free(&input->bytes);
}

const struct input_format input_format_whole = {
    .name = "whole",
    .open = open_whole,
    .next = next_whole,
    .ready = ready,
    .close = close_whole,
};
