/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "alkfw/baseline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct baseline *baseline;
    alkfw_error error;

    if (baseline_new(&baseline, &error) != ALKFW_OK)
        abort();
    alkfw_status status = baseline_parse(baseline, (const char *)data, size, "fuzz", &error);
    if (status != ALKFW_OK && status != ALKFW_E_FORMAT && status != ALKFW_E_UNSUPPORTED)
        abort();
    if (baseline_count_found(baseline) > baseline_count(baseline))
        abort();
    baseline_free(baseline);
    return 0;
}
