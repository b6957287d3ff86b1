/* SPDX-License-Identifier: Apache-2.0
 *
 * Where the program's own files are, wherever it was installed or built. */
#ifndef ALKFW_LOCATE_H
#define ALKFW_LOCATE_H

/* Each gives a path that the caller frees, or NULL when there is none (or memory is out). */

/* An installed codebook: "default.codebook", "default-int8.codebook". */
char *locate_codebook(const char *name);

/* The administrator's configuration. NULL in a build tree: what is installed is not its business.
 */
char *locate_system_config(void);

/* $XDG_CONFIG_HOME/alkfw/alkfw.yaml, which need not exist. */
char *locate_user_config(void);

/* $XDG_CACHE_HOME/alkfw, which need not exist. */
char *locate_cache(void);

#endif
