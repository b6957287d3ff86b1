/* SPDX-License-Identifier: Apache-2.0
 *
 * Architectures, config.json, and the blocks that attention is made of. Golden values:
 * scripts/make-attention-goldens. */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "model/architecture.h"
#include "model/kernels/kernels.h"
#include "model/model_config.h"
#include "model/native/attention.h"
#include "model/rope.h"
#include "run_tests.h"

/* In [-1, 1). make-attention-goldens has the same line. */
static float value(uint64_t index, uint64_t seed) {
    return (float)((double)((index * 7919 + seed * 104729 + index * index % 1013) % 1009) / 504.5 -
                   1);
}

static float *allocate(size_t n) {
    float *values = aligned_alloc(64, (n * sizeof *values + 63) / 64 * 64);

    ck_assert_ptr_nonnull(values);
    return values;
}

static float *formula(size_t n, uint64_t seed) {
    float *values = allocate(n);

    for (size_t i = 0; i < n; i++)
        values[i] = value(i, seed);
    return values;
}

static uint32_t number(const json_t *object, const char *key) {
    return (uint32_t)golden_number(object, key);
}

static void check_values(const float *got, const json_t *expected, size_t n, double tolerance) {
    ck_assert_uint_eq(json_array_size(expected), n);
    for (size_t i = 0; i < n; i++) {
        double wanted = json_number_value(json_array_get(expected, i));
        ck_assert_double_eq_tol((double)got[i], wanted, tolerance);
    }
}

/* ---- the table ----------------------------------------------------------- */

START_TEST(every_architecture_has_what_a_pass_needs) {
    static const enum tensor_role needed[] = {TENSOR_WORDS, TENSOR_ATTENTION_OUTPUT, TENSOR_UP,
                                              TENSOR_DOWN};

    for (size_t i = 0; i < architecture_count(); i++) {
        const struct architecture *entry = architecture_at(i);
        const char *const *tensors = entry->tensors;
        ck_assert_uint_eq(architecture_find(entry->name), i);
        for (size_t j = 0; j < sizeof needed / sizeof needed[0]; j++)
            ck_assert_msg(tensors[needed[j]] != NULL, "%s", entry->name);
        bool is_separate = tensors[TENSOR_QKV] == NULL;
        ck_assert_int_eq(is_separate, entry->qkv == QKV_SEPARATE);
        ck_assert_int_eq(is_separate, tensors[TENSOR_QUERY] != NULL &&
                                          tensors[TENSOR_KEY] != NULL &&
                                          tensors[TENSOR_VALUE] != NULL);
        ck_assert_int_eq(tensors[TENSOR_GATE] != NULL, entry->mlp == MLP_GATED);
        /* Sums are normalised after, or inputs before. */
        ck_assert_int_eq(tensors[TENSOR_BLOCK_NORMS + NORM_AFTER_MLP] != NULL,
                         tensors[TENSOR_BLOCK_NORMS + NORM_BEFORE_MLP] == NULL);
        /* rms_norm adds no residual. */
        ck_assert(entry->norm != NORM_RMS ||
                  tensors[TENSOR_BLOCK_NORMS + NORM_AFTER_ATTENTION] == NULL);
    }
    ck_assert_uint_eq(architecture_find("mamba"), architecture_count());
}
END_TEST

START_TEST(tensors_have_the_names_of_the_hub) {
    const struct architecture *bert = architecture_at(architecture_find("bert"));
    const struct architecture *modern = architecture_at(architecture_find("modernbert"));
    enum tensor_role before = TENSOR_BLOCK_NORMS + NORM_BEFORE_ATTENTION;
    char name[TENSOR_NAME_SIZE];

    ck_assert(architecture_tensor_name(bert, TENSOR_DOWN, 11, "bias", name));
    ck_assert_str_eq(name, "encoder.layer.11.output.dense.bias");
    ck_assert(architecture_tensor_name(bert, TENSOR_WORDS, 0, "weight", name));
    ck_assert_str_eq(name, "embeddings.word_embeddings.weight");
    ck_assert(!architecture_tensor_name(bert, TENSOR_GATE, 0, "weight", name));
    ck_assert(!architecture_tensor_name(modern, before, 0, "weight", name));
    ck_assert(architecture_tensor_name(modern, before, 1, "weight", name));
    ck_assert_str_eq(name, "layers.1.attn_norm.weight");
}
END_TEST

