/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "cli/message.h"
#include "hub/environment.h"

enum {
    MAX_REDIRECTS = 10,
    MAX_ERROR_BODY = 64 << 10, /* of a reply that is an error: not read further */
    MAX_WAIT_S = 300           /* longest Retry-After that is waited for */
};

struct http_client {
    CURL *curl;
    struct url_origin hub;
    char *authorization; /* "Authorization: Bearer ..."; NULL without a token */
    struct http_limits limits;
    const char *ca_file; /* NULL: libcurl's own */
    const char *ca_directory;
};

/* One hop of one request, as the callbacks of libcurl see it. */
struct hop {
    struct http_client *client;
    const struct http_request *request;
    const struct url_origin *origin; /* who is asked */
    struct http_response *response;
    struct failure *failure; /* set by a callback that ends the transfer */
    bool begun;              /* the body's begin was called */
    size_t n_ignored;        /* bytes of an error's body */
    bool cut;                /* an error's body was not read to its end */
    int64_t n_received;
    struct timespec last_byte;
    struct timespec window_start; /* of the rate's measurement */
    int64_t window_received;
};

static double seconds_since(const struct timespec *then) {
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

/* ---- headers -------------------------------------------------------------- */

static void reset_response(const struct hop *hop) {
    struct http_response *response = hop->response;

    reply_reset(response);
    response->is_hub = url_same_origin(hop->origin, &hop->client->hub);
    memcpy(response->host, hop->origin->host, sizeof response->host);
}

static size_t on_header(char *line, size_t size, size_t n_items, void *context) {
    struct hop *hop = context;
    size_t n_bytes = size * n_items;

    if (n_bytes >= 5 && memcmp(line, "HTTP/", 5) == 0)
        reset_response(hop); /* a 1xx may have come before */
    else
        reply_take_header(hop->response, line, n_bytes);
    return n_bytes;
}

/* ---- body ----------------------------------------------------------------- */

static bool is_body_status(long status) {
    return status == 200 || status == 206;
}

static enum fetch_status begin_body(struct hop *hop) {
    const struct http_request *request = hop->request;

    hop->begun = true;
    if (hop->response->encoding[0] != '\0' && strcasecmp(hop->response->encoding, "identity") != 0)
        return fail_for_good(hop->failure, FETCH_NOT_THE_HUB,
                             "%s: %s sends it compressed (%s), which was not asked for",
                             request->what, hop->response->host, hop->response->encoding);
    return request->body.begin(request->body.context, hop->response, hop->failure);
}

static size_t on_body(char *bytes, size_t size, size_t n_items, void *context) {
    struct hop *hop = context;
    size_t n_bytes = size * n_items;

    (void)curl_easy_getinfo(hop->client->curl, CURLINFO_RESPONSE_CODE, &hop->response->status);
    if (!is_body_status(hop->response->status)) {
        hop->n_ignored += n_bytes;
        hop->cut = hop->n_ignored > MAX_ERROR_BODY;
        return hop->cut ? 0 : n_bytes;
    }
    if (!hop->begun && begin_body(hop) != FETCH_OK)
        return 0;
    if (hop->request->body.write(hop->request->body.context, bytes, n_bytes, hop->failure) !=
        FETCH_OK)
        return 0;
    return n_bytes;
}

/* ---- time ----------------------------------------------------------------- */

/* libcurl calls this when bytes arrive and about once a second when none do. */
static int on_progress(void *context, curl_off_t total, curl_off_t received, curl_off_t upload,
                       curl_off_t uploaded) {
    struct hop *hop = context;
    const struct http_limits *limits = &hop->client->limits;

    (void)total;
    (void)upload;
    (void)uploaded;
    if (received != hop->n_received) {
        hop->n_received = received;
        (void)clock_gettime(CLOCK_MONOTONIC, &hop->last_byte);
    } else if (seconds_since(&hop->last_byte) >= limits->timeout_s) {
        (void)fail_for_now(hop->failure, FETCH_STALLED, "%s: nothing from %s for %u seconds",
                           hop->request->what, hop->response->host, limits->timeout_s);
        return 1;
    }
    double window_s = seconds_since(&hop->window_start);
    if (window_s < 3.0 * limits->timeout_s)
        return 0;
    double rate = (double)(received - hop->window_received) / window_s;
    if (limits->min_rate > 0 && rate < (double)limits->min_rate) {
        (void)fail_for_now(hop->failure, FETCH_TOO_SLOW,
                           "%s: %.0f bytes a second from %s, fewer than --min-rate",
                           hop->request->what, rate, hop->response->host);
        return 1;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &hop->window_start);
    hop->window_received = received;
    return 0;
}

/* ---- one hop -------------------------------------------------------------- */

/* Headers of this hop; NULL when memory is out. The token goes to the Hub's own origin and only
 * over TLS, or not off this machine. */
static struct curl_slist *make_headers(const struct hop *hop) {
    const struct url_origin *origin = hop->origin;
    const struct http_client *client = hop->client;
    char line[256];
    /* Sizes and ranges must be those of the file, not of a compressed form of it. */
    struct curl_slist *list = curl_slist_append(NULL, "Accept-Encoding: identity");
    bool safe = strcmp(origin->scheme, "https") == 0 || url_is_loopback(origin);
    const char *lines[2] = {NULL, NULL};

    if (client->authorization != NULL && safe && url_same_origin(origin, &client->hub))
        lines[0] = client->authorization;
    const char *condition = hop->request->if_none_match;
    const char *name = "If-None-Match";
    if (hop->request->range_start > 0 && hop->request->if_range != NULL) {
        condition = hop->request->if_range;
        name = "If-Range";
    }
    if (condition != NULL && snprintf(line, sizeof line, "%s: %s", name, condition) > 0)
        lines[1] = line;
    for (size_t i = 0; list != NULL && i < 2; i++) {
        if (lines[i] == NULL)
            continue;
        struct curl_slist *longer = curl_slist_append(list, lines[i]);
        if (longer == NULL)
            curl_slist_free_all(list);
        list = longer;
    }
    return list;
}

static void set_protocols(CURL *curl) {
#if LIBCURL_VERSION_NUM >= 0x075500
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
}

static void set_options(struct hop *hop, const char *url, const struct curl_slist *headers) {
    const struct http_client *client = hop->client;
    const struct http_request *request = hop->request;
    CURL *curl = client->curl;
    char range[32];

    curl_easy_reset(curl); /* keeps the connections */
    set_protocols(curl);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_HEADEROPT,
                           (long)CURLHEADER_SEPARATE); /* none to a proxy */
    (void)curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, PACKAGE_NAME "-fetch/" PACKAGE_VERSION);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)client->limits.timeout_s);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    (void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, hop);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, hop);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, hop);
    if (request->head) {
        (void)curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
        /* Headers are small: one that drips is a server that does not work. */
        (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, 3L * (long)client->limits.timeout_s);
    }
    if (request->range_start > 0 &&
        snprintf(range, sizeof range, "%llu-", (unsigned long long)request->range_start) > 0)
        (void)curl_easy_setopt(curl, CURLOPT_RANGE, range);
    if (client->ca_file != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_CAINFO, client->ca_file);
    if (client->ca_directory != NULL)
        (void)curl_easy_setopt(curl, CURLOPT_CAPATH, client->ca_directory);
}

