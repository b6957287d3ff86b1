/* SPDX-License-Identifier: Apache-2.0
 *
 * Activations of windows of token ids, for scripts/compare-model and tests/bench.
 *
 *   tool_activations [-B BACKEND] [-p PRECISION] [-k KERNEL] [-c CACHE] [-b WINDOWS] [-r ROUNDS] MODEL TAPS
 *
 * Standard input: a window a line, its ids with spaces between them. Standard output: for every
 * window and tap hidden_size little-endian floats (none with -r). Standard error: what ran and,
 * with -r, how fast it was. -b is the number of windows in a batch, 1 unless told. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/kernels/kernels.h"
#include "model/model.h"
#include "model/pooling.h"

struct input {
    int32_t *ids;
    uint32_t *offsets; /* [n_windows + 1] */
    size_t n_windows;
};

struct settings {
    struct model_options options;
    const char *taps;
    size_t batch;
    long n_rounds; /* 0: write the activations */
};

static void fail(const char *message) {
    fprintf(stderr, "tool_activations: %s\n", message);
    exit(EXIT_FAILURE);
}

static void *grow(void *items, size_t n_items, size_t size) {
    /* Capacity is the power of two that n_items has reached. */
    if (n_items != 0 && (n_items & (n_items - 1)) != 0)
        return items;
    void *grown = realloc(items, (n_items == 0 ? 1 : 2 * n_items) * size);
    if (grown == NULL)
        fail("out of memory");
    return grown;
}

static void read_input(struct input *input) {
    char *line = NULL;
    size_t capacity = 0, n_ids = 0;

    memset(input, 0, sizeof *input);
    input->offsets = grow(input->offsets, 0, sizeof *input->offsets);
    input->offsets[0] = 0;
    while (getline(&line, &capacity, stdin) > 0) {
        char *at = line, *end;
        for (;; at = end) {
            errno = 0;
            long id = strtol(at, &end, 10);
            if (end == at || errno != 0)
                break;
            input->ids = grow(input->ids, n_ids, sizeof *input->ids);
            input->ids[n_ids++] = (int32_t)id;
        }
        input->n_windows++;
        input->offsets = grow(input->offsets, input->n_windows, sizeof *input->offsets);
        input->offsets[input->n_windows] = (uint32_t)n_ids;
    }
    free(line);
}

static double cpu_seconds(void) {
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Of this program alone: ru_maxrss starts at what the parent had. */
static double peak_memory_mb(void) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    double result = 0.0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0)
            result = strtod(line + 6, NULL) / 1024;
    }
    if (file != NULL)
        (void)fclose(file);
    return result;
}

/* Layers of the taps, each once and rising; returns how many there are. */
static size_t layers_of(const struct model_tap *taps, size_t n_taps, uint32_t *layers) {
    size_t n_layers = 0;

    for (uint32_t layer = 0; n_layers < n_taps && layer < 1000; layer++) {
        for (size_t i = 0; i < n_taps; i++) {
            if (taps[i].layer == layer) {
                layers[n_layers++] = layer;
                break;
            }
        }
    }
    return n_layers;
}

static void write_window(const struct model_tap *taps, size_t n_taps, const uint32_t *layers,
                         const float *const *states, size_t start, size_t n_tokens, size_t hidden) {
    float *out = malloc(hidden * sizeof *out);

    if (out == NULL)
        fail("out of memory");
    for (size_t i = 0; i < n_taps; i++) {
        size_t at = 0;
        while (layers[at] != taps[i].layer)
            at++;
        pool(taps[i].pooling, states[at] + start * hidden, n_tokens, hidden, out);
        if (fwrite(out, sizeof *out, hidden, stdout) != hidden)
            fail("cannot write");
    }
    free(out);
}

