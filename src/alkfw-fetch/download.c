/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/download.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "alkfw-fetch/copy.h"
#include "alkfw-fetch/digest.h"
#include "cli/message.h"

/* A try that brought this much is a connection that works: the retries are counted anew. Small
 * progress is not, or a server that sends a byte at a time would never be given up. */
enum { WORTHWHILE_BYTES = 64 << 10 };

struct transfer {
    const struct download *download;
    const char *what; /* "model.safetensors of owner/name@commit" */
    const char *path; /* of the incomplete file */
    int descriptor;
    uint64_t received;   /* bytes in the file */
    uint64_t found;      /* of them, what an earlier run had left */
    int64_t size;        /* -1: not known */
    char body_etag[128]; /* of the host that has the bytes; empty before the first reply */
};

static enum fetch_status start_over(struct transfer *transfer, struct failure *failure) {
    transfer->received = transfer->found = 0;
    progress_update(transfer->download->progress, 0);
    if (ftruncate(transfer->descriptor, 0) != 0 || lseek(transfer->descriptor, 0, SEEK_SET) != 0)
        return fail_errno(failure, "cannot truncate", transfer->path);
    return FETCH_OK;
}

/* A range of a body: it must begin where we are, in a file of the announced size, and still be the
 * body whose beginning we have. */
static enum fetch_status begin_range(struct transfer *transfer,
                                     const struct http_response *response,
                                     struct failure *failure) {
    uint64_t first, total;

    if (!reply_range(response, &first, &total) || first != transfer->received)
        return fail_for_good(failure, FETCH_NOT_THE_HUB,
                             "%s: %s sends another part than was asked for (\"%s\")",
                             transfer->what, response->host, response->content_range);
    if (transfer->body_etag[0] != '\0' && response->etag[0] != '\0' &&
        strcmp(transfer->body_etag, response->etag) != 0) {
        enum fetch_status status = start_over(transfer, failure);
        transfer->body_etag[0] = '\0';
        return status != FETCH_OK ? status
                                  : fail_for_now(failure, FETCH_CHANGED,
                                                 "%s: it changed on %s while it was fetched",
                                                 transfer->what, response->host);
    }
    if (transfer->size >= 0 && total != (uint64_t)transfer->size)
        return fail_for_good(failure, FETCH_WRONG_SIZE,
                             "%s: the Hub says that it has %" PRId64 " bytes, and %s says %" PRIu64,
                             transfer->what, transfer->size, response->host, total);
    return FETCH_OK;
}

static enum fetch_status begin_whole(struct transfer *transfer,
                                     const struct http_response *response,
                                     struct failure *failure) {
    /* Range was ignored, or If-Range said that it does not apply. */
    if (transfer->received > 0 && start_over(transfer, failure) != FETCH_OK)
        return failure->status;
    if (transfer->size >= 0 && response->content_length >= 0 &&
        response->content_length != transfer->size)
        return fail_for_good(failure, FETCH_WRONG_SIZE,
                             "%s: the Hub says that it has %" PRId64 " bytes, and %s says %" PRId64,
                             transfer->what, transfer->size, response->host,
                             response->content_length);
    return FETCH_OK;
}

static enum fetch_status begin_body(void *context, const struct http_response *response,
                                    struct failure *failure) {
    struct transfer *transfer = context;
    enum fetch_status status = response->status == 206 ? begin_range(transfer, response, failure)
                                                       : begin_whole(transfer, response, failure);

    if (status == FETCH_OK)
        memcpy(transfer->body_etag, response->etag, sizeof transfer->body_etag);
    return status;
}

