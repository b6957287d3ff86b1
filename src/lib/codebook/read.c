/* SPDX-License-Identifier: Apache-2.0
 *
 * From a file to a codebook. Nothing is believed: what is not as doc/formats.md says is an error
 * that names file and part. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codebook/format.h"

#define REMEDY "build it again with alkfw-codebook, or install the codebook again"

enum { TENSOR_NAME_SIZE = 128, KEY_SIZE = 64, MAX_WINDOW_TOKENS = 1 << 16 };

struct reader {
    const struct safetensors *file;
    const char *name;
    struct codebook *codebook;
    size_t n_used; /* tensors that were asked for and are there */
    alkfw_error *error;
};

static alkfw_status damaged(struct reader *reader, const char *part, const char *problem) {
    return alkfw_error_set(reader->error, ALKFW_E_FORMAT, "codebook %s: %s %s; " REMEDY,
                           reader->name, part, problem);
}

static alkfw_status out_of_memory(struct reader *reader) {
    return alkfw_error_set(reader->error, ALKFW_E_MEMORY, "out of memory for codebook %s",
                           reader->name);
}

/* ---- metadata -------------------------------------------------------------- */

static alkfw_status read_text(struct reader *reader, const char *key, const char **value) {
    *value = safetensors_metadata(reader->file, key);
    if (*value == NULL)
        return damaged(reader, key, "is missing in the metadata");
    return ALKFW_OK;
}

static alkfw_status read_count(struct reader *reader, const char *key, uint32_t least,
                               uint32_t most, uint32_t *value) {
    const char *text;
    uint64_t number = 0;

    alkfw_status status = read_text(reader, key, &text);
    if (status != ALKFW_OK)
        return status;
    size_t n_digits = strspn(text, "0123456789");
    if (n_digits == 0 || n_digits > 9 || text[n_digits] != '\0')
        return damaged(reader, key, "is not a number of at most nine digits");
    for (size_t i = 0; i < n_digits; i++)
        number = number * 10 + (uint64_t)(text[i] - '0');
    if (number < least || number > most)
        return damaged(reader, key, "is out of range");
    *value = (uint32_t)number;
    return ALKFW_OK;
}

static alkfw_status read_format(struct reader *reader) {
    const char *format;

    alkfw_status status = read_text(reader, "format", &format);
    if (status != ALKFW_OK)
        return status;
    if (strcmp(format, CODEBOOK_FORMAT) == 0)
        return ALKFW_OK;
    if (strncmp(format, "alkfw-codebook/", strlen("alkfw-codebook/")) == 0)
        return alkfw_error_set(
            reader->error, ALKFW_E_UNSUPPORTED,
            "codebook %s has the format %s, this version of alkfw reads " CODEBOOK_FORMAT
            "; install a newer alkfw",
            reader->name, format);
    return damaged(reader, "format", "is not that of a codebook");
}

static alkfw_status read_precision(struct reader *reader) {
    const char *text;

    alkfw_status status = read_text(reader, "model.precision", &text);
    if (status != ALKFW_OK)
        return status;
    if (!model_precision_parse(text, &reader->codebook->info.precision) ||
        reader->codebook->info.precision == MODEL_PRECISION_AUTO)
        return damaged(reader, "model.precision", "is none of fp32, int8 and bf16");
    return ALKFW_OK;
}

static alkfw_status read_plan(struct reader *reader) {
    struct extract_plan *plan = &reader->codebook->info.plan;
    const char *taps;
    alkfw_error detail;

    alkfw_status status =
        read_count(reader, "window.tokens", 1, MAX_WINDOW_TOKENS, &plan->window_tokens);
    if (status == ALKFW_OK)
        status = read_count(reader, "window.overlap", 0, MAX_WINDOW_TOKENS, &plan->overlap_tokens);
    if (status == ALKFW_OK)
        status = read_text(reader, "taps", &taps);
    if (status != ALKFW_OK)
        return status;
    if (plan->overlap_tokens >= plan->window_tokens)
        return damaged(reader, "window.overlap", "is not less than window.tokens");
    status = model_taps_parse(taps, plan->taps, &plan->n_taps, &detail);
    if (status != ALKFW_OK)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT, "codebook %s: taps: %s; " REMEDY,
                               reader->name, detail.message);
    return ALKFW_OK;
}

