/* SPDX-License-Identifier: Apache-2.0
 *
 * What this library can run models with. */
#include <stdio.h>

#include "model/kernels/kernels.h"
#include "model/torch/torch_module.h"

static size_t add(char *out, size_t out_size, size_t length, const char *text, const char *what) {
    size_t room = length < out_size ? out_size - length : 0;
    int n = snprintf(room > 0 ? out + length : NULL, room, text, what);

    return length + (n > 0 ? (size_t)n : 0);
}

static size_t add_torch(char *out, size_t out_size, size_t length) {
    const struct torch_api *api;
    char devices[256];
    alkfw_error error;

    if (torch_module_load(NULL, &api, &error) != ALKFW_OK)
        return add(out, out_size, length, "torch: not available: %s\n", error.message);
    api->devices(devices, sizeof devices);
    length = add(out, out_size, length, "torch: libtorch %s", api->libtorch_version);
    return add(out, out_size, length, ", devices %s; precisions fp32, bf16\n", devices);
}

size_t alkfw_describe(char *out, size_t out_size) {
    size_t length = add(out, out_size, 0, "native: kernels %s (chosen)", kernels_get()->name);

    for (size_t i = 1; kernels_name_at(i) != NULL; i++)
        length = add(out, out_size, length, ", %s", kernels_name_at(i));
    length = add(out, out_size, length, "; devices %s; precisions fp32, int8\n", "cpu");
    return add_torch(out, out_size, length);
}
