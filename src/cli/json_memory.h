/* SPDX-License-Identifier: Apache-2.0
 *
 * For main of each program that reads JSON: jansson 2.14 does not look whether a string that it
 * reads could grow, and writes beyond it when it could not. Untrusted text must never meet that, so
 * the program ends before. A library cannot decide so for its host: libalkfw does not. */
#ifndef ALKFW_JSON_MEMORY_H
#define ALKFW_JSON_MEMORY_H

/* From now on, when jansson is given no memory, the program ends with a message and `status`. What
 * was not written by then is lost. */
void json_memory_or_exit(int status);

#endif