static alkfw_status read_model(struct reader *reader) {
    struct codebook_info *info = &reader->codebook->info;

    alkfw_status status = read_text(reader, "model.id", &info->model_id);
    if (status == ALKFW_OK)
        status = read_text(reader, "model.revision", &info->model_revision);
    if (status == ALKFW_OK)
        status = read_text(reader, "model.weights_sha256", &info->weights_sha256);
    if (status == ALKFW_OK)
        status = read_text(reader, "model.architecture", &info->architecture);
    if (status == ALKFW_OK)
        status =
            read_count(reader, "model.hidden_size", 1, CODEBOOK_MAX_FEATURES, &info->hidden_size);
    if (status == ALKFW_OK)
        status = read_precision(reader);
    return status;
}

static alkfw_status read_description(struct reader *reader) {
    struct codebook_info *info = &reader->codebook->info;

    alkfw_status status = read_text(reader, "name", &info->name);
    if (status == ALKFW_OK)
        status = read_text(reader, "description", &info->description);
    if (status == ALKFW_OK)
        status = read_text(reader, "created", &info->created);
    if (status == ALKFW_OK && !codebook_name_is_valid(info->name))
        status = damaged(reader, "name", "is not a name");
    return status;
}

/* "override,extraction,...": each a valid name, none twice. */
static alkfw_status read_signal_names(struct reader *reader) {
    struct codebook *codebook = reader->codebook;
    const char *text;

    alkfw_status status = read_text(reader, "signals", &text);
    if (status != ALKFW_OK)
        return status;
    for (bool more = true; more;) {
        size_t length = strcspn(text, ",");
        size_t s = codebook->info.n_signals;
        if (s == CODEBOOK_MAX_SIGNALS)
            return damaged(reader, "signals", "has too many names");
        if (length > CODEBOOK_MAX_NAME)
            return damaged(reader, "signals", "has a name that is too long");
        char *name = codebook->signals[s].name;
        memcpy(name, text, length);
        name[length] = '\0';
        if (!codebook_name_is_valid(name) || codebook_find_signal(codebook, name) >= 0)
            return damaged(reader, "signals", "has a name that is malformed or given twice");
        codebook->info.signals[s] = name;
        codebook->info.n_signals++;
        more = text[length] == ',';
        text += length + 1;
    }
    return ALKFW_OK;
}

/* What the file says its digest is; whether that is so is codebook_check_digest's business. */
static alkfw_status read_digest(struct reader *reader) {
    struct codebook *codebook = reader->codebook;
    const char *stored;

    alkfw_status status = read_text(reader, "sha256", &stored);
    if (status != ALKFW_OK)
        return status;
    if (strlen(stored) != DIGEST_HEX_SIZE - 1 ||
        strspn(stored, "0123456789abcdef") != DIGEST_HEX_SIZE - 1)
        return damaged(reader, "sha256", "is not a digest");
    memcpy(codebook->sha256, stored, DIGEST_HEX_SIZE);
    codebook->info.sha256 = codebook->sha256;
    return ALKFW_OK;
}

/* ---- tensors --------------------------------------------------------------- */

/* Finds a tensor of floats with the given number of dimensions. */
static alkfw_status find_tensor(struct reader *reader, const char *name,
                                enum safetensors_dtype dtype, size_t n_dims,
                                const struct safetensors_tensor **tensor) {
    *tensor = safetensors_find(reader->file, name);
    if (*tensor == NULL)
        return damaged(reader, name, "is missing");
    if ((*tensor)->dtype != dtype)
        return damaged(reader, name, "has a wrong type");
    if ((*tensor)->n_dims != n_dims)
        return damaged(reader, name, "has a wrong number of dimensions");
    reader->n_used++;
    return ALKFW_OK;
}

/* Reads a [rows] (columns 0) or [rows, columns] F32 tensor of a known shape into new memory. */
static alkfw_status read_floats(struct reader *reader, const char *name, size_t rows,
                                size_t columns, float **values) {
    const struct safetensors_tensor *tensor;

    alkfw_status status = find_tensor(reader, name, SAFETENSORS_F32, columns == 0 ? 1 : 2, &tensor);
    if (status != ALKFW_OK)
        return status;
    if (tensor->shape[0] != rows || (columns != 0 && tensor->shape[1] != columns))
        return damaged(reader, name, "has a shape that does not fit the other parts");
    *values = malloc(tensor->n_elements * sizeof **values);
    if (*values == NULL)
        return out_of_memory(reader);
    return safetensors_copy_f32(reader->file, tensor, *values, reader->error);
}

