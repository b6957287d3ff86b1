/* SPDX-License-Identifier: Apache-2.0
 *
 * The kernels of each instruction set, for the dispatch in kernels.c and for each other. */
#ifndef ALKFW_KERNELS_ISA_H
#define ALKFW_KERNELS_ISA_H

#include "model/kernels/kernels.h"

extern const struct kernels kernels_portable;
#ifdef ALKFW_KERNELS_X86
extern const struct kernels kernels_avx2;
extern const struct kernels kernels_avx512;
extern const struct kernels kernels_avx512_vnni;
#endif
#ifdef ALKFW_KERNELS_NEON
extern const struct kernels kernels_neon;
extern const struct kernels kernels_neon_dotprod;
#endif

#endif
