/* SPDX-License-Identifier: Apache-2.0
 *
 * The format `jsonl`: one JSON value on each line; blank lines mean nothing. */
#include "input.h"

#include "support/utf8.h"

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
    size_t start = input->n_lines == 1 ? utf8_bom(raw, n_json) : 0;

    if (is_blank(raw + start, n_json - start))
        return input_add_framing(input, batch, raw, n_raw);
    return input_begin_row(input, batch, input->n_lines, raw, n_raw) &&
           json_row_add(batch, &input->plan->json, raw + start, n_json - start);
}

static enum input_result next_row(struct input *input, struct batch *batch) {
    struct input_line line;

    enum input_result result = input_next_line(input, batch, &line);
    if (result != INPUT_ROW || line.bytes == NULL)
        return result;
    return add_line(input, batch, line.bytes, line.n_bytes + line.terminated, line.n_bytes)
               ? INPUT_ROW
               : input_out_of_memory(input);
}

const struct input_format input_format_jsonl = {
    .name = "jsonl",
    .by_lines = true,
    .open = open_jsonl,
    .next = next_row,
    .ready = input_lines_ready,
    .close = input_lines_close,
};