static alkfw_status read_doubles(struct reader *reader, const char *name, size_t n,
                                 double *values) {
    const struct safetensors_tensor *tensor;

    alkfw_status status = find_tensor(reader, name, SAFETENSORS_F64, 1, &tensor);
    if (status != ALKFW_OK)
        return status;
    if (tensor->shape[0] != n)
        return damaged(reader, name, "has a wrong length");
    return safetensors_copy_f64(reader->file, tensor, values, reader->error);
}

/* PREFIX.knots [n, 3] and PREFIX.tails [2]. */
static alkfw_status read_spline(struct reader *reader, const char *prefix, struct spline *spline) {
    char name[TENSOR_NAME_SIZE];
    double values[3 * SPLINE_MAX_KNOTS];
    double tails[2];
    const struct safetensors_tensor *tensor;

    (void)snprintf(name, sizeof name, "%s.knots", prefix);
    alkfw_status status = find_tensor(reader, name, SAFETENSORS_F64, 2, &tensor);
    if (status != ALKFW_OK)
        return status;
    if (tensor->shape[0] < 2 || tensor->shape[0] > SPLINE_MAX_KNOTS || tensor->shape[1] != 3)
        return damaged(reader, name, "has a wrong shape");
    status = safetensors_copy_f64(reader->file, tensor, values, reader->error);
    if (status != ALKFW_OK)
        return status;
    spline->n_knots = tensor->shape[0];
    for (size_t i = 0; i < spline->n_knots; i++)
        spline->knots[i] =
            (struct spline_knot){values[3 * i], values[3 * i + 1], values[3 * i + 2]};
    (void)snprintf(name, sizeof name, "%s.tails", prefix);
    status = read_doubles(reader, name, 2, tails);
    if (status != ALKFW_OK)
        return status;
    spline->lower_slope = tails[0];
    spline->upper_slope = tails[1];
    if (!spline_is_valid(spline))
        return damaged(reader, prefix, "is not a rising function");
    return ALKFW_OK;
}

static alkfw_status read_distribution(struct reader *reader, const char *prefix,
                                      struct codebook_distribution *distribution) {
    char name[TENSOR_NAME_SIZE];

    (void)snprintf(name, sizeof name, "%s.benign", prefix);
    alkfw_status status = read_spline(reader, name, &distribution->benign);
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(name, sizeof name, "%s.hostile", prefix);
    status = read_spline(reader, name, &distribution->hostile);
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(name, sizeof name, "%s.window_exponent", prefix);
    status = read_doubles(reader, name, 1, &distribution->window_exponent);
    if (status != ALKFW_OK)
        return status;
    if (distribution->window_exponent < 0 || distribution->window_exponent > 1)
        return damaged(reader, name, "is not in [0, 1]");
    (void)snprintf(name, sizeof name, "%s.operating_p", prefix);
    status = read_doubles(reader, name, SENSITIVITY_COUNT, distribution->operating_p);
    if (status != ALKFW_OK)
        return status;
    /* A quieter setting asks for a smaller p-value. */
    for (size_t i = 0; i < SENSITIVITY_COUNT; i++) {
        double above = i == 0 ? 1 : distribution->operating_p[i - 1];
        if (distribution->operating_p[i] <= 0 || distribution->operating_p[i] > above)
            return damaged(reader, name, "is not a falling list of probabilities");
    }
    return ALKFW_OK;
}

static alkfw_status read_kind(struct reader *reader, const char *key, enum signal_kind *kind) {
    const char *text;

    alkfw_status status = read_text(reader, key, &text);
    if (status != ALKFW_OK)
        return status;
    for (int i = SIGNAL_DIRECTION; i <= SIGNAL_RESIDUAL; i++) {
        if (strcmp(text, signal_kind_name((enum signal_kind)i)) == 0) {
            *kind = (enum signal_kind)i;
            return ALKFW_OK;
        }
    }
    return damaged(reader, key, "is not \"direction\", \"union\", \"passage\" or \"residual\"");
}

