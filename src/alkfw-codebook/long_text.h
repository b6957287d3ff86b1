/* SPDX-License-Identifier: Apache-2.0
 *
 * Long documents made from a labelled corpus, clean and with an attack inside: whether recall and
 * false positives hold at one threshold whatever the length. */
#ifndef ALKFW_CODEBOOK_LONG_TEXT_H
#define ALKFW_CODEBOOK_LONG_TEXT_H

#include "alkfw-codebook/corpus.h"
#include "alkfw.h"
#include "model/tokenizer/tokenizer.h"

/* Fills `documents` with n_documents clean texts of 1, 4, 16 and 64 windows each, made of the
 * benign rows of `corpus` one after the other, and as many with a hostile row of at most a window
 * inside, at a random gap between words. A row that has a span gives its span. The same corpus
 * gives the same documents. Their sources are the lengths. ALKFW_E_RECORD: one class only. */
ALKFW_MUST_CHECK alkfw_status long_text_make(struct corpus *documents, const struct corpus *corpus,
                                             const struct tokenizer *tokenizer, size_t n_documents,
                                             alkfw_error *error);

#endif
