/* SPDX-License-Identifier: Apache-2.0
 *
 * What tells a file, and a state of it, from every other: for keys of what the cache remembers
 * about a file without reading it again. */
#ifndef ALKFW_SUPPORT_FILE_IDENTITY_H
#define ALKFW_SUPPORT_FILE_IDENTITY_H

#include <sys/stat.h>

enum { FILE_IDENTITY_SIZE = 160 };

/* "device inode size modified changed". The time of the last change is in it because, unlike that
 * of the last modification, nobody can set it back. */
void file_identity(const struct stat *info, char identity[FILE_IDENTITY_SIZE]);

#endif
