/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "alkfw-codebook/evaluation.h"
#include "support/utf8.h"

enum { NAME_WIDTH = 24 };

/* "0.953", or "-" for a figure that does not exist. */
static void print_real(const json_t *value, int digits) {
    if (json_is_number(value))
        (void)printf(" %9.*f", digits, json_number_value(value));
    else
        (void)printf(" %9s", "-");
}

static void print_count(const json_t *object, const char *key) {
    (void)printf(" %9" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(object, key)));
}

/* Names of sources come from the corpus. */
static void print_name(const char *name) {
    char escaped[NAME_WIDTH + 1];

    (void)utf8_escape(name, strlen(name), escaped, sizeof escaped);
    (void)printf("%-*s", NAME_WIDTH, escaped);
}

static void print_shares(const json_t *object, const char *const keys[3]) {
    for (int i = 0; i < 3; i++)
        print_real(json_object_get(object, keys[i]), 4);
}

static const char *const sensitivities[3] = {"strict", "balanced", "quiet"};
static const char *const rates[3] = {"5%", "1%", "0.1%"};

static void print_overall(const json_t *report) {
    const json_t *overall = json_object_get(report, "overall");
    const json_t *rows = json_object_get(report, "rows");

    (void)printf("%" JSON_INTEGER_FORMAT " hostile and %" JSON_INTEGER_FORMAT
                 " benign rows, composition %s\n",
                 json_integer_value(json_object_get(rows, "hostile")),
                 json_integer_value(json_object_get(rows, "benign")),
                 json_string_value(json_object_get(report, "composition")));
    (void)printf("\n%-*s %9s %9s %9s %9s\n", NAME_WIDTH, "", "AUROC", "at 5 %", "at 1 %",
                 "at 0.1 %");
    print_name("recall at a rate");
    print_real(json_object_get(overall, "auroc"), 4);
    print_shares(json_object_get(overall, "recall_at_fpr"), rates);
    (void)printf("\n\n%-*s %9s %9s %9s\n", NAME_WIDTH, "", "strict", "balanced", "quiet");
    print_name("false positives");
    print_shares(json_object_get(overall, "false_positives"), sensitivities);
    (void)putchar('\n');
    print_name("recall");
    print_shares(json_object_get(overall, "recall"), sensitivities);
    (void)putchar('\n');
}

static void print_hostile(const json_t *table, const char *title) {
    const char *name;
    json_t *entry;

    (void)printf("\n%-*s %9s %9s %9s %9s %9s %9s\n", NAME_WIDTH, title, "rows", "AUROC", "at 1 %",
                 "strict", "balanced", "quiet");
    json_object_foreach((json_t *)table, name, entry) {
        print_name(name);
        print_count(entry, "rows");
        print_real(json_object_get(entry, "auroc"), 4);
        print_real(json_object_get(json_object_get(entry, "recall_at_fpr"), "1%"), 4);
        print_shares(json_object_get(entry, "recall"), sensitivities);
        (void)putchar('\n');
    }
}

static void print_benign(const json_t *table, const char *title) {
    const char *name;
    json_t *entry;

    (void)printf("\n%-*s %9s %9s %9s %9s\n", NAME_WIDTH, title, "rows", "strict", "balanced",
                 "quiet");
    json_object_foreach((json_t *)table, name, entry) {
        print_name(name);
        print_count(entry, "rows");
        print_shares(json_object_get(entry, "false_positives"), sensitivities);
        (void)putchar('\n');
    }
}

static void print_signals(const json_t *table) {
    const char *name;
    json_t *entry;

    (void)printf("\n%-*s %9s %9s\n", NAME_WIDTH, "signal, own category", "AUROC", "at 1 %");
    json_object_foreach((json_t *)table, name, entry) {
        print_name(name);
        print_real(json_object_get(entry, "auroc"), 4);
        print_real(json_object_get(entry, "recall_at_1%"), 4);
        (void)putchar('\n');
    }
}

static void print_lengths(const json_t *table) {
    const char *name;
    json_t *entry;

    (void)printf("\n%-*s %9s %9s %9s %9s\n", NAME_WIDTH, "windows, balanced", "benign", "hostile",
                 "false pos", "recall");
    json_object_foreach((json_t *)table, name, entry) {
        print_name(name);
        print_count(entry, "benign");
        print_count(entry, "hostile");
        print_real(json_object_get(entry, "false_positives"), 4);
        print_real(json_object_get(entry, "recall"), 4);
        (void)putchar('\n');
    }
}

static void print_spans(const json_t *report) {
    const json_t *spans = json_object_get(report, "spans");

    (void)printf("\n%-*s %9s %9s %9s %9s\n", NAME_WIDTH, "spans", "rows", "alarmed", "mean IoU",
                 "excess");
    print_name("");
    print_count(spans, "rows");
    print_count(spans, "alarmed");
    print_real(json_object_get(spans, "mean_iou"), 4);
    print_real(json_object_get(spans, "median_excess_tokens"), 0);
    (void)putchar('\n');
}

static void print_twins(const json_t *report) {
    const json_t *twins = json_object_get(report, "twins");

    (void)printf("\n%-*s %9s %9s\n", NAME_WIDTH, "twins", "pairs", "right");
    print_name("");
    print_count(twins, "pairs");
    print_real(json_object_get(twins, "hostile_higher"), 4);
    (void)putchar('\n');
}

static void print_reliability(const json_t *table) {
    const char *name;
    json_t *entry;

    (void)printf("\n%-*s %9s %9s\n", NAME_WIDTH, "score as probability", "base rate", "ECE");
    json_object_foreach((json_t *)table, name, entry) {
        print_name(name);
        print_real(json_object_get(entry, "base_rate"), 4);
        print_real(json_object_get(entry, "expected_calibration_error"), 4);
        (void)putchar('\n');
    }
}

void evaluation_print(const json_t *report) {
    print_overall(report);
    print_hostile(json_object_get(report, "hostile_sources"), "hostile source");
    print_benign(json_object_get(report, "benign_sources"), "benign source");
    print_hostile(json_object_get(report, "hostile_categories"), "hostile category");
    print_benign(json_object_get(report, "benign_categories"), "benign category");
    print_signals(json_object_get(report, "signals"));
    print_lengths(json_object_get(report, "windows"));
    print_spans(report);
    print_twins(report);
    print_reliability(json_object_get(report, "reliability"));
}

void evaluation_print_long(const json_t *report) {
    const json_t *clean = json_object_get(report, "benign_sources");
    const char *name;
    json_t *entry;

    (void)printf("%-*s %9s %32s %29s\n%-*s %9s %9s %9s %9s %9s %9s %9s\n", NAME_WIDTH, "", "",
                 "false positives", "recall", NAME_WIDTH, "windows", "documents", "strict",
                 "balanced", "quiet", "strict", "balanced", "quiet");
    json_object_foreach(json_object_get(report, "hostile_sources"), name, entry) {
        print_name(name);
        print_count(entry, "rows");
        print_shares(json_object_get(json_object_get(clean, name), "false_positives"),
                     sensitivities);
        print_shares(json_object_get(entry, "recall"), sensitivities);
        (void)putchar('\n');
    }
    print_spans(report);
}
