/* SPDX-License-Identifier: Apache-2.0 */
/* Written by scripts/make-view-tables: change that, not this.
 *
 * Look-alikes: confusables.txt of Unicode Technical Standard 39, copyright Unicode, Inc.,
 * under the Unicode licence (https://www.unicode.org/license.txt), as packaged by
 * confusable-homoglyphs 3.3.1 (MIT). */
/* clang-format off */
#include "firewall/view_tables.h"

/* code point << 8 | ASCII letter, ascending */
const uint32_t view_confusables[] = {
    0x138u << 8 | 'k', /* ĸ */
    0x1EBu << 8 | 'q', /* ǫ */
    0x251u << 8 | 'a', /* ɑ */
    0x261u << 8 | 'g', /* ɡ */
    0x262u << 8 | 'g', /* ɢ */
    0x263u << 8 | 'y', /* ɣ */
    0x269u << 8 | 'i', /* ɩ */
    0x26Au << 8 | 'i', /* ɪ */
    0x26Fu << 8 | 'w', /* ɯ */
    0x274u << 8 | 'n', /* ɴ */
    0x280u << 8 | 'r', /* ʀ */
    0x28Bu << 8 | 'u', /* ʋ */
    0x28Fu << 8 | 'y', /* ʏ */
    0x299u << 8 | 'b', /* ʙ */
    0x29Cu << 8 | 'h', /* ʜ */
    0x29Fu << 8 | 'l', /* ʟ */
    0x37Au << 8 | 'i', /* ͺ */
    0x37Fu << 8 | 'J', /* Ϳ */
    0x391u << 8 | 'A', /* Α */
    0x392u << 8 | 'B', /* Β */
    0x395u << 8 | 'E', /* Ε */
    0x396u << 8 | 'Z', /* Ζ */
    0x397u << 8 | 'H', /* Η */
    0x399u << 8 | 'I', /* Ι */
    0x39Au << 8 | 'K', /* Κ */
    0x39Cu << 8 | 'M', /* Μ */
    0x39Du << 8 | 'N', /* Ν */
    0x39Fu << 8 | 'O', /* Ο */
    0x3A1u << 8 | 'P', /* Ρ */
    0x3A4u << 8 | 'T', /* Τ */
    0x3A5u << 8 | 'Y', /* Υ */
    0x3A7u << 8 | 'X', /* Χ */
    0x3B1u << 8 | 'a', /* α */
    0x3B2u << 8 | 'b', /* β */
    0x3B3u << 8 | 'y', /* γ */
    0x3B5u << 8 | 'e', /* ε */
    0x3B7u << 8 | 'n', /* η */
    0x3B9u << 8 | 'i', /* ι */
    0x3BAu << 8 | 'k', /* κ */
    0x3BDu << 8 | 'v', /* ν */
    0x3BFu << 8 | 'o', /* ο */
    0x3C1u << 8 | 'p', /* ρ */
    0x3C3u << 8 | 'o', /* σ */
    0x3C4u << 8 | 't', /* τ */
    0x3C5u << 8 | 'u', /* υ */
    0x3C7u << 8 | 'x', /* χ */
    0x3C9u << 8 | 'w', /* ω */
    0x3D2u << 8 | 'Y', /* ϒ */
    0x3DCu << 8 | 'F', /* Ϝ */
    0x3F1u << 8 | 'p', /* ϱ */
    0x3F2u << 8 | 'c', /* ϲ */
    0x3F3u << 8 | 'j', /* ϳ */
    0x3F9u << 8 | 'C', /* Ϲ */
    0x3FAu << 8 | 'M', /* Ϻ */
    0x405u << 8 | 'S', /* Ѕ */
    0x406u << 8 | 'I', /* І */
    0x408u << 8 | 'J', /* Ј */
    0x410u << 8 | 'A', /* А */
    0x412u << 8 | 'B', /* В */
    0x415u << 8 | 'E', /* Е */
    0x41Au << 8 | 'K', /* К */
    0x41Cu << 8 | 'M', /* М */
    0x41Du << 8 | 'H', /* Н */
    0x41Eu << 8 | 'O', /* О */
    0x420u << 8 | 'P', /* Р */
    0x421u << 8 | 'C', /* С */
    0x422u << 8 | 'T', /* Т */
    0x423u << 8 | 'Y', /* У */
    0x425u << 8 | 'X', /* Х */
    0x42Cu << 8 | 'b', /* Ь */
    0x430u << 8 | 'a', /* а */
    0x432u << 8 | 'b', /* в */
    0x433u << 8 | 'r', /* г */
    0x435u << 8 | 'e', /* е */
    0x438u << 8 | 'n', /* и */
    0x43Au << 8 | 'k', /* к */
    0x43Cu << 8 | 'm', /* м */
    0x43Du << 8 | 'h', /* н */
    0x43Eu << 8 | 'o', /* о */
    0x440u << 8 | 'p', /* р */
    0x441u << 8 | 'c', /* с */
    0x442u << 8 | 't', /* т */
    0x443u << 8 | 'y', /* у */
    0x445u << 8 | 'x', /* х */
    0x44Fu << 8 | 'r', /* я */
    0x455u << 8 | 's', /* ѕ */
    0x456u << 8 | 'i', /* і */
    0x458u << 8 | 'j', /* ј */
    0x461u << 8 | 'w', /* ѡ */
    0x474u << 8 | 'V', /* Ѵ */
    0x475u << 8 | 'v', /* ѵ */
    0x4AEu << 8 | 'Y', /* Ү */
    0x4AFu << 8 | 'y', /* ү */
    0x4BBu << 8 | 'h', /* һ */
    0x4BDu << 8 | 'e', /* ҽ */
    0x4C0u << 8 | 'I', /* Ӏ */
    0x4CFu << 8 | 'i', /* ӏ */
    0x501u << 8 | 'd', /* ԁ */
    0x50Cu << 8 | 'G', /* Ԍ */
    0x51Bu << 8 | 'q', /* ԛ */
    0x51Cu << 8 | 'W', /* Ԝ */
    0x51Du << 8 | 'w', /* ԝ */
    0x54Du << 8 | 'U', /* Ս */
    0x54Fu << 8 | 'S', /* Տ */
    0x555u << 8 | 'O', /* Օ */
    0x561u << 8 | 'w', /* ա */
    0x563u << 8 | 'q', /* գ */
    0x566u << 8 | 'q', /* զ */
    0x570u << 8 | 'h', /* հ */
    0x578u << 8 | 'n', /* ո */
    0x57Cu << 8 | 'n', /* ռ */
    0x57Du << 8 | 'u', /* ս */
    0x581u << 8 | 'g', /* ց */
    0x584u << 8 | 'f', /* ք */
    0x585u << 8 | 'o', /* օ */
    0x5D5u << 8 | 'l', /* ו */
    0x5D8u << 8 | 'v', /* ט */
    0x5DFu << 8 | 'l', /* ן */
    0x5E1u << 8 | 'o', /* ס */
    0x627u << 8 | 'l', /* ا */
    0x647u << 8 | 'o', /* ه */
    0x6BEu << 8 | 'o', /* ھ */
    0x6C1u << 8 | 'o', /* ہ */
    0x6D5u << 8 | 'o', /* ە */
    0x7CAu << 8 | 'l', /* ߊ */
    0xB20u << 8 | 'O', /* ଠ */
    0xD20u << 8 | 'o', /* ഠ */
    0x101Du << 8 | 'o', /* ဝ */
    0x10E7u << 8 | 'y', /* ყ */
    0x10FFu << 8 | 'o', /* ჿ */
    0x1200u << 8 | 'U', /* ሀ */
    0x12D0u << 8 | 'O', /* ዐ */
    0x13A0u << 8 | 'D', /* Ꭰ */
    0x13A1u << 8 | 'R', /* Ꭱ */
    0x13A2u << 8 | 'T', /* Ꭲ */
    0x13A5u << 8 | 'i', /* Ꭵ */
    0x13A9u << 8 | 'Y', /* Ꭹ */
    0x13AAu << 8 | 'A', /* Ꭺ */
    0x13ABu << 8 | 'J', /* Ꭻ */
    0x13ACu << 8 | 'E', /* Ꭼ */
    0x13B3u << 8 | 'W', /* Ꮃ */
    0x13B7u << 8 | 'M', /* Ꮇ */
    0x13BBu << 8 | 'H', /* Ꮋ */
    0x13BDu << 8 | 'Y', /* Ꮍ */
    0x13C0u << 8 | 'G', /* Ꮐ */
    0x13C2u << 8 | 'h', /* Ꮒ */
    0x13C3u << 8 | 'Z', /* Ꮓ */
    0x13CFu << 8 | 'b', /* Ꮟ */
    0x13D2u << 8 | 'R', /* Ꮢ */
    0x13D4u << 8 | 'W', /* Ꮤ */
    0x13D5u << 8 | 'S', /* Ꮥ */
    0x13D9u << 8 | 'V', /* Ꮩ */
    0x13DAu << 8 | 'S', /* Ꮪ */
    0x13DEu << 8 | 'L', /* Ꮮ */
    0x13DFu << 8 | 'C', /* Ꮯ */
    0x13E2u << 8 | 'P', /* Ꮲ */
    0x13E6u << 8 | 'K', /* Ꮶ */
    0x13E7u << 8 | 'd', /* Ꮷ */
    0x13F3u << 8 | 'G', /* Ᏻ */
    0x13F4u << 8 | 'B', /* Ᏼ */
    0x142Fu << 8 | 'V', /* ᐯ */
    0x144Cu << 8 | 'U', /* ᑌ */
    0x146Du << 8 | 'P', /* ᑭ */
    0x146Fu << 8 | 'd', /* ᑯ */
    0x1472u << 8 | 'b', /* ᑲ */
    0x148Du << 8 | 'J', /* ᒍ */
    0x14AAu << 8 | 'L', /* ᒪ */
    0x1541u << 8 | 'x', /* ᕁ */
    0x157Cu << 8 | 'H', /* ᕼ */
    0x157Du << 8 | 'x', /* ᕽ */
    0x1587u << 8 | 'R', /* ᖇ */
    0x15AFu << 8 | 'b', /* ᖯ */
    0x15B4u << 8 | 'F', /* ᖴ */
    0x15C5u << 8 | 'A', /* ᗅ */
    0x15DEu << 8 | 'D', /* ᗞ */
    0x15EAu << 8 | 'D', /* ᗪ */
    0x15F0u << 8 | 'M', /* ᗰ */
    0x15F7u << 8 | 'B', /* ᗷ */
    0x16B7u << 8 | 'X', /* ᚷ */
    0x16C1u << 8 | 'l', /* ᛁ */
    0x16D5u << 8 | 'K', /* ᛕ */
    0x16D6u << 8 | 'M', /* ᛖ */
    0x1D00u << 8 | 'a', /* ᴀ */
    0x1D04u << 8 | 'c', /* ᴄ */
    0x1D05u << 8 | 'd', /* ᴅ */
    0x1D07u << 8 | 'e', /* ᴇ */
    0x1D0Au << 8 | 'j', /* ᴊ */
    0x1D0Bu << 8 | 'k', /* ᴋ */
    0x1D0Du << 8 | 'm', /* ᴍ */
    0x1D0Fu << 8 | 'o', /* ᴏ */
    0x1D11u << 8 | 'o', /* ᴑ */
    0x1D18u << 8 | 'p', /* ᴘ */
    0x1D1Bu << 8 | 't', /* ᴛ */
    0x1D1Cu << 8 | 'u', /* ᴜ */
    0x1D20u << 8 | 'v', /* ᴠ */
    0x1D21u << 8 | 'w', /* ᴡ */
    0x1D22u << 8 | 'z', /* ᴢ */
    0x1D26u << 8 | 'r', /* ᴦ */
    0x1D83u << 8 | 'g', /* ᶃ */
    0x1D8Cu << 8 | 'y', /* ᶌ */
    0x1FBEu << 8 | 'i', /* ι */
    0x213Du << 8 | 'y', /* ℽ */
    0x2C85u << 8 | 'r', /* ⲅ */
    0x2C8Eu << 8 | 'H', /* Ⲏ */
    0x2C92u << 8 | 'I', /* Ⲓ */
    0x2C94u << 8 | 'K', /* Ⲕ */
    0x2C98u << 8 | 'M', /* Ⲙ */
    0x2C9Au << 8 | 'N', /* Ⲛ */
    0x2C9Eu << 8 | 'O', /* Ⲟ */
    0x2C9Fu << 8 | 'o', /* ⲟ */
    0x2CA2u << 8 | 'P', /* Ⲣ */
    0x2CA3u << 8 | 'p', /* ⲣ */
    0x2CA4u << 8 | 'C', /* Ⲥ */
    0x2CA5u << 8 | 'c', /* ⲥ */
    0x2CA6u << 8 | 'T', /* Ⲧ */
    0x2CA8u << 8 | 'Y', /* Ⲩ */
    0x2CACu << 8 | 'X', /* Ⲭ */
    0x2CD0u << 8 | 'L', /* Ⳑ */
    0x2D38u << 8 | 'V', /* ⴸ */
    0x2D39u << 8 | 'E', /* ⴹ */
    0x2D4Fu << 8 | 'l', /* ⵏ */
    0x2D54u << 8 | 'O', /* ⵔ */
    0x2D55u << 8 | 'Q', /* ⵕ */
    0x2D5Du << 8 | 'X', /* ⵝ */
    0xA4D0u << 8 | 'B', /* ꓐ */
    0xA4D1u << 8 | 'P', /* ꓑ */
    0xA4D2u << 8 | 'd', /* ꓒ */
    0xA4D3u << 8 | 'D', /* ꓓ */
    0xA4D4u << 8 | 'T', /* ꓔ */
    0xA4D6u << 8 | 'G', /* ꓖ */
    0xA4D7u << 8 | 'K', /* ꓗ */
    0xA4D9u << 8 | 'J', /* ꓙ */
    0xA4DAu << 8 | 'C', /* ꓚ */
    0xA4DCu << 8 | 'Z', /* ꓜ */
    0xA4DDu << 8 | 'F', /* ꓝ */
    0xA4DFu << 8 | 'M', /* ꓟ */
    0xA4E0u << 8 | 'N', /* ꓠ */
    0xA4E1u << 8 | 'L', /* ꓡ */
    0xA4E2u << 8 | 'S', /* ꓢ */
    0xA4E3u << 8 | 'R', /* ꓣ */
    0xA4E6u << 8 | 'V', /* ꓦ */
    0xA4E7u << 8 | 'H', /* ꓧ */
    0xA4EAu << 8 | 'W', /* ꓪ */
    0xA4EBu << 8 | 'X', /* ꓫ */
    0xA4ECu << 8 | 'Y', /* ꓬ */
    0xA4EEu << 8 | 'A', /* ꓮ */
    0xA4F0u << 8 | 'E', /* ꓰ */
    0xA4F2u << 8 | 'l', /* ꓲ */
    0xA4F3u << 8 | 'O', /* ꓳ */
    0xA4F4u << 8 | 'U', /* ꓴ */
    0xA647u << 8 | 'i', /* ꙇ */
    0xA6DFu << 8 | 'V', /* ꛟ */
    0xA730u << 8 | 'f', /* ꜰ */
    0xA731u << 8 | 's', /* ꜱ */
    0xA798u << 8 | 'F', /* Ꞙ */
    0xA799u << 8 | 'f', /* ꞙ */
    0xA79Fu << 8 | 'u', /* ꞟ */
    0xA7AFu << 8 | 'q', /* ꞯ */
    0xA7B2u << 8 | 'J', /* Ʝ */
    0xA7B3u << 8 | 'X', /* Ꭓ */
    0xA7B4u << 8 | 'B', /* Ꞵ */
    0xAB32u << 8 | 'e', /* ꬲ */
    0xAB35u << 8 | 'f', /* ꬵ */
    0xAB3Du << 8 | 'o', /* ꬽ */
    0xAB47u << 8 | 'r', /* ꭇ */
    0xAB48u << 8 | 'r', /* ꭈ */
    0xAB4Eu << 8 | 'u', /* ꭎ */
    0xAB52u << 8 | 'u', /* ꭒ */
    0xAB5Au << 8 | 'y', /* ꭚ */
    0xAB75u << 8 | 'i', /* ꭵ */
    0xAB81u << 8 | 'r', /* ꮁ */
    0xAB83u << 8 | 'w', /* ꮃ */
    0xAB93u << 8 | 'z', /* ꮓ */
    0xABA9u << 8 | 'v', /* ꮩ */
    0xABAAu << 8 | 's', /* ꮪ */
    0xABAFu << 8 | 'c', /* ꮯ */
    0xFBA6u << 8 | 'o', /* ﮦ */
    0xFBA7u << 8 | 'o', /* ﮧ */
    0xFBA8u << 8 | 'o', /* ﮨ */
    0xFBA9u << 8 | 'o', /* ﮩ */
    0xFBAAu << 8 | 'o', /* ﮪ */
    0xFBABu << 8 | 'o', /* ﮫ */
    0xFBACu << 8 | 'o', /* ﮬ */
    0xFBADu << 8 | 'o', /* ﮭ */
    0xFE8Du << 8 | 'l', /* ﺍ */
    0xFE8Eu << 8 | 'l', /* ﺎ */
    0xFEE9u << 8 | 'o', /* ﻩ */
    0xFEEAu << 8 | 'o', /* ﻪ */
    0xFEEBu << 8 | 'o', /* ﻫ */
    0xFEECu << 8 | 'o', /* ﻬ */
    0x10282u << 8 | 'B', /* 𐊂 */
    0x10286u << 8 | 'E', /* 𐊆 */
    0x10287u << 8 | 'F', /* 𐊇 */
    0x1028Au << 8 | 'l', /* 𐊊 */
    0x10290u << 8 | 'X', /* 𐊐 */
    0x10292u << 8 | 'O', /* 𐊒 */
    0x10295u << 8 | 'P', /* 𐊕 */
    0x10296u << 8 | 'S', /* 𐊖 */
    0x10297u << 8 | 'T', /* 𐊗 */
    0x102A0u << 8 | 'A', /* 𐊠 */
    0x102A1u << 8 | 'B', /* 𐊡 */
    0x102A2u << 8 | 'C', /* 𐊢 */
    0x102A5u << 8 | 'F', /* 𐊥 */
    0x102ABu << 8 | 'O', /* 𐊫 */
    0x102B0u << 8 | 'M', /* 𐊰 */
    0x102B1u << 8 | 'T', /* 𐊱 */
    0x102B2u << 8 | 'Y', /* 𐊲 */
    0x102B4u << 8 | 'X', /* 𐊴 */
    0x102CFu << 8 | 'H', /* 𐋏 */
    0x10301u << 8 | 'B', /* 𐌁 */
    0x10302u << 8 | 'C', /* 𐌂 */
    0x10309u << 8 | 'l', /* 𐌉 */
    0x10311u << 8 | 'M', /* 𐌑 */
    0x10315u << 8 | 'T', /* 𐌕 */
    0x10317u << 8 | 'X', /* 𐌗 */
    0x10404u << 8 | 'O', /* 𐐄 */
    0x10415u << 8 | 'C', /* 𐐕 */
    0x1041Bu << 8 | 'L', /* 𐐛 */
    0x10420u << 8 | 'S', /* 𐐠 */
    0x1042Cu << 8 | 'o', /* 𐐬 */
    0x1043Du << 8 | 'c', /* 𐐽 */
    0x10448u << 8 | 's', /* 𐑈 */
    0x104B4u << 8 | 'R', /* 𐒴 */
    0x104C2u << 8 | 'O', /* 𐓂 */
    0x104CEu << 8 | 'U', /* 𐓎 */
    0x104EAu << 8 | 'o', /* 𐓪 */
    0x104F6u << 8 | 'u', /* 𐓶 */
    0x10513u << 8 | 'N', /* 𐔓 */
    0x10516u << 8 | 'O', /* 𐔖 */
    0x10518u << 8 | 'K', /* 𐔘 */
    0x1051Cu << 8 | 'C', /* 𐔜 */
    0x1051Du << 8 | 'V', /* 𐔝 */
    0x10525u << 8 | 'F', /* 𐔥 */
    0x10526u << 8 | 'L', /* 𐔦 */
    0x10527u << 8 | 'X', /* 𐔧 */
    0x11706u << 8 | 'v', /* 𑜆 */
    0x1170Au << 8 | 'w', /* 𑜊 */
    0x1170Eu << 8 | 'w', /* 𑜎 */
    0x1170Fu << 8 | 'w', /* 𑜏 */
    0x118A0u << 8 | 'V', /* 𑢠 */
    0x118A2u << 8 | 'F', /* 𑢢 */
    0x118A3u << 8 | 'L', /* 𑢣 */
    0x118A4u << 8 | 'Y', /* 𑢤 */
    0x118A6u << 8 | 'E', /* 𑢦 */
    0x118A9u << 8 | 'Z', /* 𑢩 */
    0x118AEu << 8 | 'E', /* 𑢮 */
    0x118B2u << 8 | 'L', /* 𑢲 */
    0x118B5u << 8 | 'O', /* 𑢵 */
    0x118B8u << 8 | 'U', /* 𑢸 */
    0x118BCu << 8 | 'T', /* 𑢼 */
    0x118C0u << 8 | 'v', /* 𑣀 */
    0x118C1u << 8 | 's', /* 𑣁 */
    0x118C2u << 8 | 'F', /* 𑣂 */
    0x118C3u << 8 | 'i', /* 𑣃 */
    0x118C4u << 8 | 'z', /* 𑣄 */
    0x118C8u << 8 | 'o', /* 𑣈 */
    0x118D7u << 8 | 'o', /* 𑣗 */
    0x118D8u << 8 | 'u', /* 𑣘 */
    0x118DCu << 8 | 'y', /* 𑣜 */
    0x16F08u << 8 | 'V', /* 𖼈 */
    0x16F0Au << 8 | 'T', /* 𖼊 */
    0x16F16u << 8 | 'L', /* 𖼖 */
    0x16F28u << 8 | 'l', /* 𖼨 */
    0x16F35u << 8 | 'R', /* 𖼵 */
    0x16F3Au << 8 | 'S', /* 𖼺 */
    0x16F40u << 8 | 'A', /* 𖽀 */
    0x16F42u << 8 | 'U', /* 𖽂 */
    0x16F43u << 8 | 'Y', /* 𖽃 */
    0x1D6A4u << 8 | 'i', /* 𝚤 */
    0x1D6A8u << 8 | 'A', /* 𝚨 */
    0x1D6A9u << 8 | 'B', /* 𝚩 */
    0x1D6ACu << 8 | 'E', /* 𝚬 */
    0x1D6ADu << 8 | 'Z', /* 𝚭 */
    0x1D6AEu << 8 | 'H', /* 𝚮 */
    0x1D6B0u << 8 | 'I', /* 𝚰 */
    0x1D6B1u << 8 | 'K', /* 𝚱 */
    0x1D6B3u << 8 | 'M', /* 𝚳 */
    0x1D6B4u << 8 | 'N', /* 𝚴 */
    0x1D6B6u << 8 | 'O', /* 𝚶 */
    0x1D6B8u << 8 | 'P', /* 𝚸 */
    0x1D6BBu << 8 | 'T', /* 𝚻 */
    0x1D6BCu << 8 | 'Y', /* 𝚼 */
    0x1D6BEu << 8 | 'X', /* 𝚾 */
    0x1D6C2u << 8 | 'a', /* 𝛂 */
    0x1D6C4u << 8 | 'y', /* 𝛄 */
    0x1D6CAu << 8 | 'i', /* 𝛊 */
    0x1D6CEu << 8 | 'v', /* 𝛎 */
    0x1D6D0u << 8 | 'o', /* 𝛐 */
    0x1D6D2u << 8 | 'p', /* 𝛒 */
    0x1D6D4u << 8 | 'o', /* 𝛔 */
    0x1D6D6u << 8 | 'u', /* 𝛖 */
    0x1D6E0u << 8 | 'p', /* 𝛠 */
    0x1D6E2u << 8 | 'A', /* 𝛢 */
    0x1D6E3u << 8 | 'B', /* 𝛣 */
    0x1D6E6u << 8 | 'E', /* 𝛦 */
    0x1D6E7u << 8 | 'Z', /* 𝛧 */
    0x1D6E8u << 8 | 'H', /* 𝛨 */
    0x1D6EAu << 8 | 'I', /* 𝛪 */
    0x1D6EBu << 8 | 'K', /* 𝛫 */
    0x1D6EDu << 8 | 'M', /* 𝛭 */
    0x1D6EEu << 8 | 'N', /* 𝛮 */
    0x1D6F0u << 8 | 'O', /* 𝛰 */
    0x1D6F2u << 8 | 'P', /* 𝛲 */
    0x1D6F5u << 8 | 'T', /* 𝛵 */
    0x1D6F6u << 8 | 'Y', /* 𝛶 */
    0x1D6F8u << 8 | 'X', /* 𝛸 */
    0x1D6FCu << 8 | 'a', /* 𝛼 */
    0x1D6FEu << 8 | 'y', /* 𝛾 */
    0x1D704u << 8 | 'i', /* 𝜄 */
    0x1D708u << 8 | 'v', /* 𝜈 */
    0x1D70Au << 8 | 'o', /* 𝜊 */
    0x1D70Cu << 8 | 'p', /* 𝜌 */
    0x1D70Eu << 8 | 'o', /* 𝜎 */
    0x1D710u << 8 | 'u', /* 𝜐 */
    0x1D71Au << 8 | 'p', /* 𝜚 */
    0x1D71Cu << 8 | 'A', /* 𝜜 */
    0x1D71Du << 8 | 'B', /* 𝜝 */
    0x1D720u << 8 | 'E', /* 𝜠 */
    0x1D721u << 8 | 'Z', /* 𝜡 */
    0x1D722u << 8 | 'H', /* 𝜢 */
    0x1D724u << 8 | 'I', /* 𝜤 */
    0x1D725u << 8 | 'K', /* 𝜥 */
    0x1D727u << 8 | 'M', /* 𝜧 */
    0x1D728u << 8 | 'N', /* 𝜨 */
    0x1D72Au << 8 | 'O', /* 𝜪 */
    0x1D72Cu << 8 | 'P', /* 𝜬 */
    0x1D72Fu << 8 | 'T', /* 𝜯 */
    0x1D730u << 8 | 'Y', /* 𝜰 */
    0x1D732u << 8 | 'X', /* 𝜲 */
    0x1D736u << 8 | 'a', /* 𝜶 */
    0x1D738u << 8 | 'y', /* 𝜸 */
    0x1D73Eu << 8 | 'i', /* 𝜾 */
    0x1D742u << 8 | 'v', /* 𝝂 */
    0x1D744u << 8 | 'o', /* 𝝄 */
    0x1D746u << 8 | 'p', /* 𝝆 */
    0x1D748u << 8 | 'o', /* 𝝈 */
    0x1D74Au << 8 | 'u', /* 𝝊 */
    0x1D754u << 8 | 'p', /* 𝝔 */
    0x1D756u << 8 | 'A', /* 𝝖 */
    0x1D757u << 8 | 'B', /* 𝝗 */
    0x1D75Au << 8 | 'E', /* 𝝚 */
    0x1D75Bu << 8 | 'Z', /* 𝝛 */
    0x1D75Cu << 8 | 'H', /* 𝝜 */
    0x1D75Eu << 8 | 'I', /* 𝝞 */
    0x1D75Fu << 8 | 'K', /* 𝝟 */
    0x1D761u << 8 | 'M', /* 𝝡 */
    0x1D762u << 8 | 'N', /* 𝝢 */
    0x1D764u << 8 | 'O', /* 𝝤 */
    0x1D766u << 8 | 'P', /* 𝝦 */
    0x1D769u << 8 | 'T', /* 𝝩 */
    0x1D76Au << 8 | 'Y', /* 𝝪 */
    0x1D76Cu << 8 | 'X', /* 𝝬 */
    0x1D770u << 8 | 'a', /* 𝝰 */
    0x1D772u << 8 | 'y', /* 𝝲 */
    0x1D778u << 8 | 'i', /* 𝝸 */
    0x1D77Cu << 8 | 'v', /* 𝝼 */
    0x1D77Eu << 8 | 'o', /* 𝝾 */
    0x1D780u << 8 | 'p', /* 𝞀 */
    0x1D782u << 8 | 'o', /* 𝞂 */
    0x1D784u << 8 | 'u', /* 𝞄 */
    0x1D78Eu << 8 | 'p', /* 𝞎 */
    0x1D790u << 8 | 'A', /* 𝞐 */
    0x1D791u << 8 | 'B', /* 𝞑 */
    0x1D794u << 8 | 'E', /* 𝞔 */
    0x1D795u << 8 | 'Z', /* 𝞕 */
    0x1D796u << 8 | 'H', /* 𝞖 */
    0x1D798u << 8 | 'I', /* 𝞘 */
    0x1D799u << 8 | 'K', /* 𝞙 */
    0x1D79Bu << 8 | 'M', /* 𝞛 */
    0x1D79Cu << 8 | 'N', /* 𝞜 */
    0x1D79Eu << 8 | 'O', /* 𝞞 */
    0x1D7A0u << 8 | 'P', /* 𝞠 */
    0x1D7A3u << 8 | 'T', /* 𝞣 */
    0x1D7A4u << 8 | 'Y', /* 𝞤 */
    0x1D7A6u << 8 | 'X', /* 𝞦 */
    0x1D7AAu << 8 | 'a', /* 𝞪 */
    0x1D7ACu << 8 | 'y', /* 𝞬 */
    0x1D7B2u << 8 | 'i', /* 𝞲 */
    0x1D7B6u << 8 | 'v', /* 𝞶 */
    0x1D7B8u << 8 | 'o', /* 𝞸 */
    0x1D7BAu << 8 | 'p', /* 𝞺 */
    0x1D7BCu << 8 | 'o', /* 𝞼 */
    0x1D7BEu << 8 | 'u', /* 𝞾 */
    0x1D7C8u << 8 | 'p', /* 𝟈 */
    0x1D7CAu << 8 | 'F', /* 𝟊 */
    0x1EE00u << 8 | 'l', /* 𞸀 */
    0x1EE24u << 8 | 'o', /* 𞸤 */
    0x1EE64u << 8 | 'o', /* 𞹤 */
    0x1EE80u << 8 | 'l', /* 𞺀 */
    0x1EE84u << 8 | 'o', /* 𞺄 */
};
const size_t view_n_confusables = sizeof view_confusables / sizeof view_confusables[0];

