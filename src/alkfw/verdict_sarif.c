/* SPDX-License-Identifier: Apache-2.0
 *
 * SARIF 2.1.0 (OASIS, sarif-v2.1.0-os): one document for the run, written as results come. Its head
 * names the rules, so it waits for the first verdict, which knows the codebook's signals. */
#include "verdict.h"

#include <string.h>

#include "fingerprint.h"
#include "json_writer.h"
#include "support/number.h"
#include "support/utf8.h"

enum { MAX_ERRORS = 1000 }; /* kept until the tail; the rest is counted */

/* What a rule says of itself; a codebook may have signals of its own. */
static const struct {
    const char *signal;
    const char *description;
} rules[] = {
    {"override", "The text tells the language model to put its instructions aside."},
    {"extraction", "The text is after the instructions or other secrets of the language model."},
    {"jailbreak", "The text talks the language model out of its rules, often by a role to play."},
    {"indirect", "A document speaks to the language model that reads it for someone else."},
    {"spoof", "The text poses as the system, a tool, the operator or an authority."},
    {"trigger", "The text plants an instruction that is to take effect later."},
    {"obfuscation", "The text hides what it says by an encoding or a disguise."},
    {"known", "The text is like hostile text of some kind that the codebook was made from."},
    {"general", "The text is more like hostile than like benign text as a whole."},
    {"passage", "A passage of the text is more like hostile than like benign passages."},
    {"novelty", "The text is unlike all text that the codebook was made from."},
};

static bool write_text(struct buffer *out, const char *text) {
    return json_write_string(out, text, strlen(text));
}

static bool write_rule(struct buffer *out, const char *signal) {
    const char *description = "A signal of the codebook alarms.";

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (strcmp(rules[i].signal, signal) == 0)
            description = rules[i].description;
    return json_write_raw(out, "{\"id\":\"alkfw/") && json_write_raw(out, signal) &&
           json_write_raw(out, "\",\"shortDescription\":{\"text\":") &&
           write_text(out, description) &&
           json_write_raw(out, "},\"defaultConfiguration\":{\"level\":\"error\"},"
                               "\"properties\":{\"tags\":[\"security\",\"prompt-injection\"]}}");
}

/* Names of signals are words (see the schema's list), so they need no escaping. */
static bool write_rules(struct buffer *out, const alkfw_verdict *verdict) {
    size_t n_signals = verdict != NULL ? verdict->n_signals : 0;

    for (size_t i = 0; i < n_signals; i++)
        if ((i > 0 && !json_write_raw(out, ",\n")) || !write_rule(out, verdict->signals[i].name))
            return false;
    return true;
}

/* `report` is NULL when the run ends without a verdict. */
static bool write_head(struct buffer *out, const struct report *report) {
    bool has_identities = report != NULL && report->model != NULL && report->codebook != NULL;

    return json_write_raw(out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                               "\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{"
                               "\"name\":\"alkfw\",\"version\":") &&
           write_text(out, alkfw_version()) && json_write_raw(out, ",\"rules\":[\n") &&
           write_rules(out, report != NULL ? report->verdict : NULL) &&
           json_write_raw(out, "]}},\n\"columnKind\":\"unicodeCodePoints\",") &&
           (!has_identities ||
            (json_write_raw(out, "\"properties\":{\"model\":") && write_text(out, report->model) &&
             json_write_raw(out, ",\"codebook\":") && write_text(out, report->codebook) &&
             json_write_raw(out, "},"))) &&
           json_write_raw(out, "\"results\":[\n");
}

/* The name of a file as a URI reference (RFC 3986): bytes of any kind become %XX. */
static bool write_uri(struct buffer *out, const char *path, size_t n_path) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-._~/";
    static const char digits[] = "0123456789ABCDEF";

    if (n_path > 0 && path[0] == '/' && !json_write_raw(out, "file://"))
        return false;
    while (n_path > 2 && path[0] == '.' && path[1] == '/' && path[2] != '/') {
        path += 2;
        n_path -= 2;
    }
    for (size_t i = 0; i < n_path; i++) {
        unsigned char byte = (unsigned char)path[i];
        bool is_plain = byte != '\0' && strchr(plain, byte) != NULL;
        char escaped[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        if (!buffer_append(out, is_plain ? path + i : escaped, is_plain ? 1 : sizeof escaped))
            return false;
    }
    return true;
}

static bool write_number(struct buffer *out, const char *before, uint64_t number) {
    return json_write_raw(out, before) && json_write_unsigned(out, number);
}

/* A region is of the file. Where columns are not known, the line is all that can be said; where a
 * byte is in the file is known of a whole file only, whose byte-order mark counts. */
