/* SPDX-License-Identifier: Apache-2.0
 *
 * What alkfw.h has for the usual case, made of its other functions. */
#include "alkfw.h"

alkfw_status alkfw_open_files(const char *model, const char *codebook, alkfw_firewall **firewall,
                              alkfw_error *error) {
    alkfw_config *config = NULL;

    *firewall = NULL;
    alkfw_status status = alkfw_config_new(&config, error);
    if (status == ALKFW_OK)
        status = alkfw_config_set(config, "model", model, "alkfw_open_files", error);
    if (status == ALKFW_OK)
        status = alkfw_config_set(config, "codebook", codebook, "alkfw_open_files", error);
    if (status == ALKFW_OK)
        status = alkfw_open(config, firewall, error);
    alkfw_config_free(config);
    return status;
}

alkfw_status alkfw_scan_text(alkfw_firewall *firewall, const char *bytes, size_t n_bytes,
                             alkfw_verdict **verdict, alkfw_error *error) {
    alkfw_text text = {bytes, n_bytes};

    return alkfw_scan(firewall, &text, 1, verdict, error);
}