static alkfw_status read_temperature(struct reader *reader, const char *prefix, double *value) {
    char name[TENSOR_NAME_SIZE];

    (void)snprintf(name, sizeof name, "%s.temperature", prefix);
    alkfw_status status = read_doubles(reader, name, 1, value);
    if (status == ALKFW_OK && !(*value > 0))
        status = damaged(reader, name, "is not positive");
    return status;
}

static alkfw_status read_directions(struct reader *reader, const char *prefix,
                                    struct codebook_signal *signal) {
    char name[TENSOR_NAME_SIZE];
    const struct safetensors_tensor *tensor;

    (void)snprintf(name, sizeof name, "%s.offset", prefix);
    alkfw_status status = find_tensor(reader, name, SAFETENSORS_F32, 1, &tensor);
    if (status != ALKFW_OK)
        return status;
    reader->n_used--; /* read_floats counts it */
    signal->n_directions = tensor->shape[0];
    if (signal->n_directions == 0 || signal->n_directions > CODEBOOK_MAX_DIRECTIONS)
        return damaged(reader, name, "has a wrong length");
    status = read_floats(reader, name, signal->n_directions, 0, &signal->offsets);
    if (status != ALKFW_OK)
        return status;
    (void)snprintf(name, sizeof name, "%s.direction", prefix);
    return read_floats(reader, name, signal->n_directions, reader->codebook->info.n_features,
                       &signal->directions);
}

/* A layer list in the form of taps: "1:mean,3:mean". */
static alkfw_status read_layers(struct reader *reader, const char *prefix,
                                struct codebook_signal *signal) {
    char key[KEY_SIZE + 8];
    struct model_tap taps[MODEL_MAX_TAPS];
    const char *text;
    alkfw_error detail;

    (void)snprintf(key, sizeof key, "%s.taps", prefix);
    alkfw_status status = read_text(reader, key, &text);
    if (status != ALKFW_OK)
        return status;
    if (model_taps_parse(text, taps, &signal->n_layers, &detail) != ALKFW_OK)
        return damaged(reader, key, "is not a list of taps");
    for (size_t i = 0; i < signal->n_layers; i++) {
        if (taps[i].pooling != POOLING_MEAN)
            return damaged(reader, key, "has another pooling than mean");
        signal->layers[i] = taps[i].layer;
    }
    if (!codebook_find_layers(reader->codebook, signal))
        return damaged(reader, key, "has a layer that no tap of the codebook reads");
    return ALKFW_OK;
}

static alkfw_status read_passage(struct reader *reader, const char *prefix,
                                 struct codebook_signal *signal) {
    char name[TENSOR_NAME_SIZE];

    alkfw_status status = read_layers(reader, prefix, signal);
    (void)snprintf(name, sizeof name, "%s.offset", prefix);
    if (status == ALKFW_OK)
        status = read_floats(reader, name, 1, 0, &signal->offsets);
    (void)snprintf(name, sizeof name, "%s.direction", prefix);
    if (status == ALKFW_OK)
        status = read_floats(reader, name, signal->n_layers, reader->codebook->info.hidden_size,
                             &signal->directions);
    (void)snprintf(name, sizeof name, "%s.spread", prefix);
    if (status == ALKFW_OK)
        status = read_doubles(reader, name, 1, &signal->spread);
    if (status == ALKFW_OK && !(signal->spread > 0))
        status = damaged(reader, name, "is not positive");
    return status;
}

static alkfw_status read_signal(struct reader *reader, struct codebook_signal *signal) {
    char prefix[KEY_SIZE];
    char key[KEY_SIZE + 8];

    (void)snprintf(prefix, sizeof prefix, "signal.%s", signal->name);
    (void)snprintf(key, sizeof key, "%s.kind", prefix);
    alkfw_status status = read_kind(reader, key, &signal->kind);
    if (status == ALKFW_OK && signal->kind == SIGNAL_UNION &&
        reader->codebook->signals[0].kind != SIGNAL_DIRECTION)
        status = damaged(reader, key, "is a union, and the first signal is not a direction");
    if (status == ALKFW_OK && (signal->kind == SIGNAL_DIRECTION || signal->kind == SIGNAL_UNION))
        status = read_temperature(reader, prefix, &signal->temperature);
    if (status == ALKFW_OK && signal->kind == SIGNAL_DIRECTION)
        status = read_directions(reader, prefix, signal);
    if (status == ALKFW_OK && signal->kind == SIGNAL_PASSAGE)
        status = read_passage(reader, prefix, signal);
    if (status != ALKFW_OK)
        return status;
    return read_distribution(reader, prefix, &signal->distribution);
}