static bool write_region(struct buffer *out, const struct report *report,
                         const alkfw_alarm *alarm) {
    bool has_span = alarm != NULL && alarm->start <= alarm->end &&
                    alarm->end <= report->record->text.length &&
                    (report->row->is_file || report->record->column > 0);

    if (!has_span)
        return report->row->line == 0 ||
               (write_number(out, ",\"region\":{\"startLine\":", report->row->line) &&
                json_write_raw(out, "}"));
    struct position first = report_position(report, alarm->start);
    struct position last = report_position(report, alarm->end);
    return write_number(out, ",\"region\":{\"startLine\":", first.line) &&
           write_number(out, ",\"startColumn\":", first.column) &&
           write_number(out, ",\"endLine\":", last.line) &&
           write_number(out, ",\"endColumn\":", last.column) &&
           (!report->row->is_file ||
            (write_number(out, ",\"byteOffset\":", alarm->start + report->row->n_bom) &&
             write_number(out, ",\"byteLength\":", alarm->end - alarm->start))) &&
           json_write_raw(out, "}");
}

static bool write_locations(struct buffer *out, const struct report *report,
                            const alkfw_alarm *alarm) {
    const struct row *row = report->row;
    struct slice field = report->record->field;

    return json_write_raw(out, ",\"locations\":[{\"physicalLocation\":"
                               "{\"artifactLocation\":{\"uri\":\"") &&
           write_uri(out, batch_bytes(report->batch, row->source), row->source.length) &&
           json_write_raw(out, "\"}") && write_region(out, report, alarm) &&
           json_write_raw(out, "}") &&
           (field.length == 0 ||
            (json_write_raw(out, ",\"logicalLocations\":[{\"fullyQualifiedName\":") &&
             json_write_string(out, batch_bytes(report->batch, field), field.length) &&
             json_write_raw(out, "}]"))) &&
           json_write_raw(out, "}]");
}

static bool write_message(struct buffer *out, const struct report *report,
                          const alkfw_alarm *alarm) {
    char score[NUMBER_TEXT_SIZE];

    (void)number_format_double(alarm->score, 3, score);
    return json_write_raw(out, ",\"message\":{\"text\":\"") && json_write_raw(out, alarm->signal) &&
           json_write_raw(out, " ") && json_write_raw(out, score) && json_write_raw(out, " (") &&
           json_write_raw(out, alarm->severity) && write_number(out, ") at bytes ", alarm->start) &&
           write_number(out, "-", alarm->end) &&
           write_number(out, " of record ", report->row->number) && json_write_raw(out, ".\"}");
}

static bool write_fingerprint(struct buffer *out, const struct report *report,
                              const alkfw_alarm *alarm) {
    char hexadecimal[FINGERPRINT_SIZE];
    struct slice text = report->record->text;

    fingerprint(alarm->signal, batch_bytes(report->batch, text), text.length, hexadecimal);
    return json_write_raw(out, ",\"partialFingerprints\":{\"alkfw/v1\":\"") &&
           json_write_raw(out, hexadecimal) && json_write_raw(out, "\"}");
}

static bool write_properties(struct buffer *out, const struct report *report,
                             const alkfw_alarm *alarm) {
    const struct batch *batch = report->batch;
    struct slice id = report->row->id, text = report->record->text;

    return json_write_raw(out, ",\"properties\":{\"score\":") &&
           json_write_double(out, alarm->score) && json_write_raw(out, ",\"p\":") &&
           json_write_double(out, alarm->p_value) && json_write_raw(out, ",\"severity\":") &&
           write_text(out, alarm->severity) && write_number(out, ",\"span\":[", alarm->start) &&
           write_number(out, ",", alarm->end) &&
           write_number(out, "],\"record\":", report->row->number) &&
           json_write_raw(out, ",\"recordScore\":") &&
           json_write_double(out, report->verdict->score) &&
           (id.length == 0 || (json_write_raw(out, ",\"id\":") &&
                               buffer_append(out, batch_bytes(batch, id), id.length))) &&
           (!report->show_text ||
            (json_write_raw(out, ",\"text\":") &&
             json_write_string(out, batch_bytes(batch, text), text.length))) &&
           json_write_raw(out, "}");
}

/* In a document either all results or none have these two members (3.27.23, 3.27.24). */
static bool write_suppressions(struct buffer *out, const struct report *report,
                               const struct allowed *allowed) {
    bool in_baseline = allowed != NULL && allowed->in_baseline;

    if (report->has_baseline &&
        !json_write_raw(out, in_baseline ? ",\"baselineState\":\"unchanged\""
                                         : ",\"baselineState\":\"new\""))
        return false;
    if (!report->has_allowance)
        return true;
    if (allowed == NULL)
        return json_write_raw(out, ",\"suppressions\":[]");
    return json_write_raw(out, ",\"suppressions\":[{\"kind\":\"external\",\"status\":\"accepted\","
                               "\"justification\":") &&
           write_text(out, allowed->reason != NULL ? allowed->reason : "in the baseline") &&
           json_write_raw(out, "}]");
}

