/* SPDX-License-Identifier: Apache-2.0 */
#include "scanner.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/message.h"
#include "loader.h"
#include "redact.h"
#include "signals.h"

enum { MAX_MESSAGES = 20, MAX_REDACTIONS = 8 };

static const char default_marker[] = "[removed by alkfw]";

static bool is_same(const struct stat *one, const struct stat *other) {
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Whether a file that is to be created is one of the inputs, which creating it would empty. */
static bool is_input(const struct options *options, const char *path) {
    struct stat created, read;

    if (stat(path, &created) != 0 || !S_ISREG(created.st_mode))
        return false;
    for (size_t i = 0; i < options->n_files; i++)
        if (stat(options->files[i], &read) == 0 && is_same(&read, &created))
            return true;
    return fstat(STDIN_FILENO, &read) == 0 && is_same(&read, &created);
}

/* Whether the records that pass go to the same file, in which the two would overwrite each other.
 */
static bool is_standard_output(const char *path) {
    struct stat created, written;

    return stat(path, &created) == 0 && S_ISREG(created.st_mode) &&
           fstat(STDOUT_FILENO, &written) == 0 && is_same(&created, &written);
}

alkfw_status scanner_open(struct scanner *scanner, const struct settings *settings,
                          struct tally *tally, alkfw_error *error) {
    bool pass = settings->options.pass;

    memset(scanner, 0, sizeof *scanner);
    scanner->settings = settings;
    scanner->tally = tally;
    verdict_run_init(&scanner->run);
    sink_init(&scanner->passed, STDOUT_FILENO, "standard output");
    if (pass)
        sink_init(&scanner->verdicts, STDERR_FILENO, "standard error");
    else
        sink_init(&scanner->verdicts, STDOUT_FILENO, "standard output");
    const char *baseline = settings->options.write_baseline;
    if (baseline != NULL && is_input(&settings->options, baseline))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--write-baseline: %s is an input of this run", baseline);
    alkfw_status status = allowance_open(&scanner->allowance, settings, error);
    if (status != ALKFW_OK)
        return status;
    scanner->is_open =
        settings->options.verdicts == NULL || strcmp(settings->options.verdicts, "-") == 0;
    if (scanner->is_open)
        return ALKFW_OK;
    if (is_input(&settings->options, settings->options.verdicts))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "--verdicts: %s is an input of this run",
                               settings->options.verdicts);
    if (pass && is_standard_output(settings->options.verdicts))
        return alkfw_error_set(error, ALKFW_E_ARGUMENT,
                               "--verdicts: %s is standard output too, where the records that pass "
                               "go",
                               settings->options.verdicts);
    status = sink_open(&scanner->verdicts, settings->options.verdicts,
                       settings->options.state != NULL, error);
    scanner->is_open = status == ALKFW_OK;
    return status;
}

static bool give_up(struct scanner *scanner, const alkfw_error *error) {
    message_error("%s", error->message);
    scanner->failure = *error;
    scanner->tally->has_failed = true;
    return false;
}

static bool out_of_memory(struct scanner *scanner) {
    alkfw_error error;

    (void)alkfw_error_set(&error, ALKFW_E_MEMORY, "out of memory");
    return give_up(scanner, &error);
}

/* An error of a record in words, unless its verdict already stands on standard error. */
static void tell(struct scanner *scanner, const struct report *report) {
    const char *source = batch_bytes(report->batch, report->row->source);
    int n_source = (int)report->row->source.length;
    alkfw_status status;
    const char *message = report_error(report, &status);
    int n_message =
        report->verdict != NULL ? (int)strlen(message) : (int)report->record->message.length;
    uint64_t place = report->row->line > 0 ? report->row->line : report->row->number;

    if (scanner->verdicts.descriptor == STDERR_FILENO && scanner->settings->writes[ALKFW_ERROR])
        return;
    if (n_source == 1 && source[0] == '-') {
        source = "standard input";
        n_source = (int)strlen(source);
    }
    if (report->row->number > 0 && ++scanner->n_messages > MAX_MESSAGES)
        return;
    if (place == 0)
        message_error("%.*s: %.*s", n_source, source, n_message, message);
    else
        message_error("%.*s:%llu: %.*s", n_source, source, (unsigned long long)place, n_message,
                      message);
}

static bool report_record(struct scanner *scanner, const struct batch *batch, size_t index,
                          const alkfw_verdict *verdict) {
    const struct settings *settings = scanner->settings;
    struct report report = {
        .batch = batch,
        .row = &batch->rows[batch->records[index].row],
        .record = &batch->records[index],
        .verdict = verdict,
        .run = &scanner->run,
        .show_text = settings->show_text,
        .color = settings->color == COLOR_ALWAYS ||
                 (settings->color == COLOR_AUTO && scanner->verdicts.is_terminal),
    };
    if (!allowance_apply(scanner->allowance, &report))
        return out_of_memory(scanner);
    alkfw_decision decision = report_decision(&report);

    if (verdict != NULL) {
        report.model = alkfw_model_id(scanner->firewall);
        report.codebook = alkfw_codebook_id(scanner->firewall);
    }
    scanner->decisions[index] = (unsigned char)decision;
    scanner->tally->n_verdicts[decision]++;
    if (decision == ALKFW_ERROR)
        tell(scanner, &report);
    else
        scanner->tally->n_bytes += report.record->text.length;
    if (!settings->writes[decision])
        return true;
    size_t n_before = scanner->verdicts.pending.length;
    if (settings->format->write(&scanner->verdicts.pending, &report))
        return true;
    scanner->verdicts.pending.length = n_before; /* no half of a verdict */
    return out_of_memory(scanner);
}

