/* SPDX-License-Identifier: Apache-2.0
 *
 * The formats `lines` and `null`: the text up to each newline or NUL. */
#include "input.h"

#include "support/utf8.h"

static bool open_lines(struct input *input) {
    line_reader_init(&input->lines, input->descriptor, '\n', input->plan->max_bytes);
    return true;
}

static bool open_null(struct input *input) {
    line_reader_init(&input->lines, input->descriptor, '\0', input->plan->max_bytes);
    return true;
}

/* The text of a line, or of what --match finds in it. */
static bool add_line(struct input *input, struct batch *batch, const char *raw, size_t n_raw,
                     const char *text, size_t n_text, bool *skipped) {
    size_t start = 0, end = n_text;
    bool found = true;
    alkfw_status status = ALKFW_OK;
    alkfw_error error;

    if (input->plan->matcher != NULL)
        status = matcher_find(input->plan->matcher, text, n_text, &found, &start, &end, &error);
    *skipped = status == ALKFW_OK && !found;
    if (*skipped) {
        input->n_rows++;
        return true;
    }
    if (!input_begin_row(input, batch, input->n_lines, raw, n_raw))
        return false;
    if (status != ALKFW_OK)
        return batch_add_error(batch, "", 0, &error);
    if (!batch_add_text(batch, "", 0, text + start, end - start))
        return false;
    batch_set_place(batch, ROW_TEXT, (size_t)(text - raw) + start, end - start);
    if (input->lines.delimiter == '\n')
        batch_set_column(batch, utf8_count(text, start) + 1);
    return true;
}

static enum input_result next_line(struct input *input, struct batch *batch) {
    struct input_line line;
    bool skipped;

    enum input_result result = input_next_line(input, batch, &line);
    if (result != INPUT_ROW || line.bytes == NULL)
        return result;
    if (input->n_rows == 0 && input_is_utf16(input, line.bytes, line.n_bytes))
        return INPUT_FAILED;
    size_t start = input->n_rows == 0 ? utf8_bom(line.bytes, line.n_bytes) : 0;
    size_t end = line.n_bytes;
    if (input->lines.delimiter == '\n' && line.terminated && end > start &&
        line.bytes[end - 1] == '\r')
        end--;
    if (!add_line(input, batch, line.bytes, line.n_bytes + line.terminated, line.bytes + start,
                  end - start, &skipped))
        return input_out_of_memory(input);
    return skipped ? INPUT_SKIPPED : INPUT_ROW;
}

const struct input_format input_format_lines = {
    .name = "lines",
    .by_lines = true,
    .open = open_lines,
    .next = next_line,
    .ready = input_lines_ready,
    .close = input_lines_close,
};

const struct input_format input_format_null = {
    .name = "null",
    .by_lines = true,
    .open = open_null,
    .next = next_line,
    .ready = input_lines_ready,
    .close = input_lines_close,
};
