/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "codebook/format.h"

enum { TENSOR_NAME_SIZE = 128 };

/* Doubles that must live until the file is written: knots of 2 splines and 6 numbers for each
 * statistic, then the canaries. */
enum {
    STATISTIC_DOUBLES = 2 * 3 * SPLINE_MAX_KNOTS + 2 * 2 + 1 + SENSITIVITY_COUNT + 1,
    POOL_DOUBLES =
        (CODEBOOK_MAX_SIGNALS + COMPOSITION_COUNT) * STATISTIC_DOUBLES + 2 * CODEBOOK_MAX_CANARIES
};

struct writer {
    struct safetensors_writer *file;
    struct digest digest;
    double *pool; /* [POOL_DOUBLES] */
    size_t pool_used;
    alkfw_status status; /* the first failure; later calls do nothing */
    alkfw_error *error;
};

static void put_text(struct writer *writer, const char *key, const char *value) {
    if (writer->status != ALKFW_OK)
        return;
    digest_metadata(&writer->digest, key, value);
    writer->status = safetensors_writer_metadata(writer->file, key, value, writer->error);
}

static void put_number(struct writer *writer, const char *key, size_t value) {
    char text[32];

    (void)snprintf(text, sizeof text, "%zu", value);
    put_text(writer, key, text);
}

/* columns 0: one dimension. */
static void put_tensor(struct writer *writer, const char *name, enum safetensors_dtype dtype,
                       size_t rows, size_t columns, const void *data) {
    const size_t shape[2] = {rows, columns};
    size_t n_dims = columns == 0 ? 1 : 2;
    size_t n_elements = columns == 0 ? rows : rows * columns;

    if (writer->status != ALKFW_OK)
        return;
    digest_tensor(&writer->digest, name, dtype, shape, n_dims, data,
                  n_elements * safetensors_dtype_size(dtype));
    writer->status =
        safetensors_writer_add(writer->file, name, dtype, shape, n_dims, data, writer->error);
}

static double *take_doubles(struct writer *writer, size_t n) {
    double *values = writer->pool + writer->pool_used;

    writer->pool_used += n;
    return values;
}

/* ---- metadata -------------------------------------------------------------- */

static void put_layers(struct writer *writer, const struct codebook_signal *signal) {
    struct model_tap taps[MODEL_MAX_TAPS];
    char key[TENSOR_NAME_SIZE];
    char text[256];

    for (size_t i = 0; i < signal->n_layers; i++)
        taps[i] = (struct model_tap){signal->layers[i], POOLING_MEAN};
    (void)model_taps_format(taps, signal->n_layers, text, sizeof text);
    (void)snprintf(key, sizeof key, "signal.%s.taps", signal->name);
    put_text(writer, key, text);
}

static void put_signal_names(struct writer *writer, const struct codebook *codebook) {
    char names[CODEBOOK_MAX_SIGNALS * (CODEBOOK_MAX_NAME + 1) + 1] = "";
    char key[TENSOR_NAME_SIZE];
    size_t length = 0;

    for (size_t s = 0; s < codebook->info.n_signals; s++)
        length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", s == 0 ? "" : ",",
                                   codebook->signals[s].name);
    put_text(writer, "signals", names);
    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        const struct codebook_signal *signal = &codebook->signals[s];
        (void)snprintf(key, sizeof key, "signal.%s.kind", signal->name);
        put_text(writer, key, signal_kind_name(signal->kind));
        if (signal->kind == SIGNAL_PASSAGE)
            put_layers(writer, signal);
    }
}

static void put_canary_texts(struct writer *writer, const struct codebook_info *info) {
    char key[TENSOR_NAME_SIZE];

    for (size_t i = 0; i < info->n_canaries; i++) {
        (void)snprintf(key, sizeof key, "canary.%zu.label", i);
        put_text(writer, key, info->canaries[i].hostile ? "hostile" : "benign");
        (void)snprintf(key, sizeof key, "canary.%zu.text", i);
        put_text(writer, key, info->canaries[i].text);
    }
}