/* Takes the alarmed spans out of an alarmed text until what is left passes. A text that does not
 * after some rounds, or that cannot be scored, stays withheld. False when memory is out. */
static bool redact_record(struct scanner *scanner, const struct batch *batch, size_t index,
                          const alkfw_verdict *verdict) {
    const char *marker = scanner->settings->options.marker;
    struct slice slice = batch->records[index].text;
    struct buffer text, next;
    alkfw_verdict *again = NULL;
    alkfw_decision decision = ALKFW_ALARM;
    alkfw_error error;

    buffer_init(&text, SIZE_MAX / 4);
    buffer_init(&next, SIZE_MAX / 4);
    bool done =
        redact_text(&text, (alkfw_text){batch_bytes(batch, slice), slice.length}, verdict->alarms,
                    verdict->n_alarms, marker != NULL ? marker : default_marker);
    for (int i = 0; done && decision == ALKFW_ALARM && i < MAX_REDACTIONS; i++) {
        if (alkfw_scan_text(scanner->firewall, text.length > 0 ? text.bytes : "", text.length,
                            &again, &error) != ALKFW_OK)
            break;
        decision = again->decision;
        next.length = 0;
        if (decision == ALKFW_ALARM) {
            done = redact_text(&next, (alkfw_text){text.bytes, text.length}, again->alarms,
                               again->n_alarms, marker != NULL ? marker : default_marker);
            struct buffer swapped = text;
            text = next;
            next = swapped;
        }
        alkfw_verdicts_free(again, 1);
    }
    buffer_free(&next);
    if (done && decision == ALKFW_PASS) {
        scanner->redacted[index] = (alkfw_text){text.bytes, text.length};
        return true;
    }
    buffer_free(&text);
    return done || out_of_memory(scanner);
}

/* Records [first, end), at most BATCH_RECORDS of them: a row can hold any number. */
static bool score_some(struct scanner *scanner, const struct batch *batch, size_t first,
                       size_t end) {
    alkfw_text texts[BATCH_RECORDS];
    alkfw_verdict *verdicts = NULL;
    alkfw_verdict failed = {.decision = ALKFW_ERROR};
    size_t n_texts = 0, n_given = 0;
    bool goes_on = true;

    for (size_t i = first; i < end; i++)
        if (batch->records[i].status == ALKFW_OK)
            texts[n_texts++] = (alkfw_text){batch_bytes(batch, batch->records[i].text),
                                            batch->records[i].text.length};
    if (n_texts > 0 && scanner->firewall == NULL) {
        alkfw_error error;
        if (loader_open(scanner->settings, &scanner->firewall, &error) != ALKFW_OK)
            return give_up(scanner, &error);
    }
    alkfw_status status = ALKFW_OK;
    if (n_texts > 0)
        status = alkfw_scan(scanner->firewall, texts, n_texts, &verdicts, &failed.error);
    for (size_t i = first; i < end && goes_on; i++) {
        const alkfw_verdict *verdict = NULL;
        if (batch->records[i].status == ALKFW_OK)
            verdict = status == ALKFW_OK ? &verdicts[n_given++] : &failed;
        goes_on = report_record(scanner, batch, i, verdict);
        if (goes_on && scanner->decisions[i] == ALKFW_ALARM && scanner->settings->options.redact)
            goes_on = redact_record(scanner, batch, i, verdict);
    }
    if (status == ALKFW_OK && n_texts > 0)
        alkfw_verdicts_free(verdicts, n_texts);
    return goes_on;
}

enum copying { WITHHELD, AS_READ, REDACTED };

/* A row passes when all of its records do, or what is left of them. */
static enum copying copying_of(const struct scanner *scanner, const struct row *row, size_t first) {
    enum copying copying = AS_READ;

    for (size_t i = first; i < first + row->n_records; i++) {
        if (scanner->redacted[i].bytes != NULL)
            copying = REDACTED;
        else if (scanner->decisions[i] != ALKFW_PASS)
            return WITHHELD;
    }
    return copying;
}