START_TEST(the_list_names_all_and_is_cut_to_fit) {
    char list[512], cut[8];

    size_t length = architecture_list(list, sizeof list);
    ck_assert_uint_eq(length, strlen(list));
    for (size_t i = 0; i < architecture_count(); i++)
        ck_assert_ptr_nonnull(strstr(list, architecture_at(i)->name));
    ck_assert_uint_eq(architecture_list(cut, sizeof cut), length);
    ck_assert_str_eq(cut, "bert, r");
}
END_TEST

/* ---- config.json --------------------------------------------------------- */

static alkfw_status parse(const char *json, struct model_config *config, alkfw_error *error) {
    return model_config_parse(json, strlen(json), "config.json", config, error);
}

static struct model_config parsed(const char *json) {
    struct model_config config;
    alkfw_error error;

    alkfw_status status = parse(json, &config, &error);
    ck_assert_msg(status == ALKFW_OK, "%s", error.message);
    return config;
}

#define LLAMA_SIZES                                                                                \
    "\"model_type\":\"llama\",\"vocab_size\":9,\"hidden_size\":24,\"num_hidden_layers\":2,"        \
    "\"num_attention_heads\":4,\"intermediate_size\":8,\"max_position_embeddings\":99"
#define GEMMA_SIZES                                                                                \
    "\"model_type\":\"gemma3_text\",\"vocab_size\":9,\"hidden_size\":16,\"num_hidden_layers\":7,"  \
    "\"num_attention_heads\":4,\"intermediate_size\":8,\"max_position_embeddings\":131072,"        \
    "\"sliding_window\":10"
#define DEBERTA_SIZES                                                                              \
    "\"model_type\":\"deberta-v2\",\"vocab_size\":9,\"hidden_size\":16,\"num_hidden_layers\":1,"   \
    "\"num_attention_heads\":4,\"intermediate_size\":8,\"max_position_embeddings\":64,"            \
    "\"type_vocab_size\":0"

START_TEST(defaults_are_those_of_transformers) {
    struct model_config config = parsed("{" LLAMA_SIZES ",\"num_key_value_heads\":null}");

    ck_assert_uint_eq(config.n_key_heads, 4);
    ck_assert_uint_eq(config.head_size, 6);
    ck_assert_uint_eq(config.rotary_size, 6);
    ck_assert_uint_eq(config.activation, ACTIVATION_SILU);
    ck_assert_uint_eq(config.is_causal, 1);
    ck_assert_float_eq(config.rope.theta, 10000.0f);
    ck_assert_float_eq(config.norm_epsilon, 1e-6f);
    ck_assert_uint_eq(config.has_qkv_bias, 0);
}
END_TEST

/* Of a header that someone else wrote: the row of a pad token is its id. */
START_TEST(a_pad_token_has_a_position_that_is_there) {
    struct model_config config =
        parsed("{\"model_type\":\"roberta\",\"vocab_size\":900,\"hidden_size\":8,"
               "\"num_hidden_layers\":1,\"num_attention_heads\":2,\"intermediate_size\":8,"
               "\"max_position_embeddings\":20,\"type_vocab_size\":1}");

    ck_assert(model_config_is_sound(&config));
    config.pad_id = 800;
    ck_assert(!model_config_is_sound(&config));
}
END_TEST

START_TEST(windows_follow_the_pattern_or_the_list) {
    struct model_config config = parsed("{" GEMMA_SIZES "}");

    for (uint32_t i = 0; i < 7; i++)
        ck_assert_int_eq(config.windowed[i], i != 5);
    ck_assert_uint_eq(config.reach, 9);
    ck_assert_float_eq(config.rope.theta, 1e6f);
    ck_assert_float_eq(config.windowed_rope.theta, 1e4f);
    ck_assert_uint_eq(config.max_tokens, MODEL_MAX_TOKENS);
    config = parsed("{" GEMMA_SIZES ",\"use_bidirectional_attention\":true,\"layer_types\":["
                    "\"full_attention\",\"sliding_attention\",\"full_attention\","
                    "\"full_attention\",\"full_attention\",\"full_attention\","
                    "\"full_attention\"]}");
    for (uint32_t i = 0; i < 7; i++)
        ck_assert_int_eq(config.windowed[i], i == 1);
    ck_assert_uint_eq(config.reach, 5);
    ck_assert_uint_eq(config.is_causal, 0);
}
END_TEST