static void put_metadata(struct writer *writer, const struct codebook *codebook) {
    const struct codebook_info *info = &codebook->info;
    char taps[256];

    (void)model_taps_format(info->plan.taps, info->plan.n_taps, taps, sizeof taps);
    put_text(writer, "format", CODEBOOK_FORMAT);
    put_text(writer, "name", info->name);
    put_text(writer, "description", info->description);
    put_text(writer, "created", info->created);
    put_text(writer, "model.id", info->model_id);
    put_text(writer, "model.revision", info->model_revision);
    put_text(writer, "model.weights_sha256", info->weights_sha256);
    put_text(writer, "model.architecture", info->architecture);
    put_number(writer, "model.hidden_size", info->hidden_size);
    put_text(writer, "model.precision", model_precision_name(info->precision));
    put_number(writer, "window.tokens", info->plan.window_tokens);
    put_number(writer, "window.overlap", info->plan.overlap_tokens);
    put_text(writer, "taps", taps);
    if (codebook->adapter != NULL)
        put_text(writer, "adapter.sha256", adapter_sha256(codebook->adapter));
    put_signal_names(writer, codebook);
    put_canary_texts(writer, info);
}

/* ---- tensors --------------------------------------------------------------- */

static void put_spline(struct writer *writer, const char *prefix, const struct spline *spline) {
    char name[TENSOR_NAME_SIZE];
    double *knots = take_doubles(writer, 3 * spline->n_knots);
    double *tails = take_doubles(writer, 2);

    for (size_t i = 0; i < spline->n_knots; i++) {
        knots[3 * i] = spline->knots[i].x;
        knots[3 * i + 1] = spline->knots[i].y;
        knots[3 * i + 2] = spline->knots[i].slope;
    }
    tails[0] = spline->lower_slope;
    tails[1] = spline->upper_slope;
    (void)snprintf(name, sizeof name, "%s.knots", prefix);
    put_tensor(writer, name, SAFETENSORS_F64, spline->n_knots, 3, knots);
    (void)snprintf(name, sizeof name, "%s.tails", prefix);
    put_tensor(writer, name, SAFETENSORS_F64, 2, 0, tails);
}

static void put_distribution(struct writer *writer, const char *prefix,
                             const struct codebook_distribution *distribution) {
    char name[TENSOR_NAME_SIZE];

    (void)snprintf(name, sizeof name, "%s.benign", prefix);
    put_spline(writer, name, &distribution->benign);
    (void)snprintf(name, sizeof name, "%s.hostile", prefix);
    put_spline(writer, name, &distribution->hostile);
    (void)snprintf(name, sizeof name, "%s.window_exponent", prefix);
    put_tensor(writer, name, SAFETENSORS_F64, 1, 0, &distribution->window_exponent);
    (void)snprintf(name, sizeof name, "%s.operating_p", prefix);
    put_tensor(writer, name, SAFETENSORS_F64, SENSITIVITY_COUNT, 0, distribution->operating_p);
}

static void put_compositions(struct writer *writer, const struct codebook *codebook) {
    char prefix[TENSOR_NAME_SIZE];

    put_tensor(writer, "composition.logistic.weights", SAFETENSORS_F64,
               codebook->info.n_signals + 1, 0, codebook->weights);
    for (int i = 0; i < COMPOSITION_COUNT; i++) {
        (void)snprintf(prefix, sizeof prefix, "composition.%s",
                       composition_name((enum composition)i));
        put_distribution(writer, prefix, &codebook->compositions[i]);
    }
}

static void put_canary_scores(struct writer *writer, const struct codebook_info *info) {
    double *scores = take_doubles(writer, 2 * info->n_canaries);

    for (size_t i = 0; i < info->n_canaries; i++) {
        scores[2 * i] = info->canaries[i].score;
        scores[2 * i + 1] = info->canaries[i].tolerance;
    }
    put_tensor(writer, "canary.scores", SAFETENSORS_F64, info->n_canaries, 2, scores);
}

