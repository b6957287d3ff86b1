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
void kernels_gemm_int8_avx2(const struct gemm_int8 *gemm);
#endif
#ifdef ALKFW_KERNELS_NEON
extern const struct kernels kernels_neon;
#endif

#endif
