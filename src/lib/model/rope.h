/* SPDX-License-Identifier: Apache-2.0
 *
 * Rotary positions (Su et al., 2021, RoFormer): element i and i + size / 2 of a head are turned by
 * position * frequency i. Used by the backends. */
#ifndef ALKFW_ROPE_H
#define ALKFW_ROPE_H

#include <stddef.h>
#include <stdint.h>

enum rope_kind {
    ROPE_DEFAULT = 0,
    ROPE_LINEAR, /* all frequencies divided by the factor */
    ROPE_LLAMA3  /* low frequencies divided, high ones kept, and a slope between */
};

/* Fixed-size members only: part of the packed file. */
struct rope {
    uint32_t kind; /* enum rope_kind */
    float theta;
    float factor;
    float low_frequency_factor;
    float high_frequency_factor;
    float original_positions;
};

/* out: [size / 2] angles per position. */
void rope_frequencies(const struct rope *rope, uint32_t size, float *out);

/* Tables of n_positions rows of size / 2. */
void rope_tables(const struct rope *rope, uint32_t size, size_t n_positions, float *cosines,
                 float *sines);

/* Turns one head in place; cosines and sines are the rows of its position. */
void rope_turn(float *head, uint32_t size, const float *cosines, const float *sines);

#endif