static enum fetch_status fail_transfer(const struct hop *hop, CURLcode code) {
    const char *what = hop->request->what, *host = hop->response->host;
    struct failure *failure = hop->failure;

    switch (code) {
    case CURLE_OUT_OF_MEMORY:
        return fail_memory(failure);
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return fail_for_now(failure, FETCH_UNREACHABLE,
                            "%s: cannot reach %s (%s); check the network, HTTPS_PROXY and "
                            "HF_ENDPOINT",
                            what, host, curl_easy_strerror(code));
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
        return fail_for_good(
            failure, FETCH_CERTIFICATE,
            "%s: the certificate of %s cannot be verified; if its authority is your own, "
            "name its file in SSL_CERT_FILE",
            what, host);
    case CURLE_OPERATION_TIMEDOUT:
        return fail_for_now(failure, FETCH_STALLED, "%s: no answer from %s within the time limit",
                            what, host);
    default:
        return fail_for_now(failure, FETCH_DROPPED, "%s: the connection to %s failed: %s", what,
                            host, curl_easy_strerror(code));
    }
}

static enum fetch_status run_hop(struct hop *hop, const char *url) {
    struct curl_slist *headers = make_headers(hop);
    struct http_response *response = hop->response;

    if (headers == NULL)
        return fail_memory(hop->failure);
    reset_response(hop);
    (void)clock_gettime(CLOCK_MONOTONIC, &hop->last_byte);
    hop->window_start = hop->last_byte;
    hop->n_received = hop->window_received = 0;
    hop->failure->status = FETCH_OK;
    set_options(hop, url, headers);
    CURLcode code = curl_easy_perform(hop->client->curl);
    curl_slist_free_all(headers);
    (void)curl_easy_getinfo(hop->client->curl, CURLINFO_RESPONSE_CODE, &response->status);
    if (hop->failure->status != FETCH_OK)
        return hop->failure->status;
    if (code != CURLE_OK && !hop->cut)
        return fail_transfer(hop, code);
    if (!hop->request->head && is_body_status(response->status) && !hop->begun)
        return begin_body(hop); /* an empty body */
    return FETCH_OK;
}

