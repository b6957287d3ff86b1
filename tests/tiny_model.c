/* SPDX-License-Identifier: Apache-2.0 */
#include "tiny_model.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_TENSORS = 64, MAX_PATH = 512 };

/* ---- the formula --------------------------------------------------------- */

static double weight(const char *name, unsigned change, unsigned index) {
    static const char norm[] = "LayerNorm.weight";
    size_t length = strlen(name);
    uint64_t seed = change;

    for (const char *at = name; *at != '\0'; at++)
        seed += (unsigned char)*at;
    uint64_t i = index;
    double value = (double)((i * 7919 + seed * 104729 + i * i % 1013) % 1009) / 1009 - 0.5;
    if (length >= sizeof norm - 1 && strcmp(name + length - (sizeof norm - 1), norm) == 0)
        return 1 + 0.2 * value;
    return 0.6 * value;
}

static uint16_t to_bfloat16(float value) {
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)(bits >> 16);
}

/* Cuts what binary16 has no bits for; the weights are neither large nor subnormal. */
static uint16_t to_half(float value) {
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    uint32_t exponent = bits >> 23 & 0xFF;
    if (exponent < 113)
        return (uint16_t)(bits >> 16 & 0x8000);
    return (uint16_t)((bits >> 16 & 0x8000) | (exponent - 112) << 10 | (bits >> 13 & 0x3FF));
}

/* ---- tensors ------------------------------------------------------------- */

struct tensor {
    char name[96];
    size_t shape[2];
    size_t n_dims;
    void *data;
};

struct tensors {
    struct tensor items[MAX_TENSORS];
    size_t n_items;
};

static void add(struct tensors *tensors, const struct tiny_model *model, const char *name,
                size_t n_rows, size_t n_columns) {
    struct tensor *tensor = &tensors->items[tensors->n_items];

    if (model->without != NULL && strcmp(name, model->without) == 0)
        return;
    ck_assert_uint_lt(tensors->n_items, MAX_TENSORS);
    tensors->n_items++;
    if (model->short_tensor != NULL && strcmp(name, model->short_tensor) == 0)
        n_rows--;
    (void)snprintf(tensor->name, sizeof tensor->name, "%s%s",
                   model->prefix != NULL ? model->prefix : "", name);
    tensor->shape[0] = n_rows;
    tensor->shape[1] = n_columns;
    tensor->n_dims = n_columns == 0 ? 1 : 2;
    size_t n_elements = n_rows * (n_columns == 0 ? 1 : n_columns);
    float *values = malloc(n_elements * sizeof *values);
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < n_elements; i++)
        values[i] = (float)weight(name, model->change, (unsigned)i);
    if (model->not_finite != NULL && strcmp(name, model->not_finite) == 0)
        values[n_elements / 2] = __builtin_nanf("");
    tensor->data = values;
    if (model->dtype == SAFETENSORS_F16 || model->dtype == SAFETENSORS_BF16) {
        uint16_t *halves = malloc(n_elements * sizeof *halves);
        ck_assert_ptr_nonnull(halves);
        for (size_t i = 0; i < n_elements; i++)
            halves[i] =
                model->dtype == SAFETENSORS_F16 ? to_half(values[i]) : to_bfloat16(values[i]);
        tensor->data = halves;
        free(values);
    }
}

static void add_layer(struct tensors *tensors, const struct tiny_model *model, int layer) {
    static const struct {
        const char *name;
        size_t n_rows, n_columns;
    } parts[] = {
        {"attention.self.query", TINY_HIDDEN, TINY_HIDDEN},
        {"attention.self.key", TINY_HIDDEN, TINY_HIDDEN},
        {"attention.self.value", TINY_HIDDEN, TINY_HIDDEN},
        {"attention.output.dense", TINY_HIDDEN, TINY_HIDDEN},
        {"attention.output.LayerNorm", TINY_HIDDEN, 0},
        {"intermediate.dense", TINY_INNER, TINY_HIDDEN},
        {"output.dense", TINY_HIDDEN, TINY_INNER},
        {"output.LayerNorm", TINY_HIDDEN, 0},
    };
    char name[96];

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        (void)snprintf(name, sizeof name, "encoder.layer.%d.%s.weight", layer, parts[i].name);
        add(tensors, model, name, parts[i].n_rows, parts[i].n_columns);
        (void)snprintf(name, sizeof name, "encoder.layer.%d.%s.bias", layer, parts[i].name);
        add(tensors, model, name, parts[i].n_rows, 0);
    }
}

static size_t count_words(const struct tiny_model *model) {
    return model->n_words != 0 ? (size_t)model->n_words : TINY_VOCABULARY;
}

static void add_all(struct tensors *tensors, const struct tiny_model *model) {
    tensors->n_items = 0;
    add(tensors, model, "embeddings.word_embeddings.weight", count_words(model), TINY_HIDDEN);
    add(tensors, model, "embeddings.position_embeddings.weight", TINY_POSITIONS, TINY_HIDDEN);
    add(tensors, model, "embeddings.token_type_embeddings.weight", 2, TINY_HIDDEN);
    add(tensors, model, "embeddings.LayerNorm.weight", TINY_HIDDEN, 0);
    add(tensors, model, "embeddings.LayerNorm.bias", TINY_HIDDEN, 0);
    for (int layer = 0; layer < TINY_LAYERS; layer++)
        add_layer(tensors, model, layer);
}

/* ---- files --------------------------------------------------------------- */

static FILE *create(const char *directory, const char *name) {
    char path[MAX_PATH];

    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    return file;
}

