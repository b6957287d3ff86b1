/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "firewall/view.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    static struct text_view view; /* kept, so that buffers left by one text meet the next */
    alkfw_error error;

    if (view_normalise(&view, (const char *)bytes, n_bytes, &error) != ALKFW_OK)
        abort();
    if (view.n_bytes > n_bytes || (!view.differs && view.bytes != (const char *)bytes))
        abort();
    for (size_t i = 0; i < view.n_bytes; i++) {
        size_t start, end;
        view_origin(&view, i, i + 1, &start, &end);
        if (start >= end || end > n_bytes)
            abort();
    }
    for (size_t i = 0; i < view.n_spans; i++) {
        const struct view_span *span = &view.spans[i];
        if (span->start >= span->end || span->end > n_bytes || span->n_characters == 0)
            abort();
    }
    return 0;
}
