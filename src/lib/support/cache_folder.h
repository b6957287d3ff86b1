/* SPDX-License-Identifier: Apache-2.0
 *
 * The folder of files that can be made again at any time. Used by those who write them: the native
 * backend (packed weights) and the firewall (proofs). */
#ifndef ALKFW_SUPPORT_CACHE_FOLDER_H
#define ALKFW_SUPPORT_CACHE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* A file of ours is 64 hex digits and one of these; while it is written, a dot and six characters
 * more (atomic_file.h). */
#define CACHE_PACK_SUFFIX ".pack"
#define CACHE_PROOF_SUFFIX ".proof"

/* As mkdir -p, with the mode that the XDG specification asks for. Failure shows when a file is
 * written. */
void cache_folder_make(const char *directory);

/* Removes what can be of no use any more: packs that is_stale says so of, from their first bytes
 * (at most CACHE_HEAD_SIZE); proofs that are older than CACHE_PROOF_DAYS, since nobody can say what
 * they were of; what a writer has left half-written a day ago. Files of any other name, and
 * anything that is not a regular file, stay. Processes that have a file mapped keep it. To be
 * called after a file was added, so that a start that adds none pays nothing. */
enum { CACHE_HEAD_SIZE = 4096, CACHE_PROOF_DAYS = 60 };
typedef bool cache_is_stale(const void *context, const unsigned char *head, size_t n_bytes);
void cache_folder_sweep(const char *directory, cache_is_stale *is_stale, const void *context);

#endif
