/* SPDX-License-Identifier: Apache-2.0
 *
 * A module that says it is alkfw-torch.so of another version, for check_torch. */
#include "torch/shim.h"

const struct torch_api *alkfw_torch_api(void) {
    static const struct torch_api api = {.shim_version = TORCH_SHIM_VERSION + 1,
                                         .api_size = sizeof api,
                                         .description_size = sizeof(struct torch_description),
                                         .config_size = sizeof(struct model_config),
                                         .architecture_size = sizeof(struct architecture),
                                         .n_roles = N_TENSOR_ROLES,
                                         .alkfw_version = "0.0.9"};

    return &api;
}
