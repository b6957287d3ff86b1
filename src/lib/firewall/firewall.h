/* SPDX-License-Identifier: Apache-2.0
 *
 * The firewall's inside, shared by the files of this folder only:
 * firewall.c opens and proves it, scan.c runs texts through the model, span.c finds the bytes that
 * carried a signal, judge.c turns what the windows gave into a verdict. */
#ifndef ALKFW_FIREWALL_H
#define ALKFW_FIREWALL_H

#include <stdbool.h>

#include "alkfw.h"
#include "codebook/codebook.h"
#include "firewall/extract.h"
#include "firewall/view.h"
#include "model/model.h"
#include "support/worker_pool.h"

/* How verdicts are reached; fixed when the firewall is opened. */
struct judge_settings {
    enum composition composition;
    enum sensitivity sensitivity;
    double threshold; /* a composed score of at least this is an alarm */
    double review;    /* one of at least this is for review; above 1: no review band */
    bool enabled[CODEBOOK_MAX_SIGNALS];
};

/* What one thread works with; made by its first task. */
struct scan_worker {
    struct text_view view;
    struct model_session *session;
    float *memory;    /* one block for the arrays below */
    float *workspace; /* [codebook_workspace_size] */
    float *gradient;  /* [n_features] */
    float *features;  /* [SCAN_TASK_WINDOWS, n_features] */
};

struct alkfw_firewall {
    struct model *model;
    struct codebook *codebook;
    const struct codebook_info *info;
    struct worker_pool *pool;
    struct scan_worker *workers; /* [worker_pool_size] */
    struct judge_settings settings;
    size_t max_bytes;
    char *model_id;
    char *codebook_id;
};

struct byte_span {
    uint32_t start; /* [start, end) of the text */
    uint32_t end;
};

/* What one window gave. */
struct window_result {
    double raw[CODEBOOK_MAX_SIGNALS];
    double reliability; /* in [0, 1]: what part of the evidence its length bears out */
    double composed;    /* evidence of the composed statistic */
    struct byte_span spans[CODEBOOK_MAX_SIGNALS]; /* the whole window unless it looked hostile */
};

/* A task is a run of windows that go through the model together. */
enum { SCAN_TASK_WINDOWS = 32, SCAN_TASK_TOKENS = 256 };

/* As alkfw_scan, with settings other than the firewall's own (the canaries need that). */
ALKFW_MUST_CHECK alkfw_status firewall_scan(alkfw_firewall *firewall,
                                            const struct judge_settings *settings,
                                            const alkfw_text *texts, size_t n_texts,
                                            alkfw_verdict **verdicts, alkfw_error *error);

/* The stretch of the window's tokens that carried signal `signal`, as bytes of the text. `states`
 * as in extract_visit; gradient [n_features] as codebook_gradient gives it. */
struct byte_span span_find(const alkfw_firewall *firewall, const struct extract_item *item,
                           size_t signal, double raw, const float *features, const float *gradient,
                           const float *const *states);

/* The same from the codebook's reading of single tokens, for all signals at once: false when it has
 * none. */
bool span_of_passage(const alkfw_firewall *firewall, const struct extract_item *item,
                     const struct codebook_states *states, float *workspace,
                     struct byte_span *span);

/* Evidence of hostility in proportion to the window's reliability; what speaks for benign stays. */
double weigh_evidence(double evidence, double reliability);

/* Fills a verdict from the n_windows > 0 results of its text. verdict->signals and ->alarms are
 * allocated here. */
ALKFW_MUST_CHECK alkfw_status judge_text(const alkfw_firewall *firewall,
                                         const struct judge_settings *settings,
                                         const struct window_result *results, size_t n_windows,
                                         alkfw_verdict *verdict, alkfw_error *error);

#endif
