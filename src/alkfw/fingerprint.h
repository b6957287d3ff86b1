/* SPDX-License-Identifier: Apache-2.0
 *
 * What names a finding from run to run without its text: for reports that are compared. */
#ifndef ALKFW_FINGERPRINT_H
#define ALKFW_FINGERPRINT_H

#include <stddef.h>

enum { FINGERPRINT_SIZE = 33 };

/* The first 128 bits of the SHA-256 of "alkfw/1", the signal's name and the text of the record, the
 * former two each with its NUL, in hexadecimal. It depends neither on where the text stands nor on
 * scores, so it outlives moved lines and new codebooks. Who can guess a text can confirm it. */
void fingerprint(const char *signal, const char *text, size_t n_text,
                 char hexadecimal[FINGERPRINT_SIZE]);

#endif