/* ---- answers -------------------------------------------------------------- */

static bool is_redirect(long status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static enum fetch_status fail_not_found(const struct http_request *request,
                                        const struct http_response *response,
                                        struct failure *failure) {
    if (strcmp(response->error_code, "EntryNotFound") == 0)
        return fail_for_good(failure, FETCH_NO_FILE, "%s: the repository has no such file (404)",
                             request->what);
    if (strcmp(response->error_code, "RevisionNotFound") == 0)
        return fail_for_good(failure, FETCH_NO_REVISION,
                             "%s: the repository has no such branch, tag or commit (404)",
                             request->what);
    return fail_for_good(
        failure, FETCH_NO_REPOSITORY,
        "%s: there is no such repository (404): check its name, or set HF_TOKEN if it is "
        "private",
        request->what);
}

/* An error status of HTTP as a failure. */
static enum fetch_status fail_status(const struct http_client *client,
                                     const struct http_request *request,
                                     const struct http_response *response,
                                     struct failure *failure) {
    const char *what = request->what, *host = response->host;
    curl_off_t wait_s = 0;

    if (strcmp(response->error_code, "GatedRepo") == 0)
        return fail_for_good(
            failure, FETCH_GATED,
            "%s: the repository is gated (%ld): accept its conditions on its page and set "
            "HF_TOKEN to a token of that account",
            what, response->status);
    switch (response->status) {
    case 401:
        return fail_for_good(
            failure, FETCH_UNAUTHORIZED,
            "%s: %s refuses (401): there is no such repository, or it is private: set "
            "HF_TOKEN, or check the token that is set",
            what, host);
    case 403:
        return fail_for_good(failure, FETCH_FORBIDDEN,
                             "%s: %s refuses (403): the token may not read it", what, host);
    case 404:
        return fail_not_found(request, response, failure);
    case 416:
        return fail_for_now(failure, FETCH_BAD_RANGE, "%s: %s does not give that part of it (416)",
                            what, host);
    case 429:
        (void)fail_for_now(failure, FETCH_RATE_LIMIT,
                           "%s: %s says that there were too many requests (429): try later, or set "
                           "HF_TOKEN",
                           what, host);
        break;
    case 503:
        (void)fail_for_now(failure, FETCH_UNAVAILABLE, "%s: %s is not available (503): try later",
                           what, host);
        break;
    case 408:
    case 500:
    case 502:
    case 504:
        (void)fail_for_now(failure, FETCH_SERVER_ERROR, "%s: %s has an error of its own (%ld)",
                           what, host, response->status);
        break;
    default:
        return fail_for_good(failure, FETCH_HTTP, "%s: %s answers with HTTP status %ld", what, host,
                             response->status);
    }
    if (curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &wait_s) == CURLE_OK && wait_s > 0)
        failure->wait_s = wait_s > MAX_WAIT_S ? MAX_WAIT_S + 1 : (long)wait_s;
    return failure->status;
}

/* Where a redirect leads, when going there is safe; the new address is *url's. */
static enum fetch_status follow(const struct hop *hop, char **url, struct url_origin *origin) {
    const struct http_client *client = hop->client;
    const struct http_request *request = hop->request;
    struct url_origin target;

    char *next = url_resolve(*url, hop->response->location);
    if (next == NULL || !url_origin(next, &target)) {
        free(next);
        return fail_for_good(hop->failure, FETCH_NOT_THE_HUB,
                             "%s: %s redirects to what is no address", request->what, origin->host);
    }
    free(*url);
    *url = next;
    bool plain = strcmp(target.scheme, "http") == 0;
    if (!plain && strcmp(target.scheme, "https") != 0)
        return fail_for_good(hop->failure, FETCH_REDIRECT_SCHEME,
                             "%s: %s redirects to a %s: address, which is refused", request->what,
                             origin->host, target.scheme);
    /* Plain http is for a Hub that was itself named with http: a mirror on this machine. */
    if (plain && strcmp(client->hub.scheme, "https") == 0)
        return fail_for_good(hop->failure, FETCH_REDIRECT_HTTP,
                             "%s: %s redirects to plain http on %s, which is refused",
                             request->what, origin->host, target.host);
    *origin = target;
    return FETCH_OK;
}

static enum fetch_status follow_all(struct hop *hop, char **url) {
    const struct http_request *request = hop->request;
    struct http_response *response = hop->response;
    struct url_origin origin;
    char commit[sizeof response->commit] = "";