static bool copy_row(struct scanner *scanner, const struct batch *batch, const struct row *row,
                     size_t first) {
    struct buffer *out = &scanner->passed.pending;
    size_t begin = out->length;
    bool found = true;

    switch (copying_of(scanner, row, first)) {
    case WITHHELD:
        return true;
    case AS_READ:
        if (!buffer_append(out, batch_bytes(batch, row->raw), row->raw.length))
            return out_of_memory(scanner);
        break;
    case REDACTED:
        if (!redact_row(out, batch, row, first, scanner->redacted + first, &found))
            return out_of_memory(scanner);
        scanner->tally->n_redacted += found;
    }
    if (!found) {
        out->length = begin;
        return true;
    }
    /* Without a neighbour before it the comma goes too. */
    if (!scanner->wrote_element && row->n_joint > 0) {
        memmove(out->bytes + begin, out->bytes + begin + row->n_joint,
                out->length - begin - row->n_joint);
        out->length -= row->n_joint;
    }
    /* An element without a record, as --role leaves them, is an element; framing has no number. */
    scanner->wrote_element = row->number > 0;
    return true;
}

/* Copies the rows that pass, and what frames them. */
static bool copy_clean_rows(struct scanner *scanner, const struct batch *batch) {
    size_t record = 0;

    for (size_t i = 0; i < batch->n_rows; i++) {
        if (!copy_row(scanner, batch, &batch->rows[i], record))
            return false;
        record += batch->rows[i].n_records;
    }
    return true;
}

static bool make_decisions(struct scanner *scanner, size_t n_records) {
    if (n_records <= scanner->decisions_capacity)
        return true;
    unsigned char *decisions = realloc(scanner->decisions, n_records);
    if (decisions != NULL)
        scanner->decisions = decisions;
    alkfw_text *redacted = calloc(n_records, sizeof *redacted);
    if (decisions == NULL || redacted == NULL) {
        free(redacted);
        return out_of_memory(scanner);
    }
    free(scanner->redacted); /* nothing is in it between two batches */
    scanner->redacted = redacted;
    scanner->decisions_capacity = n_records;
    return true;
}

static void forget_redacted(struct scanner *scanner, size_t n_records) {
    for (size_t i = 0; i < n_records && i < scanner->decisions_capacity; i++) {
        free((char *)(uintptr_t)scanner->redacted[i].bytes);
        scanner->redacted[i] = (alkfw_text){0};
    }
}

bool scanner_run(struct scanner *scanner, struct batch *batch) {
    bool goes_on = make_decisions(scanner, batch->n_records);

    for (size_t first = 0; goes_on && first < batch->n_records; first += BATCH_RECORDS) {
        size_t left = batch->n_records - first;
        goes_on = score_some(scanner, batch, first,
                             first + (left < BATCH_RECORDS ? left : BATCH_RECORDS));
    }
    /* What was decided is told even when the rest cannot be. */
    if (!sink_flush(&scanner->verdicts))
        goes_on = false;
    if (goes_on && scanner->settings->options.pass)
        goes_on = copy_clean_rows(scanner, batch) && sink_flush(&scanner->passed);
    scanner->tally->has_failed |= scanner->verdicts.has_failed || scanner->passed.has_failed;
    forget_redacted(scanner, batch->n_records);
    batch_clear(batch);
    return goes_on;
}

bool scanner_sync(struct scanner *scanner) {
    bool synced = sink_sync(&scanner->verdicts);

    if (scanner->settings->options.pass)
        synced = sink_sync(&scanner->passed) && synced;
    scanner->tally->has_failed |= !synced;
    return synced;
}

/* What makes the verdicts one document, however the run ended. */
static void end_document(struct scanner *scanner) {
    const struct tally *tally = scanner->tally;
    int stop = *signals_stop();
    struct verdict_outcome outcome = {
        .succeeded = !tally->has_failed && tally->n_verdicts[ALKFW_ERROR] == 0 && stop == 0,
        .exit_status = tally_exit_status(tally, scanner->settings->alarm_status),
        .stop = stop,
        .failure = scanner->failure.status != ALKFW_OK ? scanner->failure.message : NULL,
    };

    if (!scanner->is_open || scanner->settings->format->end == NULL)
        return;
    if (!scanner->settings->format->end(&scanner->verdicts.pending, &scanner->run, &outcome))
        (void)out_of_memory(scanner);
    else if (!sink_flush(&scanner->verdicts))
        scanner->tally->has_failed = true;
}

void scanner_close(struct scanner *scanner) {
    end_document(scanner);
    verdict_run_free(&scanner->run);
    if (scanner->n_messages > MAX_MESSAGES)
        message_error("%zu more records had errors", scanner->n_messages - MAX_MESSAGES);
    if (!sink_close(&scanner->verdicts) || !sink_close(&scanner->passed))
        scanner->tally->has_failed = true;
    const struct tally *tally = scanner->tally;
    bool is_whole =
        !tally->has_failed && tally->n_verdicts[ALKFW_ERROR] == 0 && *signals_stop() == 0;
    if (scanner->is_open && !allowance_finish(scanner->allowance, is_whole))
        scanner->tally->has_failed = true;
    allowance_close(scanner->allowance);
    alkfw_close(scanner->firewall);
    free(scanner->decisions);
    free(scanner->redacted);
}
