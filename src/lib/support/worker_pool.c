/* SPDX-License-Identifier: Apache-2.0 */
#include "support/worker_pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct worker {
    struct worker_pool *pool;
    pthread_t thread;
    size_t index;
    size_t last_job; /* the job it took part in last; at the start, the last one before it */
};

struct worker_pool {
    size_t n_workers;
    size_t n_started;       /* threads that run, the caller not counted */
    pthread_mutex_t caller; /* held by the caller whose job runs */
    pthread_mutex_t lock;   /* guards what follows */
    pthread_cond_t wake;
    pthread_cond_t done;
    bool stop;
    size_t job;      /* number of the current job; a worker takes part in each once */
    size_t n_active; /* threads that are still in the current job */
    worker_run *run;
    void *context;
    size_t n_tasks;
    atomic_size_t next_task;
    struct worker workers[]; /* [n_workers - 1] */
};

size_t worker_pool_usual_size(void) {
    cpu_set_t cpus;
    int n = sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;

    return n < 1 ? 1 : n > WORKER_POOL_MAX ? WORKER_POOL_MAX : (size_t)n;
}

alkfw_status worker_pool_new(size_t n_workers, struct worker_pool **result, alkfw_error *error) {
    *result = NULL;
    if (n_workers < 1 || n_workers > WORKER_POOL_MAX)
        return alkfw_error_set(error, ALKFW_E_ARGUMENT, "threads must be 1 to %d, not %zu",
                               WORKER_POOL_MAX, n_workers);
    struct worker_pool *pool = calloc(1, sizeof *pool + (n_workers - 1) * sizeof pool->workers[0]);
    if (pool == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for %zu threads", n_workers);
    pool->n_workers = n_workers;
    pthread_mutex_init(&pool->caller, NULL);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pthread_cond_init(&pool->done, NULL);
    *result = pool;
    return ALKFW_OK;
}

size_t worker_pool_size(const struct worker_pool *pool) {
    return pool->n_workers;
}

void worker_pool_free(struct worker_pool *pool) {
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->n_started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->done);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->lock);
    pthread_mutex_destroy(&pool->caller);
    free(pool);
}

static void take_tasks(struct worker_pool *pool, size_t worker) {
    size_t task;
    while ((task = atomic_fetch_add(&pool->next_task, 1)) < pool->n_tasks)
        pool->run(pool->context, worker, task);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    struct worker_pool *pool = worker->pool;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (!pool->stop && pool->job == worker->last_job)
            pthread_cond_wait(&pool->wake, &pool->lock);
        if (pool->stop)
            break;
        worker->last_job = pool->job;
        pthread_mutex_unlock(&pool->lock);
        take_tasks(pool, worker->index);
        pthread_mutex_lock(&pool->lock);
        if (--pool->n_active == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Signals belong to the thread that the program's own handlers expect: the workers block all. */
static void start_threads(struct worker_pool *pool, size_t n_wanted) {
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (pool->n_started < n_wanted) {
        struct worker *worker = &pool->workers[pool->n_started];
        worker->pool = pool;
        worker->index = pool->n_started + 1;
        worker->last_job = pool->job;
        if (pthread_create(&worker->thread, NULL, work, worker) != 0)
            break;
        pool->n_started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void worker_pool_run(struct worker_pool *pool, size_t n_tasks, worker_run *run, void *context) {
    pthread_mutex_lock(&pool->caller);
    if (n_tasks > 1 && pool->n_workers > 1)
        start_threads(pool, n_tasks < pool->n_workers ? n_tasks - 1 : pool->n_workers - 1);

    pthread_mutex_lock(&pool->lock);
    pool->run = run;
    pool->context = context;
    pool->n_tasks = n_tasks;
    atomic_store(&pool->next_task, 0);
    if (n_tasks > 1 && pool->n_started > 0) {
        pool->job++;
        pool->n_active = pool->n_started;
        pthread_cond_broadcast(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);

    take_tasks(pool, 0);

    pthread_mutex_lock(&pool->lock);
    while (pool->n_active > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
    pthread_mutex_unlock(&pool->caller);
}
