/* SPDX-License-Identifier: Apache-2.0
 *
 * The formats `lines` and `null`: the text up to each newline or NUL. */
#include "input.h"

#include <errno.h>

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
    return true;
}

static enum input_result next_line(struct input *input, struct batch *batch) {
    bool is_lines = input->lines.delimiter == '\n';
    const char *bytes;
    uint64_t n_bytes;
    bool terminated, skipped = false, added = false;

    enum line_result result =
        line_reader_next(&input->lines, &bytes, &n_bytes, &terminated, input->plan->stop);
    if (is_lines && (result == LINE_OK || result == LINE_TOO_LONG))
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
    case LINE_OK: {
        size_t start = input->n_rows == 0 ? input_bom(bytes, n_bytes) : 0;
        size_t end = (size_t)n_bytes;
        if (is_lines && terminated && end > start && bytes[end - 1] == '\r')
            end--;
        /* The delimiter lies behind the record in the reader's memory. */
        added = add_line(input, batch, bytes, (size_t)n_bytes + terminated, bytes + start,
                         end - start, &skipped);
    }
    }
    if (!added)
        return input_out_of_memory(input);
    return skipped ? INPUT_SKIPPED : INPUT_ROW;
}

static bool ready(struct input *input) {
    return line_reader_ready(&input->lines);
}

static void close_lines(struct input *input) {
    line_reader_free(&input->lines);
}

const struct input_format input_format_lines = {
    .name = "lines",
    .by_lines = true,
    .open = open_lines,
    .next = next_line,
    .ready = ready,
    .close = close_lines,
};

const struct input_format input_format_null = {
    .name = "null",
    .by_lines = true,
    .open = open_null,
    .next = next_line,
    .ready = ready,
    .close = close_lines,
};
