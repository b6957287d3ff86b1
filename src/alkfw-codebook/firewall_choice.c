/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/firewall_choice.h"

#include <stdio.h>
#include <stdlib.h>

#include "alkfw-codebook/model_choice.h"

struct setting {
    const char *key;
    const char *value; /* NULL: leave the default */
    const char *origin;
};

alkfw_status firewall_choice_open(const struct options *options, const char *codebook_path,
                                  alkfw_firewall **firewall, alkfw_error *error) {
    alkfw_config *config = NULL;
    char *directory = NULL;
    char threads[32];

    (void)snprintf(threads, sizeof threads, "%zu", options->n_threads);
    alkfw_status status = model_choice_find(options, &directory, error);
    if (status == ALKFW_OK)
        status = alkfw_config_new(&config, error);
    const struct setting settings[] = {
        {"model", directory, "--model"},
        {"codebook", codebook_path, "CODEBOOK"},
        {"threads", threads, "--threads"},
        {"composition", options->composition, "--composition"},
        {"max_bytes", "2147483647", "eval"},
        {"backend", options->backend, "--backend"},
        {"device", options->device, "--device"},
        {"precision", model_precision_name(options->precision), "--precision"},
    };
    for (size_t i = 0; status == ALKFW_OK && i < sizeof settings / sizeof settings[0]; i++) {
        if (settings[i].value != NULL)
            status = alkfw_config_set(config, settings[i].key, settings[i].value,
                                      settings[i].origin, error);
    }
    if (status == ALKFW_OK)
        status = alkfw_open(config, firewall, error);
    alkfw_config_free(config);
    free(directory);
    return status;
}