static enum fetch_status write_body(void *context, const char *bytes, size_t n_bytes,
                                    struct failure *failure) {
    struct transfer *transfer = context;
    uint64_t limit = transfer->size >= 0 ? (uint64_t)transfer->size : transfer->download->max_bytes;

    if (transfer->received > limit || n_bytes > limit - transfer->received)
        return fail_for_good(failure, transfer->size >= 0 ? FETCH_TOO_LARGE : FETCH_MAX_SIZE,
                             "%s: more than the %" PRIu64 " bytes that %s", transfer->what, limit,
                             transfer->size >= 0 ? "were announced; it is thrown away"
                                                 : "--max-size allows");
    enum fetch_status status =
        write_all(transfer->descriptor, transfer->path, bytes, n_bytes, failure);
    if (status != FETCH_OK)
        return status;
    transfer->received += n_bytes;
    progress_update(transfer->download->progress, transfer->received);
    return FETCH_OK;
}

/* Only a strong entity tag may stand in If-Range (RFC 9110, 13.1.5). */
static const char *if_range(const struct transfer *transfer) {
    return transfer->body_etag[0] == '"' ? transfer->body_etag : NULL;
}

/* One try to get the rest. */
static enum fetch_status get_rest(struct transfer *transfer, const char *url,
                                  struct failure *failure) {
    const struct download *download = transfer->download;
    struct http_response *response = malloc(sizeof *response);

    if (response == NULL)
        return fail_memory(failure);
    struct http_request request = {.url = url,
                                   .what = transfer->what,
                                   .range_start = transfer->received,
                                   .if_range = if_range(transfer)};
    request.body = (struct http_body){begin_body, write_body, transfer};
    enum fetch_status status = http_try(download->repository->http, &request, response, failure);
    if (status == FETCH_OK && transfer->size >= 0 && transfer->received < (uint64_t)transfer->size)
        status = fail_for_now(failure, FETCH_DROPPED,
                              "%s: %s ended after %" PRIu64 " of %" PRId64 " bytes", transfer->what,
                              response->host, transfer->received, transfer->size);
    free(response);
    return status;
}

/* Tries until all bytes are there. */
static enum fetch_status get_all(struct transfer *transfer, const char *url,
                                 struct failure *failure) {
    unsigned n_tried = 0;

    while (transfer->size < 0 || transfer->received < (uint64_t)transfer->size ||
           transfer->size == 0) {
        uint64_t before = transfer->received;
        enum fetch_status status = get_rest(transfer, url, failure);
        if (status == FETCH_OK)
            return FETCH_OK;
        progress_clear(transfer->download->progress);
        if (transfer->received > before && transfer->received - before >= WORTHWHILE_BYTES)
            n_tried = 0;
        if (status == FETCH_BAD_RANGE) {
            if (before == 0)
                return status; /* no part was asked for */
            struct failure another;
            if (start_over(transfer, &another) != FETCH_OK) {
                *failure = another;
                return failure->status;
            }
        }
        if (!http_retry(transfer->download->repository->http, &n_tried, failure))
            return status;
    }
    return FETCH_OK;
}

static enum fetch_status check_room(const struct transfer *transfer, struct failure *failure) {
    struct statvfs disk;

    if (transfer->size < 0 || fstatvfs(transfer->descriptor, &disk) != 0)
        return FETCH_OK;
    uint64_t needed = (uint64_t)transfer->size - transfer->received;
    uint64_t block = disk.f_frsize > 0 ? disk.f_frsize : 512;
    if (needed / block < disk.f_bavail)
        return FETCH_OK;
    return fail_for_good(failure, FETCH_DISK_FULL,
                         "%s: %" PRIu64 " bytes more are needed and %s has room for %" PRIu64
                         "; make room or set HF_HUB_CACHE to a larger disk",
                         transfer->what, needed, transfer->path, (uint64_t)disk.f_bavail * block);
}

static enum fetch_status open_incomplete(struct transfer *transfer, struct failure *failure) {
    struct stat info;

