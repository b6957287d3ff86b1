/* SPDX-License-Identifier: Apache-2.0 */
#include "support/file_identity.h"

#include <inttypes.h>
#include <stdio.h>

void file_identity(const struct stat *info, char identity[FILE_IDENTITY_SIZE]) {
    (void)snprintf(identity, FILE_IDENTITY_SIZE, "%ju %ju %jd %jd.%09ld %jd.%09ld",
                   (uintmax_t)info->st_dev, (uintmax_t)info->st_ino, (intmax_t)info->st_size,
                   (intmax_t)info->st_mtim.tv_sec, info->st_mtim.tv_nsec,
                   (intmax_t)info->st_ctim.tv_sec, info->st_ctim.tv_nsec);
}
