/* SPDX-License-Identifier: Apache-2.0
 *
 * A few threads that share out the tasks of one job at a time. Threads are started by the first
 * job that has work for them, so that a run with one short input never pays for them. */
#ifndef ALKFW_SUPPORT_WORKER_POOL_H
#define ALKFW_SUPPORT_WORKER_POOL_H

#include <stddef.h>

#include "alkfw.h"

struct worker_pool;

/* n_workers in [1, WORKER_POOL_MAX], the calling thread included. */
enum { WORKER_POOL_MAX = 256 };
/* A worker for each core that this process may use, which a container makes fewer than there are.
 */
size_t worker_pool_usual_size(void);
ALKFW_MUST_CHECK alkfw_status worker_pool_new(size_t n_workers, struct worker_pool **result,
                                              alkfw_error *error);
void worker_pool_free(struct worker_pool *pool);
size_t worker_pool_size(const struct worker_pool *pool);

/* Calls run(context, worker, task) for every task in [0, n_tasks), in no set order; `worker` in
 * [0, n_workers) is never used by two calls at once. Returns when all are done. Callers on several
 * threads wait for one another. When threads cannot be started, the caller does the work alone. */
typedef void worker_run(void *context, size_t worker, size_t task);
void worker_pool_run(struct worker_pool *pool, size_t n_tasks, worker_run *run, void *context);

#endif