/* `allowed` is NULL for what is not. */
static bool write_result(struct buffer *out, const struct report *report, const alkfw_alarm *alarm,
                         const struct allowed *allowed, bool is_review) {
    bool is_first = report->run->n_results++ == 0;

    return json_write_raw(out, is_first ? "{\"ruleId\":\"alkfw/" : ",\n{\"ruleId\":\"alkfw/") &&
           json_write_raw(out, alarm->signal) &&
           json_write_raw(out, is_review ? "\",\"level\":\"warning\"" : "\",\"level\":\"error\"") &&
           write_message(out, report, alarm) && write_locations(out, report, alarm) &&
           write_fingerprint(out, report, alarm) && write_suppressions(out, report, allowed) &&
           write_properties(out, report, alarm) && json_write_raw(out, "}");
}

static bool write_all_results(struct buffer *out, const struct report *report) {
    const alkfw_verdict *verdict = report->verdict;

    for (size_t i = 0; i < verdict->n_alarms; i++)
        if (!write_result(out, report, &verdict->alarms[i], NULL, false))
            return false;
    for (size_t i = 0; i < report->n_allowed; i++) {
        const struct allowed *allowed = &report->allowed[i];
        if (!write_result(out, report, &allowed->alarm, allowed, allowed->is_review))
            return false;
    }
    if (verdict->decision != ALKFW_REVIEW)
        return true;
    alkfw_alarm review = verdict_review(verdict);
    return write_result(out, report, &review, NULL, true);
}

static bool write_results(struct buffer *out, const struct report *report) {
    uint64_t n_before = report->run->n_results;

    if (write_all_results(out, report))
        return true;
    report->run->n_results = n_before; /* the caller takes back what was written */
    return false;
}

/* A notification; `report` is NULL when it is of no record. */
static bool write_error(struct buffer *out, const char *code, const char *message, size_t n_message,
                        const struct report *report, bool is_first) {
    return json_write_raw(out, is_first ? "{" : ",\n{") &&
           json_write_raw(out, "\"descriptor\":{\"id\":") && write_text(out, code) &&
           json_write_raw(out, "},\"level\":\"error\",\"message\":{\"text\":") &&
           json_write_string(out, message, n_message) && json_write_raw(out, "}") &&
           (report == NULL || write_locations(out, report, NULL)) && json_write_raw(out, "}");
}

static bool keep_error(const struct report *report) {
    struct verdict_run *run = report->run;
    size_t n_before = run->errors.length;
    alkfw_status status;
    const char *message = report_error(report, &status);
    size_t n_message = report->verdict != NULL ? strlen(message) : report->record->message.length;

    if (run->n_errors < MAX_ERRORS && !write_error(&run->errors, alkfw_status_name(status), message,
                                                   n_message, report, run->n_errors == 0)) {
        run->errors.length = n_before;
        return false;
    }
    run->n_errors++;
    return true;
}

bool verdict_write_sarif(struct buffer *out, const struct report *report) {
    if (report_decision(report) == ALKFW_ERROR)
        return keep_error(report);
    if (!report->run->has_begun && !write_head(out, report))
        return false;
    if (!write_results(out, report))
        return false;
    report->run->has_begun = true;
    return true;
}

/* What is told of the run as a whole, behind the errors of its records. */
static bool add_last_errors(struct verdict_run *run, const struct verdict_outcome *outcome) {
    const char *failure = outcome->failure;
    char more[NUMBER_TEXT_SIZE + 32];

    if (run->n_errors > MAX_ERRORS) {
        size_t length = number_format_unsigned(run->n_errors - MAX_ERRORS, more);
        static const char words[] = " more records had errors";
        memcpy(more + length, words, sizeof words);
        if (!write_error(&run->errors, "more", more, strlen(more), NULL, false))
            return false;
    }
    return failure == NULL || write_error(&run->errors, "failure", failure, strlen(failure), NULL,
                                          run->errors.length == 0);
}

bool verdict_end_sarif(struct buffer *out, struct verdict_run *run,
                       const struct verdict_outcome *outcome) {
    if (!run->has_begun && !write_head(out, NULL))
        return false;
    return add_last_errors(run, outcome) &&
           json_write_raw(out, "\n],\n\"invocations\":[{\"executionSuccessful\":") &&
           json_write_raw(out, outcome->succeeded ? "true" : "false") &&
           (outcome->stop != 0
                ? write_number(out, ",\"exitSignalNumber\":", (uint64_t)outcome->stop)
                : write_number(out, ",\"exitCode\":", (uint64_t)outcome->exit_status)) &&
           json_write_raw(out, ",\"toolExecutionNotifications\":[\n") &&
           buffer_append(out, run->errors.bytes, run->errors.length) &&
           json_write_raw(out, "]}]}]}\n");
}
