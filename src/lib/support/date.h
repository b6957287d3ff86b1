/* SPDX-License-Identifier: Apache-2.0
 *
 * Dates of the Gregorian calendar as days, in UTC. */
#ifndef ALKFW_SUPPORT_DATE_H
#define ALKFW_SUPPORT_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "alkfw.h"

/* The whole of `text` as YYYY-MM-DD, a day that exists, in days since 1970-01-01; false for
 * anything else. */
ALKFW_MUST_CHECK bool date_parse(const char *text, int64_t *days);

#endif
