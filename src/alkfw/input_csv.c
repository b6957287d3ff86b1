/* SPDX-License-Identifier: Apache-2.0
 *
 * The format `csv`: RFC 4180 with a header. A row ends at a newline outside quotes. */
#include "input.h"

#include <stdlib.h>
#include <string.h>

#include "json_writer.h"
#include "support/utf8.h"

enum { NO_COLUMN = -1, LINE_END_BYTES = 2 };

struct csv_state {
    bool has_header;
    size_t n_columns;
    long text_column;
    struct buffer text_name; /* of that column */
    long id_column;          /* or NO_COLUMN */
    struct buffer field;
};

/* Behind the newline that ends the row. */
static bool find_end(struct input_scan *scan, const char *bytes, size_t n_bytes) {
    while (scan->scanned < n_bytes) {
        char byte = bytes[scan->scanned++];
        if (byte == '"')
            scan->in_quotes = !scan->in_quotes; /* a doubled quote toggles twice */
        else if (byte == '\n' && !scan->in_quotes)
            return true;
    }
    return false;
}

/* Decodes the field at *at and moves to its comma or to the end. NULL when all is well, else what
 * is wrong. */
static const char *decode_field(const char *row, size_t n_row, size_t *at, struct buffer *field,
                                bool *out_of_memory) {
    size_t i = *at;

    field->length = 0;
    if (i < n_row && row[i] == '"') {
        for (i++;;) {
            const char *quote = memchr(row + i, '"', n_row - i);
            if (quote == NULL)
                return "a quote is never closed";
            size_t length = (size_t)(quote - (row + i));
            bool is_doubled = i + length + 1 < n_row && row[i + length + 1] == '"';
            *out_of_memory |= !buffer_append(field, row + i, length + is_doubled);
            i += length + 1 + is_doubled;
            if (!is_doubled)
                break;
        }
        if (i < n_row && row[i] != ',')
            return "text follows a closing quote";
    } else {
        const char *comma = memchr(row + i, ',', n_row - i);
        size_t length = comma != NULL ? (size_t)(comma - (row + i)) : n_row - i;
        if (memchr(row + i, '"', length) != NULL)
            return "a quote stands inside a field that is not quoted";
        *out_of_memory |= !buffer_append(field, row + i, length);
        i += length;
    }
    *at = i;
    return NULL;
}

static enum input_result bad_header(struct input *input, const char *what, const char *name) {
    input->error_line = 1;
    (void)alkfw_error_set(&input->error, ALKFW_E_RECORD, "the CSV header %s%s", what, name);
    return INPUT_FAILED;
}

/* Ranks a header's name as the text's column: smaller is better; -1: it is not. */
static long rank(const struct input *input, const struct buffer *name) {
    const struct field_path *wanted = input->plan->json.field;

    for (long i = 0; i < (wanted != NULL ? 1 : JSON_DEFAULT_PATHS); i++) {
        const char *candidate = wanted != NULL ? wanted->text : json_default_paths[i];
        if (strlen(candidate) == name->length &&
            (name->length == 0 || memcmp(candidate, name->bytes, name->length) == 0))
            return i;
    }
    return -1;
}

static enum input_result read_header(struct input *input, const char *row, size_t n_row) {
    struct csv_state *state = input->state;
    const struct field_path *id = input->plan->json.id;
    long best = -1;
    size_t at = 0;

    for (;; at++) {
        bool out_of_memory = false;
        const char *problem = decode_field(row, n_row, &at, &state->field, &out_of_memory);
        if (out_of_memory)
            return input_out_of_memory(input);
        if (problem != NULL)
            return bad_header(input, "is broken: ", problem);
        long ranked = rank(input, &state->field);
        if (ranked >= 0 && (best < 0 || ranked < best)) {
            best = ranked;
            state->text_column = (long)state->n_columns;
            state->text_name.length = 0;
            if (!buffer_append(&state->text_name, state->field.bytes, state->field.length))
                return input_out_of_memory(input);
        }
        if (id != NULL && strlen(id->text) == state->field.length &&
            memcmp(id->text, state->field.bytes, state->field.length) == 0)
            state->id_column = (long)state->n_columns;
        state->n_columns++;
        if (at == n_row)
            break;
    }
    if (best < 0 && input->plan->json.field != NULL)
        return bad_header(input, "has no column ", input->plan->json.field->text);
    if (best < 0)
        return bad_header(input, "has no column prompt, text, input or content; ",
                          "name the text's column with --field");
    if (id != NULL && state->id_column == NO_COLUMN)
        return bad_header(input, "has no column ", id->text);
    state->has_header = true;
    return INPUT_ROW;
}

static bool set_id(struct batch *batch, const struct buffer *field) {
    struct buffer json;

    buffer_init(&json, SIZE_MAX / 4);
    bool done = json_write_string(&json, field->length > 0 ? field->bytes : "", field->length) &&
                batch_set_id(batch, json.bytes, json.length);
    buffer_free(&json);
    return done;
}

/* The text and the identifier of a row that was begun. The row is decoded to its end first: a row
 * that is broken anywhere is an error. */
