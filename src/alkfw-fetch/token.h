/* SPDX-License-Identifier: Apache-2.0
 *
 * The user's token for the Hub. */
#ifndef ALKFW_FETCH_TOKEN_H
#define ALKFW_FETCH_TOKEN_H

#include "alkfw-fetch/failure.h"

/* HF_TOKEN, else HUGGING_FACE_HUB_TOKEN, else what HF_TOKEN_PATH ($HF_HOME/token: the stored login)
 * has; none with HF_HUB_DISABLE_IMPLICIT_TOKEN. *token is NULL when there is none; free it with
 * token_free, which wipes it. */
ALKFW_MUST_CHECK enum fetch_status token_read(char **token, struct failure *failure);
void token_free(char *token);

#endif
