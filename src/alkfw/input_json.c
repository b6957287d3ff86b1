/* SPDX-License-Identifier: Apache-2.0
 *
 * The format `json`: a stream of JSON values, where each element of an outermost array is a row. It
 * is cut into values here, without a parser's memory, so that an array of any length runs in a
 * fixed space; each value is then parsed on its own. */
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support/utf8.h"

struct json_state {
    bool in_array;
    bool has_element; /* of the array that is read */
};

enum { AT_END = -1, AT_STOP = -2 };

/* The byte at this distance from what was taken last, reading on as needed. */
static int byte_at(struct input *input, size_t at) {
    size_t n_bytes;
    const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);

    while (at >= n_bytes) {
        switch (byte_reader_fill(&input->bytes)) {
        case FILL_STOPPED:
            return AT_STOP;
        case FILL_END:
            return AT_END;
        case FILL_MORE:
            break;
        }
        bytes = byte_reader_peek(&input->bytes, &n_bytes);
    }
    return (unsigned char)bytes[at];
}

static bool is_space(int byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static int skip_spaces(struct input *input, size_t *at) {
    int byte = byte_at(input, *at);

    while (is_space(byte))
        byte = byte_at(input, ++*at);
    return byte;
}

/* Where in a value the scan is. */
struct value_scan {
    size_t depth; /* open brackets */
    bool in_string;
    bool is_escaped;
    bool is_scalar; /* a number or a literal, which ends where something else begins */
};

/* Looks at the next byte; true when the value ended before it (scalar) or with it. */
static bool scan_byte(struct value_scan *scan, int byte, bool *with_it) {
    *with_it = true;
    if (scan->in_string) {
        if (scan->is_escaped)
            scan->is_escaped = false;
        else if (byte == '\\')
            scan->is_escaped = true;
        else if (byte == '"')
            scan->in_string = false;
        return !scan->in_string && scan->depth == 0;
    }
    if (scan->is_scalar) {
        *with_it = false;
        return is_space(byte) || byte == ',' || byte == ']' || byte == '}' || byte == '[' ||
               byte == '{' || byte == '"';
    }
    if (byte == '"')
        scan->in_string = true;
    else if (byte == '{' || byte == '[')
        scan->depth++;
    else if (byte == '}' || byte == ']')
        scan->depth -= scan->depth > 0;
    else if (scan->depth == 0)
        scan->is_scalar = true;
    return !scan->in_string && !scan->is_scalar && scan->depth == 0;
}

/* A value's own ceiling is lower: only white space, which must be pending until its value comes,
 * fills all of the room. */
static enum input_result read_failed(struct input *input) {
    if (input->bytes.failure != ENOBUFS)
        return input_read_failed(input, input->bytes.failure);
    input->error_line = input->n_lines + 1;
    (void)alkfw_error_set(&input->error, ALKFW_E_LIMIT,
                          "too much white space before a JSON value, over twice --max-bytes=%zu;"
                          " what follows was not scanned",
                          input->plan->max_bytes);
    return INPUT_FAILED;
}

static enum input_result broken(struct input *input, size_t at, const char *what) {
    size_t n_bytes;
    const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);

    if (input->bytes.failure != 0)
        return read_failed(input);
    input->error_line =
        input->n_lines + input_count_newlines(bytes, at < n_bytes ? at : n_bytes) + 1;
    (void)alkfw_error_set(&input->error, ALKFW_E_RECORD, "not valid JSON: %s", what);
    return INPUT_FAILED;
}

/* Takes the bytes before `at` as framing. */
static enum input_result take_framing(struct input *input, struct batch *batch, size_t at) {
    size_t n_bytes;
    const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);

    input->n_lines += input_count_newlines(bytes, at);
    if (!input_add_framing(input, batch, bytes, at))
        return input_out_of_memory(input);
    byte_reader_take(&input->bytes, at);
    return INPUT_ROW;
}

