/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-fetch/listing.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "hub/reference.h"

enum { MAX_FILES = 100000 };

static enum fetch_status take_files(json_t *siblings, struct listing *listing,
                                    struct failure *failure) {
    json_t *sibling;
    size_t i;

    listing->files = calloc(json_array_size(siblings) + 1, sizeof listing->files[0]);
    if (listing->files == NULL)
        return fail_memory(failure);
    json_array_foreach(siblings, i, sibling) {
        const char *name = json_string_value(json_object_get(sibling, "rfilename"));
        if (name == NULL || !hub_is_file_name(name))
            continue;
        if ((listing->files[listing->n_files] = strdup(name)) == NULL)
            return fail_memory(failure);
        listing->n_files++;
    }
    return FETCH_OK;
}

enum fetch_status listing_parse(const char *text, size_t n_bytes, const char *what,
                                struct listing *listing, struct failure *failure) {
    json_error_t json_error;
    enum fetch_status status;

    memset(listing, 0, sizeof *listing);
    json_t *root = json_loadb(text == NULL ? "" : text, n_bytes, 0, &json_error);
    const char *commit = json_string_value(json_object_get(root, "sha"));
    json_t *siblings = json_object_get(root, "siblings");
    if (commit == NULL || !hub_is_commit(commit) || !json_is_array(siblings) ||
        json_array_size(siblings) > MAX_FILES) {
        status = fail_for_good(failure, FETCH_NOT_THE_HUB,
                               "%s: the answer is not a Hub's: no \"sha\" and \"siblings\" in it; "
                               "check HF_ENDPOINT",
                               what);
    } else {
        memcpy(listing->commit, commit, sizeof listing->commit);
        status = take_files(siblings, listing, failure);
    }
    json_decref(root);
    if (status != FETCH_OK)
        listing_free(listing);
    return status;
}

bool listing_has(const struct listing *listing, const char *file) {
    for (size_t i = 0; i < listing->n_files; i++)
        if (strcmp(listing->files[i], file) == 0)
            return true;
    return false;
}

void listing_free(struct listing *listing) {
    for (size_t i = 0; i < listing->n_files; i++)
        free(listing->files[i]);
    free(listing->files);
    memset(listing, 0, sizeof *listing);
}
