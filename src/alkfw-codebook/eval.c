/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-codebook eval: the corpus goes through the public interface of the library, so the figures
 * are those of alkfw itself. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/commands.h"
#include "alkfw-codebook/evaluation.h"
#include "alkfw-codebook/progress_line.h"
#include "alkfw-codebook/firewall_choice.h"

enum { BATCH_ROWS = 256 };

static alkfw_status keep_verdict(struct evaluation *evaluation, size_t row,
                                 const alkfw_verdict *verdict, alkfw_error *error) {
    struct outcome *outcome = &evaluation->outcomes[row];
    const struct row *text = &evaluation->corpus->rows[row];

    if (verdict->decision == ALKFW_ERROR)
        return alkfw_error_set(error, verdict->error.status, "%s:%u: %s",
                               evaluation->corpus->files.names[text->file], text->line,
                               verdict->error.message);
    outcome->score = verdict->score;
    outcome->surprise = -log(verdict->p_value);
    outcome->n_windows = verdict->n_windows;
    for (size_t s = 0; s < verdict->n_signals && s < CODEBOOK_MAX_SIGNALS; s++)
        outcome->signals[s] = -log(verdict->signals[s].p_value);
    outcome->has_span = verdict->n_alarms > 0;
    if (outcome->has_span) {
        outcome->span_start = verdict->alarms[0].start;
        outcome->span_end = verdict->alarms[0].end;
    }
    return ALKFW_OK;
}

static alkfw_status scan_batch(struct evaluation *evaluation, alkfw_firewall *firewall,
                               size_t first, size_t n, alkfw_error *error) {
    alkfw_text texts[BATCH_ROWS];
    alkfw_verdict *verdicts;

    for (size_t i = 0; i < n; i++) {
        const struct row *row = &evaluation->corpus->rows[first + i];
        texts[i] = (alkfw_text){row->text, row->n_bytes};
    }
    alkfw_status status = alkfw_scan(firewall, texts, n, &verdicts, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t i = 0; status == ALKFW_OK && i < n; i++)
        status = keep_verdict(evaluation, first + i, &verdicts[i], error);
    alkfw_verdicts_free(verdicts, n);
    return status;
}

static alkfw_status scan_corpus(struct evaluation *evaluation, alkfw_firewall *firewall,
                                alkfw_error *error) {
    size_t n_rows = evaluation->corpus->n_rows;
    alkfw_status status = ALKFW_OK;

    evaluation->outcomes = calloc(n_rows, sizeof *evaluation->outcomes);
    if (evaluation->outcomes == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu verdicts", n_rows);
    for (size_t first = 0; status == ALKFW_OK && first < n_rows; first += BATCH_ROWS) {
        size_t n = n_rows - first < BATCH_ROWS ? n_rows - first : BATCH_ROWS;
        progress_line_show("scanning", first, n_rows);
        status = scan_batch(evaluation, firewall, first, n, error);
    }
    progress_line_end();
    return status;
}

static alkfw_status print_report(const struct evaluation *evaluation, bool as_json,
                                 alkfw_error *error) {
    json_t *report = evaluation_report(evaluation);

    if (report == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the report");
    if (as_json) {
        (void)json_dumpf(report, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
        (void)putchar('\n');
    } else {
        evaluation_print(report);
    }
    json_decref(report);
    return ALKFW_OK;
}

static alkfw_status evaluate(struct evaluation *evaluation, const struct options *options,
                             alkfw_error *error) {
    alkfw_firewall *firewall = NULL;

    alkfw_status status = firewall_choice_open(options, options->operands[0], &firewall, error);
    if (status == ALKFW_OK)
        status = scan_corpus(evaluation, firewall, error);
    alkfw_close(firewall);
    if (status == ALKFW_OK)
        status = print_report(evaluation, options->json, error);
    free(evaluation->outcomes);
    return status;
}

alkfw_status command_eval(const struct options *options, alkfw_error *error) {
    struct corpus corpus = {0};
    struct codebook *codebook = NULL;
    struct evaluation evaluation = {.corpus = &corpus};

    progress_line_enable(!options->quiet);
    if (options->composition != NULL &&
        !composition_parse(options->composition, &evaluation.composition))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--composition is \"%s\": write logistic, max, noisy_or, fisher or "
                               "stouffer",
                               options->composition);
    alkfw_status status = codebook_open(options->operands[0], &codebook, error);
    if (status == ALKFW_OK)
        status = corpus_read(&corpus, options->operands + 1, options->n_operands - 1, error);
    if (status == ALKFW_OK) {
        (void)corpus_find_spans(&corpus);
        evaluation.codebook = codebook;
        status = evaluate(&evaluation, options, error);
    }
    corpus_free(&corpus);
    codebook_close(codebook);
    return status;
}
