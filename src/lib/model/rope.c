/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rope.h"

#include <math.h>

static const float TWO_PI = 6.283185307179586f;

/* Llama 3.1 (_compute_llama3_parameters of transformers). */
static float scale_llama3(const struct rope *rope, float frequency) {
    float turns = rope->original_positions * frequency / TWO_PI;
    float smooth = (turns - rope->low_frequency_factor) /
                   (rope->high_frequency_factor - rope->low_frequency_factor);

    if (turns < rope->low_frequency_factor)
        return frequency / rope->factor;
    if (turns > rope->high_frequency_factor)
        return frequency;
    return (1.0f - smooth) * frequency / rope->factor + smooth * frequency;
}

void rope_frequencies(const struct rope *rope, uint32_t size, float *out) {
    for (uint32_t i = 0; i < size / 2; i++) {
        out[i] = 1.0f / powf(rope->theta, (float)(2 * i) / (float)size);
        if (rope->kind == ROPE_LINEAR)
            out[i] /= rope->factor;
        else if (rope->kind == ROPE_LLAMA3)
            out[i] = scale_llama3(rope, out[i]);
    }
}

void rope_tables(const struct rope *rope, uint32_t size, size_t n_positions, float *cosines,
                 float *sines) {
    uint32_t half = size / 2;

    if (n_positions == 0)
        return;
    rope_frequencies(rope, size, sines); /* the first row, until it is overwritten at last */
    for (size_t position = n_positions; position-- > 0;) {
        for (uint32_t i = 0; i < half; i++) {
            float angle = (float)position * sines[i];
            cosines[position * half + i] = cosf(angle);
            sines[position * half + i] = sinf(angle);
        }
    }
}

void rope_turn(float *head, uint32_t size, const float *cosines, const float *sines) {
    uint32_t half = size / 2;

    for (uint32_t i = 0; i < half; i++) {
        float left = head[i], right = head[i + half];
        head[i] = left * cosines[i] - right * sines[i];
        head[i + half] = right * cosines[i] + left * sines[i];
    }
}
