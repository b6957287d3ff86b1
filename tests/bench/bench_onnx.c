/* SPDX-License-Identifier: Apache-2.0
 *
 * bench_onnx LIBRARY MODEL.ONNX THREADS: the forward pass alone of ONNX Runtime through its C API, for
 * tests/bench/bench. Standard input has a window of token ids a line; the figures go to standard
 * output: CPU time of the whole process, of the runs, tokens and peak memory. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* The PyPI wheel has the library without its header. The API is a table of functions whose order is
 * part of its ABI ("entries are only ever added at the end", onnxruntime_c_api.h); these are the
 * places of those used here, in version 1 of the table. */
enum {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    SET_OPTIMIZATION_LEVEL = 23,
    SET_INTRA_OP_THREADS = 24,
    SET_INTER_OP_THREADS = 25,
    CREATE_TENSOR_WITH_DATA = 49,
    CREATE_CPU_MEMORY_INFO = 69,
    RELEASE_VALUE = 96,
};

enum { MAX_TOKENS = 4096, TYPE_INT64 = 7, ALL_OPTIMIZATIONS = 99, LOG_ERRORS = 3, API_VERSION = 1 };

typedef void (*function)(void);

struct api_base {
    const function *(*get_api)(uint32_t version);
    const char *(*get_version)(void);
};

struct onnx {
    const function *api;
    void *session;
    void *memory;
};

static void check(const struct onnx *onnx, void *status) {
    if (status == NULL)
        return;
    const char *(*message)(const void *) =
        (const char *(*)(const void *))onnx->api[GET_ERROR_MESSAGE];
    fprintf(stderr, "bench_onnx: %s\n", message(status));
    exit(EXIT_FAILURE);
}

static void open_session(struct onnx *onnx, const char *library, const char *model, int threads) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    const struct api_base *(*get_base)(void) = NULL;
    void *environment, *options;

    if (handle != NULL)
        *(void **)&get_base = dlsym(handle, "OrtGetApiBase");
    if (get_base == NULL) {
        fprintf(stderr, "bench_onnx: %s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    const function *api = onnx->api = get_base()->get_api(API_VERSION);
    check(onnx, ((void *(*)(int, const char *, void **))api[CREATE_ENV])(LOG_ERRORS, "bench",
                                                                         &environment));
    check(onnx, ((void *(*)(void **))api[CREATE_SESSION_OPTIONS])(&options));
    check(onnx, ((void *(*)(void *, int))api[SET_OPTIMIZATION_LEVEL])(options, ALL_OPTIMIZATIONS));
    check(onnx, ((void *(*)(void *, int))api[SET_INTRA_OP_THREADS])(options, threads));
    check(onnx, ((void *(*)(void *, int))api[SET_INTER_OP_THREADS])(options, 1));
    check(onnx, ((void *(*)(void *, const char *, void *, void **))api[CREATE_SESSION])(
                    environment, model, options, &onnx->session));
    check(onnx,
          ((void *(*)(int, int, void **))api[CREATE_CPU_MEMORY_INFO])(0, 0, &onnx->memory));
}

static void *new_tensor(const struct onnx *onnx, int64_t *values, size_t n) {
    const int64_t shape[2] = {1, (int64_t)n};
    void *tensor = NULL;

    check(onnx, ((void *(*)(const void *, void *, size_t, const int64_t *, size_t, int, void **))
                     onnx->api[CREATE_TENSOR_WITH_DATA])(
                    onnx->memory, values, n * sizeof *values, shape, 2, TYPE_INT64, &tensor));
    return tensor;
}

static void run(const struct onnx *onnx, int64_t *ids, int64_t *mask, size_t n) {
    static const char *const inputs[] = {"ids", "mask"};
    static const char *const outputs[] = {"states"};
    void (*release)(void *) = (void (*)(void *))onnx->api[RELEASE_VALUE];
    const void *values[2] = {new_tensor(onnx, ids, n), new_tensor(onnx, mask, n)};
    void *states = NULL;

    check(onnx, ((void *(*)(void *, const void *, const char *const *, const void *const *, size_t,
                            const char *const *, size_t, void **))onnx->api[RUN])(
                    onnx->session, NULL, inputs, values, 2, outputs, 1, &states));
    release(states);
    release((void *)(uintptr_t)values[0]);
    release((void *)(uintptr_t)values[1]);
}

static size_t parse(char *line, int64_t *ids) {
    size_t n = 0;

    for (char *end; n < MAX_TOKENS; n++, line = end) {
        long id = strtol(line, &end, 10);
        if (end == line)
            break;
        ids[n] = id;
    }
    return n;
}

static double seconds(clockid_t clock) {
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
    static int64_t ids[MAX_TOKENS], mask[MAX_TOKENS];
    struct onnx onnx = {0};
    struct rusage usage;
    char *line = NULL;
    size_t capacity = 0, n_tokens = 0;

    if (argc != 4) {
        fprintf(stderr, "usage: bench_onnx LIBRARY MODEL.ONNX THREADS <windows\n");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < MAX_TOKENS; i++)
        mask[i] = 1;
    open_session(&onnx, argv[1], argv[2], (int)strtol(argv[3], NULL, 10));
    double begin = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    while (getline(&line, &capacity, stdin) > 0) {
        size_t n = parse(line, ids);
        if (n > 0)
            run(&onnx, ids, mask, n);
        n_tokens += n;
    }
    free(line);
    double end = seconds(CLOCK_PROCESS_CPUTIME_ID);
    getrusage(RUSAGE_SELF, &usage);
    printf("cpu_ms %.3f run_ms %.3f wall_ms %.3f tokens %zu rss_mb %.1f\n", 1e3 * end,
           1e3 * (end - begin), 1e3 * (seconds(CLOCK_MONOTONIC) - wall), n_tokens,
           (double)usage.ru_maxrss / 1024);
    return EXIT_SUCCESS;
}
