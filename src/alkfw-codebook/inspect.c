/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-codebook inspect: what a codebook says of itself. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "alkfw-codebook/commands.h"
#include "codebook/format.h"
#include "support/utf8.h"

/* Share of hostile windows whose raw value reaches a text's operating point, by the splines. */
static double expected_recall(const struct codebook_distribution *distribution,
                              enum sensitivity sensitivity) {
    double p = distribution->operating_p[sensitivity];
    double raw = spline_inverse(&distribution->benign, log((1 - p) / p));

    return codebook_p_value(spline_value(&distribution->hostile, raw));
}

static json_t *describe_distribution(const struct codebook_distribution *distribution) {
    json_t *operating = json_object();
    json_t *recall = json_object();

    for (int i = 0; i < SENSITIVITY_COUNT; i++) {
        const char *name = sensitivity_name((enum sensitivity)i);
        (void)json_object_set_new(operating, name, json_real(distribution->operating_p[i]));
        (void)json_object_set_new(recall, name,
                                  json_real(expected_recall(distribution, (enum sensitivity)i)));
    }
    return json_pack("{s:f, s:o, s:o}", "window_exponent", distribution->window_exponent,
                     "operating_p", operating, "window_recall", recall);
}

static json_t *describe_signals(const struct codebook *codebook) {
    json_t *signals = json_object();

    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        const struct codebook_signal *signal = &codebook->signals[s];
        json_t *entry = describe_distribution(&signal->distribution);
        (void)json_object_set_new(entry, "kind", json_string(signal_kind_name(signal->kind)));
        (void)json_object_set_new(entry, "directions",
                                  json_integer((json_int_t)signal->n_directions));
        (void)json_object_set_new(entry, "weight", json_real(codebook->weights[s]));
        (void)json_object_set_new(signals, signal->name, entry);
    }
    return signals;
}

static json_t *describe_compositions(const struct codebook *codebook) {
    json_t *compositions = json_object();

    for (int i = 0; i < COMPOSITION_COUNT; i++)
        (void)json_object_set_new(compositions, composition_name((enum composition)i),
                                  describe_distribution(&codebook->compositions[i]));
    return compositions;
}

static json_t *describe_canaries(const struct codebook_info *info) {
    json_t *canaries = json_array();

    for (size_t i = 0; i < info->n_canaries; i++)
        (void)json_array_append_new(
            canaries,
            json_pack("{s:s, s:s, s:f}", "label", info->canaries[i].hostile ? "hostile" : "benign",
                      "text", info->canaries[i].text, "score", info->canaries[i].score));
    return canaries;
}

static json_t *describe(const struct codebook *codebook) {
    const struct codebook_info *info = &codebook->info;
    char taps[256];

    (void)model_taps_format(info->plan.taps, info->plan.n_taps, taps, sizeof taps);
    return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:i, s:s}, s:{s:i, s:i}, s:s, "
                     "s:i, s:i, s:o, s:o, s:o}",
                     "name", info->name, "sha256", info->sha256, "description", info->description,
                     "created", info->created, "model", "id", info->model_id, "revision",
                     info->model_revision, "weights_sha256", info->weights_sha256, "architecture",
                     info->architecture, "hidden_size", (int)info->hidden_size, "precision",
                     model_precision_name(info->precision), "window", "tokens",
                     (int)info->plan.window_tokens, "overlap", (int)info->plan.overlap_tokens,
                     "taps", taps, "features", (int)info->n_features, "components",
                     (int)info->n_components, "signals", describe_signals(codebook), "compositions",
                     describe_compositions(codebook), "canaries", describe_canaries(info));
}

static const char *text_at(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

/* Text of the file comes from wherever the file does. */
static void print_text(const char *label, const char *text) {
    char escaped[1024];

    (void)utf8_escape(text, strlen(text), escaped, sizeof escaped);
    (void)printf("%-12s %s\n", label, escaped);
}

static void print_distributions(const json_t *table, const char *title) {
    const char *name;
    json_t *entry;

    (void)printf("\n%-16s %10s %10s %8s %12s %12s %12s %10s\n", title, "directions", "weight",
                 "exponent", "p strict", "p balanced", "p quiet", "recall");
    json_object_foreach((json_t *)table, name, entry) {
        const json_t *p = json_object_get(entry, "operating_p");
        const json_t *directions = json_object_get(entry, "directions");
        (void)printf("%-16s", name);
        if (directions != NULL)
            (void)printf(" %10" JSON_INTEGER_FORMAT " %10.3f", json_integer_value(directions),
                         json_real_value(json_object_get(entry, "weight")));
        else
            (void)printf(" %10s %10s", "", "");
        (void)printf(
            " %8.2f %12.6f %12.6f %12.6f %10.3f\n",
            json_real_value(json_object_get(entry, "window_exponent")),
            json_real_value(json_object_get(p, "strict")),
            json_real_value(json_object_get(p, "balanced")),
            json_real_value(json_object_get(p, "quiet")),
            json_real_value(json_object_get(json_object_get(entry, "window_recall"), "balanced")));
    }
}

static void print_description(const json_t *description) {
    static const char *const keys[] = {"name", "sha256", "description", "created", "taps"};
    const json_t *model = json_object_get(description, "model");
    const json_t *window = json_object_get(description, "window");
    size_t index;
    json_t *canary;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        print_text(keys[i], text_at(description, keys[i]));
    print_text("model", text_at(model, "id"));
    print_text("revision", text_at(model, "revision"));
    print_text("architecture", text_at(model, "architecture"));
    print_text("precision", text_at(model, "precision"));
    print_text("weights", text_at(model, "weights_sha256"));
    (void)printf("%-12s %" JSON_INTEGER_FORMAT " tokens, %" JSON_INTEGER_FORMAT " shared\n",
                 "window", json_integer_value(json_object_get(window, "tokens")),
                 json_integer_value(json_object_get(window, "overlap")));
    (void)printf("%-12s %" JSON_INTEGER_FORMAT " features, basis of %" JSON_INTEGER_FORMAT "\n",
                 "size", json_integer_value(json_object_get(description, "features")),
                 json_integer_value(json_object_get(description, "components")));
    json_array_foreach(json_object_get(description, "canaries"), index, canary) {
        char label[64];
        (void)snprintf(label, sizeof label, "%-12s %s, score %.4f:", "canary",
                       text_at(canary, "label"), json_real_value(json_object_get(canary, "score")));
        print_text(label, text_at(canary, "text"));
    }
    print_distributions(json_object_get(description, "signals"), "signal");
    print_distributions(json_object_get(description, "compositions"), "composition");
}

alkfw_status command_inspect(const struct options *options, alkfw_error *error) {
    struct codebook *codebook;

    alkfw_status status = codebook_open(options->operands[0], &codebook, error);
    if (status != ALKFW_OK)
        return status;
    json_t *description = describe(codebook);
    codebook_close(codebook);
    if (description == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the description");
    if (options->json) {
        (void)json_dumpf(description, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
        (void)putchar('\n');
    } else {
        print_description(description);
    }
    json_decref(description);
    return ALKFW_OK;
}
