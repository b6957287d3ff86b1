/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "firewall/firewall.h"

/* A window that looks this unlike benign text has its spans found, while its states are at hand. */
static const double SPAN_P_VALUE = 0.2;

/* A text is read as it stands, and once more in its normalised view when that differs. */
enum { READING_RAW = 0, READING_VIEW, N_READINGS };

struct scan_text {
    const alkfw_text *text;
    struct text_view *view; /* NULL when it does not differ */
    struct extraction readings[N_READINGS];
    struct window_result *results; /* [n_windows] of all readings, within scan.results */
    size_t n_windows;
    alkfw_error error; /* status ALKFW_OK while all is well */
};

struct scan_task {
    size_t first; /* items [first, end) */
    size_t end;
};

struct scan {
    alkfw_firewall *firewall;
    const struct judge_settings *settings;
    struct scan_text *texts; /* [n_texts] */
    size_t n_texts;
    struct extract_item *items; /* [n_items], all windows of all texts in order */
    struct scan_text **owners;  /* [n_items], the text of each */
    size_t n_items;
    struct window_result *results; /* [n_items] */
    struct scan_task *tasks;       /* [n_tasks] */
    size_t n_tasks;
    pthread_mutex_t lock; /* guards the texts' errors while tasks run */
};

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

static void add_items(struct scan *scan, struct scan_text *text) {
    text->results = scan->results + scan->n_items;
    for (size_t r = 0; r < N_READINGS; r++) {
        for (size_t w = 0; w < text->readings[r].n_windows; w++, scan->n_items++) {
            scan->items[scan->n_items].extraction = &text->readings[r];
            scan->items[scan->n_items].window = w;
            scan->owners[scan->n_items] = text;
        }
    }
}

static void group_items(struct scan *scan) {
    size_t n_tokens = 0;

    for (size_t i = 0; i < scan->n_items; i++) {
        size_t n = extract_item_tokens(&scan->items[i]);
        struct scan_task *task = scan->n_tasks > 0 ? &scan->tasks[scan->n_tasks - 1] : NULL;
        if (task == NULL || n_tokens + n > SCAN_TASK_TOKENS ||
            task->end - task->first == SCAN_TASK_WINDOWS) {
            task = &scan->tasks[scan->n_tasks++];
            task->first = i;
            n_tokens = 0;
        }
        task->end = i + 1;
        n_tokens += n;
    }
}

