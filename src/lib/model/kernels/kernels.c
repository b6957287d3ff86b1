/* SPDX-License-Identifier: Apache-2.0 */
#include "model/kernels/kernels.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#ifdef ALKFW_KERNELS_NEON
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#include "model/kernels/kernels_isa.h"

/* Best first. */
static const struct kernels *const all[] = {
#ifdef ALKFW_KERNELS_X86
    &kernels_avx512_vnni,  &kernels_avx512, &kernels_avx2,
#endif
#ifdef ALKFW_KERNELS_NEON
    &kernels_neon_dotprod, &kernels_neon,
#endif
    &kernels_portable,
};

enum { N_KERNELS = sizeof all / sizeof all[0] };

/* The one piece of global state: what was chosen by CPU, or by a test. */
static _Atomic(const struct kernels *) selected;

static bool can_run(const struct kernels *kernels) {
#ifdef ALKFW_KERNELS_X86
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                  __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (kernels == &kernels_avx512_vnni)
        return avx512 && __builtin_cpu_supports("avx512vnni");
    if (kernels == &kernels_avx512)
        return avx512;
    if (kernels == &kernels_avx2)
        return avx2;
#endif
#ifdef ALKFW_KERNELS_NEON
    if (kernels == &kernels_neon_dotprod)
        return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#endif
    (void)kernels;
    return true; /* NEON is part of every 64-bit ARM */
}

const char *kernels_name_at(size_t index) {
    for (size_t i = 0; i < N_KERNELS; i++) {
        if (can_run(all[i]) && index-- == 0)
            return all[i]->name;
    }
    return NULL;
}

const struct kernels *kernels_get(void) {
    const struct kernels *kernels = atomic_load_explicit(&selected, memory_order_relaxed);

    if (kernels != NULL)
        return kernels;
    for (size_t i = 0; kernels == NULL; i++) {
        if (can_run(all[i]))
            kernels = all[i];
    }
    /* The same from every thread, so it does not matter whose is kept. */
    atomic_store_explicit(&selected, kernels, memory_order_relaxed);
    return kernels;
}

const struct kernels *kernels_select(const char *name) {
    if (name == NULL) {
        atomic_store(&selected, NULL);
        return kernels_get();
    }
    for (size_t i = 0; i < N_KERNELS; i++) {
        if (strcmp(all[i]->name, name) == 0 && can_run(all[i])) {
            atomic_store(&selected, all[i]);
            return all[i];
        }
    }
    return NULL;
}