START_TEST(rope_parameters_are_read_in_both_forms) {
    struct model_config config =
        parsed("{" GEMMA_SIZES ",\"rope_theta\":5e5,\"rope_local_base_freq\":2e4,"
               "\"rope_scaling\":{\"rope_type\":\"linear\",\"factor\":8}}");

    ck_assert_float_eq(config.rope.theta, 5e5f);
    ck_assert_uint_eq(config.rope.kind, ROPE_LINEAR);
    ck_assert_float_eq(config.rope.factor, 8.0f);
    ck_assert_float_eq(config.windowed_rope.theta, 2e4f);
    ck_assert_uint_eq(config.windowed_rope.kind, ROPE_DEFAULT);
    config = parsed("{" GEMMA_SIZES ",\"rope_parameters\":{"
                    "\"full_attention\":{\"rope_type\":\"default\",\"rope_theta\":3e5},"
                    "\"sliding_attention\":{\"rope_type\":\"default\",\"rope_theta\":4e3}}}");
    ck_assert_float_eq(config.rope.theta, 3e5f);
    ck_assert_float_eq(config.windowed_rope.theta, 4e3f);
    config = parsed("{" LLAMA_SIZES ",\"rope_scaling\":{\"type\":\"llama3\",\"factor\":32,"
                    "\"low_freq_factor\":1,\"high_freq_factor\":4,"
                    "\"original_max_position_embeddings\":8192}}");
    ck_assert_uint_eq(config.rope.kind, ROPE_LLAMA3);
    ck_assert_float_eq(config.rope.original_positions, 8192.0f);
}
END_TEST

static const struct {
    const char *json;
    alkfw_status status;
    const char *message;
} refused[] = {
    {"{}", ALKFW_E_FORMAT, "\"model_type\" is absent"},
    {"{\"model_type\":\"t5\"}", ALKFW_E_UNSUPPORTED, "\"t5\" is not known; this version runs: "},
    {"{\"model_type\":\"gemma3\"}", ALKFW_E_FORMAT, "\"text_config\" is no object"},
    {"{" LLAMA_SIZES ",\"num_key_value_heads\":3}", ALKFW_E_FORMAT,
     "\"num_attention_heads\" 4 is not a multiple of \"num_key_value_heads\" 3"},
    {"{" LLAMA_SIZES ",\"head_dim\":7}", ALKFW_E_FORMAT, "7 values of a head would be rotated"},
    {"{" LLAMA_SIZES ",\"head_dim\":0}", ALKFW_E_FORMAT, "\"head_dim\" is not a number from 1"},
    {"{" LLAMA_SIZES ",\"hidden_act\":3}", ALKFW_E_UNSUPPORTED, "activation function"},
    {"{" LLAMA_SIZES ",\"rms_norm_eps\":\"1e-6\"}", ALKFW_E_FORMAT, "\"rms_norm_eps\""},
    {"{" LLAMA_SIZES ",\"rope_theta\":-1}", ALKFW_E_FORMAT, "\"rope_theta\""},
    {"{" LLAMA_SIZES ",\"rope_scaling\":{\"rope_type\":\"yarn\",\"factor\":4}}",
     ALKFW_E_UNSUPPORTED,
     "the rope type \"yarn\" is not known; this version runs: default, linear, llama3"},
    {"{" LLAMA_SIZES ",\"rope_parameters\":{\"rope_type\":\"longrope\"}}", ALKFW_E_UNSUPPORTED,
     "\"longrope\""},
    {"{" LLAMA_SIZES ",\"rope_scaling\":{\"type\":\"linear\"}}", ALKFW_E_FORMAT, "not complete"},
    {"{" LLAMA_SIZES ",\"rope_scaling\":{\"type\":\"llama3\",\"factor\":2}}", ALKFW_E_FORMAT,
     "not complete"},
    {"{" LLAMA_SIZES ",\"rope_parameters\":{\"partial_rotary_factor\":0.5}}", ALKFW_E_UNSUPPORTED,
     "whole heads"},
    {"{" GEMMA_SIZES ",\"attn_logit_softcapping\":50}", ALKFW_E_UNSUPPORTED, "softcapping"},
    {"{" GEMMA_SIZES ",\"layer_types\":[\"full_attention\"]}", ALKFW_E_FORMAT, "of 7 layers"},
    {"{" GEMMA_SIZES ",\"sliding_window_pattern\":0}", ALKFW_E_FORMAT, "sliding_window_pattern"},
    {"{" GEMMA_SIZES ",\"layer_types\":[1,1,1,1,1,1,1]}", ALKFW_E_UNSUPPORTED, "layer type"},
    {"{" DEBERTA_SIZES "}", ALKFW_E_UNSUPPORTED, "\"relative_attention\""},
    {"{" DEBERTA_SIZES ",\"relative_attention\":true,\"conv_kernel_size\":3}", ALKFW_E_UNSUPPORTED,
     "\"conv_kernel_size\""},
    {"{" DEBERTA_SIZES ",\"relative_attention\":true,\"embedding_size\":8}", ALKFW_E_UNSUPPORTED,
     "\"embedding_size\""},
    {"{" DEBERTA_SIZES ",\"relative_attention\":true,\"position_buckets\":-7}", ALKFW_E_FORMAT,
     "\"position_buckets\""},
    {"{\"model_type\":\"roberta\",\"vocab_size\":9,\"hidden_size\":8,\"num_hidden_layers\":1,"
     "\"num_attention_heads\":2,\"intermediate_size\":8,\"max_position_embeddings\":2,"
     "\"type_vocab_size\":1}",
     ALKFW_E_FORMAT, "leaves none of 2 positions"},
    {"{\"model_type\":\"gpt2\",\"vocab_size\":9,\"n_embd\":8,\"n_layer\":1,\"n_head\":3,"
     "\"n_positions\":8}",
     ALKFW_E_FORMAT, "\"n_embd\" 8 is not a multiple of \"n_head\" 3"},
    {"{\"model_type\":\"gpt2\",\"vocab_size\":9,\"n_embd\":8,\"n_layer\":1,\"n_head\":2,"
     "\"n_positions\":8,\"scale_attn_by_inverse_layer_idx\":true}",
     ALKFW_E_UNSUPPORTED, "scale_attn_by_inverse_layer_idx"},
    {"{" LLAMA_SIZES ",\"num_key_value_heads\":1,\"head_dim\":1024,\"num_attention_heads\":8000}",
     ALKFW_E_FORMAT, "duplicate"},
    {"{\"model_type\":\"llama\",\"vocab_size\":9,\"hidden_size\":24,\"num_hidden_layers\":2,"
     "\"num_attention_heads\":8000,\"intermediate_size\":8,\"max_position_embeddings\":99,"
     "\"head_dim\":1024}",
     ALKFW_E_FORMAT, "8000 heads of 1024 values"},
};