const int8_t view_pair_language[32][32] = {
    {-60, 9, 1, 3, 0, -2, 1, -5, 1, 5, -12, -13, -4, 1, -4, 3, 1, -13, -1, 5, 11, -9, -13, 3, -38, -6, -31},
    {8, -35, -4, 2, -2, -27, -12, -4, -23, -1, -32, -8, 7, -1, 13, -33, -5, -34, 9, 6, 10, -9, -5, -16, -28, -3, -25},
    {-2, 9, -9, -19, -28, 16, -49, -60, -43, 3, -11, -49, 8, -30, -35, 10, -43, -46, 6, -6, -24, 8, -30, -34, -60, 4, -60},
    {2, 10, -37, -4, -29, 11, -44, -42, 11, 4, -59, 2, 1, -31, -26, 12, -37, -34, 2, -15, 7, 1, -48, -59, -60, -15, -44},
    {21, 2, -31, -32, -12, 12, -28, -17, -31, 7, -31, -53, -13, -20, -14, 4, -24, -35, -4, -2, -31, -4, -14, -22, -60, -11, -46},
    {18, 3, -18, -2, 3, -4, -11, -14, -27, -12, -46, -22, -1, -6, 7, -15, -11, -23, 10, 7, -1, -24, -6, -10, -6, -10, -32},
    {16, 3, -40, -32, -47, 6, 2, -33, -49, 9, -52, -43, -5, -37, -44, 14, -49, -60, 7, -22, 0, -1, -60, -31, -60, -20, -56},
    {18, 3, -29, -35, -24, 12, -42, -10, 6, 7, -46, -33, -5, -24, -4, 4, -34, -55, 4, -3, -13, -1, -60, -31, -51, -6, -45},
    {9, 11, -29, -40, -31, 20, -42, -55, -47, 9, -46, -47, -20, -27, -14, 9, -37, -42, -7, -22, -5, -10, -46, -32, -60, -11, -49},
    {-1, -2, -10, 5, 0, 2, -3, -4, -48, -34, -39, -13, 2, -2, 16, 5, -9, -24, -2, 9, 8, -20, -2, -42, -24, -42, -13},
    {4, 14, -46, -31, -27, 12, -46, -46, -27, -1, -38, -38, -46, -33, -29, 15, -21, -46, -21, -8, -46, 15, -27, -33, -46, -46, -46},
    {17, -1, -17, -33, -25, 16, -19, -17, -17, 11, -41, -29, -9, -21, 1, -1, -21, -56, -16, 5, -21, -10, -44, -25, -56, -8, -56},
    {12, 9, -19, -16, 4, 12, -5, -28, -41, 9, -57, -18, 9, -13, -26, 7, -13, -60, -26, -3, -4, -4, -17, -29, -60, 3, -49},
    {12, 13, -1, -26, -37, 15, -28, -36, -35, 6, -53, -53, -23, 0, -22, 9, 4, -60, -20, -5, -28, -2, -53, -45, -60, -1, -50},
    {16, 1, -32, 2, 9, 6, -14, 9, -29, -1, -23, -14, -16, -23, -11, 0, -16, -35, -28, 4, 9, -8, -15, -31, -39, -9, -32},
    {9, -15, -12, -6, -6, -11, 5, -10, -20, -10, -34, -12, 2, 3, 12, -1, -3, -46, 10, -3, 0, 10, -4, 2, -24, -20, -35},
    {6, 9, -33, -25, -30, 12, -44, -34, -1, 2, -52, -37, 10, -23, -36, 8, 1, -60, 10, -4, 1, 4, -52, -35, -56, -8, -60},
    {0, -18, -46, -29, -46, -38, -46, -34, -46, -10, -46, -46, -5, -38, -46, -46, -46, -38, -27, -27, -34, 26, -38, -46, -46, -46, -46},
    {14, 6, -18, -7, -3, 14, -18, -8, -30, 8, -48, -10, -8, -4, -4, 7, -20, -43, -5, 2, 1, -7, -15, -26, -58, -1, -52},
    {19, -2, -29, -3, -21, 8, -26, -36, 2, 2, -53, -11, -14, -17, -21, 0, -3, -24, -25, 1, 11, -2, -27, -8, -54, -14, -60},
    {14, 1, -29, -17, -22, 9, -33, -36, 16, 8, -58, -54, -11, -24, -29, 8, -20, -60, 0, -2, -9, -4, -31, -11, -38, -8, -41},
    {7, -2, -4, -1, -2, 5, -18, -2, -33, -4, -40, -20, 8, 3, 8, -27, -1, -40, 11, 9, 10, -47, -34, -45, -26, -17, -29},
    {-7, 7, -46, -31, -23, 22, -27, -33, -36, 15, -50, -59, -43, -32, -37, 1, -50, -59, -35, -20, -46, -28, -50, -59, -50, -27, -59},
    {11, 10, -31, -32, -30, 11, -29, -48, 13, 12, -46, -30, -10, -38, -2, 9, -45, -60, -2, -2, -25, -38, -60, -28, -60, -32, -55},
    {11, 5, -48, 5, -28, 7, -20, -35, -17, 2, -48, -48, -23, -29, -48, -17, 17, -31, -48, -29, 14, -11, -25, -48, -22, -7, -48},
    {23, -10, -19, -17, -16, 1, -41, -24, -43, -6, -60, -38, -12, -12, -16, 13, -8, -60, -20, 0, -6, -22, -37, -16, -60, -60, -26},
    {6, 13, -28, -41, -26, 19, -32, -20, -10, 10, -41, -24, -15, -28, -32, 4, -41, -28, -28, -9, -32, -9, -19, -32, -41, -3, 1},
};