    transfer->descriptor = open(transfer->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (transfer->descriptor < 0 || fstat(transfer->descriptor, &info) != 0)
        return fail_errno(failure, "cannot open", transfer->path);
    if (!S_ISREG(info.st_mode))
        return fail_for_good(failure, FETCH_CACHE, "%s is not a regular file", transfer->path);
    transfer->received = transfer->found = (uint64_t)info.st_size;
    if (transfer->size >= 0 && transfer->received > (uint64_t)transfer->size)
        return start_over(transfer, failure);
    if (lseek(transfer->descriptor, info.st_size, SEEK_SET) < 0)
        return fail_errno(failure, "cannot read", transfer->path);
    return FETCH_OK;
}

/* Gets all bytes and proves them. Bytes that an earlier run left may be at fault, so they get a
 * second chance from the start; bytes that arrived just now do not. */
static enum fetch_status get_and_prove(struct transfer *transfer, const char *url,
                                       struct failure *failure) {
    const char *etag = transfer->download->info->etag;

    enum fetch_status status = get_all(transfer, url, failure);
    if (status != FETCH_OK)
        return status;
    status = digest_prove(transfer->descriptor, etag, transfer->what, failure);
    if ((status != FETCH_WRONG_SHA256 && status != FETCH_WRONG_BLOB_ID) || transfer->found == 0)
        return status;
    progress_clear(transfer->download->progress);
    message_warning("%s: what an earlier download left does not fit; starting over",
                    transfer->what);
    status = start_over(transfer, failure);
    if (status == FETCH_OK)
        status = get_all(transfer, url, failure);
    if (status == FETCH_OK)
        status = digest_prove(transfer->descriptor, etag, transfer->what, failure);
    return status;
}

static bool is_worthless(enum fetch_status status) {
    return status == FETCH_WRONG_SHA256 || status == FETCH_WRONG_BLOB_ID ||
           status == FETCH_TOO_LARGE || status == FETCH_WRONG_SIZE;
}

static enum fetch_status get_blob(struct transfer *transfer, const char *url, const char *blob,
                                  struct failure *failure) {
    const struct download *download = transfer->download;

    enum fetch_status status = open_incomplete(transfer, failure);
    if (status == FETCH_OK)
        status = check_room(transfer, failure);
    if (status == FETCH_OK) {
        progress_start(download->progress, download->file, transfer->size, transfer->received);
        status = get_and_prove(transfer, url, failure);
    }
    /* On the disk before it has its name, so that a power cut leaves no wrong file under it. */
    if (status == FETCH_OK && fsync(transfer->descriptor) != 0)
        status = fail_errno(failure, "cannot write", transfer->path);
    if (transfer->descriptor >= 0)
        (void)close(transfer->descriptor);
    if (status == FETCH_OK && rename(transfer->path, blob) != 0)
        status = fail_errno(failure, "cannot make", blob);
    if (is_worthless(status))
        (void)unlink(transfer->path);
    if (status == FETCH_OK)
        progress_finish(download->progress);
    else
        progress_clear(download->progress);
    return status;
}

enum fetch_status download_blob(const struct download *download, struct failure *failure) {
    const char *etag = download->info->etag;
    struct transfer transfer = {
        .download = download, .descriptor = -1, .size = download->info->size};
    char *blob = store_blob(download->store, etag);
    char *incomplete = store_incomplete(download->store, etag);
    char *url = repository_file_url(download->repository, download->commit, download->file);
    char *what = NULL;
    int lock;
    enum fetch_status status = FETCH_OK;

    if (blob == NULL || incomplete == NULL || url == NULL ||
        asprintf(&what, "%s of %s@%s", download->file, download->repository->id, download->commit) <
            0) {
        what = NULL;
        status = fail_memory(failure);
        goto out;
    }
    if (store_has(blob))
        goto out;
    status = store_make_parents(blob, failure);
    if (status == FETCH_OK)
        status = store_lock(download->store, etag, download->file, &lock, failure);
    if (status != FETCH_OK)
        goto out;
    if (!store_has(blob)) { /* another process may have made it while we waited */
        transfer.what = what;
        transfer.path = incomplete;
        status = get_blob(&transfer, url, blob, failure);
    }
    store_unlock(lock);
out:
    free(blob);
    free(incomplete);
    free(url);
    free(what);
    return status;
}
