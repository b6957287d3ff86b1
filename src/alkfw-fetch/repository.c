/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/repository.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/reference.h"
#include "support/buffer.h"

enum { MAX_LISTING_BYTES = 32 << 20 }; /* the largest models list a few thousand files */

/* ---- model info ------------------------------------------------------------ */

static enum fetch_status begin_listing(void *context, const struct http_response *response,
                                       struct failure *failure) {
    struct buffer *text = context;

    (void)response;
    (void)failure;
    text->length = 0;
    return FETCH_OK;
}

static enum fetch_status write_listing(void *context, const char *bytes, size_t n_bytes,
                                       struct failure *failure) {
    if (!buffer_append(context, bytes, n_bytes))
        return fail_for_good(failure, FETCH_TOO_LARGE, "the list of files is over %d MiB",
                             MAX_LISTING_BYTES >> 20);
    return FETCH_OK;
}

enum fetch_status repository_list(const struct repository *repository, const char *revision,
                                  struct listing *listing, struct failure *failure) {
    struct http_response *response = malloc(sizeof *response);
    struct buffer text;
    char *url = NULL, *what = NULL;
    enum fetch_status status = FETCH_OK;

    memset(listing, 0, sizeof *listing);
    buffer_init(&text, MAX_LISTING_BYTES);
    char *escaped = url_escape(revision, false);
    if (response == NULL || escaped == NULL ||
        asprintf(&url, "%s/api/models/%s/revision/%s", repository->endpoint, repository->id,
                 escaped) < 0 ||
        asprintf(&what, "%s@%s", repository->id, revision) < 0)
        status = fail_memory(failure);
    if (status == FETCH_OK) {
        struct http_request request = {.url = url, .what = what};
        request.body = (struct http_body){begin_listing, write_listing, &text};
        status = http_get_response(repository->http, &request, response, failure);
    }
    if (status == FETCH_OK)
        status = listing_parse(text.bytes, text.length, what, listing, failure);
    buffer_free(&text);
    free(response);
    free(escaped);
    free(url);
    free(what);
    return status;
}

/* ---- a file ---------------------------------------------------------------- */

char *repository_file_url(const struct repository *repository, const char *revision,
                          const char *file) {
    char *escaped_revision = url_escape(revision, false);
    char *escaped_file = url_escape(file, true);
    char *url = NULL;

    if (escaped_revision == NULL || escaped_file == NULL ||
        asprintf(&url, "%s/%s/resolve/%s/%s", repository->endpoint, repository->id,
                 escaped_revision, escaped_file) < 0)
        url = NULL;
    free(escaped_revision);
    free(escaped_file);
    return url;
}

static enum fetch_status take_info(const struct http_response *response, const char *what,
                                   struct file_info *info, struct failure *failure) {
    const char *etag = response->linked_etag[0] != '\0' ? response->linked_etag : response->etag;

    if (!hub_is_commit(response->commit))
        return fail_for_good(
            failure, FETCH_NOT_THE_HUB,
            "%s: %s answers without X-Repo-Commit, so it is not a Hub; check HF_ENDPOINT, "
            "the proxy and the firewall",
            what, response->host);
    if (!reply_plain_etag(etag, info->etag))
        return fail_for_good(
            failure, FETCH_NOT_THE_HUB,
            "%s: %s gives the entity tag \"%s\", neither a sha256 nor a git blob id, so "
            "the file could not be proved",
            what, response->host, etag);
    /* The length of a redirect's own body is not the file's. */
    info->size = response->linked_size;
    if (info->size < 0 && response->status == 200)
        info->size = response->content_length;
    return FETCH_OK;
}

enum fetch_status repository_head(const struct repository *repository, const char *revision,
                                  const char *file, const char *known_etag, struct file_info *info,
                                  struct failure *failure) {
    struct http_response *response = malloc(sizeof *response);
    char *url = repository_file_url(repository, revision, file);
    char *what = NULL;
    char condition[70] = "";
    enum fetch_status status;

    memset(info, 0, sizeof *info);
    info->size = -1;
    if (response == NULL || url == NULL ||
        asprintf(&what, "%s of %s@%s", file, repository->id, revision) < 0) {
        what = NULL;
        status = fail_memory(failure);
        goto out;
    }
    if (known_etag != NULL)
        (void)snprintf(condition, sizeof condition, "\"%s\"", known_etag);
    struct http_request request = {.url = url, .what = what, .head = true, .stay_on_hub = true};
    request.if_none_match = known_etag == NULL ? NULL : condition;
    response->commit[0] = '\0';
    status = http_get_response(repository->http, &request, response, failure);
    if (status == FETCH_OK && response->status == 304 && !hub_is_commit(response->commit)) {
        /* "Unchanged" is about this file: without the commit, others may have changed. */
        request.if_none_match = NULL;
        status = http_get_response(repository->http, &request, response, failure);
    }
    if (hub_is_commit(response->commit))
        memcpy(info->commit, response->commit, sizeof info->commit);
    if (status != FETCH_OK)
        goto out;
    info->unchanged = response->status == 304;
    if (!info->unchanged)
        status = take_info(response, what, info, failure);
    if (status == FETCH_OK && hub_is_commit(revision) && info->commit[0] != '\0' &&
        strcmp(revision, info->commit) != 0)
        status = fail_for_good(failure, FETCH_NOT_THE_HUB, "%s: %s answers with commit %s", what,
                               response->host, info->commit);
out:
    free(response);
    free(url);
    free(what);
    return status;
}