static void run(const struct settings *settings, const struct model *model,
                struct model_session *session, const struct input *input, bool write) {
    struct model_tap taps[MODEL_MAX_TAPS];
    uint32_t layers[MODEL_MAX_TAPS];
    const float *states[MODEL_MAX_TAPS];
    size_t n_taps, hidden = model_get_info(model)->hidden_size;
    alkfw_error error;

    if (model_taps_parse(settings->taps, taps, &n_taps, &error) != ALKFW_OK)
        fail(error.message);
    size_t n_layers = layers_of(taps, n_taps, layers);
    uint32_t *offsets = malloc((settings->batch + 1) * sizeof *offsets);
    if (offsets == NULL)
        fail("out of memory");
    for (size_t first = 0; first < input->n_windows; first += settings->batch) {
        size_t n =
            input->n_windows - first < settings->batch ? input->n_windows - first : settings->batch;
        uint32_t base = input->offsets[first];
        for (size_t i = 0; i <= n; i++)
            offsets[i] = input->offsets[first + i] - base;
        struct model_batch batch = {input->ids + base, offsets, n};
        if (model_hidden_states(model, session, &batch, layers, n_layers, states, &error) !=
            ALKFW_OK)
            fail(error.message);
        for (size_t i = 0; write && i < n; i++)
            write_window(taps, n_taps, layers, states, offsets[i], offsets[i + 1] - offsets[i],
                         hidden);
    }
    free(offsets);
}

static void read_options(int argc, char **argv, struct settings *settings) {
    int option;

    settings->batch = 1;
    while ((option = getopt(argc, argv, "B:p:k:c:b:r:")) != -1) {
        switch (option) {
        case 'B':
            settings->options.backend = optarg;
            break;
        case 'p':
            if (!model_precision_parse(optarg, &settings->options.precision))
                fail("this precision is not known");
            break;
        case 'k':
            if (kernels_select(optarg) == NULL)
                fail("this CPU cannot run that kernel");
            break;
        case 'c':
            settings->options.cache_directory = optarg;
            break;
        case 'b':
            settings->batch = strtoul(optarg, NULL, 10);
            break;
        case 'r':
            settings->n_rounds = strtol(optarg, NULL, 10);
            break;
        default:
            exit(EXIT_FAILURE);
        }
    }
    if (argc - optind != 2 || settings->batch == 0)
        fail("usage: tool_activations [OPTION]... MODEL TAPS");
    settings->options.directory = argv[optind];
    settings->taps = argv[optind + 1];
}

int main(int argc, char **argv) {
    struct settings settings = {.options = {.backend = "native", .deepest_layer = 0}};
    struct model *model = NULL;
    struct model_session *session = NULL;
    struct input input;
    struct model_tap taps[MODEL_MAX_TAPS];
    size_t n_taps;
    alkfw_error error;

    read_options(argc, argv, &settings);
    read_input(&input);
    if (model_taps_parse(settings.taps, taps, &n_taps, &error) != ALKFW_OK)
        fail(error.message);
    for (size_t i = 0; i < n_taps; i++) {
        if (taps[i].layer > settings.options.deepest_layer)
            settings.options.deepest_layer = taps[i].layer;
    }
    double start = cpu_seconds();
    if (model_open(&settings.options, &model, &error) != ALKFW_OK ||
        model_session_new(model, &session, &error) != ALKFW_OK)
        fail(error.message);
    double opened = cpu_seconds();
    run(&settings, model, session, &input, settings.n_rounds == 0);
    double first = cpu_seconds();
    for (long i = 1; i < settings.n_rounds; i++)
        run(&settings, model, session, &input, false);
    double last = cpu_seconds();
    fprintf(stderr, "kernel %s open_ms %.2f first_ms %.2f", model_get_info(model)->kernel,
            1e3 * (opened - start), 1e3 * (first - opened));
    if (settings.n_rounds > 1)
        fprintf(stderr, " tokens_per_cpu_second %.0f",
                (double)input.offsets[input.n_windows] * (double)(settings.n_rounds - 1) /
                    (last - first));
    fprintf(stderr, " process_ms %.2f rss_mb %.1f\n", 1e3 * last, peak_memory_mb());
    model_session_free(session);
    model_close(model);
    free(input.ids);
    free(input.offsets);
    return EXIT_SUCCESS;
}
