/* SPDX-License-Identifier: Apache-2.0 */
#include "tally.h"

int tally_exit_status(const struct tally *tally, int alarm_status) {
    if (tally->has_failed || tally->n_verdicts[ALKFW_ERROR] > 0)
        return EXIT_STATUS_ERROR;
    if (tally->n_verdicts[ALKFW_ALARM] > 0)
        return alarm_status;
    if (tally->n_verdicts[ALKFW_REVIEW] > 0)
        return EXIT_STATUS_REVIEW;
    return 0;
}
