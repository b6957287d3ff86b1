/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/windows.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "firewall/memo.h"

/* A window that looks this unlike benign text has its spans found, while its states are at hand. */
static const double SPAN_P_VALUE = 0.2;

/* A distinct window. */
struct window_job {
    struct extract_item item;
    struct window_score *score;
    uint64_t hash;
    bool is_done;
};

struct scan_task {
    size_t first; /* jobs [first, end) */
    size_t end;
};

struct scoring {
    alkfw_firewall *firewall;
    const struct judge_settings *settings;
    struct window_run *run;
    struct memo *memo;       /* NULL when these settings are not the firewall's own */
    struct window_job *jobs; /* [n_jobs], after planning those that are to be done in front */
    size_t n_jobs;
    struct extract_item *items; /* [n_jobs], for extract_features */
    struct scan_task *tasks;    /* [n_tasks] */
    size_t n_tasks;
    pthread_mutex_t lock; /* guards run->failure while tasks run */
};

static const int32_t *ids_of(const struct extract_item *item, size_t *n_ids) {
    const struct extraction *extraction = item->extraction;

    *n_ids = extract_item_tokens(item);
    return *n_ids > 0 ? extraction->tokens.ids + extraction->windows[item->window].first_token
                      : NULL;
}

/* ---- which windows there are -------------------------------------------------- */

static bool same_tokens(const struct extract_item *a, const struct extract_item *b) {
    size_t n_a, n_b;
    const int32_t *ids_a = ids_of(a, &n_a), *ids_b = ids_of(b, &n_b);

    return n_a == n_b && (n_a == 0 || memcmp(ids_a, ids_b, n_a * sizeof *ids_a) == 0);
}

/* The slot of a window in a table that is at least twice as large as what it holds: where its twin
 * is, or an empty one. */
static size_t find_slot(const struct scoring *scoring, const size_t *table, size_t mask,
                        uint64_t hash, const struct extract_item *item) {
    size_t slot = hash & mask;

    while (table[slot] != 0) {
        const struct window_job *job = &scoring->jobs[table[slot] - 1];
        if (job->hash == hash && same_tokens(&job->item, item))
            break;
        slot = (slot + 1) & mask;
    }
    return slot;
}

/* One job for each distinct window. table: [mask + 1] zeros, gets indices of jobs + 1. */
static void find_jobs(struct scoring *scoring, size_t *table, size_t mask) {
    struct window_run *run = scoring->run;

    for (size_t i = 0; i < run->n_results; i++) {
        const struct extract_item *item = &run->results[i].item;
        size_t n_ids;
        const int32_t *ids = ids_of(item, &n_ids);
        uint64_t hash = memo_hash(ids, n_ids);
        size_t slot = find_slot(scoring, table, mask, hash, item);
        if (table[slot] == 0) {
            struct window_job *job = &scoring->jobs[scoring->n_jobs];
            *job = (struct window_job){
                .item = *item, .score = &run->scores[scoring->n_jobs], .hash = hash};
            job->is_done =
                scoring->memo != NULL && memo_find(scoring->memo, hash, ids, n_ids, job->score);
            table[slot] = ++scoring->n_jobs;
        }
        run->results[i].score = scoring->jobs[table[slot] - 1].score;
    }
}

static alkfw_status make_jobs(struct scoring *scoring, alkfw_error *error) {
    struct window_run *run = scoring->run;
    size_t size = 2;

    while (size < 2 * run->n_results)
        size *= 2;
    size_t *table = calloc(size, sizeof *table);
    run->scores = calloc(run->n_results, sizeof *run->scores);
    scoring->jobs = calloc(run->n_results, sizeof *scoring->jobs);
    scoring->items = calloc(run->n_results, sizeof *scoring->items);
    scoring->tasks = calloc(run->n_results, sizeof *scoring->tasks);
    bool has_memory = table != NULL && run->scores != NULL && scoring->jobs != NULL &&
                      scoring->items != NULL && scoring->tasks != NULL;
    if (has_memory)
        find_jobs(scoring, table, size - 1);
    free(table);
    return has_memory ? ALKFW_OK
                      : alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu windows",
                                        run->n_results);
}

/* ---- in which order ------------------------------------------------------------ */

/* What is done goes last, the longest first: the last tasks are short ones, so that threads end
 * together. The order among equals is that of the text, and changes no score. */