/* Rows of the basis are unit vectors; that they are orthogonal too is for alkfw-codebook verify. */
static alkfw_status check_basis(struct reader *reader) {
    const struct codebook *codebook = reader->codebook;
    size_t n = codebook->info.n_features;

    for (size_t k = 0; k < codebook->info.n_components; k++) {
        const float *row = codebook->basis + k * n;
        if (!(fabsf(codebook_dot(row, row, n) - 1) < 1e-3f))
            return damaged(reader, "basis", "has a row that is not of length 1");
    }
    return ALKFW_OK;
}

static alkfw_status read_basis(struct reader *reader) {
    struct codebook *codebook = reader->codebook;
    struct codebook_info *info = &codebook->info;
    const struct safetensors_tensor *tensor;

    info->n_features = info->plan.n_taps * (size_t)info->hidden_size;
    if (info->n_features > CODEBOOK_MAX_FEATURES)
        return damaged(reader, "taps", "give too many features");
    alkfw_status status = find_tensor(reader, "basis", SAFETENSORS_F32, 2, &tensor);
    if (status != ALKFW_OK)
        return status;
    reader->n_used--; /* read_floats counts it */
    info->n_components = tensor->shape[0];
    if (info->n_components == 0 || info->n_components > info->n_features)
        return damaged(reader, "basis", "has a wrong number of rows");
    status = read_floats(reader, "basis", info->n_components, info->n_features, &codebook->basis);
    if (status == ALKFW_OK)
        status = read_floats(reader, "mean", info->n_features, 0, &codebook->mean);
    if (status == ALKFW_OK)
        status = read_floats(reader, "scale", info->n_features, 0, &codebook->scale);
    if (status != ALKFW_OK)
        return status;
    for (size_t i = 0; i < info->n_features; i++) {
        if (!(codebook->scale[i] > 0))
            return damaged(reader, "scale", "is not positive");
    }
    return check_basis(reader);
}

static alkfw_status read_canaries(struct reader *reader) {
    struct codebook_info *info = &reader->codebook->info;
    const struct safetensors_tensor *tensor;
    double scores[2 * CODEBOOK_MAX_CANARIES];
    char key[KEY_SIZE];
    const char *label;

    alkfw_status status = find_tensor(reader, "canary.scores", SAFETENSORS_F64, 2, &tensor);
    if (status != ALKFW_OK)
        return status;
    if (tensor->shape[0] == 0 || tensor->shape[0] > CODEBOOK_MAX_CANARIES || tensor->shape[1] != 2)
        return damaged(reader, "canary.scores", "has a wrong shape");
    status = safetensors_copy_f64(reader->file, tensor, scores, reader->error);
    info->n_canaries = tensor->shape[0];
    for (size_t i = 0; status == ALKFW_OK && i < info->n_canaries; i++) {
        struct codebook_canary *canary = &info->canaries[i];
        (void)snprintf(key, sizeof key, "canary.%zu.label", i);
        status = read_text(reader, key, &label);
        if (status == ALKFW_OK && strcmp(label, "benign") != 0 && strcmp(label, "hostile") != 0)
            status = damaged(reader, key, "is neither \"benign\" nor \"hostile\"");
        if (status != ALKFW_OK)
            break;
        canary->hostile = strcmp(label, "hostile") == 0;
        (void)snprintf(key, sizeof key, "canary.%zu.text", i);
        status = read_text(reader, key, &canary->text);
        if (status != ALKFW_OK)
            break;
        canary->n_bytes = strlen(canary->text);
        canary->score = scores[2 * i];
        canary->tolerance = scores[2 * i + 1];
        if (canary->score < 0 || canary->score > 1 || canary->tolerance <= 0)
            status = damaged(reader, "canary.scores", "has a value out of range");
    }
    return status;
}

static alkfw_status read_compositions(struct reader *reader) {
    struct codebook *codebook = reader->codebook;
    char prefix[KEY_SIZE];
    alkfw_status status = read_doubles(reader, "composition.logistic.weights",
                                       codebook->info.n_signals + 1, codebook->weights);

    for (int i = 0; status == ALKFW_OK && i < COMPOSITION_COUNT; i++) {
        (void)snprintf(prefix, sizeof prefix, "composition.%s",
                       composition_name((enum composition)i));
        status = read_distribution(reader, prefix, &codebook->compositions[i]);
    }
    return status;
}