const int8_t view_pair_rot13[32][32] = {
    {0, -13, 2, -2, -13, 1, 4, 16, -10, -18, 15, -25, -2, -32, 13, -2, 2, 13, -1, -4, -16, 10, 18, -15, 25, 2, 32},
    {8, 24, 4, -18, -33, -1, 16, 13, 15, -14, 1, -31, -16, -31, -12, 1, 7, 43, -3, -20, -1, -20, 4, -7, 14, -13, 2},
    {11, 3, 8, 16, -18, -6, 46, 60, 53, -7, 13, 25, -28, -5, 20, -22, 37, 40, -17, 11, 14, -28, 20, 0, 48, -2, 63},
    {4, -46, 45, 5, -31, -1, 40, 43, -7, -56, 24, -58, -9, -29, 35, -45, 12, 4, 10, -29, -41, -2, 50, 7, 23, 25, 21},
    {-21, -48, -15, -14, -26, -39, 1, -17, 57, -45, -15, 7, -33, -26, -4, -50, -5, -11, -34, -44, -3, -42, 4, -24, 14, 6, 8},
    {-4, -7, 25, -18, -46, -1, 13, 15, 20, -3, 20, -36, 0, -46, -1, -3, 4, 20, 4, -25, -7, -6, 14, -38, -4, 2, 28},
    {3, -24, 40, 29, 23, -31, -1, 44, 47, -36, 44, -11, -9, -23, 42, -43, 46, 39, 1, -4, -36, 3, 62, -22, 49, 6, 39},
    {-4, -32, 37, 15, -36, -12, 40, 1, -10, -38, 35, -5, -3, -17, 5, -33, 17, 33, 5, -30, -23, 17, 68, -27, -3, -5, 21},
    {-2, -3, 2, 39, -9, -9, 51, 65, 0, -43, 1, 21, 3, -2, 12, -13, 36, 40, 12, 4, 3, -23, 42, -8, 40, 19, 52},
    {-6, -35, 11, -55, -59, -37, -17, -42, 20, -16, -20, -37, -29, -57, -9, -51, -22, 1, 24, -36, -41, -16, 17, -8, -35, -1, -19},
    {7, -16, 55, -14, -33, -14, 44, 21, -11, -59, 10, -22, 14, -22, 39, -46, -11, 16, 32, -21, -2, -2, 39, -13, 16, 36, 8},
    {-6, -47, 0, 50, -6, -64, -10, 31, 6, -36, -7, 7, 2, -27, 4, -47, 26, 28, 23, -25, -14, -7, 46, -23, 8, -15, 27},
    {11, -25, 32, 8, -64, -32, 5, 22, 19, -46, 41, -42, -69, -13, 16, -26, -4, 44, 27, -38, -20, -39, 11, -31, 22, -15, 37},
    {-6, -45, 5, -15, 9, -43, 19, 4, 26, -25, 21, 12, 20, 1, 35, -37, -45, 34, 39, -27, 8, -8, 63, 4, 36, -14, 22},
    {-8, 12, -1, -7, -43, 3, 20, 1, 20, -4, 7, -14, 13, -2, -24, -4, 18, 33, 1, -16, -13, -15, 14, -1, 31, 16, 31},
    {-11, -20, 22, -37, -40, 17, -11, -14, 28, -20, 0, -48, 2, -63, -3, -8, -16, 18, 6, -46, -60, -53, 7, -13, -25, 28, 5},
    {-4, -35, 45, -12, -4, -10, 29, 41, 2, -50, -7, -23, -25, -21, 46, -45, -5, 31, 1, -40, -43, 7, 56, -24, 58, 9, 29},
    {21, 4, 50, 5, 11, 34, 44, 3, 42, -4, 24, -14, -6, -8, 48, 15, 14, 26, 39, -1, 17, -57, 45, 15, -7, 33, 26},
    {4, 1, 3, -4, -20, -4, 25, 7, 6, -14, 38, 4, -2, -28, 7, -25, 18, 46, 1, -13, -15, -20, 3, -20, 36, 0, 46},
    {-3, -42, 43, -46, -39, -1, 4, 36, -3, -62, 22, -49, -6, -39, 24, -40, -29, -23, 31, 1, -44, -47, 36, -44, 11, 9, 23},
    {4, -5, 33, -17, -33, -5, 30, 23, -17, -68, 27, 3, 5, -21, 32, -37, -15, 36, 12, -40, -1, 10, 38, -35, 5, 3, 17},
    {2, -12, 13, -36, -40, -12, -4, -3, 23, -42, 8, -40, -19, -52, 3, -2, -39, 9, 9, -51, -65, 0, 43, -1, -21, -3, 2},
    {6, 9, 51, 22, -1, -24, 36, 41, 16, -17, 8, 35, 1, 19, 35, -11, 55, 59, 37, 17, 42, -20, 16, 20, 37, 29, 57},
    {-7, -39, 46, 11, -16, -32, 21, 2, 2, -39, 13, -16, -36, -8, 16, -55, 14, 33, 14, -44, -21, 11, 59, -10, 22, -14, 22},
    {6, -4, 47, -26, -28, -23, 25, 14, 7, -46, 23, -8, 15, -27, 47, 0, -50, 6, 64, 10, -31, -6, 36, 7, -7, -2, 27},
    {-11, -16, 26, 4, -44, -27, 38, 20, 39, -11, 31, -22, 15, -37, 25, -32, -8, 64, 32, -5, -22, -19, 46, -41, 42, 69, 13},
    {6, -35, 37, 45, -34, -39, 27, -8, 8, -63, -4, -36, 14, -22, 45, -5, 15, -9, 43, -19, -4, -26, 25, -21, -12, -20, -1},
};

