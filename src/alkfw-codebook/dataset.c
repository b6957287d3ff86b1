/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/dataset.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "codebook/passage.h"
#include "support/worker_pool.h"

enum { TASK_ROWS = 16, TASK_WINDOWS = 16 };

static alkfw_status out_of_memory(alkfw_error *error) {
    return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the features of the corpus");
}

static void part_free(struct dataset_part *part) {
    free(part->windows);
    free(part->first_window);
    free(part->features);
}

void dataset_free(struct dataset *dataset) {
    free(dataset->model.id);
    free(dataset->model.revision);
    free(dataset->model.architecture);
    part_free(&dataset->windows);
    part_free(&dataset->passages);
    free(dataset->first_passage);
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

static alkfw_status part_allocate(struct dataset_part *part, size_t n_rows, size_t n_windows,
                                  alkfw_error *error) {
    part->n_windows = n_windows;
    part->windows = calloc(n_windows, sizeof *part->windows);
    part->first_window = calloc(n_rows + 1, sizeof *part->first_window);
    part->features = calloc(n_windows, part->n_features * sizeof *part->features + 1);
    if (part->windows == NULL || part->first_window == NULL || part->features == NULL)
        return out_of_memory(error);
    return ALKFW_OK;
}

/* A stretch of a text's tokens as a window of the dataset. */
static struct dataset_window describe(const struct extract_job *job, size_t row, size_t first,
                                      size_t end, uint32_t n_row_span_tokens) {
    return (struct dataset_window){
        .row = row,
        .n_tokens = (uint32_t)(end - first),
        .n_span_tokens =
            count_span_tokens(&job->corpus->rows[row], &job->extractions[row].tokens, first, end),
        .n_row_span_tokens = n_row_span_tokens};
}

static void list_row(struct extract_job *job, size_t row, size_t *window, size_t *passage) {
    struct dataset *dataset = job->dataset;
    const struct extraction *extraction = &job->extractions[row];
    uint32_t n_all = count_span_tokens(&job->corpus->rows[row], &extraction->tokens, 0,
                                       extraction->tokens.n_tokens);

    dataset->windows.first_window[row] = *window;
    dataset->passages.first_window[row] = *passage;
    for (size_t i = 0; i < extraction->n_windows; i++) {
        const struct text_window *cut = &extraction->windows[i];
        size_t n_content = cut->end_token - cut->first_token;
        dataset->first_passage[*window] = *passage;
        dataset->windows.windows[(*window)++] =
            describe(job, row, cut->first_token, cut->end_token, n_all);
        for (size_t p = 0; dataset->n_passage_taps > 0 && p < passage_count(n_content); p++) {
            size_t first;
            size_t end;
            passage_range(n_content, p, &first, &end);
            dataset->passages.windows[(*passage)++] =
                describe(job, row, cut->first_token + first, cut->first_token + end, n_all);
        }
    }
}

static alkfw_status list_windows(struct extract_job *job, alkfw_error *error) {
    struct dataset *dataset = job->dataset;
    size_t n_rows = job->corpus->n_rows;
    size_t n_windows = 0;
    size_t n_passages = 0;

    for (size_t r = 0; r < n_rows; r++) {
        n_windows += job->extractions[r].n_windows;
        for (size_t i = 0; dataset->n_passage_taps > 0 && i < job->extractions[r].n_windows; i++) {
            const struct text_window *cut = &job->extractions[r].windows[i];
            n_passages += passage_count(cut->end_token - cut->first_token);
        }
    }
    alkfw_status status = part_allocate(&dataset->windows, n_rows, n_windows, error);
    if (status == ALKFW_OK)
        status = part_allocate(&dataset->passages, n_rows, n_passages, error);
    dataset->first_passage = calloc(n_windows + 1, sizeof *dataset->first_passage);
    if (status != ALKFW_OK || dataset->first_passage == NULL)
        return status != ALKFW_OK ? status : out_of_memory(error);
    size_t window = 0;
    size_t passage = 0;
    for (size_t r = 0; r < n_rows; r++)
        list_row(job, r, &window, &passage);
    dataset->windows.first_window[n_rows] = window;
    dataset->passages.first_window[n_rows] = passage;
    dataset->first_passage[window] = passage;
    return ALKFW_OK;
}

/* Means over the tokens of each passage of a window. Content without a token is read as all the
 * tokens of the window, as the codebook does. */
struct passage_visit {
    struct dataset *dataset;
    size_t first_window;
    size_t n_prefix;
    size_t taps[MODEL_MAX_TAPS]; /* of the plan, for each passage tap */
};

static void pool_passages(void *context, size_t item, const float *features,
                          const float *const *states, size_t n_tokens) {
    const struct passage_visit *visit = context;
    struct dataset *dataset = visit->dataset;
    size_t window = visit->first_window + item;
    size_t hidden_size = dataset->model.hidden_size;
    size_t n_content = dataset->windows.windows[window].n_tokens;
    size_t skip = n_content > 0 ? visit->n_prefix : 0;
    size_t n = n_content > 0 ? n_content : n_tokens;
    size_t first_passage = dataset->first_passage[window];

    (void)features;
    for (size_t p = 0; first_passage + p < dataset->first_passage[window + 1]; p++) {
        float *out =
            dataset->passages.features + (first_passage + p) * dataset->passages.n_features;
        size_t first;
        size_t end;
        passage_range(n, p, &first, &end);
        for (size_t t = 0; t < dataset->n_passage_taps; t++)
            pool(POOLING_MEAN, states[visit->taps[t]] + (skip + first) * hidden_size, end - first,
                 hidden_size, out + t * hidden_size);
    }
}

static void find_taps(struct passage_visit *visit) {
    const struct dataset *dataset = visit->dataset;

    for (size_t t = 0; t < dataset->n_passage_taps; t++) {
        visit->taps[t] = 0;
        while (dataset->plan.taps[visit->taps[t]].layer != dataset->passage_taps[t].layer)
            visit->taps[t]++;
    }
}

static void count_done(struct extract_job *job, size_t n) {
    (void)pthread_mutex_lock(&job->lock);
    job->n_done += n;
    if (job->progress != NULL)
        job->progress(job->n_done, job->dataset->windows.n_windows);
    (void)pthread_mutex_unlock(&job->lock);
}

static void feature_task(void *context, size_t worker, size_t task) {
    struct extract_job *job = context;
    struct dataset *dataset = job->dataset;
    struct dataset_part *windows = &dataset->windows;
    struct extract_item items[TASK_WINDOWS];
    size_t first = task * TASK_WINDOWS;
    size_t n = 0;
    alkfw_error error = {.status = ALKFW_OK};
    struct passage_visit visit = {
        .dataset = dataset,
        .first_window = first,
        .n_prefix = tokenizer_get_template(model_get_tokenizer(job->model))->n_prefix};

    if (job_is_failing(job))
        return;
    find_taps(&visit);
    for (; n < TASK_WINDOWS && first + n < windows->n_windows; n++) {
        size_t row = windows->windows[first + n].row;
        items[n] =
            (struct extract_item){&job->extractions[row], first + n - windows->first_window[row]};
    }
    alkfw_status status = ALKFW_OK;
    if (job->sessions[worker] == NULL)
        status = model_session_new(job->model, &job->sessions[worker], &error);
    if (status == ALKFW_OK)
        status = extract_features(job->model, job->sessions[worker], &dataset->plan, items, n,
                                  windows->features + first * windows->n_features, pool_passages,
                                  &visit, &error);
    if (status == ALKFW_OK)
        count_done(job, n);
    else
        job_failed(job, &error);
}

static alkfw_status cut_windows(struct extract_job *job, struct worker_pool *pool,
                                alkfw_error *error) {
    size_t n_rows = job->corpus->n_rows;

    job->extractions = calloc(n_rows, sizeof *job->extractions);
    if (job->extractions == NULL)
        return out_of_memory(error);
    worker_pool_run(pool, (n_rows + TASK_ROWS - 1) / TASK_ROWS, tokenise_task, job);
    if (job->error.status == ALKFW_OK)
        return list_windows(job, error);
    *error = job->error;
    return job->error.status;
}

static alkfw_status run_model(struct extract_job *job, struct worker_pool *pool,
                              alkfw_error *error) {
    size_t n_workers = worker_pool_size(pool);

    job->sessions = calloc(n_workers, sizeof *job->sessions);
    if (job->sessions == NULL)
        return out_of_memory(error);
    worker_pool_run(pool, (job->dataset->windows.n_windows + TASK_WINDOWS - 1) / TASK_WINDOWS,
                    feature_task, job);
    for (size_t i = 0; i < n_workers; i++)
        model_session_free(job->sessions[i]);
    free(job->sessions);
    if (job->error.status != ALKFW_OK)
        *error = job->error;
    return job->error.status;
}

static void free_extractions(struct extract_job *job) {
    for (size_t i = 0; job->extractions != NULL && i < job->corpus->n_rows; i++)
        extraction_free(&job->extractions[i]);
    free(job->extractions);
}

static alkfw_status copy_identity(struct model_identity *to, const struct model_identity *from,
                                  const struct model_info *info, alkfw_error *error) {
    to->id = strdup(from->id);
    to->revision = strdup(from->revision);
    to->architecture = strdup(info->architecture);
    to->hidden_size = info->hidden_size;
    to->precision = info->precision;
    memcpy(to->weights_sha256, info->weights_sha256, sizeof to->weights_sha256);
    memcpy(to->adapter_sha256, info->adapter_sha256, sizeof to->adapter_sha256);
    if (to->id == NULL || to->revision == NULL || to->architecture == NULL)
        return out_of_memory(error);
    return ALKFW_OK;
}

alkfw_status dataset_extract(struct dataset *dataset, const struct corpus *corpus,
                             const struct model *model, const struct model_identity *identity,
                             const struct extract_plan *plan, const struct model_tap *passage_taps,
                             size_t n_passage_taps, size_t n_threads, dataset_progress *progress,
                             alkfw_error *error) {
    struct worker_pool *pool = NULL;
    struct extract_job job = {.dataset = dataset,
                              .corpus = corpus,
                              .model = model,
                              .progress = progress,
                              .lock = PTHREAD_MUTEX_INITIALIZER};

    memset(dataset, 0, sizeof *dataset);
    dataset->plan = *plan;
    dataset->windows.n_features = plan->n_taps * (size_t)model_get_info(model)->hidden_size;
    dataset->n_passage_taps = n_passage_taps;
    if (n_passage_taps > 0)
        memcpy(dataset->passage_taps, passage_taps, n_passage_taps * sizeof *passage_taps);
    dataset->passages.n_features = n_passage_taps * (size_t)model_get_info(model)->hidden_size;
    alkfw_status status = copy_identity(&dataset->model, identity, model_get_info(model), error);
    if (status == ALKFW_OK)
        status = worker_pool_new(n_threads, &pool, error);
    if (status == ALKFW_OK)
        status = cut_windows(&job, pool, error);
    if (status == ALKFW_OK)
        status = run_model(&job, pool, error);
    free_extractions(&job);
    worker_pool_free(pool);
    return status;
}

alkfw_status dataset_list(struct dataset *dataset, const struct corpus *corpus,
                          const struct model *model, const struct extract_plan *plan,
                          struct worker_pool *pool, alkfw_error *error) {
    struct extract_job job = {
        .dataset = dataset, .corpus = corpus, .model = model, .lock = PTHREAD_MUTEX_INITIALIZER};

    memset(dataset, 0, sizeof *dataset);
    dataset->plan = *plan;
    dataset->n_passage_taps = 1; /* any: the passages are the same for all */
    dataset->model.hidden_size = model_get_info(model)->hidden_size;
    alkfw_status status = cut_windows(&job, pool, error);
    free_extractions(&job);
    return status;
}