static int by_length(const void *left, const void *right) {
    const struct window_job *a = left, *b = right;
    size_t n_a = extract_item_tokens(&a->item), n_b = extract_item_tokens(&b->item);

    if (a->is_done != b->is_done)
        return a->is_done ? 1 : -1;
    if (n_a != n_b)
        return n_a < n_b ? 1 : -1;
    return (a->score > b->score) - (a->score < b->score);
}

/* How much of n_left tokens a task takes: of two threads one may begin it when the other has just
 * ended, so it is at most half of a thread's share. */
static size_t task_tokens(size_t n_left, size_t n_threads) {
    size_t n = n_left / (2 * n_threads);

    if (n_threads == 1 || n > SCAN_TASK_TOKENS)
        return SCAN_TASK_TOKENS;
    return n < SCAN_LAST_TASK_TOKENS ? SCAN_LAST_TASK_TOKENS : n;
}

static void make_tasks(struct scoring *scoring) {
    size_t n_threads = worker_pool_size(scoring->firewall->pool);
    size_t n_jobs = 0, n_left = 0, n_tokens = 0, most = 0;

    qsort(scoring->jobs, scoring->n_jobs, sizeof *scoring->jobs, by_length);
    for (; n_jobs < scoring->n_jobs && !scoring->jobs[n_jobs].is_done; n_jobs++) {
        scoring->items[n_jobs] = scoring->jobs[n_jobs].item;
        n_left += extract_item_tokens(&scoring->items[n_jobs]);
    }
    for (size_t i = 0; i < n_jobs; i++) {
        size_t n = extract_item_tokens(&scoring->items[i]);
        struct scan_task *task =
            scoring->n_tasks > 0 ? &scoring->tasks[scoring->n_tasks - 1] : NULL;
        if (task == NULL || n_tokens + n > most || task->end - task->first == SCAN_TASK_WINDOWS) {
            task = &scoring->tasks[scoring->n_tasks++];
            task->first = i;
            most = task_tokens(n_left, n_threads);
            n_tokens = 0;
        }
        task->end = i + 1;
        n_tokens += n;
        n_left -= n;
    }
}

/* ---- one task ------------------------------------------------------------------ */

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

/* The mean of n tokens scatters as 1 / sqrt(n), so the features of a greeting lie far from those of
 * benign windows by chance alone: "hello there" is no attack for being two words. */
static double reliability_of(size_t n_tokens) {
    enum { ENOUGH_TOKENS = 6 };

    return n_tokens >= ENOUGH_TOKENS ? 1 : sqrt((double)n_tokens / ENOUGH_TOKENS);
}

struct window_visit {
    const struct scoring *scoring;
    struct scan_worker *worker;
    struct window_job *jobs;
};

/* The tokens that carried each signal, in a window that looks hostile. */
static void find_spans(const struct window_visit *visit, const double *evidence,
                       const float *features, const struct codebook_states *states,
                       struct window_score *score) {
    const alkfw_firewall *firewall = visit->scoring->firewall;
    struct scan_worker *worker = visit->worker;
    struct token_span passage;

    if (span_of_passage(firewall, states, worker->workspace, &passage)) {
        for (size_t s = 0; s < firewall->info->n_signals; s++)
            score->spans[s] = passage;
        return;
    }
    for (size_t s = 0; s < firewall->info->n_signals; s++) {
        if (!visit->scoring->settings->enabled[s] || evidence[s] <= 0)
            continue;
        codebook_gradient(firewall->codebook, s, features, worker->workspace, worker->gradient);
        score->spans[s] = span_find(firewall, states, s, score->raw[s], features, worker->gradient);
    }
}

/* Weights that were damaged in the cache, or that are too large for the precision. */
static bool is_sound(const alkfw_firewall *firewall, const struct window_score *score) {
    for (size_t s = 0; s < firewall->info->n_signals; s++)
        if (!isfinite(score->raw[s]))
            return false;
    return true;
}

