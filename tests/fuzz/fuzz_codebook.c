/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "codebook/codebook.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

/* A codebook that was let in gives a finite score for any finite features. */
static void use(const struct codebook *codebook) {
    const struct codebook_info *info = codebook_get_info(codebook);
    float *memory =
        calloc(codebook_workspace_size(codebook) + 2 * info->n_features, sizeof *memory);
    double raw[CODEBOOK_MAX_SIGNALS];
    double evidence[CODEBOOK_MAX_SIGNALS];

    if (memory == NULL)
        return;
    float *features = memory + codebook_workspace_size(codebook);
    /* One token of zeros and as many of the features: the layers of a passage read them. */
    const float *taps[MODEL_MAX_TAPS];
    for (size_t t = 0; t < info->plan.n_taps; t++)
        taps[t] = features;
    const struct codebook_states states = {taps, info->plan.n_taps, 0, info->plan.n_taps};
    size_t first;
    size_t end;
    codebook_project(codebook, features, &states, memory, raw);
    if (info->plan.n_taps <= info->plan.window_tokens &&
        codebook_find_span(codebook, &states, memory, &first, &end) &&
        (first >= end || end > info->plan.n_taps))
        abort();
    for (size_t s = 0; s < info->n_signals; s++) {
        codebook_gradient(codebook, s, features, memory, features + info->n_features);
        evidence[s] = codebook_evidence(codebook, s, raw[s]);
        if (!isfinite(evidence[s]))
            abort();
    }
    for (int i = 0; i < COMPOSITION_COUNT; i++)
        (void)codebook_compose(codebook, (enum composition)i, evidence);
    free(memory);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    struct codebook *codebook;
    alkfw_error error;

    if (codebook_open_memory(bytes, n_bytes, "input", &codebook, &error) != ALKFW_OK)
        return 0;
    use(codebook);
    codebook_close(codebook);
    return 0;
}
