/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by pack.c and pack_build.c. */
#ifndef ALKFW_PACK_INTERNAL_H
#define ALKFW_PACK_INTERNAL_H

#include "model/native/pack.h"

/* Lays out the sections that a header asks for and returns the size of the whole file. With
 * pack->bytes set, the pointers of `pack` (layers allocated) are set too. */
uint64_t pack_lay_out(const struct pack_header *header, struct pack *pack);

uint64_t pack_checksum(const struct pack_header *header);

extern const char pack_magic[8];

#endif