    if (!url_origin(*url, &origin))
        return fail_for_good(hop->failure, FETCH_USAGE, "%s: the address cannot be used",
                             request->what);
    hop->origin = &origin;
    for (int n_hops = 0; n_hops <= MAX_REDIRECTS; n_hops++) {
        enum fetch_status status = run_hop(hop, *url);
        message_info("%s %s from %s: %ld", request->head ? "HEAD" : "GET", request->what,
                     origin.host, response->status);
        if (status != FETCH_OK)
            return status;
        /* The Hub's first hop may tell what a cache that it sends to does not. */
        if (response->commit[0] == '\0' && response->is_hub)
            memcpy(response->commit, commit, sizeof commit);
        memcpy(commit, response->commit, sizeof commit);
        if (is_body_status(response->status) ||
            (response->status == 304 && request->if_none_match != NULL))
            return FETCH_OK;
        if (!is_redirect(response->status))
            return fail_status(hop->client, request, response, hop->failure);
        struct url_origin here = origin;
        status = follow(hop, url, &origin);
        if (status != FETCH_OK)
            return status;
        /* The Hub tells all about a file in the reply that sends to where its bytes are. */
        if (request->stay_on_hub && !url_same_origin(&here, &origin))
            return FETCH_OK;
    }
    return fail_for_good(hop->failure, FETCH_REDIRECT_LOOP, "%s: more than %d redirects",
                         request->what, MAX_REDIRECTS);
}

/* ---- interface ------------------------------------------------------------ */

enum fetch_status http_open(const char *hub, const char *token, const struct http_limits *limits,
                            struct http_client **result, struct failure *failure) {
    struct http_client *client = calloc(1, sizeof *client);

    if (client == NULL)
        return fail_memory(failure);
    client->limits = *limits;
    client->ca_file = hub_variable("CURL_CA_BUNDLE");
    if (client->ca_file == NULL)
        client->ca_file = hub_variable("SSL_CERT_FILE");
    client->ca_directory = hub_variable("SSL_CERT_DIR");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        (client->curl = curl_easy_init()) == NULL) {
        free(client);
        return fail_memory(failure);
    }
    *result = client;
    if (!url_origin(hub, &client->hub))
        return fail_for_good(
            failure, FETCH_USAGE,
            "HF_ENDPOINT is not the address of a Hub: write https://host, without a user "
            "name");
    if (token != NULL && asprintf(&client->authorization, "Authorization: Bearer %s", token) < 0) {
        client->authorization = NULL;
        return fail_memory(failure);
    }
    return FETCH_OK;
}

void http_close(struct http_client *client) {
    if (client == NULL)
        return;
    curl_easy_cleanup(client->curl);
    curl_global_cleanup();
    if (client->authorization != NULL)
        explicit_bzero(client->authorization, strlen(client->authorization));
    free(client->authorization);
    free(client);
}

enum fetch_status http_try(struct http_client *client, const struct http_request *request,
                           struct http_response *response, struct failure *failure) {
    struct hop hop = {
        .client = client, .request = request, .response = response, .failure = failure};
    char *url = strdup(request->url);

    if (url == NULL)
        return fail_memory(failure);
    enum fetch_status status = follow_all(&hop, &url);
    free(url);
    return status;
}

static void sleep_ms(uint64_t n_ms) {
    struct timespec left = {.tv_sec = (time_t)(n_ms / 1000),
                            .tv_nsec = (long)(n_ms % 1000) * 1000000L};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

bool http_retry(const struct http_client *client, unsigned *n_tried,
                const struct failure *failure) {
    unsigned allowed = client->limits.n_retries;

    /* A machine without network should be told so soon. */
    if (failure->status == FETCH_UNREACHABLE && allowed > 1)
        allowed = 1;
    if (!failure->transient || *n_tried >= allowed || failure->wait_s > MAX_WAIT_S)
        return false;
    unsigned doublings = *n_tried < 3 ? *n_tried : 3;
    uint64_t n_ms = (uint64_t)client->limits.retry_delay_ms << doublings;
    /* A tenth more or less, so that many machines do not come back at the same moment. */
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    n_ms = n_ms * 9 / 10 + n_ms * (uint64_t)(now.tv_nsec % 1000) / 5000;
    if (failure->wait_s > 0)
        n_ms = (uint64_t)failure->wait_s * 1000;
    ++*n_tried;
    message_warning("%s; try %u of %u in %.1f s", failure->message, *n_tried + 1, allowed + 1,
                    (double)n_ms / 1000);
    sleep_ms(n_ms);
    return true;
}

enum fetch_status http_get_response(struct http_client *client, const struct http_request *request,
                                    struct http_response *response, struct failure *failure) {
    unsigned n_tried = 0;
    enum fetch_status status;

    do {
        status = http_try(client, request, response, failure);
    } while (status != FETCH_OK && http_retry(client, &n_tried, failure));
    return status;
}
