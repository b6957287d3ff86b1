/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-codebook eval: what a codebook is worth on labelled text, in figures. */
#include <stdio.h>
#include <stdlib.h>

#include "alkfw-codebook/commands.h"
#include "alkfw-codebook/evaluation.h"
#include "alkfw-codebook/long_text.h"
#include "alkfw-codebook/scanning.h"
#include "firewall/tokens.h"

static alkfw_status print_report(json_t *report, bool as_json, bool is_long, alkfw_error *error) {
    if (report == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the report");
    if (as_json) {
        (void)json_dumpf(report, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
        (void)putchar('\n');
    } else if (is_long) {
        evaluation_print_long(report);
    } else {
        evaluation_print(report);
    }
    json_decref(report);
    return ALKFW_OK;
}

/* The report of documents of several lengths, by length in place of source. */
static alkfw_status evaluate_long(struct scanning *scanning, size_t n_documents, json_t **report,
                                  alkfw_error *error) {
    struct corpus documents;
    struct evaluation evaluation = scanning->evaluation;

    evaluation.corpus = &documents;
    evaluation.outcomes = NULL;
    alkfw_status status = long_text_make(
        &documents, &scanning->corpus, firewall_tokenizer(scanning->firewall), n_documents, error);
    if (status == ALKFW_OK)
        status = scanning_run(&evaluation, scanning->firewall, error);
    if (status == ALKFW_OK)
        *report = evaluation_report(&evaluation);
    free(evaluation.outcomes);
    corpus_free(&documents);
    return status;
}

alkfw_status command_eval(const struct options *options, alkfw_error *error) {
    struct scanning scanning = {0};
    json_t *report = NULL;

    alkfw_status status = scanning_open(&scanning, options, error);
    if (status == ALKFW_OK && options->n_long > 0)
        status = evaluate_long(&scanning, options->n_long, &report, error);
    else if (status == ALKFW_OK)
        status = scanning_run(&scanning.evaluation, scanning.firewall, error);
    if (status == ALKFW_OK && options->n_long == 0)
        report = evaluation_report(&scanning.evaluation);
    if (status == ALKFW_OK)
        status = print_report(report, options->json, options->n_long > 0, error);
    scanning_close(&scanning);
    return status;
}
