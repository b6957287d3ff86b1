/* SPDX-License-Identifier: Apache-2.0
 *
 * The format `jsonl`: one JSON value on each line; blank lines mean nothing. */
#include "input.h"

#include <errno.h>

static bool open_jsonl(struct input *input) {
    line_reader_init(&input->lines, input->descriptor, '\n', input->plan->max_bytes);
    return true;
}

static bool is_blank(const char *bytes, size_t n_bytes) {
    for (size_t i = 0; i < n_bytes; i++)
        if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r')
            return false;
    return true;
}

static bool add_line(struct input *input, struct batch *batch, const char *raw, size_t n_raw,
                     size_t n_json) {
    size_t start = input->n_lines == 1 ? input_bom(raw, n_json) : 0;

    if (is_blank(raw + start, n_json - start))
        return input_add_framing(input, batch, raw, n_raw);
    return input_begin_row(input, batch, input->n_lines, raw, n_raw) &&
           json_row_add(batch, &input->plan->json, raw + start, n_json - start);
}

static enum input_result next_row(struct input *input, struct batch *batch) {
    const char *bytes;
    uint64_t n_bytes;
    bool terminated, added = false;

    enum line_result result =
        line_reader_next(&input->lines, &bytes, &n_bytes, &terminated, input->plan->stop);
    if (result == LINE_OK || result == LINE_TOO_LONG)
        input->n_lines++;
    switch (result) {
    case LINE_END:
        return INPUT_END;
    case LINE_FAILED:
        return input_read_failed(input, errno);
    case LINE_TOO_LONG:
        added = input_begin_row(input, batch, input->n_lines, NULL, 0) &&
                input_add_too_long(input, batch, n_bytes);
        break;
    case LINE_OK:
        added = add_line(input, batch, bytes, (size_t)n_bytes + terminated, (size_t)n_bytes);
        break;
    }
    return added ? INPUT_ROW : input_out_of_memory(input);
}

static bool ready(struct input *input) {
    return line_reader_ready(&input->lines);
}

static void close_jsonl(struct input *input) {
    line_reader_free(&input->lines);
}

const struct input_format input_format_jsonl = {
    .name = "jsonl",
    .by_lines = true,
    .open = open_jsonl,
    .next = next_row,
    .ready = ready,
    .close = close_jsonl,
};