static bool add_fields(struct input *input, struct batch *batch, const char *row, size_t n_row,
                       size_t n_before) {
    struct csv_state *state = input->state;
    const char *problem = NULL;
    bool out_of_memory = false;
    struct buffer text;
    size_t n_columns = 0, start = 0, end = 0;
    alkfw_error error;

    buffer_init(&text, SIZE_MAX / 4);
    for (size_t at = 0; problem == NULL; at++) {
        size_t begin = at;
        problem = decode_field(row, n_row, &at, &state->field, &out_of_memory);
        if (problem != NULL)
            break;
        if ((long)n_columns == state->text_column) {
            out_of_memory |= !buffer_append(&text, state->field.bytes, state->field.length);
            start = begin;
            end = at;
        }
        if ((long)n_columns == state->id_column)
            out_of_memory |= !set_id(batch, &state->field);
        n_columns++;
        if (at == n_row)
            break;
    }
    bool added = !out_of_memory;
    if (added && problem != NULL) {
        (void)alkfw_error_set(&error, ALKFW_E_RECORD, "broken CSV row: %s", problem);
        added = batch_add_error(batch, "", 0, &error);
    } else if (added && n_columns != state->n_columns) {
        (void)alkfw_error_set(&error, ALKFW_E_RECORD,
                              "CSV row has %zu columns where the header has %zu", n_columns,
                              state->n_columns);
        added = batch_add_error(batch, "", 0, &error);
    } else if (added) {
        added =
            batch_add_text(batch, state->text_name.length > 0 ? state->text_name.bytes : "",
                           state->text_name.length, text.length > 0 ? text.bytes : "", text.length);
        if (added)
            batch_set_place(batch, ROW_CSV, n_before + start, end - start);
    }
    buffer_free(&text);
    return added;
}

/* Length of a row without its newline or carriage return and newline. */
static size_t without_line_end(const char *row, size_t n_row) {
    if (n_row > 0 && row[n_row - 1] == '\n')
        n_row--;
    if (n_row > 0 && row[n_row - 1] == '\r')
        n_row--;
    return n_row;
}

/* A whole row is pending: raw[0..n_raw) with its newline. */
static enum input_result give_row(struct input *input, struct batch *batch, const char *raw,
                                  size_t n_raw) {
    struct csv_state *state = input->state;
    size_t begin = input->bytes.offset == 0 ? utf8_bom(raw, n_raw) : 0;
    size_t end = begin + without_line_end(raw + begin, n_raw - begin);
    bool added;

    if (!state->has_header) {
        if (input_is_utf16(input, raw, n_raw))
            return INPUT_FAILED;
        enum input_result result = read_header(input, raw + begin, end - begin);
        if (result != INPUT_ROW)
            return result;
        added = input_add_framing(input, batch, raw, n_raw);
    } else if (begin == end && state->n_columns > 1) {
        added = input_add_framing(input, batch, raw, n_raw);
    } else {
        added = input_begin_row(input, batch, input->n_lines + 1, raw, n_raw) &&
                add_fields(input, batch, raw + begin, end - begin, begin);
    }
    return added ? INPUT_ROW : input_out_of_memory(input);
}

static enum input_result next_row(struct input *input, struct batch *batch) {
    struct input_scan scan;
    uint64_t line = input->n_lines + 1;
    size_t n_bytes;

    enum input_result result =
        input_gather(input, find_end, input->plan->max_bytes + LINE_END_BYTES, &scan);
    if (result != INPUT_ROW)
        return result;
    const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);
    if (scan.scanned == 0 && scan.n_skipped == 0)
        return INPUT_END;
    if (scan.in_quotes) {
        input->error_line = line;
        (void)alkfw_error_set(&input->error, ALKFW_E_RECORD,
                              "a quote in this CSV row is never closed, so its end is not known");
        return INPUT_FAILED;
    }
    uint64_t n_row = scan.n_skipped + without_line_end(bytes, scan.scanned);
    bool is_too_long = scan.n_skipped > 0 || n_row > input->plan->max_bytes;
    if (is_too_long && !((struct csv_state *)input->state)->has_header)
        return bad_header(input, "is over --max-bytes", "");
    if (is_too_long) {
        if (!input_begin_row(input, batch, line, NULL, 0) ||
            !input_add_too_long(input, batch, n_row))
            result = input_out_of_memory(input);
    } else {
        result = give_row(input, batch, bytes, scan.scanned);
    }
    input->n_lines += input_count_newlines(bytes, scan.scanned);
    byte_reader_take(&input->bytes, scan.scanned);
    return result;
}

static bool open_csv(struct input *input) {
    struct csv_state *state = calloc(1, sizeof *state);

    if (state == NULL) {
        (void)input_out_of_memory(input);
        return false;
    }
    state->id_column = NO_COLUMN;
    buffer_init(&state->field, SIZE_MAX / 4);
    buffer_init(&state->text_name, SIZE_MAX / 4);
    input->state = state;
    byte_reader_init(&input->bytes, input->descriptor,
                     input->plan->max_bytes + LINE_END_BYTES + BYTE_READER_CHUNK);
    input->bytes.stop = input->plan->stop;
    return true;
}

static bool ready(struct input *input) {
    return input_gather_ready(input, find_end, input->plan->max_bytes + LINE_END_BYTES);
}

static void close_csv(struct input *input) {
    struct csv_state *state = input->state;

    buffer_free(&state->field);
    buffer_free(&state->text_name);
    free(state);
    byte_reader_free(&input->bytes);
}

const struct input_format input_format_csv = {
    .name = "csv",
    .open = open_csv,
    .next = next_row,
    .ready = ready,
    .close = close_csv,
};
