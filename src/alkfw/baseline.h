/* SPDX-License-Identifier: Apache-2.0
 *
 * A set of findings that were seen before, by their fingerprints and without their text, and its
 * file: doc/formats.md has the format. For allowance.c. */
#ifndef ALKFW_BASELINE_H
#define ALKFW_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "alkfw.h"
#include "fingerprint.h"

struct baseline;

ALKFW_MUST_CHECK alkfw_status baseline_new(struct baseline **baseline, alkfw_error *error);
void baseline_free(struct baseline *baseline);

/* Adds what a file has. ALKFW_E_MISSING, ALKFW_E_IO; ALKFW_E_FORMAT: no baseline;
 * ALKFW_E_UNSUPPORTED: of another version. */
ALKFW_MUST_CHECK alkfw_status baseline_read(struct baseline *baseline, const char *path,
                                            alkfw_error *error);

/* The same from memory; `name` is the file's in messages. */
ALKFW_MUST_CHECK alkfw_status baseline_parse(struct baseline *baseline, const char *bytes,
                                             size_t n_bytes, const char *name, alkfw_error *error);

/* Adds a finding unless its fingerprint is there. False when memory is out. */
ALKFW_MUST_CHECK bool baseline_add(struct baseline *baseline,
                                   const char hexadecimal[FINGERPRINT_SIZE], const char *signal,
                                   const char *source);

/* Whether a fingerprint is in the set; it counts as found from then on. */
bool baseline_has(struct baseline *baseline, const char hexadecimal[FINGERPRINT_SIZE]);

size_t baseline_count(struct baseline *baseline);
size_t baseline_count_found(struct baseline *baseline);

/* Writes the set, in an order that depends on nothing but what is in it: whole or not at all. */
ALKFW_MUST_CHECK alkfw_status baseline_write(struct baseline *baseline, const char *path,
                                             alkfw_error *error);

#endif
