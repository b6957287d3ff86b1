/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/message.h"

static const struct input_format *const formats[] = {
    &input_format_lines, &input_format_null, &input_format_whole,
    &input_format_jsonl, &input_format_json, &input_format_csv,
};

static const struct {
    const char *suffix;
    const struct input_format *format; /* NULL: compressed, cannot be read */
} suffixes[] = {
    {".jsonl", &input_format_jsonl},
    {".ndjson", &input_format_jsonl},
    {".json", &input_format_json},
    {".csv", &input_format_csv},
    {".md", &input_format_whole},
    {".markdown", &input_format_whole},
    {".rst", &input_format_whole},
    {".html", &input_format_whole},
    {".htm", &input_format_whole},
    {".eml", &input_format_whole},
    {".gz", NULL},
    {".bz2", NULL},
    {".xz", NULL},
    {".zst", NULL},
};

static const struct input_format *format_by_suffix(const char *source, bool *is_compressed) {
    const char *slash = strrchr(source, '/');
    const char *dot = strrchr(slash != NULL ? slash : source, '.');

    *is_compressed = false;
    for (size_t i = 0; dot != NULL && i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (strcasecmp(dot, suffixes[i].suffix) != 0)
            continue;
        *is_compressed = suffixes[i].format == NULL;
        return suffixes[i].format;
    }
    return &input_format_lines;
}

/* What `auto` means: the suffix decides; standard input is lines, but who says where in a record
 * the text is has JSON. */
static const struct input_format *format_by_itself(const struct input_plan *plan,
                                                   const char *source, bool *is_compressed) {
    if (strcmp(source, "-") == 0 && (plan->json.field != NULL || plan->json.id != NULL))
        return &input_format_jsonl;
    return format_by_suffix(source, is_compressed);
}

static const struct input_format *format_by_name(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

bool input_is_by_lines(const char *format) {
    const struct input_format *found = format_by_name(format);

    return found != NULL && found->by_lines;
}

alkfw_status input_open_descriptor(struct input *input, const struct input_plan *plan,
                                   const char *source, int descriptor, alkfw_error *error) {
    struct stat info;
    bool is_compressed = false;

    memset(input, 0, sizeof *input);
    input->plan = plan;
    input->source = source;
    input->descriptor = descriptor;
    if (fstat(descriptor, &info) != 0)
        return alkfw_error_set(error, ALKFW_E_IO, "cannot read: %s", strerror(errno));
    if (S_ISDIR(info.st_mode))
        return alkfw_error_set(error, ALKFW_E_IO, "is a directory; -r reads the files in it");
    input->device = info.st_dev;
    input->inode = info.st_ino;
    input->size = S_ISREG(info.st_mode) ? info.st_size : 0;
    input->format = strcmp(plan->format, "auto") == 0
                        ? format_by_itself(plan, source, &is_compressed)
                        : format_by_name(plan->format);
    if (is_compressed)
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "is compressed; decompress it into a pipe, as in "
                               "zcat FILE | alkfw, or say --input=whole if it is not");
    if (input->format == NULL)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "unknown input format %s", plan->format);
    if (input->format->open != NULL && !input->format->open(input)) {
        *error = input->error;
        return error->status;
    }
    return ALKFW_OK;
}

alkfw_status input_open(struct input *input, const struct input_plan *plan, const char *path,
                        alkfw_error *error) {
    if (strcmp(path, "-") == 0)
        return input_open_descriptor(input, plan, path, STDIN_FILENO, error);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return alkfw_error_set(error, errno == ENOENT ? ALKFW_E_MISSING : ALKFW_E_IO,
                               "cannot open: %s", strerror(errno));
    alkfw_status status = input_open_descriptor(input, plan, path, descriptor, error);
    if (status != ALKFW_OK)
        (void)close(descriptor);
    return status;
}

enum input_result input_next(struct input *input, struct batch *batch) {
    return input->format->next(input, batch);
}

bool input_ready(struct input *input) {
    return input->format->ready(input);
}

uint64_t input_position(const struct input *input) {
    /* A format uses one of the two. */
    return input->lines.bytes.offset + input->bytes.offset;
}

alkfw_status input_settle(const struct input *input, alkfw_error *error) {
    struct stat info;

    if (input->size == 0 || fstat(input->descriptor, &info) != 0)
        return ALKFW_OK;
    off_t n_read = lseek(input->descriptor, 0, SEEK_CUR);
    off_t most = n_read > input->size ? n_read : input->size;
    /* Files of /sys are shorter than they say, but do not change their size. */
    if (info.st_size < input->size || info.st_size < n_read)
        return alkfw_error_set(error, ALKFW_E_IO,
                               "was cut from %lld to %lld bytes while it was read; not all of it "
                               "was scanned",
                               (long long)most, (long long)info.st_size);
    if (strcmp(input->source, "-") != 0 && stat(input->source, &info) == 0 &&
        (info.st_dev != input->device || info.st_ino != input->inode))
        message_warning("%s: was replaced while it was read; the file that is there now was not "
                        "scanned",
                        input->source);
    return ALKFW_OK;
}

