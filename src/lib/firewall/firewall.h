/* SPDX-License-Identifier: Apache-2.0
 *
 * The firewall's inside, shared by the files of this folder only:
 * firewall.c opens and proves it, shortcuts.c has the usual case of that, scan.c cuts texts into
 * windows, windows.c runs those through the model, span.c finds the bytes that carried a signal,
 * judge.c turns what the windows gave into a verdict. */
#ifndef ALKFW_FIREWALL_H
#define ALKFW_FIREWALL_H

#include <stdatomic.h>
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
    struct memo *memo; /* of scores under these settings; NULL: nothing is remembered */
    size_t max_bytes;
    atomic_size_t n_passes; /* windows that went through the model, canaries too; for tests */
    char *model_id;
    char *codebook_id;
};

struct byte_span {
    uint32_t start; /* [start, end) of the text */
    uint32_t end;
};

struct token_span {
    uint32_t first; /* content tokens [first, end) of the window */
    uint32_t end;
};

/* What the tokens of a window gave, the same wherever it stands. */
struct window_score {
    double raw[CODEBOOK_MAX_SIGNALS];
    double reliability; /* in [0, 1]: what part of the evidence its length bears out */
    double composed;    /* evidence of the composed statistic */
    struct token_span spans[CODEBOOK_MAX_SIGNALS]; /* the whole window unless it looked hostile */
};

/* One window of a text. */
struct window_result {
    struct extract_item item;
    const struct text_view *view; /* what the window was cut from; NULL: the text itself */
    const struct window_score *score;
};

/* A task is a run of windows that go through the model together. The last ones of a scan on several
 * threads are smaller, so that the threads end together. */
enum { SCAN_TASK_WINDOWS = 32, SCAN_TASK_TOKENS = 256, SCAN_LAST_TASK_TOKENS = 48 };

/* As alkfw_scan, with settings other than the firewall's own (the canaries need that). */
ALKFW_MUST_CHECK alkfw_status firewall_scan(alkfw_firewall *firewall,
                                            const struct judge_settings *settings,
                                            const alkfw_text *texts, size_t n_texts,
                                            alkfw_verdict **verdicts, alkfw_error *error);

/* The stretch of the window's tokens that carried signal `signal`; gradient [n_features] as
 * codebook_gradient gives it. */
struct token_span span_find(const alkfw_firewall *firewall, const struct codebook_states *states,
                            size_t signal, double raw, const float *features,
                            const float *gradient);

/* The same from the codebook's reading of single tokens, for all signals at once: false when it has
 * none. */
bool span_of_passage(const alkfw_firewall *firewall, const struct codebook_states *states,
                     float *workspace, struct token_span *span);

/* The bytes of the text that a signal's span stands for. */
struct byte_span span_bytes(const struct window_result *result, size_t signal);

/* Evidence of hostility in proportion to the window's reliability; what speaks for benign stays. */
double weigh_evidence(double evidence, double reliability);

/* Fills a verdict from the n_windows > 0 results of its text. verdict->signals and ->alarms are
 * allocated here. */
ALKFW_MUST_CHECK alkfw_status judge_text(const alkfw_firewall *firewall,
                                         const struct judge_settings *settings,
                                         const struct window_result *results, size_t n_windows,
                                         alkfw_verdict *verdict, alkfw_error *error);

#endif
