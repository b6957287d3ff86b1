/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/dataset.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "support/worker_pool.h"

enum { TASK_ROWS = 16, TASK_WINDOWS = 16 };

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the features of the corpus");
}

void dataset_free(struct dataset *dataset) {
    free(dataset->model.id);
    free(dataset->model.revision);
    free(dataset->model.architecture);
    free(dataset->windows);
    free(dataset->first_window);
    free(dataset->features);
    memset(dataset, 0, sizeof *dataset);
}

/* ---- extraction ------------------------------------------------------------ */

struct extract_job {
    struct dataset *dataset;
    const struct corpus *corpus;
    const struct model *model;
    struct extraction *extractions;  /* [n_rows] */
    struct model_session **sessions; /* [n_workers] */
    dataset_progress *progress;
    pthread_mutex_t lock; /* guards what follows */
    size_t n_done;
    alkfw_error error; /* the first failure */
};

static void job_failed(struct extract_job *job, const alkfw_error *error) {
    (void)pthread_mutex_lock(&job->lock);
    if (job->error.status == ALKFW_OK)
        job->error = *error;
    (void)pthread_mutex_unlock(&job->lock);
}

static bool job_is_failing(struct extract_job *job) {
    (void)pthread_mutex_lock(&job->lock);
    bool failing = job->error.status != ALKFW_OK;
    (void)pthread_mutex_unlock(&job->lock);
    return failing;
}

static void tokenise_task(void *context, size_t worker, size_t task) {
    struct extract_job *job = context;
    const struct tokenizer *tokenizer = model_get_tokenizer(job->model);
    size_t end = (task + 1) * TASK_ROWS;
    alkfw_error error;

    (void)worker;
    for (size_t i = task * TASK_ROWS; i < end && i < job->corpus->n_rows; i++) {
        const struct row *row = &job->corpus->rows[i];
        if (extract_windows(tokenizer, &job->dataset->plan, row->text, row->n_bytes,
                            &job->extractions[i], &error) != ALKFW_OK) {
            job_failed(job, &error);
            return;
        }
    }
}

static uint32_t count_span_tokens(const struct row *row, const struct token_list *tokens,
                                  size_t first, size_t end) {
    uint32_t n = 0;

    for (size_t i = first; row->has_span && i < end; i++)
        n += tokens->starts[i] < row->span_end && tokens->ends[i] > row->span_start;
    return n;
}

static alkfw_status list_windows(struct extract_job *job, alkfw_error *error) {
    struct dataset *dataset = job->dataset;
    size_t n_rows = job->corpus->n_rows;

    dataset->first_window = calloc(n_rows + 1, sizeof *dataset->first_window);
    if (dataset->first_window == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < n_rows; i++)
        dataset->first_window[i + 1] = dataset->first_window[i] + job->extractions[i].n_windows;
    dataset->n_windows = dataset->first_window[n_rows];
    dataset->windows = calloc(dataset->n_windows, sizeof *dataset->windows);
    dataset->features = calloc(dataset->n_windows, dataset->n_features * sizeof *dataset->features);
    if (dataset->windows == NULL || dataset->features == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < n_rows; i++) {
        const struct row *row = &job->corpus->rows[i];
        const struct extraction *extraction = &job->extractions[i];
        uint32_t n_all =
            count_span_tokens(row, &extraction->tokens, 0, extraction->tokens.n_tokens);
        for (size_t w = 0; w < extraction->n_windows; w++) {
            const struct text_window *window = &extraction->windows[w];
            dataset->windows[dataset->first_window[i] + w] = (struct dataset_window){
                .row = i,
                .n_tokens = window->end_token - window->first_token,
                .n_span_tokens = count_span_tokens(row, &extraction->tokens, window->first_token,
                                                   window->end_token),
                .n_row_span_tokens = n_all};
        }
    }
    return ALKFW_OK;
}

static void count_done(struct extract_job *job, size_t n) {
    (void)pthread_mutex_lock(&job->lock);
    job->n_done += n;
    if (job->progress != NULL)
        job->progress(job->n_done, job->dataset->n_windows);
    (void)pthread_mutex_unlock(&job->lock);
}