void input_close(struct input *input) {
    if (input->format->close != NULL)
        input->format->close(input);
    if (input->descriptor != STDIN_FILENO)
        (void)close(input->descriptor);
}

bool input_begin_row(struct input *input, struct batch *batch, uint64_t line, const char *raw,
                     size_t n_raw) {
    return batch_add_row(batch, input->source, ++input->n_rows, line) &&
           (!input->plan->keep_raw || batch_set_raw(batch, raw, n_raw));
}

bool input_add_framing(struct input *input, struct batch *batch, const char *raw, size_t n_raw) {
    return !input->plan->keep_raw || n_raw == 0 ||
           (batch_add_row(batch, input->source, 0, 0) && batch_set_raw(batch, raw, n_raw));
}

bool input_add_too_long(struct input *input, struct batch *batch, uint64_t n_bytes) {
    alkfw_error error;

    (void)alkfw_error_set(&error, ALKFW_E_LIMIT,
                          "record of %llu bytes is over --max-bytes=%zu, not scanned",
                          (unsigned long long)n_bytes, input->plan->max_bytes);
    return batch_add_error(batch, "", 0, &error);
}

enum input_result input_out_of_memory(struct input *input) {
    (void)alkfw_error_set(&input->error, ALKFW_E_MEMORY, "out of memory");
    return INPUT_FAILED;
}

enum input_result input_read_failed(struct input *input, int error_number) {
    (void)alkfw_error_set(&input->error, ALKFW_E_IO, "cannot read: %s", strerror(error_number));
    return INPUT_FAILED;
}

enum input_result input_next_line(struct input *input, struct batch *batch,
                                  struct input_line *line) {
    uint64_t n_bytes;

    enum line_result result = line_reader_next(&input->lines, &line->bytes, &n_bytes,
                                               &line->terminated, input->plan->stop);
    if (input->lines.delimiter == '\n' && (result == LINE_OK || result == LINE_TOO_LONG))
        input->n_lines++;
    switch (result) {
    case LINE_OK:
        line->n_bytes = (size_t)n_bytes;
        return INPUT_ROW;
    case LINE_TOO_LONG:
        line->bytes = NULL;
        return input_begin_row(input, batch, input->n_lines, NULL, 0) &&
                       input_add_too_long(input, batch, n_bytes)
                   ? INPUT_ROW
                   : input_out_of_memory(input);
    case LINE_FAILED:
        return input_read_failed(input, errno);
    case LINE_END:
        break;
    }
    return INPUT_END;
}

enum input_result input_gather(struct input *input, input_find_end *find_end, size_t most,
                               struct input_scan *scan) {
    size_t n_bytes;

    *scan = (struct input_scan){0};
    for (;;) {
        const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);
        if (find_end != NULL && find_end(scan, bytes, n_bytes))
            return INPUT_ROW;
        scan->scanned = n_bytes;
        if (n_bytes > most) {
            scan->n_skipped += n_bytes;
            input->n_lines += input_count_newlines(bytes, n_bytes);
            byte_reader_take(&input->bytes, n_bytes);
            scan->scanned = 0;
        }
        switch (byte_reader_fill(&input->bytes)) {
        case FILL_MORE:
            break;
        case FILL_STOPPED:
            return INPUT_END;
        case FILL_END:
            return input->bytes.failure == 0 ? INPUT_ROW
                                             : input_read_failed(input, input->bytes.failure);
        }
    }
}

bool input_gather_ready(struct input *input, input_find_end *find_end, size_t most) {
    struct input_scan scan = {0};
    size_t n_bytes;

    for (;;) {
        const char *bytes = byte_reader_peek(&input->bytes, &n_bytes);
        if (input->bytes.at_end || (find_end != NULL && find_end(&scan, bytes, n_bytes)))
            return true;
        if (n_bytes > most || !byte_reader_readable(&input->bytes))
            return false;
        if (byte_reader_fill(&input->bytes) == FILL_STOPPED)
            return true;
    }
}

bool input_lines_ready(struct input *input) {
    return line_reader_ready(&input->lines);
}

void input_lines_close(struct input *input) {
    line_reader_free(&input->lines);
}

uint64_t input_count_newlines(const char *bytes, size_t n_bytes) {
    uint64_t n = 0;

    for (size_t i = 0; i < n_bytes; i++)
        n += bytes[i] == '\n';
    return n;
}

bool input_is_utf16(struct input *input, const char *bytes, size_t n_bytes) {
    if (n_bytes < 2 || (memcmp(bytes, "\xFF\xFE", 2) != 0 && memcmp(bytes, "\xFE\xFF", 2) != 0))
        return false;
    (void)alkfw_error_set(&input->error, ALKFW_E_UNSUPPORTED,
                          "begins as UTF-16 does; iconv -f UTF-16 -t UTF-8 can pipe it to alkfw");
    return true;
}
