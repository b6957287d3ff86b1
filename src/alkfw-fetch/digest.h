/* SPDX-License-Identifier: Apache-2.0
 *
 * The proof that a file is what its entity tag says. */
#ifndef ALKFW_FETCH_DIGEST_H
#define ALKFW_FETCH_DIGEST_H

#include "alkfw-fetch/failure.h"

/* Reads the open file from its start: sha256 when the tag has 64 digits, else git's blob id, sha1
 * of "blob SIZE\0" and the bytes. FETCH_WRONG_SHA256 or FETCH_WRONG_BLOB_ID when it is not `etag`;
 * `what` names the file in the message. */
ALKFW_MUST_CHECK enum fetch_status digest_prove(int descriptor, const char *etag, const char *what,
                                                struct failure *failure);

#endif
