/* SPDX-License-Identifier: Apache-2.0
 *
 * How a model knows the order of tokens, and how far a block sees. */
#include <math.h>
#include <string.h>

#include "model/model_config_json.h"

/* ---- rotary -------------------------------------------------------------- */

static alkfw_status read_rope_kind(const struct config_reader *reader, struct rope *rope) {
    const char *kind = json_string_value(json_object_get(reader->json, "rope_type"));

    if (kind == NULL) /* what older files call it */
        kind = json_string_value(json_object_get(reader->json, "type"));
    if (kind == NULL || strcmp(kind, "default") == 0)
        rope->kind = ROPE_DEFAULT;
    else if (strcmp(kind, "linear") == 0)
        rope->kind = ROPE_LINEAR;
    else if (strcmp(kind, "llama3") == 0)
        rope->kind = ROPE_LLAMA3;
    else
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: the rope type \"%.64s\" is not known; this version runs: "
                               "default, linear, llama3",
                               reader->name, kind);
    return ALKFW_OK;
}

/* "rope_scaling" of older files, or "rope_parameters" of newer ones for one kind of block. */
static alkfw_status read_rope_object(const struct config_reader *reader, struct rope *rope) {
    alkfw_status status = read_rope_kind(reader, rope);

    if (status == ALKFW_OK)
        status = config_real(reader, "rope_theta", rope->theta, 1.0, 1e12, &rope->theta);
    if (status == ALKFW_OK && rope->kind != ROPE_DEFAULT)
        status = config_real(reader, "factor", 0.0f, 0.0, 1e6, &rope->factor);
    if (status == ALKFW_OK && rope->kind == ROPE_LLAMA3) {
        status =
            config_real(reader, "low_freq_factor", 0.0f, 0.0, 1e6, &rope->low_frequency_factor);
        if (status == ALKFW_OK)
            status = config_real(reader, "high_freq_factor", 0.0f, 0.0, 1e6,
                                 &rope->high_frequency_factor);
        if (status == ALKFW_OK)
            status = config_real(reader, "original_max_position_embeddings", 0.0f, 0.0, 1e9,
                                 &rope->original_positions);
    }
    if (status == ALKFW_OK &&
        ((rope->kind != ROPE_DEFAULT && rope->factor == 0.0f) ||
         (rope->kind == ROPE_LLAMA3 && (rope->high_frequency_factor <= rope->low_frequency_factor ||
                                        rope->original_positions == 0.0f))))
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: the rope parameters are not complete", reader->name);
    return status;
}

static alkfw_status read_fraction(const struct config_reader *reader,
                                  const struct config_reader *parameters,
                                  struct model_config *config) {
    const struct architecture *architecture = reader->architecture;
    bool is_partial = architecture->keys.rotary_fraction != NULL;
    float fraction;
    alkfw_status status = config_real(
        reader, architecture->keys.rotary_fraction,
        is_partial ? architecture->keys.default_rotary_fraction : 1.0f, 0.0, 1.0001, &fraction);

    if (status == ALKFW_OK && parameters != NULL)
        status = config_real(parameters, "partial_rotary_factor", fraction, 0.0, 1.0001, &fraction);
    if (status != ALKFW_OK)
        return status;
    if (!is_partial && fraction != 1.0f)
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: this version runs \"%s\" with whole heads rotated only",
                               reader->name, architecture->name);
    config->rotary_size = (uint32_t)((double)config->head_size * (double)fraction);
    if (config->rotary_size == 0 || config->rotary_size % 2 != 0)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: %u values of a head would be rotated, which is no even number",
                               reader->name, config->rotary_size);
    return ALKFW_OK;
}

/* "rope_parameters" has the parameters, or for each kind of block an object of them. */
static alkfw_status read_rope_parameters(const struct config_reader *reader,
                                         struct model_config *config) {
    struct config_reader inner = *reader;
    const json_t *full, *windowed;
    alkfw_status status = ALKFW_OK;

    inner.json = json_object_get(reader->json, "rope_parameters");
    full = json_object_get(inner.json, "full_attention");
    windowed = json_object_get(inner.json, "sliding_attention");
    if (!json_is_object(full) && !json_is_object(windowed)) {
        status = read_rope_object(&inner, &config->rope);
        if (status == ALKFW_OK)
            status = read_fraction(reader, &inner, config);
        if (reader->architecture->keys.local_theta == NULL)
            config->windowed_rope = config->rope;
        return status;
    }
    status = read_fraction(reader, NULL, config);
    if (status == ALKFW_OK && json_is_object(full)) {
        inner.json = full;
        status = read_rope_object(&inner, &config->rope);
    }
    if (status == ALKFW_OK && json_is_object(windowed)) {
        inner.json = windowed;
        status = read_rope_object(&inner, &config->windowed_rope);
    }
    return status;
}