static void write_weights(const char *directory, const char *name, const struct tensors *tensors,
                          size_t first, size_t end, enum safetensors_dtype dtype) {
    struct safetensors_writer *writer;
    char path[MAX_PATH];
    alkfw_error error;

    ck_assert_int_eq(safetensors_writer_new(&writer, &error), ALKFW_OK);
    for (size_t i = first; i < end; i++) {
        const struct tensor *tensor = &tensors->items[i];
        ck_assert_int_eq(safetensors_writer_add(writer, tensor->name, dtype, tensor->shape,
                                                tensor->n_dims, tensor->data, &error),
                         ALKFW_OK);
    }
    (void)snprintf(path, sizeof path, "%s/%s", directory, name);
    ck_assert_int_eq(safetensors_writer_finish(writer, path, "weights", &error), ALKFW_OK);
    safetensors_writer_free(writer);
}

static void write_index(const char *directory, const struct tensors *tensors, size_t middle) {
    FILE *file = create(directory, "model.safetensors.index.json");

    fprintf(file, "{\"weight_map\":{");
    for (size_t i = 0; i < tensors->n_items; i++)
        fprintf(file, "%s\"%s\":\"part-%d.safetensors\"", i > 0 ? "," : "", tensors->items[i].name,
                i < middle ? 1 : 2);
    fprintf(file, "}}\n");
    ck_assert_int_eq(fclose(file), 0);
}

static void write_config(const char *directory, const struct tiny_model *model) {
    FILE *file = create(directory, "config.json");

    fprintf(file,
            "{\"model_type\":\"%s\",\"hidden_act\":\"%s\",\"vocab_size\":%zu,\"hidden_size\":%d,"
            "\"num_hidden_layers\":%d,\"num_attention_heads\":%d,\"intermediate_size\":%d,"
            "\"max_position_embeddings\":%d,\"type_vocab_size\":2,\"layer_norm_eps\":1e-12}\n",
            model->architecture != NULL ? model->architecture : "bert",
            model->activation != NULL ? model->activation : "gelu", count_words(model), TINY_HIDDEN,
            model->n_hidden_layers != 0 ? model->n_hidden_layers : TINY_LAYERS,
            model->n_heads != 0 ? model->n_heads : TINY_HEADS, TINY_INNER, TINY_POSITIONS);
    ck_assert_int_eq(fclose(file), 0);
}

void tiny_model_write_tokenizer(const char *directory) {
    static const char *const special[] = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
    FILE *file = create(directory, "tokenizer.json");

    fprintf(file, "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[");
    for (int i = 0; i < 5; i++)
        fprintf(file,
                "%s{\"id\":%d,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,"
                "\"rstrip\":false,\"normalized\":false,\"special\":true}",
                i > 0 ? "," : "", i, special[i]);
    fprintf(file,
            "],\"normalizer\":{\"type\":\"BertNormalizer\",\"clean_text\":true,"
            "\"handle_chinese_chars\":true,\"strip_accents\":null,\"lowercase\":true},"
            "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
            "\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":["
            "{\"SpecialToken\":{\"id\":\"[CLS]\",\"type_id\":0}},"
            "{\"Sequence\":{\"id\":\"A\",\"type_id\":0}},"
            "{\"SpecialToken\":{\"id\":\"[SEP]\",\"type_id\":0}}],\"pair\":[],"
            "\"special_tokens\":{"
            "\"[CLS]\":{\"id\":\"[CLS]\",\"ids\":[2],\"tokens\":[\"[CLS]\"]},"
            "\"[SEP]\":{\"id\":\"[SEP]\",\"ids\":[3],\"tokens\":[\"[SEP]\"]}}},"
            "\"decoder\":{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true},"
            "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\","
            "\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":100,\"vocab\":{");
    for (int i = 0; i < 5; i++)
        fprintf(file, "\"%s\":%d,", special[i], i);
    for (int i = 0; i < 26; i++)
        fprintf(file, "\"%c\":%d,\"##%c\":%d%s", 'a' + i, 5 + i, 'a' + i, 31 + i,
                i < 25 ? "," : "");
    fprintf(file, "}}}\n");
    ck_assert_int_eq(fclose(file), 0);
}

void tiny_model_write(const char *directory, const struct tiny_model *model) {
    struct tensors *tensors = malloc(sizeof *tensors);
    enum safetensors_dtype dtype = model->dtype == SAFETENSORS_F64 ? SAFETENSORS_F32 : model->dtype;

    ck_assert_ptr_nonnull(tensors);
    write_config(directory, model);
    tiny_model_write_tokenizer(directory);
    add_all(tensors, model);
    if (model->n_files == 2) {
        size_t middle = tensors->n_items / 2;
        write_weights(directory, "part-1.safetensors", tensors, 0, middle, dtype);
        write_weights(directory, "part-2.safetensors", tensors, middle, tensors->n_items, dtype);
        write_index(directory, tensors, middle);
    } else {
        write_weights(directory, "model.safetensors", tensors, 0, tensors->n_items, dtype);
    }
    for (size_t i = 0; i < tensors->n_items; i++)
        free(tensors->items[i].data);
    free(tensors);
}

void tiny_model_remove(const char *directory) {
    static const char *const names[] = {"config.json",        "tokenizer.json",
                                        "model.safetensors",  "model.safetensors.index.json",
                                        "part-1.safetensors", "part-2.safetensors"};
    char path[MAX_PATH];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        (void)unlink(path);
    }
    (void)rmdir(directory);
}
