/* SPDX-License-Identifier: Apache-2.0
 *
 * ByteLevel: each byte as a character that can be seen, as GPT-2 has it. */
#include "model/tokenizer/step.h"
#include "support/utf8.h"

/* The bytes that can be seen are themselves; the others are counted from U+0100. */
static uint32_t byte_character(unsigned char byte) {
    if (byte <= ' ')
        return 0x100u + byte;
    if (byte >= 0x7F && byte <= 0xA0)
        return 0x121u + (byte - 0x7Fu);
    return byte == 0xAD ? 0x143u : byte;
}

/* The further bytes of a character stand for what its last byte stands for. */
bool step_byte_characters(const struct step_run *run, const struct piece *piece) {
    const struct aligned_text *from = run->from;
    size_t n;

    for (size_t at = piece->first; at < piece->last; at += n) {
        uint32_t code_point = from->bytes[at];
        n = code_point < 0x80
                ? 1
                : utf8_decode((const char *)from->bytes + at, piece->last - at, &code_point);
        for (size_t i = at; i < at + n; i++) {
            size_t aligned = i == at ? at : at + n - 1;
            if (!aligned_text_put(run->to, byte_character(from->bytes[i]), from->starts[aligned],
                                  from->ends[aligned]))
                return false;
        }
    }
    return true;
}