alkfw_status config_read_rope(const struct config_reader *reader, struct model_config *config) {
    const struct architecture *architecture = reader->architecture;
    struct config_reader inner = *reader;
    alkfw_status status =
        config_real(reader, architecture->keys.rope_theta, architecture->keys.default_theta, 1.0,
                    1e12, &config->rope.theta);

    config->windowed_rope = config->rope;
    if (status == ALKFW_OK && architecture->keys.local_theta != NULL)
        status = config_real(reader, architecture->keys.local_theta,
                             architecture->keys.default_local_theta, 1.0, 1e12,
                             &config->windowed_rope.theta);
    if (status != ALKFW_OK)
        return status;
    if (json_is_object(json_object_get(reader->json, "rope_parameters")))
        return read_rope_parameters(reader, config);
    if (config_has(reader, "rope_scaling")) {
        inner.json = json_object_get(reader->json, "rope_scaling");
        status = read_rope_object(&inner, &config->rope);
        if (status == ALKFW_OK && !architecture->rope_scaling_is_full)
            status = read_rope_object(&inner, &config->windowed_rope);
    }
    return status == ALKFW_OK ? read_fraction(reader, NULL, config) : status;
}

/* ---- relative ------------------------------------------------------------ */

static bool lists(const json_t *value, const char *item) {
    const json_t *entry;
    size_t i;

    if (json_is_string(value))
        return strstr(json_string_value(value), item) != NULL;
    json_array_foreach(value, i, entry) {
        if (json_is_string(entry) && strcmp(json_string_value(entry), item) == 0)
            return true;
    }
    return false;
}

/* A number from 1 up; -1 and 0 stand for `otherwise`. */
static alkfw_status read_limit(const struct config_reader *reader, const char *key,
                               uint32_t otherwise, uint32_t *result) {
    const json_t *value = json_object_get(reader->json, key);

    *result = otherwise;
    if (!config_has(reader, key) || (json_is_integer(value) && json_integer_value(value) >= -1 &&
                                     json_integer_value(value) < 1))
        return ALKFW_OK;
    return config_size(reader, key, 1, MODEL_MAX_POSITIONS / 2, result);
}

alkfw_status config_read_relative(const struct config_reader *reader, struct model_config *config) {
    static const struct architecture_flag biased = {"position_biased_input", true};
    const json_t *kinds = json_object_get(reader->json, "pos_att_type");
    uint32_t embedding_size = config->hidden_size;
    alkfw_status status = ALKFW_OK;

    if (!json_is_true(json_object_get(reader->json, "relative_attention")))
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: this version runs no \"%s\" without \"relative_attention\"",
                               reader->name, reader->architecture->name);
    if (config_has(reader, "embedding_size"))
        status = config_size(reader, "embedding_size", 1, MODEL_MAX_HIDDEN, &embedding_size);
    if (status == ALKFW_OK && embedding_size != config->hidden_size)
        return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                               "%s: this version runs no model whose \"embedding_size\" is not "
                               "\"hidden_size\"",
                               reader->name);
    if (status == ALKFW_OK)
        status = read_limit(reader, "max_relative_positions", config->n_positions,
                            &config->relative_ceiling);
    if (status == ALKFW_OK)
        status = read_limit(reader, "position_buckets", 0, &config->relative_buckets);
    if (status != ALKFW_OK)
        return status;
    config->relative_span =
        config->relative_buckets > 0 ? config->relative_buckets : config->relative_ceiling;
    config->has_learned_positions = config_flag(reader, &biased);
    config->has_content_to_position = lists(kinds, "c2p");
    config->has_position_to_content = lists(kinds, "p2c");
    config->shares_relative_projections =
        json_is_true(json_object_get(reader->json, "share_att_key"));
    config->has_relative_norm = lists(json_object_get(reader->json, "norm_rel_ebd"), "layer_norm");
    config->attention_scale =
        1.0f / sqrtf((float)(config->head_size * (1 + config->has_content_to_position +
                                                  config->has_position_to_content)));
    return ALKFW_OK;
}