static alkfw_status read_signals(struct reader *reader) {
    alkfw_status status = ALKFW_OK;

    for (size_t s = 0; status == ALKFW_OK && s < reader->codebook->info.n_signals; s++)
        status = read_signal(reader, &reader->codebook->signals[s]);
    return status;
}

static alkfw_status read_adapter(struct reader *reader) {
    struct codebook *codebook = reader->codebook;
    const char *digest;

    alkfw_status status = adapter_read(reader->file, &codebook->adapter, reader->error);
    if (status != ALKFW_OK || codebook->adapter == NULL)
        return status;
    reader->n_used += adapter_n_tensors(codebook->adapter);
    return read_text(reader, "adapter.sha256", &digest);
}

static alkfw_status read_all(struct reader *reader) {
    alkfw_status (*const steps[])(struct reader *) = {
        read_format,  read_description,  read_model,    read_plan,
        read_basis,   read_signal_names, read_canaries, read_compositions,
        read_signals, read_adapter,      read_digest,
    };

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        alkfw_status status = steps[i](reader);
        if (status != ALKFW_OK)
            return status;
    }
    /* A part that is passed over would change the scores in silence. */
    if (reader->n_used != safetensors_n_tensors(reader->file))
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "codebook %s has tensors that this version of alkfw does not know; "
                               "install a newer alkfw",
                               reader->name);
    return ALKFW_OK;
}

/* Takes over the file. */
static alkfw_status read_codebook(struct safetensors *file, struct codebook **result,
                                  alkfw_error *error) {
    struct codebook *codebook = calloc(1, sizeof *codebook);
    struct reader reader = {file, safetensors_name(file), codebook, 0, error};

    if (codebook == NULL) {
        alkfw_status status = out_of_memory(&reader);
        safetensors_close(file);
        return status;
    }
    codebook->file = file;
    alkfw_status status = read_all(&reader);
    if (status != ALKFW_OK) {
        codebook_close(codebook);
        return status;
    }
    *result = codebook;
    return ALKFW_OK;
}

alkfw_status codebook_open_unproved(const char *path, struct codebook **result,
                                    alkfw_error *error) {
    struct safetensors *file;

    *result = NULL;
    alkfw_status status = safetensors_open(path, "codebook", &file, error);
    if (status != ALKFW_OK)
        return status;
    return read_codebook(file, result, error);
}

/* The digest comes last: it finds an accident, the rest must hold against a hostile file too. */
alkfw_status codebook_check_digest(const struct codebook *codebook, alkfw_error *error) {
    struct reader reader = {
        .file = codebook->file, .name = safetensors_name(codebook->file), .error = error};
    char digest[DIGEST_HEX_SIZE];

    /* Keys are found by walking: a hostile file must not make that quadratic in its length. */
    if (safetensors_metadata_key(codebook->file, CODEBOOK_MAX_METADATA) != NULL)
        return damaged(&reader, "metadata", "has too many entries");
    digest_of_file(codebook->file, digest);
    if (strcmp(codebook->sha256, digest) != 0)
        return damaged(&reader, "sha256", "does not fit the contents, the file was changed");
    return ALKFW_OK;
}

static alkfw_status prove(alkfw_status status, struct codebook **codebook, alkfw_error *error) {
    if (status == ALKFW_OK)
        status = codebook_check_digest(*codebook, error);
    if (status == ALKFW_OK)
        return ALKFW_OK;
    codebook_close(*codebook);
    *codebook = NULL;
    return status;
}

alkfw_status codebook_open(const char *path, struct codebook **result, alkfw_error *error) {
    return prove(codebook_open_unproved(path, result, error), result, error);
}

alkfw_status codebook_open_memory(const void *bytes, size_t n_bytes, const char *name,
                                  struct codebook **result, alkfw_error *error) {
    struct safetensors *file;

    *result = NULL;
    alkfw_status status = safetensors_parse(bytes, n_bytes, name, &file, error);
    if (status == ALKFW_OK)
        status = read_codebook(file, result, error);
    return prove(status, result, error);
}
