/* SPDX-License-Identifier: Apache-2.0
 *
 * For scripts/measure-views: reads texts that end with a NUL from standard input and writes for
 * each a line with its counts ("leet=7 spacing=0 ..."), the view, and a NUL. */
#include <stdio.h>
#include <stdlib.h>

#include "firewall/view.h"

int main(void) {
    struct text_view view = {0};
    alkfw_error error;
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    int status = EXIT_SUCCESS;

    while ((length = getdelim(&text, &capacity, '\0', stdin)) > 0) {
        size_t n_bytes = (size_t)length - (text[length - 1] == '\0');
        if (view_normalise(&view, text, n_bytes, &error) != ALKFW_OK) {
            fprintf(stderr, "view_dump: %s\n", error.message);
            status = EXIT_FAILURE;
            break;
        }
        printf("differs=%d", view.differs);
        for (int i = 0; i < VIEW_N_TRANSFORMS; i++)
            printf(" %s=%zu", view_transform_name((enum view_transform)i), view.n_characters[i]);
        putchar('\n');
        fwrite(view.bytes, 1, view.n_bytes, stdout);
        putchar('\0');
    }
    free(text);
    view_free(&view);
    return status;
}
