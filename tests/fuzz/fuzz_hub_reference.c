/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "hub/hub.h"
#include "hub/reference.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes);

/* Nothing that leads out of a folder, or onto a terminal, gets through. */
static void check(struct hub_reference *reference) {
    const char *parts[] = {reference->repository, reference->revision, reference->file};

    for (size_t i = 0; i < 3; i++) {
        const char *part = parts[i];
        if (part == NULL)
            continue;
        size_t length = strlen(part);
        if (length == 0 || part[0] == '/' || part[length - 1] == '/' ||
            strstr(part, "//") != NULL || strncmp(part, "../", 3) == 0 ||
            strstr(part, "/../") != NULL || strcmp(part, "..") == 0)
            abort();
        for (size_t at = 0; at < length; at++)
            if ((unsigned char)part[at] < 0x20 || part[at] == 0x7F || part[at] == '\\')
                abort();
    }
    if (!hub_is_repository_id(reference->repository))
        abort();
    hub_reference_free(reference);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t n_bytes) {
    struct hub_reference reference;
    alkfw_error error;
    char *text = malloc(n_bytes + 1);

    if (text == NULL)
        return 0;
    memcpy(text, bytes, n_bytes);
    text[n_bytes] = '\0';
    if (hub_reference_parse_model(text, &reference, &error) == ALKFW_OK)
        check(&reference);
    if (hub_reference_parse_file(text, &reference, &error) == ALKFW_OK)
        check(&reference);
    free(text);
    return 0;
}
