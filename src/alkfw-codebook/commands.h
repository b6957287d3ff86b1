/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of alkfw-codebook, for main.c. Each prints its result on standard output. */
#ifndef ALKFW_CODEBOOK_COMMANDS_H
#define ALKFW_CODEBOOK_COMMANDS_H

#include "alkfw-codebook/options.h"

ALKFW_MUST_CHECK alkfw_status command_build(const struct options *options, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status command_calibrate(const struct options *options, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status command_features(const struct options *options, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status command_extend(const struct options *options, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status command_eval(const struct options *options, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status command_inspect(const struct options *options, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status command_report(const struct options *options, alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status command_verify(const struct options *options, alkfw_error *error);

#endif
