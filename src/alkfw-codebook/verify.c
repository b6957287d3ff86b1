/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-codebook verify: is a codebook whole, and does the model give what it expects? */
#include <math.h>
#include <stdio.h>

#include "alkfw-codebook/commands.h"
#include "alkfw-codebook/firewall_choice.h"
#include "codebook/format.h"

/* Loading checks lengths only: this takes n_components^2 products. */
static alkfw_status check_orthogonal(const struct codebook *codebook, const char *path,
                                     alkfw_error *error) {
    size_t n = codebook->info.n_features;

    for (size_t a = 0; a < codebook->info.n_components; a++) {
        for (size_t b = 0; b < a; b++) {
            double product = 0;
            for (size_t i = 0; i < n; i++)
                product += (double)codebook->basis[a * n + i] * (double)codebook->basis[b * n + i];
            if (!(fabs(product) < 1e-4))
                return alkfw_error_set(error, ALKFW_E_FORMAT,
                                       "codebook %s: rows %zu and %zu of the basis are not "
                                       "orthogonal; build it again with alkfw-codebook",
                                       path, b, a);
        }
    }
    return ALKFW_OK;
}

alkfw_status command_verify(const struct options *options, alkfw_error *error) {
    const char *path = options->operands[0];
    struct codebook *codebook = NULL;
    alkfw_firewall *firewall = NULL;

    alkfw_status status = codebook_open(path, &codebook, error);
    if (status == ALKFW_OK)
        status = check_orthogonal(codebook, path, error);
    if (status == ALKFW_OK)
        status = firewall_choice_open(options, path, &firewall, error);
    if (status == ALKFW_OK && !options->quiet)
        (void)printf("%s: %s, %s: whole, and the model gives the canaries their scores\n", path,
                     alkfw_codebook_id(firewall), alkfw_model_id(firewall));
    alkfw_close(firewall);
    codebook_close(codebook);
    return status;
}