/* The value that begins at `begin`; n_joint bytes before it divide it from its neighbour. */
static enum input_result next_value(struct input *input, struct batch *batch, size_t begin,
                                    size_t n_joint) {
    struct value_scan scan = {0};
    uint64_t n_skipped = 0;
    uint64_t n_skipped_lines = 0;
    size_t at = begin, n_bytes;
    const char *bytes;

    for (bool ended = false; !ended;) {
        bool with_it;
        int byte = byte_at(input, at);
        if (byte == AT_STOP)
            return INPUT_END;
        if (byte == AT_END) {
            if (scan.is_scalar && input->bytes.failure == 0)
                break;
            return broken(input, at, "the input ends inside a value");
        }
        ended = scan_byte(&scan, byte, &with_it);
        at += !ended || with_it;
        if (at - begin > input->plan->max_bytes) {
            bytes = byte_reader_peek(&input->bytes, &n_bytes);
            n_skipped += at - begin;
            n_skipped_lines += input_count_newlines(bytes, at);
            byte_reader_take(&input->bytes, at);
            at = begin = 0;
        }
    }
    bytes = byte_reader_peek(&input->bytes, &n_bytes);
    uint64_t line = input->n_lines + input_count_newlines(bytes, begin) + 1;
    bool added;
    if (n_skipped > 0)
        added = input_begin_row(input, batch, line, NULL, 0) &&
                input_add_too_long(input, batch, n_skipped + at);
    else
        added = input_begin_row(input, batch, line, bytes, at) &&
                json_row_add(batch, &input->plan->json, bytes + begin, at - begin);
    if (!added)
        return input_out_of_memory(input);
    batch->rows[batch->n_rows - 1].n_joint = n_joint;
    input->n_lines += n_skipped_lines + input_count_newlines(bytes, at);
    byte_reader_take(&input->bytes, at);
    return INPUT_ROW;
}

static enum input_result next_element(struct input *input, struct batch *batch) {
    struct json_state *state = input->state;
    size_t at = 0, n_joint = 0;

    int byte = skip_spaces(input, &at);
    if (byte == ',' && state->has_element) {
        n_joint = ++at;
        byte = skip_spaces(input, &at);
    } else if (byte == ']') {
        state->in_array = false;
        return take_framing(input, batch, at + 1);
    } else if (byte >= 0 && state->has_element) {
        return broken(input, at, "a comma is missing between two elements");
    }
    if (byte == AT_STOP)
        return INPUT_END;
    if (byte == AT_END)
        return broken(input, at, "the input ends inside an array");
    if (byte == ',' || byte == ']' || byte == '}')
        return broken(input, at, "an element is missing");
    state->has_element = true;
    return next_value(input, batch, at, n_joint);
}

static enum input_result next_row(struct input *input, struct batch *batch) {
    struct json_state *state = input->state;
    size_t at = 0;

    if (state->in_array)
        return next_element(input, batch);
    if (input->bytes.offset == 0 && byte_at(input, 2) >= 0) {
        size_t n_bytes;
        const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);
        at = utf8_bom(bytes, n_bytes);
    }
    int byte = skip_spaces(input, &at);
    if (byte == AT_STOP)
        return INPUT_END;
    if (byte == AT_END) {
        if (input->bytes.failure != 0)
            return read_failed(input);
        enum input_result result = take_framing(input, batch, at);
        return result == INPUT_ROW ? INPUT_END : result;
    }
    if (byte == '[') {
        state->in_array = true;
        state->has_element = false;
        return take_framing(input, batch, at + 1);
    }
    if (byte == ',' || byte == ']' || byte == '}')
        return broken(input, at, "a value is missing");
    return next_value(input, batch, at, 0);
}

static bool open_json(struct input *input) {
    input->state = calloc(1, sizeof(struct json_state));
    if (input->state == NULL) {
        (void)input_out_of_memory(input);
        return false;
    }
    /* Spaces before a value, of which there may be many, are pending with it. */
    byte_reader_init(&input->bytes, input->descriptor,
                     2 * input->plan->max_bytes + BYTE_READER_CHUNK);
    input->bytes.stop = input->plan->stop;
    return true;
}

/* Whether the value that has begun is all there is not known without scanning it; much that is
 * pending means a writer that is fast enough to wait for. */
static bool is_enough(struct input_scan *scan, const char *bytes, size_t n_bytes) {
    (void)scan;
    (void)bytes;
    return n_bytes >= BYTE_READER_CHUNK / 2;
}

static bool ready(struct input *input) {
    return input_gather_ready(input, is_enough, SIZE_MAX);
}

static void close_json(struct input *input) {
    byte_reader_free(&input->bytes);
    free(input->state);
}

const struct input_format input_format_json = {
    .name = "json",
    .open = open_json,
    .next = next_row,
    .ready = ready,
    .close = close_json,
};
