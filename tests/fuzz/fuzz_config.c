/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "config/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    alkfw_config *config;
    alkfw_error error;

    if (alkfw_config_new(&config, &error) != ALKFW_OK)
        abort();
    alkfw_status status = config_yaml_parse(config, (const char *)data, size, "fuzz", &error);
    if (status != ALKFW_OK && status != ALKFW_E_CONFIG)
        abort();
    alkfw_config_free(config);
    return 0;
}
