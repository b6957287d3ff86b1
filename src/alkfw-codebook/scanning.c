/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/scanning.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "alkfw-codebook/firewall_choice.h"
#include "alkfw-codebook/progress_line.h"
#include "firewall/tokens.h"

enum { BATCH_ROWS = 256 };

struct scanner {
    struct evaluation *evaluation;
    alkfw_firewall *firewall;
    struct token_list tokens; /* scratch */
};

/* Tokens of the alarm's span that have no byte of the row's own. */
static alkfw_status count_excess(struct scanner *scanner, const struct row *row,
                                 struct outcome *outcome, alkfw_error *error) {
    struct token_list *tokens = &scanner->tokens;

    alkfw_status status = tokenizer_encode(firewall_tokenizer(scanner->firewall), row->text,
                                           row->n_bytes, tokens, error);
    outcome->n_excess_tokens = 0;
    for (size_t i = 0; status == ALKFW_OK && i < tokens->n_tokens; i++) {
        size_t start = tokens->starts[i];
        size_t end = tokens->ends[i];
        if (end > outcome->span_start && start < outcome->span_end &&
            (end <= row->span_start || start >= row->span_end))
            outcome->n_excess_tokens++;
    }
    return status;
}

static alkfw_status keep_verdict(struct scanner *scanner, size_t row, const alkfw_verdict *verdict,
                                 alkfw_error *error) {
    const struct evaluation *evaluation = scanner->evaluation;
    struct outcome *outcome = &evaluation->outcomes[row];
    const struct row *text = &evaluation->corpus->rows[row];

    if (verdict->decision == ALKFW_ERROR)
        return alkfw_error_set(error, verdict->error.status, "%s:%u: %s",
                               evaluation->corpus->files.names[text->file], text->line,
                               verdict->error.message);
    outcome->score = verdict->score;
    outcome->surprise = -log(verdict->p_value);
    outcome->n_windows = verdict->n_windows;
    for (size_t s = 0; s < verdict->n_signals && s < CODEBOOK_MAX_SIGNALS; s++) {
        outcome->signals[s] = -log(verdict->signals[s].p_value);
        outcome->raw[s] = verdict->signals[s].raw;
    }
    outcome->has_span = verdict->n_alarms > 0;
    if (!outcome->has_span)
        return ALKFW_OK;
    outcome->span_start = verdict->alarms[0].start;
    outcome->span_end = verdict->alarms[0].end;
    return text->has_span ? count_excess(scanner, text, outcome, error) : ALKFW_OK;
}

static alkfw_status scan_batch(struct scanner *scanner, size_t first, size_t n,
                               alkfw_error *error) {
    alkfw_text texts[BATCH_ROWS];
    alkfw_verdict *verdicts;

    for (size_t i = 0; i < n; i++) {
        const struct row *row = &scanner->evaluation->corpus->rows[first + i];
        texts[i] = (alkfw_text){row->text, row->n_bytes};
    }
    alkfw_status status = alkfw_scan(scanner->firewall, texts, n, &verdicts, error);
    if (status != ALKFW_OK)
        return status;
    for (size_t i = 0; status == ALKFW_OK && i < n; i++)
        status = keep_verdict(scanner, first + i, &verdicts[i], error);
    alkfw_verdicts_free(verdicts, n);
    return status;
}

static alkfw_status scan_rows(struct scanner *scanner, alkfw_error *error) {
    size_t n_rows = scanner->evaluation->corpus->n_rows;
    alkfw_status status = ALKFW_OK;

    scanner->evaluation->outcomes = calloc(n_rows, sizeof *scanner->evaluation->outcomes);
    if (scanner->evaluation->outcomes == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu verdicts", n_rows);
    for (size_t first = 0; status == ALKFW_OK && first < n_rows; first += BATCH_ROWS) {
        size_t n = n_rows - first < BATCH_ROWS ? n_rows - first : BATCH_ROWS;
        progress_line_show("scanning", first, n_rows);
        status = scan_batch(scanner, first, n, error);
    }
    progress_line_end();
    return status;
}

alkfw_status scanning_run(struct evaluation *evaluation, alkfw_firewall *firewall,
                          alkfw_error *error) {
    struct scanner scanner = {.evaluation = evaluation, .firewall = firewall};

    alkfw_status status = scan_rows(&scanner, error);
    token_list_free(&scanner.tokens);
    return status;
}

alkfw_status scanning_open(struct scanning *scanning, const struct options *options,
                           alkfw_error *error) {
    struct evaluation *evaluation = &scanning->evaluation;

    progress_line_enable(!options->quiet);
    alkfw_status status = options_composition(options, &evaluation->composition, error);
    if (status == ALKFW_OK)
        status = codebook_open(options->operands[0], &scanning->codebook, error);
    if (status == ALKFW_OK)
        status =
            corpus_read(&scanning->corpus, options->operands + 1, options->n_operands - 1, error);
    if (status != ALKFW_OK)
        return status;
    (void)corpus_find_spans(&scanning->corpus);
    evaluation->corpus = &scanning->corpus;
    evaluation->codebook = scanning->codebook;
    return firewall_choice_open(options, options->operands[0], &scanning->firewall, error);
}

void scanning_close(struct scanning *scanning) {
    free(scanning->evaluation.outcomes);
    alkfw_close(scanning->firewall);
    corpus_free(&scanning->corpus);
    codebook_close(scanning->codebook);
}