/* Lines the windows of all texts up and groups them into tasks of about SCAN_TASK_TOKENS. */
static alkfw_status plan_tasks(struct scan *scan, alkfw_error *error) {
    size_t n_items = 0;

    for (size_t i = 0; i < scan->n_texts; i++)
        if (scan->texts[i].error.status == ALKFW_OK)
            n_items += scan->texts[i].n_windows;
    if (n_items == 0)
        return ALKFW_OK;
    scan->items = calloc(n_items, sizeof *scan->items);
    scan->owners = calloc(n_items, sizeof *scan->owners);
    scan->results = calloc(n_items, sizeof *scan->results);
    scan->tasks = calloc(n_items, sizeof *scan->tasks);
    if (scan->items == NULL || scan->owners == NULL || scan->results == NULL || scan->tasks == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu windows", n_items);
    for (size_t i = 0; i < scan->n_texts; i++)
        if (scan->texts[i].error.status == ALKFW_OK)
            add_items(scan, &scan->texts[i]);
    group_items(scan);
    return ALKFW_OK;
}

static alkfw_status prepare_worker(const alkfw_firewall *firewall, struct scan_worker *worker,
                                   alkfw_error *error) {
    if (worker->session != NULL)
        return ALKFW_OK;
    size_t n_features = firewall->info->n_features;
    size_t n_workspace = codebook_workspace_size(firewall->codebook);
    if (worker->memory == NULL)
        worker->memory =
            calloc(n_workspace + (SCAN_TASK_WINDOWS + 1) * n_features, sizeof *worker->memory);
    if (worker->memory == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for a thread's features");
    worker->workspace = worker->memory;
    worker->gradient = worker->workspace + n_workspace;
    worker->features = worker->gradient + n_features;
    return model_session_new(firewall->model, &worker->session, error);
}

struct window_visit {
    struct scan *scan;
    struct scan_worker *worker;
    size_t first_item;
};

/* The mean of n tokens scatters as 1 / sqrt(n), so the features of a greeting lie far from those of
 * benign windows by chance alone: "hello there" is no attack for being two words. */
static double reliability_of(size_t n_tokens) {
    enum { ENOUGH_TOKENS = 6 };

    return n_tokens >= ENOUGH_TOKENS ? 1 : sqrt((double)n_tokens / ENOUGH_TOKENS);
}

/* From bytes of the reading that was scored to bytes of the text. */
static struct byte_span to_text(const struct scan_text *text, const struct extraction *reading,
                                struct byte_span span) {
    size_t start, end;

    if (reading != &text->readings[READING_VIEW])
        return span;
    view_origin(text->view, span.start, span.end, &start, &end);
    return (struct byte_span){.start = (uint32_t)start, .end = (uint32_t)end};
}

static void score_window(void *context, size_t index, const float *features,
                         const float *const *states, size_t n_tokens) {
    struct window_visit *visit = context;
    struct scan *scan = visit->scan;
    alkfw_firewall *firewall = scan->firewall;
    struct scan_worker *worker = visit->worker;
    const struct extract_item *item = &scan->items[visit->first_item + index];
    const struct scan_text *text = scan->owners[visit->first_item + index];
    const struct text_window *window = &item->extraction->windows[item->window];
    struct byte_span whole = to_text(
        text, item->extraction, (struct byte_span){.start = window->start, .end = window->end});
    struct window_result *result = &scan->results[visit->first_item + index];
    double evidence[CODEBOOK_MAX_SIGNALS] = {0};

    const struct codebook_states content = {
        .taps = states,
        .n_tokens = n_tokens,
        .n_prefix = tokenizer_get_template(model_get_tokenizer(firewall->model))->n_prefix,
        .n_content = window->end_token - window->first_token};
    codebook_project(firewall->codebook, features, &content, worker->workspace, result->raw);
    for (size_t s = 0; s < firewall->info->n_signals; s++) {
        result->spans[s] = whole;
        if (scan->settings->enabled[s])
            evidence[s] = codebook_evidence(firewall->codebook, s, result->raw[s]);
    }
    result->reliability = reliability_of(extract_item_tokens(item));
    result->composed =
        weigh_evidence(codebook_compose(firewall->codebook, scan->settings->composition, evidence),
                       result->reliability);
    if (codebook_p_value(result->composed) > SPAN_P_VALUE)
        return;
    struct byte_span passage;
    if (span_of_passage(firewall, item, &content, worker->workspace, &passage)) {
        for (size_t s = 0; s < firewall->info->n_signals; s++)
            result->spans[s] = to_text(text, item->extraction, passage);
        return;
    }
    for (size_t s = 0; s < firewall->info->n_signals; s++) {
        if (!scan->settings->enabled[s] || evidence[s] <= 0)
            continue;
        codebook_gradient(firewall->codebook, s, features, worker->workspace, worker->gradient);
        struct byte_span span =
            span_find(firewall, item, s, result->raw[s], features, worker->gradient, states);
        result->spans[s] = to_text(text, item->extraction, span);
    }
}

static void window_task(void *context, size_t worker_index, size_t task_index) {
    struct scan *scan = context;
    struct scan_worker *worker = &scan->firewall->workers[worker_index];
    struct scan_task task = scan->tasks[task_index];
    struct window_visit visit = {.scan = scan, .worker = worker, .first_item = task.first};
    alkfw_error error = {.status = ALKFW_OK};

    alkfw_status status = prepare_worker(scan->firewall, worker, &error);
    if (status == ALKFW_OK)
        status =
            extract_features(scan->firewall->model, worker->session, &scan->firewall->info->plan,
                             scan->items + task.first, task.end - task.first, worker->features,
                             score_window, &visit, &error);
    if (status == ALKFW_OK)
        return;
    error.status = status;
    pthread_mutex_lock(&scan->lock);
    for (size_t i = task.first; i < task.end; i++)
        scan->owners[i]->error = error;
    pthread_mutex_unlock(&scan->lock);
}

static void fill_verdict(const struct scan *scan, struct scan_text *text, alkfw_verdict *verdict) {
    verdict->n_bytes = text->text->n_bytes;
    verdict->threshold = scan->settings->threshold;
    alkfw_status status = text->error.status;
    if (status == ALKFW_OK) {
        verdict->n_tokens = text->readings[READING_RAW].tokens.n_tokens;
        status = judge_text(scan->firewall, scan->settings, text->results, text->n_windows, verdict,
                            &text->error);
    }
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
    free(scan->items);
    free(scan->owners);
    free(scan->results);
    free(scan->tasks);
    pthread_mutex_destroy(&scan->lock);
}

alkfw_status firewall_scan(alkfw_firewall *firewall, const struct judge_settings *settings,
                           const alkfw_text *texts, size_t n_texts, alkfw_verdict **verdicts,
                           alkfw_error *error) {
    struct scan scan = {.firewall = firewall, .settings = settings, .n_texts = n_texts};
    alkfw_verdict *made = NULL;
    alkfw_status status = ALKFW_OK;

    *verdicts = NULL;
    pthread_mutex_init(&scan.lock, NULL);
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
    status = plan_tasks(&scan, error);
    if (status != ALKFW_OK)
        goto out;
    worker_pool_run(firewall->pool, scan.n_tasks, window_task, &scan);
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