START_TEST(what_cannot_run_is_refused_by_name) {
    struct model_config config;
    alkfw_error error;

    ck_assert_msg(parse(refused[_i].json, &config, &error) == refused[_i].status, "%s",
                  refused[_i].json);
    ck_assert_msg(strstr(error.message, refused[_i].message) != NULL, "message: %s", error.message);
}
END_TEST

/* ---- rotary positions ---------------------------------------------------- */

static struct rope rope_of(const json_t *golden) {
    const char *kind = json_string_value(golden_at(golden, "rope_type"));
    struct rope rope = {.kind = ROPE_DEFAULT, .theta = (float)golden_number(golden, "rope_theta")};

    if (strcmp(kind, "default") == 0)
        return rope;
    rope.kind = ROPE_LINEAR;
    rope.factor = (float)golden_number(golden, "factor");
    if (strcmp(kind, "linear") == 0)
        return rope;
    rope.kind = ROPE_LLAMA3;
    rope.low_frequency_factor = (float)golden_number(golden, "low_freq_factor");
    rope.high_frequency_factor = (float)golden_number(golden, "high_freq_factor");
    rope.original_positions = (float)golden_number(golden, "original_max_position_embeddings");
    return rope;
}

START_TEST(frequencies_agree_with_transformers) {
    json_t *goldens = golden_load("attention"), *golden;
    float got[64];
    size_t i;

    json_array_foreach(golden_at(goldens, "frequencies"), i, golden) {
        const json_t *expected = golden_at(golden, "frequencies");
        struct rope rope = rope_of(golden);
        uint32_t size = number(golden, "size");
        rope_frequencies(&rope, size, got);
        for (size_t j = 0; j < size / 2; j++) {
            double wanted = json_number_value(json_array_get(expected, j));
            ck_assert_double_eq_tol((double)got[j] / wanted, 1.0, 1e-6);
        }
    }
    json_decref(goldens);
}
END_TEST