static void score_window(void *context, size_t index, const float *features,
                         const float *const *states, size_t n_tokens) {
    struct window_visit *visit = context;
    const alkfw_firewall *firewall = visit->scoring->firewall;
    const struct judge_settings *settings = visit->scoring->settings;
    struct window_score *score = visit->jobs[index].score;
    double evidence[CODEBOOK_MAX_SIGNALS] = {0};

    const struct codebook_states content = {
        .taps = states,
        .n_tokens = n_tokens,
        .n_prefix = tokenizer_get_template(model_get_tokenizer(firewall->model))->n_prefix,
        .n_content = extract_item_tokens(&visit->jobs[index].item)};
    codebook_project(firewall->codebook, features, &content, visit->worker->workspace, score->raw);
    visit->jobs[index].is_done = is_sound(firewall, score);
    if (!visit->jobs[index].is_done)
        return;
    for (size_t s = 0; s < firewall->info->n_signals; s++) {
        score->spans[s] = (struct token_span){.end = (uint32_t)content.n_content};
        if (settings->enabled[s])
            evidence[s] = codebook_evidence(firewall->codebook, s, score->raw[s]);
    }
    score->reliability = reliability_of(content.n_content);
    score->composed = weigh_evidence(
        codebook_compose(firewall->codebook, settings->composition, evidence), score->reliability);
    if (codebook_p_value(score->composed) <= SPAN_P_VALUE)
        find_spans(visit, evidence, features, &content, score);
}

/* Of a task that ran: what it scored, and whether that is all of it. */
static alkfw_status remember(const struct scoring *scoring, const struct scan_task *task,
                             alkfw_error *error) {
    bool is_sound = true;

    for (size_t i = task->first; i < task->end; i++) {
        const struct window_job *job = &scoring->jobs[i];
        size_t n_ids;
        const int32_t *ids = ids_of(&job->item, &n_ids);
        is_sound = is_sound && job->is_done;
        if (job->is_done && scoring->memo != NULL)
            memo_put(scoring->memo, job->hash, ids, n_ids, job->score);
    }
    return is_sound ? ALKFW_OK
                    : alkfw_error_set(error, ALKFW_E_FORMAT,
                                      "the model gives what is no number for some of its words: "
                                      "its weights are damaged; remove the packed weights in the "
                                      "cache and try again");
}

static void keep_failure(struct scoring *scoring, const alkfw_error *error) {
    pthread_mutex_lock(&scoring->lock);
    scoring->run->failure = *error;
    pthread_mutex_unlock(&scoring->lock);
}

static void run_task(void *context, size_t worker_index, size_t task_index) {
    struct scoring *scoring = context;
    alkfw_firewall *firewall = scoring->firewall;
    struct scan_worker *worker = &firewall->workers[worker_index];
    struct scan_task task = scoring->tasks[task_index];
    struct window_visit visit = {
        .scoring = scoring, .worker = worker, .jobs = scoring->jobs + task.first};
    size_t n_windows = task.end - task.first;
    alkfw_error error = {.status = ALKFW_OK};

    alkfw_status status = prepare_worker(firewall, worker, &error);
    if (status == ALKFW_OK)
        status = extract_features(firewall->model, worker->session, &firewall->info->plan,
                                  scoring->items + task.first, n_windows, worker->features,
                                  score_window, &visit, &error);
    atomic_fetch_add(&firewall->n_passes, n_windows);
    if (status == ALKFW_OK)
        status = remember(scoring, &task, &error);
    if (status == ALKFW_OK)
        return;
    error.status = status;
    keep_failure(scoring, &error);
}

/* ---- all of them --------------------------------------------------------------- */

/* A score that was not reached must not be taken for one of zeros. */
static void drop_failed(const struct scoring *scoring) {
    struct window_run *run = scoring->run;

    if (run->failure.status == ALKFW_OK)
        return;
    for (size_t i = 0; i < scoring->n_jobs; i++) {
        if (scoring->jobs[i].is_done)
            continue;
        for (size_t j = 0; j < run->n_results; j++) {
            if (run->results[j].score == scoring->jobs[i].score)
                run->results[j].score = NULL;
        }
    }
}

alkfw_status windows_score(alkfw_firewall *firewall, const struct judge_settings *settings,
                           struct window_run *run, alkfw_error *error) {
    struct scoring scoring = {.firewall = firewall, .settings = settings, .run = run};

    run->failure = (alkfw_error){.status = ALKFW_OK};
    if (run->n_results == 0)
        return ALKFW_OK;
    if (settings == &firewall->settings)
        scoring.memo = firewall->memo;
    pthread_mutex_init(&scoring.lock, NULL);
    alkfw_status status = make_jobs(&scoring, error);
    if (status == ALKFW_OK) {
        make_tasks(&scoring);
        worker_pool_run(firewall->pool, scoring.n_tasks, run_task, &scoring);
        drop_failed(&scoring);
    }
    free(scoring.jobs);
    free(scoring.items);
    free(scoring.tasks);
    pthread_mutex_destroy(&scoring.lock);
    return status;
}

void windows_free(struct window_run *run) {
    free(run->scores);
    run->scores = NULL;
}
