/* SPDX-License-Identifier: Apache-2.0
 *
 * The two 16-bit floating-point formats of weight files, to float. Used where weights are read. */
#ifndef ALKFW_HALF_H
#define ALKFW_HALF_H

#include <stdint.h>
#include <string.h>

static inline float float_from_bits(uint32_t bits) {
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

/* bfloat16 is the upper half of a binary32. */
static inline float bfloat16_to_float(uint16_t bits) {
    return float_from_bits((uint32_t)bits << 16);
}

/* IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. */
static inline float half_to_float(uint16_t bits) {
    uint32_t sign = (uint32_t)(bits & 0x8000u) << 16;
    uint32_t exponent = bits >> 10 & 0x1Fu;
    uint32_t fraction = bits & 0x3FFu;

    if (exponent == 0x1F)
        return float_from_bits(sign | 0x7F800000u | fraction << 13);
    if (exponent > 0)
        return float_from_bits(sign | (exponent + 127 - 15) << 23 | fraction << 13);
    float magnitude = (float)fraction * 0x1p-24f; /* subnormal: exact in binary32 */
    return sign != 0 ? -magnitude : magnitude;
}

#endif