START_TEST(heads_turn_as_in_transformers) {
    json_t *goldens = golden_load("attention"), *golden;
    size_t i;

    json_array_foreach(golden_at(goldens, "turned"), i, golden) {
        uint32_t size = number(golden, "size"), position = number(golden, "position");
        size_t head_size = number(golden, "head_size"), half = size / 2;
        struct rope rope = {.theta = (float)golden_number(golden, "theta")};
        float *cosines = allocate((position + 1) * half), *sines = allocate((position + 1) * half);
        float *head = formula(head_size, position);
        rope_tables(&rope, size, position + 1, cosines, sines);
        rope_turn(head, size, cosines + position * half, sines + position * half);
        check_values(head, golden_at(golden, "head"), head_size, 1e-5);
        free(cosines);
        free(sines);
        free(head);
    }
    json_decref(goldens);
}
END_TEST

/* ---- masks --------------------------------------------------------------- */

START_TEST(masks_agree_with_transformers) {
    json_t *goldens = golden_load("attention"), *golden, *row;
    size_t i, query;

    json_array_foreach(golden_at(goldens, "masks"), i, golden) {
        struct model_config config = {.is_causal = json_is_true(golden_at(golden, "causal")),
                                      .reach = number(golden, "reach"),
                                      .windowed = {1}};
        const json_t *rows = golden_at(golden, "rows");
        json_array_foreach(rows, query, row) {
            struct attention_range range =
                attention_range(&config, 0, query, json_array_size(rows));
            for (size_t key = 0; key < json_array_size(rows); key++)
                ck_assert_int_eq(key >= range.first && key < range.end,
                                 json_string_value(row)[key] == '1');
        }
    }
    json_decref(goldens);
}
END_TEST

/* ---- attention ----------------------------------------------------------- */

/* Runs one window through one block that has nothing but what the test gives it. */
static void run_attention(const struct model_config *config, struct pack_layer *layer, float *qkv,
                          size_t n_tokens, const json_t *expected) {
    struct pack_header header = {.config = *config, .n_layers = 1};
    struct pack pack = {.header = &header, .layers = layer};
    size_t width = (size_t)config->n_heads * config->head_size;
    struct attention_memory memory;
    float *out = allocate(n_tokens * width);

    /* More room than the window needs: a row must not depend on it. */
    size_t n_bytes = attention_lay_out(&memory, NULL, config, n_tokens + 7);
    unsigned char *bytes = aligned_alloc(64, n_bytes);
    ck_assert_ptr_nonnull(bytes);
    (void)attention_lay_out(&memory, bytes, config, n_tokens + 7);
    attention_prepare(&memory, config);
    attention_apply(&pack, kernels_get(), &memory, 0, qkv, n_tokens, out);
    check_values(out, expected, n_tokens * width, 1e-5);
    free(bytes);
    free(out);
}

START_TEST(grouped_heads_agree_with_transformers) {
    json_t *goldens = golden_load("attention"), *golden;
    size_t i;

    ck_assert_ptr_nonnull(kernels_select(kernels_name_at((size_t)_i)));
    json_array_foreach(golden_at(goldens, "grouped"), i, golden) {
        struct model_config config = {.n_heads = number(golden, "n_heads"),
                                      .n_key_heads = number(golden, "n_key_heads"),
                                      .head_size = number(golden, "head_size"),
                                      .attention_scale = (float)golden_number(golden, "scale"),
                                      .is_causal = 1,
                                      .reach = number(golden, "reach"),
                                      .windowed = {1}};
        struct pack_layer layer = {.query_norm = NULL};
        size_t n_tokens = number(golden, "n_tokens");
        size_t width = (config.n_heads + (size_t)2 * config.n_key_heads) * config.head_size;
        float *qkv = formula(n_tokens * width, n_tokens);
        run_attention(&config, &layer, qkv, n_tokens, golden_at(golden, "out"));
        free(qkv);
    }
    json_decref(goldens);
}
END_TEST

static struct model_config disentangled_config(const json_t *golden) {
    char json[512];
    int buckets = (int)golden_number(golden, "buckets");
    uint32_t n_heads = number(golden, "n_heads"), head_size = number(golden, "head_size");

    (void)snprintf(
        json, sizeof json,
        "{\"model_type\":\"deberta-v2\",\"vocab_size\":9,\"hidden_size\":%u,"
        "\"num_hidden_layers\":1,\"num_attention_heads\":%u,\"intermediate_size\":8,"
        "\"max_position_embeddings\":64,\"type_vocab_size\":0,"
        "\"relative_attention\":true,\"position_buckets\":%d,"
        "\"max_relative_positions\":%u,\"pos_att_type\":[%s%s%s]}",
        n_heads * head_size, n_heads, buckets, number(golden, "ceiling"),
        json_is_true(golden_at(golden, "c2p")) ? "\"c2p\"" : "",
        json_is_true(golden_at(golden, "c2p")) && json_is_true(golden_at(golden, "p2c")) ? "," : "",
        json_is_true(golden_at(golden, "p2c")) ? "\"p2c\"" : "");
    return parsed(json);
}