const int8_t view_pair_reversed[32][32] = {
    {0, -1, -3, -1, 21, 20, 15, 23, 8, -6, 16, 30, 16, 11, 20, 6, 5, 13, 15, 14, 3, 16, 6, 8, 49, 29, 37},
    {1, 0, 13, 8, 4, 30, 15, 7, 34, -1, 46, 7, 2, 14, -12, 18, 14, 16, -3, -8, -9, 7, 12, 26, 33, -7, 38},
    {3, -13, 0, -18, -3, -34, 9, 31, 14, -13, -35, 32, -27, 29, 3, -22, 10, 0, -24, -23, -5, -12, -16, 3, 12, -23, 32},
    {1, -8, 18, 0, -3, -13, 12, 7, -51, 1, 28, -35, -17, 5, 28, -18, 12, 5, -9, 12, -24, -2, 17, 27, 65, -2, 3},
    {-21, -4, 3, 3, 0, -9, -19, -7, 0, -7, 4, 28, 17, -17, 23, -10, -6, -11, 1, -19, 9, 2, -9, -8, 32, -5, 20},
    {-20, -30, 34, 13, 9, 0, 17, 26, 47, 14, 58, 38, 13, 21, -1, 4, 23, -15, 4, 1, 10, 29, 28, 21, 13, 11, 51},
    {-15, -15, -9, -12, 19, -17, 0, -9, 7, -12, 6, 24, 0, 9, 30, -9, 5, 14, -25, -4, -33, -17, 33, 2, 40, -21, 24},
    {-23, -7, -31, -7, 7, -26, 9, 0, -61, -11, 0, 16, -23, -12, 13, -14, 0, 21, -12, -33, -23, -1, 27, -17, 16, -18, 25},
    {-8, -34, -14, 51, 0, -47, -7, 61, 0, -57, 19, 30, -21, -8, -15, -29, 36, -4, -23, 24, 21, -23, 10, 45, 43, -32, 39},
    {6, 1, 13, -1, 7, -14, 12, 11, 57, 0, 38, 24, 7, 8, -17, -15, 11, 14, 10, -7, 0, 16, 17, 54, 26, 36, 23},
    {-16, -46, 35, -28, -4, -58, -6, 0, -19, -38, 0, -3, -11, -20, 6, -49, -31, 0, -27, -45, -12, -55, -23, -13, -2, -14, 5},
    {-30, -7, -32, 35, -28, -38, -24, -16, -30, -24, 3, 0, -9, -32, -15, -11, -16, 10, 6, -16, -33, -10, -15, -5, 8, -30, 32},
    {-16, -2, 27, 17, -17, -13, 0, 23, 21, -7, 11, 9, 0, -10, 10, -5, 23, 55, 18, -11, -7, 12, -26, 19, 37, -15, 34},
    {-11, -14, -29, -5, 17, -21, -9, 12, 8, -8, 20, 32, 10, 0, -1, -6, -27, 22, 16, -12, 4, 5, 21, 7, 31, -11, 22},
    {-20, 12, -3, -28, -23, 1, -30, -13, 15, 17, -6, 15, -10, 1, 0, 12, -20, -11, 24, -25, -38, 16, -22, 29, -9, -7, 0},
    {-6, -18, 22, 18, 10, -4, 9, 14, 29, 15, 49, 11, 5, 6, -12, 0, 11, 0, -3, 3, 8, -37, 5, 7, 7, 33, 39},
    {-5, -14, -10, -12, 6, -23, -5, 0, -36, -11, 31, 16, -23, 27, 20, -11, 0, 14, -30, 1, -21, -5, 2, -10, 73, 0, 19},
    {-13, -16, 0, -5, 11, 15, -14, -21, 4, -14, 0, -10, -55, -22, 11, 0, -14, 0, -16, 3, -26, -66, -21, -14, 15, -14, 18},
    {-15, 3, 24, 9, -1, -4, 25, 12, 23, -10, 27, -6, -18, -16, -24, 3, 30, 16, 0, -27, -1, 18, -20, 24, 10, -19, 24},
    {-14, 8, 23, -12, 19, -1, 4, 33, -24, 7, 45, 16, 11, 12, 25, -3, -1, -3, 27, 0, -13, 11, 7, 6, 25, 14, 51},
    {-3, 9, 5, 24, -9, -10, 33, 23, -21, 0, 12, 33, 7, -4, 38, -8, 21, 26, 1, 13, 0, 14, -15, -14, 52, 2, 9},
    {-16, -7, 12, 2, -2, -29, 17, 1, 23, -16, 55, 10, -12, -5, -16, 37, 5, 66, -18, -11, -14, 0, 6, 7, 15, -5, 20},
    {-6, -12, 16, -17, 9, -28, -33, -27, -10, -17, 23, 15, 26, -21, 22, -5, -2, 21, 20, -7, 15, -6, 0, -1, 25, -10, 40},
    {-8, -26, -3, -27, 8, -21, -2, 17, -45, -54, 13, 5, -19, -7, -29, -7, 10, 14, -24, -6, 14, -7, 1, 0, 12, 16, 23},
    {-49, -33, -12, -65, -32, -13, -40, -16, -43, -26, 2, -8, -37, -31, 9, -7, -73, -15, -10, -25, -52, -15, -25, -12, 0, -53, 7},
    {-29, 7, 23, 2, 5, -11, 21, 18, 32, -36, 14, 30, 15, 11, 7, -33, 0, 14, 19, -14, -2, 5, 10, -16, 53, 0, 23},
    {-37, -38, -32, -3, -20, -51, -24, -25, -39, -23, -5, -32, -34, -22, 0, -39, -19, -18, -24, -51, -9, -20, -40, -23, -7, -23, 0},
};

