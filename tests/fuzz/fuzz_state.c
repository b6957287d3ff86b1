/* SPDX-License-Identifier: Apache-2.0
 *
 * A state file: whatever it holds is read or refused, and what was read is written as it was. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alkfw/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct state *state) {
    char folder[] = "/tmp/fuzz_state.XXXXXX";
    char path[sizeof folder + 2];
    struct state again;
    alkfw_error error;

    if (mkdtemp(folder) == NULL)
        abort();
    memcpy(path, folder, sizeof folder - 1);
    memcpy(path + sizeof folder - 1, "/s", 3);
    if (state_save(state, path, &error) != ALKFW_OK ||
        state_load(&again, path, &error) != ALKFW_OK || again.n_marks != state->n_marks)
        abort();
    for (size_t i = 0; i < state->n_marks; i++)
        if (strcmp(state->marks[i]->name, again.marks[i]->name) != 0 ||
            state->marks[i]->offset != again.marks[i]->offset)
            abort();
    state_free(&again);
    (void)unlink(path);
    (void)rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct state state;
    alkfw_error error;

    if (state_parse(&state, (const char *)data, size, "fuzz", &error) == ALKFW_OK)
        check_round_trip(&state);
    state_free(&state);
    return 0;
}
