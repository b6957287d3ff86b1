/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "model/safetensors.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    struct safetensors *file;
    alkfw_error error;

    if (safetensors_parse(bytes, n_bytes, "input", &file, &error) != ALKFW_OK)
        return 0;
    for (size_t i = 0; i < safetensors_n_tensors(file); i++) {
        const struct safetensors_tensor *tensor = safetensors_tensor_at(file, i);
        if (tensor->data < bytes || tensor->data + tensor->n_bytes > bytes + n_bytes)
            abort();
        double *values = malloc(tensor->n_elements * sizeof *values + 1);
        if (values != NULL && safetensors_copy_f64(file, tensor, values, &error) != ALKFW_OK &&
            error.status != ALKFW_E_FORMAT)
            abort();
        free(values);
    }
    for (size_t i = 0; safetensors_metadata_key(file, i) != NULL; i++) {
        if (safetensors_metadata(file, safetensors_metadata_key(file, i)) == NULL)
            abort();
    }
    safetensors_close(file);
    return 0;
}