/* Distances up to mid are rows of their own; beyond, rows grow thinner as the logarithm. */
static int64_t bucket_of(const struct model_config *config, int64_t distance) {
    int64_t mid = config->relative_buckets / 2, far = distance < 0 ? -distance : distance;

    if (config->relative_buckets == 0 || far <= mid || mid == 0)
        return distance;
    if ((int64_t)config->relative_ceiling - 1 <= mid) /* no room for a slope: the last row */
        return distance < 0 ? -(int64_t)config->relative_span : config->relative_span;
    float slope = logf((float)((double)(config->relative_ceiling - 1) / (double)mid));
    float steps = ceilf(logf((float)far / (float)mid) / slope * (float)(mid - 1));
    int64_t bucket = (int64_t)steps + mid;
    return distance < 0 ? -bucket : bucket;
}

void model_config_relative_rows(const struct model_config *config, uint32_t n_tokens,
                                uint32_t *rows) {
    int64_t span = config->relative_span;

    for (uint32_t i = 0; i + 1 < 2 * n_tokens; i++) {
        int64_t row = bucket_of(config, (int64_t)i - (int64_t)n_tokens + 1) + span;
        rows[i] = (uint32_t)(row < 0 ? 0 : row > 2 * span - 1 ? 2 * span - 1 : row);
    }
}

/* ---- windows ------------------------------------------------------------- */

static alkfw_status read_layer_types(const struct config_reader *reader,
                                     struct model_config *config) {
    const json_t *types = json_object_get(reader->json, "layer_types");

    if (json_array_size(types) != config->n_layers)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: \"layer_types\" is not of %u layers", reader->name,
                               config->n_layers);
    for (uint32_t i = 0; i < config->n_layers; i++) {
        const char *type = json_string_value(json_array_get(types, i));
        if (type == NULL ||
            (strcmp(type, "full_attention") != 0 && strcmp(type, "sliding_attention") != 0))
            return alkfw_error_set(reader->error, ALKFW_E_UNSUPPORTED,
                                   "%s: the layer type \"%.64s\" is not known; this version runs: "
                                   "full_attention, sliding_attention",
                                   reader->name, type != NULL ? type : "");
        config->windowed[i] = strcmp(type, "sliding_attention") == 0;
    }
    return ALKFW_OK;
}

static alkfw_status apply_pattern(const struct config_reader *reader, struct model_config *config) {
    const struct architecture *architecture = reader->architecture;
    uint32_t n = architecture->keys.default_pattern;
    alkfw_status status = ALKFW_OK;

    if (config_has(reader, architecture->keys.pattern))
        status = config_size(reader, architecture->keys.pattern,
                             architecture->pattern == PATTERN_FIRST_N_FULL ? 0 : 1,
                             MODEL_MAX_LAYERS, &n);
    for (uint32_t i = 0; status == ALKFW_OK && i < config->n_layers; i++) {
        switch (architecture->pattern) {
        case PATTERN_ALL_FULL:
            break;
        case PATTERN_LAST_OF_N_FULL:
            config->windowed[i] = (i + 1) % n != 0;
            break;
        case PATTERN_FIRST_OF_N_FULL:
            config->windowed[i] = i % n != 0;
            break;
        case PATTERN_FIRST_N_FULL:
            config->windowed[i] = i >= n;
            break;
        }
    }
    return status;
}

alkfw_status config_read_windows(const struct config_reader *reader, struct model_config *config) {
    const struct architecture *architecture = reader->architecture;
    struct architecture_flag wants = {architecture->keys.needs_window, true};
    uint32_t window;
    alkfw_status status;

    if (wants.key != NULL)
        wants.otherwise = false;
    if (architecture->pattern == PATTERN_ALL_FULL || !config_flag(reader, &wants))
        return ALKFW_OK;
    status = config_has(reader, "layer_types") ? read_layer_types(reader, config)
                                               : apply_pattern(reader, config);
    if (status != ALKFW_OK || memchr(config->windowed, 1, config->n_layers) == NULL)
        return status;
    status = config_size(reader, architecture->keys.window, 1, MODEL_MAX_POSITIONS, &window);
    if (status != ALKFW_OK)
        return status;
    config->reach = architecture->window_is_centred || !config->is_causal ? window / 2 : window - 1;
    return ALKFW_OK;
}
