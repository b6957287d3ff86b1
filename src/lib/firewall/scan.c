/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "firewall/firewall.h"
#include "firewall/windows.h"

/* A text is read as it stands, and once more in its normalised view when that differs. */
enum { READING_RAW = 0, READING_VIEW, N_READINGS };

struct scan_text {
    const alkfw_text *text;
    struct text_view *view; /* NULL when it does not differ */
    struct extraction readings[N_READINGS];
    struct window_result *results; /* [n_windows] of all readings, within scan.run.results */
    size_t n_windows;
    alkfw_error error; /* status ALKFW_OK while all is well */
};

struct scan {
    alkfw_firewall *firewall;
    const struct judge_settings *settings;
    struct scan_text *texts; /* [n_texts] */
    size_t n_texts;
    struct window_run run; /* all windows of all texts in order */
};

/* ---- from texts to windows --------------------------------------------------- */

static alkfw_status read_bytes(const struct scan *scan, struct scan_text *text, const char *bytes,
                               size_t n_bytes, size_t reading) {
    const alkfw_firewall *firewall = scan->firewall;
    alkfw_status status =
        extract_windows(model_get_tokenizer(firewall->model), &firewall->info->plan, bytes, n_bytes,
                        &text->readings[reading], &text->error);

    if (status == ALKFW_OK)
        text->n_windows += text->readings[reading].n_windows;
    return status;
}

/* Keeps the view with the text when it differs: spans are mapped back through it. */
static alkfw_status read_view(const struct scan *scan, struct scan_text *text,
                              struct text_view *view) {
    alkfw_status status =
        view_normalise(view, text->text->bytes, text->text->n_bytes, &text->error);

    if (status != ALKFW_OK || !view->differs)
        return status;
    text->view = malloc(sizeof *text->view);
    if (text->view == NULL)
        return alkfw_error_set(&text->error, ALKFW_E_MEMORY, "out of memory for a view");
    *text->view = *view;
    memset(view, 0, sizeof *view);
    return read_bytes(scan, text, text->view->bytes, text->view->n_bytes, READING_VIEW);
}

static void read_task(void *context, size_t worker, size_t task) {
    struct scan *scan = context;
    struct scan_text *text = &scan->texts[task];
    alkfw_firewall *firewall = scan->firewall;
    alkfw_status status = ALKFW_OK;

    if (text->text->n_bytes > firewall->max_bytes)
        status = alkfw_error_set(&text->error, ALKFW_E_LIMIT,
                                 "%zu bytes are over the ceiling of %zu (max_bytes)",
                                 text->text->n_bytes, firewall->max_bytes);
    if (status == ALKFW_OK)
        status = read_bytes(scan, text, text->text->bytes, text->text->n_bytes, READING_RAW);
    if (status == ALKFW_OK)
        status = read_view(scan, text, &firewall->workers[worker].view);
    text->error.status = status;
}

static void add_windows(struct scan *scan, struct scan_text *text) {
    struct window_run *run = &scan->run;

    text->results = run->results + run->n_results;
    for (size_t r = 0; r < N_READINGS; r++) {
        for (size_t w = 0; w < text->readings[r].n_windows; w++)
            run->results[run->n_results++] =
                (struct window_result){.item = {.extraction = &text->readings[r], .window = w},
                                       .view = r == READING_VIEW ? text->view : NULL};
    }
}

static alkfw_status collect_windows(struct scan *scan, alkfw_error *error) {
    size_t n_windows = 0;

    for (size_t i = 0; i < scan->n_texts; i++) {
        if (scan->texts[i].error.status == ALKFW_OK)
            n_windows += scan->texts[i].n_windows;
    }
    if (n_windows == 0)
        return ALKFW_OK;
    scan->run.results = calloc(n_windows, sizeof *scan->run.results);
    if (scan->run.results == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu windows", n_windows);
    for (size_t i = 0; i < scan->n_texts; i++) {
        if (scan->texts[i].error.status == ALKFW_OK)
            add_windows(scan, &scan->texts[i]);
    }
    return ALKFW_OK;
}

/* ---- from windows to verdicts ------------------------------------------------- */

static alkfw_status judge(const struct scan *scan, struct scan_text *text, alkfw_verdict *verdict) {
    if (text->error.status != ALKFW_OK)
        return text->error.status;
    for (size_t i = 0; i < text->n_windows; i++) {
        if (text->results[i].score == NULL) {
            text->error = scan->run.failure;
            return text->error.status;
        }
    }
    verdict->n_tokens = text->readings[READING_RAW].tokens.n_tokens;
    return judge_text(scan->firewall, scan->settings, text->results, text->n_windows, verdict,
                      &text->error);
}

static void fill_verdict(const struct scan *scan, struct scan_text *text, alkfw_verdict *verdict) {
    verdict->n_bytes = text->text->n_bytes;
    verdict->threshold = scan->settings->threshold;
    alkfw_status status = judge(scan, text, verdict);
    if (status != ALKFW_OK) {
        text->error.status = status;
        verdict->error = text->error;
        verdict->decision = ALKFW_ERROR; /* fail closed: never a pass */
    }
}

static void scan_free(struct scan *scan) {
    for (size_t i = 0; scan->texts != NULL && i < scan->n_texts; i++) {
        for (size_t r = 0; r < N_READINGS; r++)
            extraction_free(&scan->texts[i].readings[r]);
        if (scan->texts[i].view != NULL)
            view_free(scan->texts[i].view);
        free(scan->texts[i].view);
    }
    free(scan->texts);
    free(scan->run.results);
    windows_free(&scan->run);
}

alkfw_status firewall_scan(alkfw_firewall *firewall, const struct judge_settings *settings,
                           const alkfw_text *texts, size_t n_texts, alkfw_verdict **verdicts,
                           alkfw_error *error) {
    struct scan scan = {.firewall = firewall, .settings = settings, .n_texts = n_texts};
    alkfw_verdict *made = NULL;
    alkfw_status status = ALKFW_OK;

    *verdicts = NULL;
    /* One more than needed, so that no texts is not taken for no memory. */
    scan.texts = calloc(n_texts + 1, sizeof *scan.texts);
    made = calloc(n_texts + 1, sizeof *made);
    if (scan.texts == NULL || made == NULL) {
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu texts", n_texts);
        goto out;
    }
    for (size_t i = 0; i < n_texts; i++)
        scan.texts[i].text = &texts[i];
    worker_pool_run(firewall->pool, n_texts, read_task, &scan);
    status = collect_windows(&scan, error);
    if (status == ALKFW_OK)
        status = windows_score(firewall, settings, &scan.run, error);
    if (status != ALKFW_OK)
        goto out;
    for (size_t i = 0; i < n_texts; i++)
        fill_verdict(&scan, &scan.texts[i], &made[i]);
    *verdicts = made;
    made = NULL;
out:
    free(made);
    scan_free(&scan);
    return status;
}

alkfw_status alkfw_scan(alkfw_firewall *firewall, const alkfw_text *texts, size_t n_texts,
                        alkfw_verdict **verdicts, alkfw_error *error) {
    return firewall_scan(firewall, &firewall->settings, texts, n_texts, verdicts, error);
}

void alkfw_verdicts_free(alkfw_verdict *verdicts, size_t n_verdicts) {
    for (size_t i = 0; verdicts != NULL && i < n_verdicts; i++) {
        free((void *)(uintptr_t)verdicts[i].signals);
        free((void *)(uintptr_t)verdicts[i].alarms);
    }
    free(verdicts);
}
