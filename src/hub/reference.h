/* SPDX-License-Identifier: Apache-2.0
 *
 * Names on the Hub: repository ids, revisions, files; parsed and validated before any of them
 * becomes part of a path or of a URL. For src/hub/ and alkfw-fetch. */
#ifndef ALKFW_HUB_REFERENCE_H
#define ALKFW_HUB_REFERENCE_H

#include <stdbool.h>

#include "alkfw.h"

#define HUB_DEFAULT_REVISION "main"

struct hub_reference {
    char *repository; /* "owner/name" */
    char *revision;   /* a branch, a tag or a commit */
    char *file;       /* inside the repository; NULL for a model */
};

/* A branch or tag by git's rules (git-check-ref-format), or a commit. */
bool hub_is_revision(const char *text);

/* 40 lower-case hexadecimal digits. */
bool hub_is_commit(const char *text);

/* A path inside a repository that stays inside it on every system: relative, no "..", ".", empty
 * component, backslash, colon or control character, valid UTF-8. */
bool hub_is_file_name(const char *text);

/* Whether the file is of a kind that alkfw reads: .json, .safetensors, .txt, .model. Pickle in all
 * its disguises (.bin, .pt, .ckpt, .pkl, ...) is not. */
bool hub_is_wanted_file(const char *file);

/* "owner/name[@revision]". */
ALKFW_MUST_CHECK alkfw_status hub_reference_parse_model(const char *text,
                                                        struct hub_reference *reference,
                                                        alkfw_error *error);

/* "owner/name[@revision]/file", what follows "hub:". */
ALKFW_MUST_CHECK alkfw_status hub_reference_parse_file(const char *text,
                                                       struct hub_reference *reference,
                                                       alkfw_error *error);

void hub_reference_free(struct hub_reference *reference);

#endif