static void check_rows(const struct model_config *config, uint32_t n_tokens, const json_t *rows) {
    uint32_t got[128];

    ck_assert_uint_eq(json_array_size(rows), 2 * n_tokens - 1);
    model_config_relative_rows(config, n_tokens, got);
    for (uint32_t i = 0; i < 2 * n_tokens - 1; i++)
        ck_assert_int_eq(got[i], json_integer_value(json_array_get(rows, i)));
}

START_TEST(disentangled_attention_agrees_with_transformers) {
    json_t *goldens = golden_load("attention"), *golden;
    size_t i;

    ck_assert_ptr_nonnull(kernels_select(kernels_name_at((size_t)_i)));
    json_array_foreach(golden_at(goldens, "disentangled"), i, golden) {
        struct model_config config = disentangled_config(golden);
        size_t n_tokens = number(golden, "n_tokens"), hidden = config.hidden_size;
        size_t n_rows = 2 * (size_t)config.relative_span;
        float *states = formula(n_tokens * hidden, n_tokens);
        float *keys = formula(n_rows * hidden, config.relative_span);
        float *queries = allocate(n_rows * hidden), *qkv = allocate(n_tokens * 3 * hidden);
        struct pack_layer layer = {.relative_keys = config.has_content_to_position ? keys : NULL,
                                   .relative_queries =
                                       config.has_position_to_content ? queries : NULL};
        for (size_t j = 0; j < n_rows * hidden; j++)
            queries[j] = -0.5f * keys[j] + 0.1f;
        for (size_t j = 0; j < n_tokens * 3; j++)
            memcpy(qkv + j * hidden, states + j / 3 * hidden, hidden * sizeof *qkv);
        check_rows(&config, (uint32_t)n_tokens, golden_at(golden, "rows"));
        run_attention(&config, &layer, qkv, n_tokens, golden_at(golden, "out"));
        free(states);
        free(keys);
        free(queries);
        free(qkv);
    }
    json_decref(goldens);
}
END_TEST

START_TEST(rows_of_odd_settings_stay_inside) {
    static const uint32_t buckets[] = {0, 1, 2, 3, 4, 64, 1000};
    static const uint32_t ceilings[] = {1, 2, 3, 4, 33, 1000};
    uint32_t rows[2 * 300 - 1];

    for (size_t b = 0; b < sizeof buckets / sizeof buckets[0]; b++) {
        for (size_t c = 0; c < sizeof ceilings / sizeof ceilings[0]; c++) {
            struct model_config config = {.relative_buckets = buckets[b],
                                          .relative_ceiling = ceilings[c],
                                          .relative_span =
                                              buckets[b] > 0 ? buckets[b] : ceilings[c]};
            model_config_relative_rows(&config, 300, rows);
            for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                ck_assert_uint_lt(rows[i], 2 * config.relative_span);
                ck_assert(i == 0 || rows[i] >= rows[i - 1]);
            }
        }
    }
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("architecture");
    int n_kernels = 0;

    while (kernels_name_at((size_t)n_kernels) != NULL)
        n_kernels++;
    tcase_add_test(tests, every_architecture_has_what_a_pass_needs);
    tcase_add_test(tests, tensors_have_the_names_of_the_hub);
    tcase_add_test(tests, the_list_names_all_and_is_cut_to_fit);
    tcase_add_test(tests, defaults_are_those_of_transformers);
    tcase_add_test(tests, a_pad_token_has_a_position_that_is_there);
    tcase_add_test(tests, windows_follow_the_pattern_or_the_list);
    tcase_add_test(tests, rope_parameters_are_read_in_both_forms);
    tcase_add_loop_test(tests, what_cannot_run_is_refused_by_name, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tests, frequencies_agree_with_transformers);
    tcase_add_test(tests, heads_turn_as_in_transformers);
    tcase_add_test(tests, masks_agree_with_transformers);
    tcase_add_loop_test(tests, grouped_heads_agree_with_transformers, 0, n_kernels);
    tcase_add_loop_test(tests, disentangled_attention_agrees_with_transformers, 0, n_kernels);
    tcase_add_test(tests, rows_of_odd_settings_stay_inside);
    return run_tests("architecture", tests);
}