/* [length]: the frequent words of that length, ascending, without separators */
const char *const view_words[15] = {
    "",
    "",
    "aiamanasatbebydogohehiifinisitmemynoofokonorsotoupuswe",
    "abcachacmactadaaddadsageagoaidairaliallamyanaandanyapiapparearmarrartashaskateatpbadbag"
    "banbarbaybbcbedbenbigbinbiobitbobboxboybusbutbuycancarcatcbscdsceocnncomcupcutdaddanday"
    "defdesdiddiedigdogdondryduedvdeateggenderaetceyefanfarfatfebfeefewfitflyforfoxfungasget"
    "gitgodgotgpagunguygymhadhanhasherhimhiphishithophothowianiceincintisnissitsjanjarjayjet"
    "jimjobjoekeykidkimlaplaslawlayledleeleglenleoletlilliuloglolloslotlowlrbmacmanmapmarmax"
    "maymenmetmiamidminmixmommphmrsmtvnetnewnonnornotnowoakoffoiloldoneouroutownpampatpayper"
    "petpinpopposproputranrayredronrowrrbrthrunsamsansawsayseaseesetsexsheshysirsitsixskyson"
    "spysqlsubsuesumsuntaxteatedtenthetietimtomtootoptoytrytwotxturlusausevanviavonwarwasway"
    "wetwhowhywinwonwowwwwyesyetyouzoozsa",
    "ableacidactsadamaddsagesalanalexalsoamidandyannaanneappsareaarenarmsarmyartsasiaasksauto"
    "awaybabybackbagsbailbakeballbandbankbarsbasebashbearbeatbedsbeefbeenbeerbestbikebillbird"
    "blogblowblueboatbodybondbookbornbossbothbowlboysburnbushbusybuyscagecakecallcamecampcans"
    "cardcarecarscasecashcastcatscavecellcentchadchanchatchefcityclayclubcoalcodecoincoldcome"
    "cookcoolcopycorncorpcostcrewcubacubecupscutsdarkdatadatedavedaysdeaddealdeardeepdeskdidn"
    "dieddietdirtdiscdishdoesdogsdomedonedongdoomdoordowndrawdrewdropdrugdueldusteachearneast"
    "easyeatseggselonelseendsericeuroeveneverevilexameyesfacefactfairfallfamefansfarmfastfear"
    "feedfeelfeetfellfeltfifafilefillfilmfindfinefirefirmfishfiveflagflatfledflowfolkfoodfoot"
    "formfourfreefromfujifullgameganggarygategavegetsgiftgirlgivegoalgodsgoesgoldgonegoodgory"
    "grewgreygrowgulfguyshackhairhalfhallhandhanghardharmhatehaveheadhearheatheirheldhellhelp"
    "hereherohighhillhinthitsholdholehomehonghopehosthourhtmlhttphugehuntideaimdbintoionsiowa"
    "iraniraqironitemjackjailjakejanejavajazzjeanjeffjobsjoeyjohnjoinjokejoshjsonjuanjulyjump"
    "junejuryjustkatekeepkeptkickkidskillkindkingknewknotknowkongkylelackladylakelandlanelaps"
    "lastlatelawnlawslazyleadleftlegslessletslifeliftlikelilylinelinklisalistliveloadloanlola"
    "longlooklordloselosslostlotsloudlovelucklucyluislukemademailmainmakemalemallmanymarkmars"
    "marymaskmassmatemathmattmealmeanmeetmikemildmilemilkmilomindminemissmodemonamoonmoremost"
    "movemuchmuskmustnamenasanearneckneedneilnewsnextnicenickninaninenodenonenosenotenullokay"
    "oldsonceonesonlyontoopenormeoverownspackpagepaidpainpairparkpartpasspastpathpaulpayspeak"
    "petephilpickpileplanplayplotpluspoetpondpoolpoorpopeportpostprixprompullpumppushputsquiz"
    "racerainrandrankrareratereadrealreedrentrestrichrideringriseriskritaroadrockrolerollrome"
    "roomrootroperoserowsrulerunsrushryansafesaidsalesaltsamesandsarasavesaysseatseekseemseen"
    "seesselfsellsemisendsentsetsshipshopshotshowsicksidesignsingsitesizeskinskipslowsnowsoap"
    "softsoilsoldsolesolosomesongsoonsortsoulstarstaystepstopsuchsuitsungsuretaketaletalktall"
    "tanktaskteamtechteentelltemptendtermtesttextthanthatthemthentheythinthistimetinatinytips"
    "toldtombtonetonytooktooltourtowntoystraytreetriptruetubeturntypeuefauenounituponuseduser"
    "usesvastveryviewvoidvotewaitwalkwallwantwardwarmwarswasnwaysweakwearweekwellwentwerewest"
    "whatwhenwhomwidewifewildwillwindwinewingwinswirewisewishwithwoodwordworkyaleyardyeahyear"
    "yorkyouryurizerozone",
    "aboutaboveactedactoradamsaddedadminadultafteragainagentagreeaheadalbumalgaealicealien"
    "alivealleyallowalonealongalphaamongangryannieapartappleaprilareasarenaarmedarrayaside"
    "askedatomsaudioavoidawaitawardawareawfulballsbanksbasedbasicbasisbeachbeadsbeansbeats"
    "beganbeginbeingbelowbettybiblebillsbillybirdsbirthblackbladeblastblockbloodbloomboard"
    "bondsbooksboxesbrainbrandbreadbreakbrianbriefbringbrokebrownbrucebuildbuiltbunchburns"
    "byroncablecallscanalcandycardscarrycasescaseycatchcausecellscentschaincheapcheckchess"
    "chiefchildchinachipschriscivilclaimclarkclasscleanclearclickclockclosecloudcoachcoast"
    "colincolorcomescoolscoralcostacostscouldcountcourtcovercrashcreamcrimecrosscrowdcycle"
    "dailydancedannydaviddavisdeathdebugdebutdecaydelaydevildiegodoesndoingdoorsdozendraft"
    "dramadrawndressdrinkdrivedrugsdrunkdubaidutchearlyeartheateneddieegypteightelderellen"
    "ellisemailemilyemptyendedenemyenjoyenterentryenvoyequalerroressayevanseventeveryexcel"
    "existextrafacedfacesfactsfaithfallsfalsefearsfeelsfencefetchfewerfieldfifthfightfiles"
    "fillsfilmsfinalfindsfiredfirstfixedflashfleetfloatfloorflourflowsfocusfoldsforceforks"
    "formsfoundframefrankfreshfriedfriesfrogsfrontfuelsfunnygaborgamesgasesgekkogemmagenes"
    "ghostgiantgiftsgirlsgivengivesglassgoalsgoinggracegradegramsgrandgrantgrassgreatgreek"
    "greengroupgrowngrowsguardguessguestguidehandshappyharryhatchhavenheadsheardheartheavy"
    "hellohenryhiredholdshomeshondahopeshorsehotelhourshousehttpshumanidahoideasimageindex"
    "indiainputiraqiirishisaacissueitalyitemsjacobjamesjamiejapanjasonjellyjennyjerryjesus"
    "jimmyjointjonesjudgejuicejuliajumpskarenkeepskeithkellykevinkindsknockknownknowskorea"
    "labellargelarrylaterlatinlauraleadslearnleastleavelegallevellightlikedlikeslimitlines"
    "linkslinuxlivedliverliveslocallogiclookslouislovedloveslowerlunchlungsmagicmajormaker"
    "makesmalesmarchmarcomariamariemarksmasonmatchmaybemayormeansmediameetsmergemetalmeter"
    "miamimightmilanmilesminormixedmodelmollymoneymonthmoralmotormountmovedmovesmoviemusic"
    "myersnamednamesnavalneedsnervenevernewlynickynigelnightnoisenorthnotednotesnovelnurse"
    "obamaoccuroceanofferoftenolderopensoperaorderorganotherouterownedownerpagespaintpairs"
    "panelpantspaperparispartspartypastapavedpeacepeerspeterphonephotopianopiecepilotpints"
    "pizzaplaceplaneplansplantplateplayspointpostspoundpowerpresspriceprimeprintpriorprize"
    "provepursepwnedqueenqueryquickquietquitequoraracesradioraidsraiserangeratesreachreact"
    "readsreadyrealmreignreplyresetrightrisksrivalriverrobbyrobinrobotrocksrolesrollsroman"
    "rootsrosesroughroundrouteroverroyalruledrulessaintsaladsalessallysantasarahsaudisaved"
    "scalescarescenescorescottscoutseedsseeksseemssellssenseservesevenshapesharesheepshell"
    "shiftshirtshockshoesshoreshortshowssidessignssimonsincesitessizedslacksleepsliceslows"
    "smallsmithsockssolarsolidsolvesongssonyasorrysoundsouthspacespainspeakspeedspendspent"
    "splitsportsquadstaffstagestandstarsstartstatesteakstealstepsstevestickstillstockstone"
    "storestormstorystuckstudystuffstylesugarsuitesupersweetswiftswissswordsyriatabletaken"
    "takestalkstasteteachteamsteethtellstenthtermsterryteslateststexasthanktheirthemethere"
    "thesethingthinkthirdthosethreethrewthrowtimestiredtirestitletodaytokentokyotommytopic"
    "totaltowertracktradetraintreestrialtriedtriestripstrucktrulytrumptrusttsungturnstwice"
    "twisttypesunderunionunitsuntilupperupseturbanusageusersusingusualvalidvaluevalvevapor"
    "vegasvenuevideoviewsvincivinylvisitvitalvocalvoicewaleswalkswantswastewatchwaterwaves"
    "wearsweeksweighwellswelshwherewhichwhilewhitewholewhosewidthwingswomanwomenwordsworks"
    "worldworseworstworthwouldwritewrongwroteyardsyearsyoungyouthzabel",
    "aboardabsorbaccessacrossactingactionactiveactorsactualaddingadultsadviceadviseaffect"
    "affordafricaagencyagreedalbanyalbertaliensallowsalmostalwaysamazonamountanchorandrew"
    "animalannualansweranyoneappearapplesarabiaarcadearchiearguedarnoldaroundarrestarrive"
    "arthurartistaskingasleepassetsassistassumeattackattendaubreyaugustaustenaustinauthor"
    "avenueawardsbabiesbaileybananabarackbarelybarrelbattlebeautybecamebecomebeforebehalf"
    "behindbeingsbelongberlinbetterbeyondbieberbiggerblocksbodiesborderbostonbottlebottom"
    "boughtbranchbrazilbreaksbreathbrendabridgebrightbringsbrokenbronzebudgetburiedburned"
    "butterbuyingbypasscaesarcalledcameracanadacancercannotcarboncareercarloscarpetcarson"
    "castlecaughtcausedcausescelticcensuscentercentrechairschancechangechargecheesechoice"
    "choosechurchcirclecitiesclaimsclientclosedclosercoffeecolorscomedycomingcommonconvey"
    "cookiecornercosmiccouldncountscountycouplecoursecrackscreatecreditcrimescrisiscritic"
    "damagedangerdanieldealerdeathsdebatedecadedecentdecidedecodededucedefeatdefenddelete"
    "demanddenieddennisdenserdesertdesigndetaildetectdevicedialogdifferdiningdinnerdirect"
    "disneydividedoctordollardonalddoubledragondreamsdrinksdriverdrivesdublinduringearned"
    "easilyeatingedisoneditededwardeffectefforteitheremailsempireencodeendingenergyengine"
    "enoughensureentersentireentityescapeestateethicseugeneeuropeeventsexceptexpectexpert"
    "fabricfacingfactorfailedfairlyfamilyfamousfarmerfasterfatherfellowfemalefieldsfigure"
    "filledfilterfinishflightfloorsflowerflyingfollowforcedforcesforestforgetforgotformal"
    "formedformerfossilfourthfrancefrancofrenchfridayfriendfuturegainedgalaxygaragegarden"
    "gathergeorgegermanghostsgibsongiftedgivingglobalgoldengooglegordongradesgreeceground"
    "groupsgrowthguestsguiltyguitarhabitshackedhamlethandedhandlehappenharderharperharvey"
    "havingheadedhealthheartsheatedheighthelpedhiddenhigherhighlyholderhopinghorrorhosted"
    "hotterhouseshumansignoreimpactimportinchesincomeindianinjuryinsertinsideinvestisland"
    "israelissuesitselfjessiejimmiejohnnyjoinedjordanjosephjuliusjuniorjustinkilledkiller"
    "knightkoreankumikolandedlargerlatestlaunchlaurenlaymanleaderleagueleaveslengthlesser"
    "letterlevelslightslikelylionelliquidlistedlistenlittlelivinglondonlongerlookedlosing"
    "lovinglowestmainlymakingmanagemannermanualmarinemarkedmarketmartinmastermattermedian"
    "mediummembermemorymerlinmetersmethodmetresmexicomiddleminingminutemissedmobilemodels"
    "modernmomentmondaymonkeymonthsmortalmoscowmostlymothermotionmoviesmovingmurdermuseum"
    "muslimmutualmyselfnathannationnativenaturenearbynearlyneededneuralnevadanewtonnikola"
    "nobodynoisesnorikonormalnoticenumberobjectoccursoffersofficeoldestonlineopenedoption"
    "oracleorangeordersoriginothersoutputoxfordoxygenpackedparentparkerpassedpassespaying"
    "peanutpeopleperiodpersonphilipphotospickedpicnicpiecesplacedplacesplanetplantsplayed"
    "playerpleasepointspolicepolicyportalpostedpotionpotterpoundspowersprayerprefixpretty"
    "pricesprinceprisonprofitpromptproperpublicpulledpurduepursuepushespythonquebecqueens"
    "rachelracingradiusrandomrankedratherratingreaderreallyreasonrecentreciperecordreduce"
    "refersreformregionremainremoteremoverepeatreportrescueresultretailreturnrevealreview"
    "rightsrivalsriversrobertrocketromneyrubberrulingrunnerrussiasabressafelysafetysalary"
    "samplesamuelsayingscenesschoolscoredscoresscreenscriptsearchseasonsecondsecretsector"
    "secureseeingseemedselectsenateseniorseriesservedserverservesseveresexualshapedshared"
    "sharesshellsshootsshouldshowedsignalsignedsilversimplesimplysingersinglesisterskills"
    "slowerslowlysoccersocialsortedsoughtsoundssourcesovietspacexspearsspeechspendsspirit"
    "sportsspringsquarestablestartsstatesstaticstatusstayedstereostevensticksstocksstones"
    "storedstoresstreamstreetstressstrikestringstrongstudiosummersummitsundaysupplysurfer"
    "surveyswedenswitchsydneysystemtablestackletakingtalenttallertargettaylortenanttennis"
    "terrortestedthanksthemedthemestheorythingsthomasthoughthreatthrowstickettimbertokens"
    "topicstowardtoyotatrackstragictrainstraveltreatytrevortroopstruckstryingturkeyturned"
    "turtletwelvetwentyunableuniqueunitedupdateurgentusefulvalleyvaluesvesselvictimvictor"
    "videosviewervirginvisualvolumevoterswaiterwalkedwantedwarmerwarnedwatsonweakerweapon"
    "weeklyweighsweightwidelywilsonwindowwinnerwinniewinterwisdomwisheswithinwizardwonder"
    "woodenworkedwouldnwriteryellow",
    "abilityacademyacceptsaccountaccusedachieveactionsactressadaptedaddressadmiredadopted"
    "advanceafricanagainstairlineairportalabamaalbertoalcoholallegedallergyallowedalready"
    "amateuramazingamericaamountsanalystanalyzeancientandroidangelesanimalsanotheranswers"
    "antonioanxietyappearsappliedarrivedarrivesarticleaspectsassaultathleteatlantaattacks"
    "attemptaustriaaverageawesomebalanceballardbananasbangkokbarrelsbeatlesbecausebeckham"
    "becomesbeijingbelgiumbelievebeneathbenefitbetweenbeyoncebiggestbillingbillionbiology"
    "bizarreboilingboliviabottlesbowlingbrandonbreathebrieflybritainbritishbritneybrother"
    "broughtbuffaloburgerscameroncandicecandlescapitalcaptaincapturecarriedcarriercarries"
    "causingcelsiuscentralcenturycertainchanceschangedchangeschannelchargedchargescharity"
    "charlescheckedchicagochickenchinesechoicescircuitcitizenclaimedclassesclassicclients"
    "climateclintonclosingclothescocainecollectcollegecollinscombinecomfortcommandcomment"
    "commitscompactcompanycomparecomplexcomposeconceptconcertconciseconquerconsolecontact"
    "contentcontextcontrolconvertcookiescookingcorrectcorruptcouncilcountercountrycousins"
    "coveredcreatedcriticscrypticculturecuriouscurrentcustodycustomscuttingdamageddealers"
    "dealingdebuteddecideddecidesdefaultdefencedefensedegreesdeleteddeliverdemandsdensity"
    "depictsdepositdesktopdespitedestroydetailsdevelopdigitaldioxidedisablediscussdisease"
    "displaydisputedistantdivideddollarsdonateddorothydoubleddouglasdresseddrivingdropped"
    "droughtearlierearningeasterneconomyeffectseffortselderlyelementembassyemperorengages"
    "englandenglishenjoyedepisodeequallyethicaleveningexactlyexampleexcitedexcludeexecute"
    "expandsexplainexploreexpressextractextremefactorsfallingfantasyfartherfashionfederal"
    "feelingfemalesfictionfiguresfiltersfinallyfindingfinlandfinnishfirearmfishingfitness"
    "floridaflowersfocusedfollowsforeignformingforwardfoundedfrancisfreezesfriendsfunding"
    "furthergallonsgeneralgeorgiagermanygettinggilbertglacierglassesgrabbedgradersgranted"
    "graphicgravitygreatergrocerygrowingguitarshappensharmfulhealthyhearingheavilyhelping"
    "herselfhighesthillaryhimselfhistoryholdingholidayhostinghousinghoweverhundredhusband"
    "illegalimagineimproveincludeinitialinjuredinsectsinsightinspireinsteadintegerinvited"
    "invoiceirelandislandsitalianjacksonjanuaryjasminejohnsonjournaljourneyjusticekeeping"
    "kendallkillingkinetickingdomkitchenknockedknowinglandinglargestlastingleadersleading"
    "learnedleavinglecturelegendslessonsletterslibraryliftinglimitedlincolnlocatedlongest"
    "lookingluggagemachinemadisonmagicalmanagedmanagermarriedmartianmassivematchesmeaning"
    "measuremedicalmeetingmelaniemelissamembersmentionmessagemethodsmichaelmillionminutes"
    "missingmissionmistakemomentsmonitormonthlymorningmukaseymurdersmusicalnationsnatural"
    "neithernetworknicolasnothingnoticednuclearnumbersobjectsobserveoctoberofferedofficer"
    "olympicontarioopeningopinionoptionsorangesorderedoutcomeoutlineoutsideoveralloysters"
    "packageparentsparkingparnellpartiespartnerpassagepatientpatrickpaymentpebblespencils"
    "percentperfectperformperhapspersonaphysicspictureplanetsplannedplannerplasticplayers"
    "playingpopularpoweredpraisedpredictpremierpreparepresentpretendpreventprimaryprinted"
    "printerprivacyprivateproblemprocessproduceproductprofileprogramprojectpromisepropose"
    "protectprovidepurposeputtingqualifyqualityquarterquicklyraisingreachedreachesreading"
    "realityrealizereasonsreceiverecoverreducedrefusesregionsregularrelatedreleaseremains"
    "remarksremovedreplacereportsrequestrequireresolverespectrespondrestoreresultsretired"
    "returnsreutersrevengerevenuereversereviewsrevivalrewardsrewriterichardrollingrosetta"
    "roughlyroutinerunningrussellrussiansarkozyscalisesceneryschoolsscienceseasonsseconds"
    "sectionseekingsellingsendingseriousserviceservingsessionsettingsettledseventhseveral"
    "sharingshelvesshortlysimilarsimpsonsittingskilledsmallersmokingsnippetsocietysomeone"
    "sourcesspanishspecialspeciesspottedsquaresstabbedstadiumstartedstartlestationstaying"
    "stewartstoriesstrangestreetsstringsstudentstudiedstudiessubjectsuccesssuggestsuicide"
    "summarysunrisesupportsupposesupremesurfacesurgerysurvivesuspectsuzannesystemstalking"
    "tallestteacherteenagetellingtestingtetsuzotheatertheatrethoughtthreatsthroughthunder"
    "ticketstonighttouristtowardstradingtraffictrainedtrappedtravelstreatedtroubletuesday"
    "turkishturningtypicalukraineunknownunusualupdatedusuallyvarietyvariousvehicleverdict"
    "versionvictimsvictoryvillagevincentviolentvisitedvolcanowaitingwalkingwarningwatched"
    "weaponswearingweatherwebsitewebsterweddingweekendwelcomewesternwhetherwilliamwilling"
    "windowswinningwithoutwitnesswolframworkersworkingworriedworrieswoundedwrapperwriting"
    "writtenyoungerzealand",
    "abstractacademicacceptedaccidentaccountsachievedacquiredactivityactuallyadditionadmitted"
    "advancedaffectedaircraftallianceallowingalthoughamericananalysisandersonanythingapparent"
    "appearedapproachargumentarrestedarrivingarticlesaspiringassignedassumingatlanticattached"
    "attemptsattendedattorneyaudiencebackyardbaseballbasementbathroombecomingbehaviorbelieved"
    "benefitsbirthdaybranchesbreakingbrothersbuildingbusinesscaloriescampaigncanadiancapacity"
    "carolinacarryingcategorycatholiccemeterychangingchattingcheckingchemicalcheshirechickens"
    "childrencitizenscleaningcoherentcollegescolumbiacombinedcommandscommonlycomparedcomplete"
    "composercomputercomradesconceptsconcernsconflictcongressconsiderconsistsconstantcontains"
    "continuecontractconvincecountingcreatingcreationcreativecreaturecriminalcriticalcultural"
    "customerdaughterdebatingdecemberdecisiondeclareddecreasedeliverydescribedesigneddesigner"
    "detaileddiabetesdialoguediplomatdirecteddirectlydirectordisasterdiscountdiscoverdisplays"
    "distancedistrictdividingdivisiondocumentdomesticdownloaddowntowndramaticdrinkingearnings"
    "economicegyptianeinsteinelectionelectricelementsemotionsengagingengineereruptioneuropean"
    "everydayeveryoneevidenceexamplesexchangeexcitingexerciseexpandedexpectedexplainsexplorer"
    "exposureextendedfamiliarfamiliesfavoritefeaturesfebruaryfeelingsfestivalfightingfindings"
    "finishedflexiblefollowedfootballforecastformerlyfreezingfrictionfriendlyfunctiongathered"
    "generategraduategreatestguidancehamiltonhappenedhistorichogwartshomeworkhorriblehospital"
    "humanityhundredshydrogenidentifyimperialincidentincludedincludesincreaseindustryinformed"
    "innocentinterestinteriorinternalinternetinvasioninventedinventorinvolvedisolatedjapanese"
    "johnstonlanguagelaunchedlawrencelearningleonardolightinglistenerlocationlovelacemagazine"
    "magicianmaintainmarathonmarriagematerialmeasuredmeasuresmedievalmeetingsmemorialmessages"
    "michellemichiganmidnightmilitaryministermistakesmollusksmountainmovementmultiplemurdered"
    "nationalnegativeneighbornetworksnormallynorthernnovemberobservedobtainedoccurredoffering"
    "officersofficialopponentoppositeorderingoriginaloutgoingoutworldovercomeoverrideoverview"
    "paintingpakistanpasswordpatternspeacefulpersonalpersuadephysicalpicturesplanningplatform"
    "platypuspoliciespolitelypoliticspositionpositivepossiblepowerfulpracticepregnantprepared"
    "preparespresencepressurepreviousprincessprintingprobablyproblemsproducedproducerproduces"
    "productsprogramsprogressproperlypropertyproposalproposedproteinsprovidedprovidespurchase"
    "quantityquartersquestionrainwoodreactionrealizesreceivedrecentlyrecordedrecoveryreferred"
    "reflectsrefugeesregardedregionalrejectedrelationreleasedreleasesrelievedreligionremained"
    "rememberremovingreplacedreportedreporterrepublicrequestsrequiredrequiresresearchresponse"
    "restrictretrievereturnedrevealedreviewerrightfulroleplayromanticsandwichsantiagosaturday"
    "scenarioschedulescholarsscorpionscotlandscottishsecretlysectionssecuritysedimentsegments"
    "sensicalsentenceseparatesequenceservicessessionssettingsshoppingshouldersiblingssmallest"
    "softwaresoldierssolutionsorcerersouthernspeakingspecificspeedwayspendingsquirrelstandard"
    "standingstanfordstarfishstartingstraightstrandedstrategystrengthstrongerstronglystudents"
    "studyingsubjectssuddenlysufferedsuggestssuitablesunlightsuppliessupposedsurfacessurprise"
    "survivalsurvivedswimmingsymphonyteachersteachingteenagerterminalterriblethailandthinking"
    "thompsonthoughtsthrowingthursdaytogethertomorrowtrainingtransfertraveledtreasuretreating"
    "triangletroubleduniverseupcomingusernamevacationvalenciavalidatevaluablevehiclesvelocity"
    "verbatimveronicaversionsvictoriaviolencevirginiavisitingvisitorsvolcanicwaitresswarnings"
    "warriorswatchingweekendswheneverwilliamswithdrawyourselfzimbabwe",
    "abilitiesacclaimedaccordingadventureafternoonagreementalexanderalgorithmalongside"
    "amsterdamannouncedapartmentappointedarchitectargentinaargumentsarmstrongassistant"
    "attemptedattendingattentionaustraliaautomaticavailablebasicallybeautifulbeginning"
    "biographybreakfastbrilliantbuildingscalculatecandidatecaribbeancelebratecertainly"
    "challengechampionscharactercharlottechildhoodchocolatechristianchristinechristmas"
    "classicalclassroomcoalitioncollectedcommunitycompaniescompetingcomplaintcompleted"
    "composerscomposingcomputersconcernedconditionconflictsconsciousconstructcontained"
    "continentcontinuedcontinuescorrectlycountriescreaturescriticismcurrentlycustomers"
    "dangerousdaughtersdecreaseddecreasesdedicateddefendingdeliciousdelighteddelivered"
    "democracydescribeddescribesdetectivedeterminedevelopeddeveloperdifferentdifficult"
    "digestivedirectiondirectivedirectorydisagreesdiscoversdiscoverydisregarddisrupted"
    "dissolveddocumentsduplicateeccentricedinburgheducationeffectiveelaborateelectrons"
    "elevationelizabethemergencyemployeesencounterequipmentessentialestablishestimated"
    "evolutionexcellentexecutionexecutiveexistenceexpansionexpensiveexpertiseexplained"
    "exploringexpressedexpressesextractedextremelyfantasticfavorablefibonaccifictional"
    "financialfollowingforegoingformationfranciscofrederickfrequencygatheringgenerally"
    "generatedguidelinehappinessheadlineshistorianhollywoodhouseholdhurricaneimportant"
    "improvingincludingincreasedincreasesinfluenceinitiallyinitiatedinstituteinsurance"
    "interestsinterviewintroduceinventioninvestorsinvolvingjailbreakknowledgelandscape"
    "languageslegendarylifestylelightninglisteningmaterialsmeanwhilementionedmicrosoft"
    "minecraftmolecularmoleculesmonologuemountainsmovementsmusiciansnashvillenecessary"
    "negotiateneighborsnewspapernominatednutrientsobserversobservingobviouslyofficials"
    "offspringoperationoperatorsorchestraorganismsorganizedotherwiseparagraphparticles"
    "passengerperformedpermanentphotoshopplausiblepoliticalpollutionpopulatedportfolio"
    "portrayedpotentialpracticespreparingpresentedpresidentprincipalprofessorprominent"
    "promptingprotectedprovidingpublishedpurchasedpurchasesqualifiedquestionsradiation"
    "reactionsrearrangereceivingrecommendrectangleregardingregularlyrelationsreleasing"
    "religiousremainingrenewablerepresentrequestedresidentsresistorsresourcesresulting"
    "returningsatisfiedscheduledscientistsebastiansecretaryselectionsentencessentiment"
    "separatedseptemberseriouslysheffieldsituationsocialistsomethingsometimessoutheast"
    "spaceshipstatementstorylinestructurestrugglessubstancesuggestedsummarizesuperhero"
    "supportedsurprisedsurvivorstechnicaltechniqueteenagerstemporarytennesseetherapist"
    "thereforethousandsthreatenstraditiontranslatetransporttravelingtreatmenttypically"
    "universalverifyingvolcanoeswednesdaywikipediawitnessedwonderfulwonderingworldwide"
    "yesterday",
    "absolutelyactivitiesadaptationadditionaladdressingadvantagesadventurerafterwards"
    "altogetherambassadoranalyticalappearanceapprenticeartificialassistanceassociated"
    "atmosphereattemptingattractionattractiveaustralianbackgroundbangladeshbasketball"
    "businessescalculatorcaliforniacandidatescategorieschallengescharactersclassified"
    "colleaguescollectioncombustioncommercialcommissioncommitmentcomplaintscompletely"
    "componentsconditionsconductingconferenceconnectionconsideredconstantlyconsultant"
    "containingcontinuouscontributecontrolleddefinitelydemocraticdepartmentdescribing"
    "desolationdetermineddevelopingdifferencedifficultydirectivesdisciplinediscovered"
    "duplicatesearthquakeelementaryencountersendangeredenterpriseequivalenteventually"
    "everythingexpeditionexperienceexplainingexpressingflatteringfoundationfriendship"
    "futuristicgenerationgeologicalgirlfriendgovernmentgreenhouseguidelineshandpicked"
    "historicalhypothesisidentifiedimmigrantsimportanceincreasingindirectlyindividual"
    "influencedinnovativeintentionsinterestedintroducedinvestmentjournalistliterature"
    "maintainedmanagementmechanicalmicroscopemidfieldermonitoringmotivationmysterious"
    "newspapersoccupationofficiallyoperationsoppositionoriginallyparaphraseparliament"
    "particularpassengerspercentagephenomenonphilosophypittsburghpoliticianpopulation"
    "possessionpresentingpreservingpreviouslyprinciplesproductionprofessionproperties"
    "protectingprotectionqualifyingreasonablerecoveringrepublicanreputationresistance"
    "restaurantrevolutionsandwichesscientificscientistssoundtrackspacecraftstatistics"
    "strategiesstrugglingsubmissionsuccessfulsuggestionsupportingtablespoontechniques"
    "technologytelevisionthemselvesthreatenedthroughouttournamentunderstandunderwater"
    "unfiltereduniversityvegetablesvolkswagenwashingtonwidespread",
    "adversariesadvertisingalternatingalternativeanniversaryappointmentapproachingassociation"
    "attractionsauthoritieschallengingcollectionscombinationcomfortablecommercialscommunicate"
    "communitiescompetitionconsecutiveconsideringconstraintsconsumptioncontributedcooperation"
    "descriptiondestinationdestructiondevelopmentdifferencesdifferentlydiscoveriesdiscovering"
    "distinctivedocumentaryeducationaleffectivelyelectricityelizabethanencounteredengineering"
    "environmentestablishedexperiencedexperiencesexplanationfascinatinggeneticallyhighlighted"
    "immediatelyimmigrationincorporateindependentindividualsinfluentialinformationinformative"
    "ingredientsinspirationinstitutioninstructionintelligentinteractioninterestingjournalists"
    "maintainingmaintenancemasterpiecemeasurementnationalityneighboringnetherlandsopportunity"
    "outstandingparticipateperformancepersonalityphilosopherpotentiallyprogrammingprosecutors"
    "researchersresponsiblerestrictionscholarshipsensitivityshakespearesignificantspecialized"
    "specializessuggestionssurroundingsustainabletemperatureterritoriesthreateningtraditional"
    "transactiontransmittedtransportedunconscious",
    "accomplishedachievementsacknowledgedadvancementsapplicationsarchitectureavailability"
    "championshipcivilizationconcentratedconfidentialconsequencesconstructioncontaminated"
    "contemporarycontributionconversationdifferentialdisappointeddissatisfiedestablishing"
    "headquartersimplicationsimprovementsindependenceinstructionsintelligenceinteractions"
    "introductionmanufacturernegotiationsneighborhoodobservationsorganisationorganization"
    "participantsparticularlyperformancesphiladelphiapresentationpresidentialprofessional"
    "publicationsrefrigeratorrelationshiprepresentingreproductionrestrictionssignificance"
    "specializingsuccessfullysurroundingstechnologiestemperaturestransmissionunflattering"
    "unrestricted",
    "administratorapproximatelyarchaeologistchampionshipscommunicationconcentration"
    "configurationcontroversialdocumentationentertainmentenvironmentalgravitational"
    "internationalinvestigationknowledgeablemassachusettsorganizationsphilosophical"
    "qualificationrelationshipsrevolutionarytechnologicaluncomfortableunderstanding"
    "unfortunately",
    "administrationphotosynthesisrecommendationtransportationunconventional",
};
/* clang-format on */
