/* SPDX-License-Identifier: Apache-2.0 */
#include "log_mark.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(LOG_DIGEST_BYTES == SHA256_DIGEST_SIZE, "digests are SHA-256");

void log_print_add(struct log_print *print, const char *bytes, size_t n_bytes) {
    size_t n_head = LOG_PRINT_BYTES - print->n_head;

    n_head = n_bytes < n_head ? n_bytes : n_head;
    memcpy(print->head + print->n_head, bytes, n_head);
    print->n_head += n_head;
    if (n_bytes >= LOG_PRINT_BYTES) {
        memcpy(print->tail, bytes + n_bytes - LOG_PRINT_BYTES, LOG_PRINT_BYTES);
        print->n_tail = LOG_PRINT_BYTES;
        return;
    }
    size_t n_kept = LOG_PRINT_BYTES - n_bytes;
    n_kept = print->n_tail < n_kept ? print->n_tail : n_kept;
    memmove(print->tail, print->tail + print->n_tail - n_kept, n_kept);
    memcpy(print->tail + n_kept, bytes, n_bytes);
    print->n_tail = n_kept + n_bytes;
}

static bool read_at(int descriptor, unsigned char *bytes, size_t n_bytes, uint64_t offset) {
    for (size_t n_read = 0; n_read < n_bytes;) {
        ssize_t n = pread(descriptor, bytes + n_read, n_bytes - n_read, (off_t)(offset + n_read));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        n_read += (size_t)n;
    }
    return true;
}

static bool read_head(struct log_print *print, int descriptor, uint64_t n_bytes) {
    print->n_head = n_bytes < LOG_PRINT_BYTES ? (size_t)n_bytes : LOG_PRINT_BYTES;
    return read_at(descriptor, print->head, print->n_head, 0);
}

bool log_print_read(struct log_print *print, int descriptor, uint64_t n_bytes) {
    if (!read_head(print, descriptor, n_bytes))
        return false;
    print->n_tail = print->n_head;
    return read_at(descriptor, print->tail, print->n_tail, n_bytes - print->n_tail);
}

bool log_print_begins(const struct log_print *print, int descriptor) {
    struct log_print now;

    return read_head(&now, descriptor, print->n_head) &&
           memcmp(now.head, print->head, print->n_head) == 0;
}

static void digest(const unsigned char *bytes, size_t n_bytes,
                   unsigned char out[LOG_DIGEST_BYTES]) {
    struct sha256_ctx context;

    sha256_init(&context);
    sha256_update(&context, n_bytes, bytes);
    sha256_digest(&context, LOG_DIGEST_BYTES, out);
}

void log_mark_settle(struct log_mark *mark) {
    if (mark->print == NULL)
        return;
    digest(mark->print->head, mark->print->n_head, mark->head);
    digest(mark->print->tail, mark->print->n_tail, mark->tail);
}

bool log_mark_has_print(const struct log_mark *mark, const struct log_print *print) {
    struct log_mark other = {.print = print};

    log_mark_settle(&other);
    return memcmp(other.head, mark->head, sizeof mark->head) == 0 &&
           memcmp(other.tail, mark->tail, sizeof mark->tail) == 0;
}

enum log_fit log_mark_compare(const struct log_mark *mark, int descriptor) {
    struct log_print print;
    unsigned char head[LOG_DIGEST_BYTES];

    if (!read_head(&print, descriptor, mark->offset))
        return LOG_OTHER;
    digest(print.head, print.n_head, head);
    if (memcmp(head, mark->head, sizeof head) != 0)
        return LOG_OTHER;
    if (!log_print_read(&print, descriptor, mark->offset))
        return LOG_SHORTER;
    return log_mark_has_print(mark, &print) ? LOG_FITS : LOG_OTHER;
}

void log_mark_to_end(struct log_mark *mark, int descriptor) {
    struct log_print print;
    struct stat info;

    if (fstat(descriptor, &info) != 0 ||
        !log_print_read(&print, descriptor, (uint64_t)info.st_size))
        return;
    mark->offset = (uint64_t)info.st_size;
    mark->print = &print;
    log_mark_settle(mark);
    mark->print = NULL;
}
