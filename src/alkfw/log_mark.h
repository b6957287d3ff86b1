/* SPDX-License-Identifier: Apache-2.0
 *
 * How far a log was read, and what tells later whether a file is still that log. Inodes are used
 * again and files are emptied in place, so the bytes decide: the first and the last that were
 * read. */
#ifndef ALKFW_LOG_MARK_H
#define ALKFW_LOG_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LOG_PRINT_BYTES = 512, LOG_DIGEST_BYTES = 32 };

/* The ends of what was read. */
struct log_print {
    unsigned char head[LOG_PRINT_BYTES]; /* [n_head] */
    unsigned char tail[LOG_PRINT_BYTES]; /* [n_tail] */
    size_t n_head;
    size_t n_tail;
};

/* Goes on behind what was added before. */
void log_print_add(struct log_print *print, const char *bytes, size_t n_bytes);

/* Of the first `n_bytes` of a file; false when it is shorter or cannot be read. */
bool log_print_read(struct log_print *print, int descriptor, uint64_t n_bytes);

/* What a log's file is by now. Whoever writes to a log goes on for a while after it was renamed. */
enum log_stage {
    LOG_CURRENT,
    LOG_ROTATED,   /* renamed, and read to its end since */
    LOG_FINISHED,  /* and that when its successor had something in it */
    LOG_IGNORED,   /* was rotated away before the log was first looked at */
    LOG_COMPRESSED /* a compressed one that was there before, or is what was read */
};

/* Whether a file begins as a print does. */
bool log_print_begins(const struct log_print *print, int descriptor);

struct log_mark {
    char *name; /* of the log, absolute; a file that was rotated away keeps it */
    uint64_t device;
    uint64_t inode;
    uint64_t offset; /* bytes that were read, up to the end of a record */
    uint64_t n_rows; /* in them */
    uint64_t n_lines;
    unsigned char head[LOG_DIGEST_BYTES]; /* SHA-256 of the print's two ends */
    unsigned char tail[LOG_DIGEST_BYTES];
    enum log_stage stage;
    const struct log_print *print; /* of a log that is being read: the digests are of before */
};

/* Makes the digests those of `print`. */
void log_mark_settle(struct log_mark *mark);

/* Whether the digests are those of a print. */
bool log_mark_has_print(const struct log_mark *mark, const struct log_print *print);

enum log_fit {
    LOG_FITS,    /* the file is the log, as long as before or longer */
    LOG_SHORTER, /* it begins as the log did and ends before the mark */
    LOG_OTHER
};
enum log_fit log_mark_compare(const struct log_mark *mark, int descriptor);

/* Puts the mark at the end of the file. */
void log_mark_to_end(struct log_mark *mark, int descriptor);

#endif
