/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "alkfw-fetch/listing.h"
#include "alkfw-fetch/selection.h"
#include "hub/reference.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    struct listing listing;
    struct selection selection;
    struct failure failure;

    if (listing_parse((const char *)bytes, n_bytes, "input", &listing, &failure) != FETCH_OK)
        return 0;
    if (selection_of_model(&listing, "owner/name", &selection, &failure) == FETCH_OK) {
        for (size_t i = 0; i < selection.n_files; i++)
            if (!hub_is_file_name(selection.files[i]) || !hub_is_wanted_file(selection.files[i]))
                abort();
        selection_free(&selection);
    }
    listing_free(&listing);
    return 0;
}