static void feature_task(void *context, size_t worker, size_t task) {
    struct extract_job *job = context;
    struct dataset *dataset = job->dataset;
    struct extract_item items[TASK_WINDOWS];
    size_t first = task * TASK_WINDOWS;
    size_t n = 0;
    alkfw_error error = {.status = ALKFW_OK};

    if (job_is_failing(job))
        return;
    for (; n < TASK_WINDOWS && first + n < dataset->n_windows; n++) {
        size_t row = dataset->windows[first + n].row;
        items[n] =
            (struct extract_item){&job->extractions[row], first + n - dataset->first_window[row]};
    }
    alkfw_status status = ALKFW_OK;
    if (job->sessions[worker] == NULL)
        status = model_session_new(job->model, &job->sessions[worker], &error);
    if (status == ALKFW_OK)
        status =
            extract_features(job->model, job->sessions[worker], &dataset->plan, items, n,
                             dataset->features + first * dataset->n_features, NULL, NULL, &error);
    if (status == ALKFW_OK)
        count_done(job, n);
    else
        job_failed(job, &error);
}

static alkfw_status run_job(struct extract_job *job, struct worker_pool *pool, alkfw_error *error) {
    size_t n_rows = job->corpus->n_rows;

    worker_pool_run(pool, (n_rows + TASK_ROWS - 1) / TASK_ROWS, tokenise_task, job);
    if (job->error.status == ALKFW_OK && list_windows(job, error) != ALKFW_OK)
        return error->status;
    if (job->error.status == ALKFW_OK)
        worker_pool_run(pool, (job->dataset->n_windows + TASK_WINDOWS - 1) / TASK_WINDOWS,
                        feature_task, job);
    if (job->error.status != ALKFW_OK)
        *error = job->error;
    return job->error.status;
}

static alkfw_status copy_identity(struct model_identity *to, const struct model_identity *from,
                                  const struct model_info *info, alkfw_error *error) {
    to->id = strdup(from->id);
    to->revision = strdup(from->revision);
    to->architecture = strdup(info->architecture);
    to->hidden_size = info->hidden_size;
    to->precision = info->precision;
    memcpy(to->weights_sha256, info->weights_sha256, sizeof to->weights_sha256);
    if (to->id == NULL || to->revision == NULL || to->architecture == NULL)
        return out_of_memory(error);
    return ALKFW_OK;
}

alkfw_status dataset_extract(struct dataset *dataset, const struct corpus *corpus,
                             const struct model *model, const struct model_identity *identity,
                             const struct extract_plan *plan, size_t n_threads,
                             dataset_progress *progress, alkfw_error *error) {
    struct worker_pool *pool = NULL;
    struct extract_job job = {.dataset = dataset,
                              .corpus = corpus,
                              .model = model,
                              .progress = progress,
                              .lock = PTHREAD_MUTEX_INITIALIZER};

    memset(dataset, 0, sizeof *dataset);
    dataset->plan = *plan;
    dataset->n_features = plan->n_taps * (size_t)model_get_info(model)->hidden_size;
    alkfw_status status = copy_identity(&dataset->model, identity, model_get_info(model), error);
    if (status == ALKFW_OK)
        status = worker_pool_new(n_threads, &pool, error);
    if (status != ALKFW_OK)
        goto out;
    job.extractions = calloc(corpus->n_rows, sizeof *job.extractions);
    job.sessions = calloc(n_threads, sizeof *job.sessions);
    if (job.extractions == NULL || job.sessions == NULL)
        status = out_of_memory(error);
    else
        status = run_job(&job, pool, error);
out:
    for (size_t i = 0; job.extractions != NULL && i < corpus->n_rows; i++)
        extraction_free(&job.extractions[i]);
    for (size_t i = 0; job.sessions != NULL && i < n_threads; i++)
        model_session_free(job.sessions[i]);
    free(job.extractions);
    free(job.sessions);
    worker_pool_free(pool);
    return status;
}
