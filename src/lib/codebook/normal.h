/* SPDX-License-Identifier: Apache-2.0
 *
 * Tails of the standard normal distribution, for Stouffer's method. */
#ifndef ALKFW_NORMAL_H
#define ALKFW_NORMAL_H

/* The z that a standard normal variable exceeds with probability 1 / (1 + exp(evidence)).
 * M. J. Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied
 * Statistics 37 (1988), routine PPND16; relative error about 1e-15 for |evidence| up to 700. */
double normal_from_evidence(double evidence);

#endif