static void put_signal_doubles(struct writer *writer, const struct codebook_signal *signal) {
    char prefix[TENSOR_NAME_SIZE / 2];
    char name[TENSOR_NAME_SIZE];

    (void)snprintf(prefix, sizeof prefix, "signal.%s", signal->name);
    put_distribution(writer, prefix, &signal->distribution);
    (void)snprintf(name, sizeof name, "%s.spread", prefix);
    if (signal->kind == SIGNAL_PASSAGE)
        put_tensor(writer, name, SAFETENSORS_F64, 1, 0, &signal->spread);
    if (signal->kind == SIGNAL_RESIDUAL || signal->kind == SIGNAL_PASSAGE)
        return;
    (void)snprintf(name, sizeof name, "%s.temperature", prefix);
    put_tensor(writer, name, SAFETENSORS_F64, 1, 0, &signal->temperature);
}

static void put_signal_floats(struct writer *writer, const struct codebook *codebook,
                              const struct codebook_signal *signal) {
    char name[TENSOR_NAME_SIZE];

    bool is_passage = signal->kind == SIGNAL_PASSAGE;
    if (signal->kind != SIGNAL_DIRECTION && !is_passage)
        return;
    (void)snprintf(name, sizeof name, "signal.%s.direction", signal->name);
    put_tensor(writer, name, SAFETENSORS_F32, is_passage ? signal->n_layers : signal->n_directions,
               is_passage ? codebook->info.hidden_size : codebook->info.n_features,
               signal->directions);
    (void)snprintf(name, sizeof name, "signal.%s.offset", signal->name);
    put_tensor(writer, name, SAFETENSORS_F32, is_passage ? 1 : signal->n_directions, 0,
               signal->offsets);
}

static void put_adapter(struct writer *writer, const struct adapter *adapter) {
    for (size_t i = 0; i < adapter_n_tensors(adapter); i++) {
        const struct safetensors_tensor *tensor = adapter_tensor_at(adapter, i);
        put_tensor(writer, tensor->name, tensor->dtype, tensor->shape[0], tensor->shape[1],
                   tensor->data);
    }
}

/* Doubles first, so that both kinds stay aligned. */
static void put_tensors(struct writer *writer, const struct codebook *codebook) {
    const struct codebook_info *info = &codebook->info;

    put_compositions(writer, codebook);
    put_canary_scores(writer, info);
    for (size_t s = 0; s < info->n_signals; s++)
        put_signal_doubles(writer, &codebook->signals[s]);
    put_tensor(writer, "mean", SAFETENSORS_F32, info->n_features, 0, codebook->mean);
    put_tensor(writer, "scale", SAFETENSORS_F32, info->n_features, 0, codebook->scale);
    put_tensor(writer, "basis", SAFETENSORS_F32, info->n_components, info->n_features,
               codebook->basis);
    for (size_t s = 0; s < info->n_signals; s++)
        put_signal_floats(writer, codebook, &codebook->signals[s]);
    if (codebook->adapter != NULL)
        put_adapter(writer, codebook->adapter);
}

alkfw_status codebook_write(const struct codebook *codebook, const char *path, alkfw_error *error) {
    struct writer writer = {.status = ALKFW_OK, .error = error};
    char sha256[DIGEST_HEX_SIZE];

    writer.pool = malloc(POOL_DOUBLES * sizeof *writer.pool);
    if (writer.pool == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for codebook %s", path);
    writer.status = safetensors_writer_new(&writer.file, error);
    if (writer.status == ALKFW_OK) {
        digest_begin(&writer.digest);
        put_metadata(&writer, codebook);
        put_tensors(&writer, codebook);
        digest_end(&writer.digest, sha256);
    }
    if (writer.status == ALKFW_OK)
        writer.status = safetensors_writer_metadata(writer.file, "sha256", sha256, error);
    if (writer.status == ALKFW_OK)
        writer.status = safetensors_writer_finish(writer.file, path, "codebook", error);
    safetensors_writer_free(writer.file);
    free(writer.pool);
    return writer.status;
}
