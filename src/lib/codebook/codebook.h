/* SPDX-License-Identifier: Apache-2.0
 *
 * The codebook: from the features of a window to raw signals, evidence, p-values and scores. Used
 * by the firewall and by alkfw-codebook; the maths and the file are described in doc/formats.md.
 *
 * In short, for one window with features f [n_features]:
 *   z = (f - mean) * scale                                  standardised
 *   raw[s]      = soft maximum of z's projections on the directions of signal s
 *                 (novelty: energy of z outside the SVD basis; passage: largest projection of
 *                 a stretch of 32 tokens)
 *   evidence[s] = spline_s(raw[s])                          log-odds of the benign CDF, 0 = median
 *   p           = 1 / (1 + exp(evidence))                   P(raw or more | benign window)
 *   composition = one statistic of all the evidence, with a benign spline and so a p of its own
 * and for a text, from its strongest window:
 *   p_text = 1 - (1 - p)^(n_windows^gamma),  score = p_balanced / (p_balanced + p_text)
 * so that a score of 0.5 is the codebook's balanced operating point.
 *
 * A codebook is immutable once open and may be used by many threads. */
#ifndef ALKFW_CODEBOOK_H
#define ALKFW_CODEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alkfw.h"
#include "firewall/extract.h"
#include "model/model.h"

struct codebook;

enum { CODEBOOK_MAX_SIGNALS = 16, CODEBOOK_MAX_CANARIES = 8 };

/* How the evidence of all signals becomes one statistic of a window. */
enum composition {
    COMPOSITION_LOGISTIC = 0, /* fitted weighted sum of the evidence (the default) */
    COMPOSITION_MAX,
    COMPOSITION_NOISY_OR,
    COMPOSITION_FISHER,
    COMPOSITION_STOUFFER,
    COMPOSITION_COUNT
};

enum sensitivity {
    SENSITIVITY_STRICT = 0, /* 5 % false positives on benign texts */
    SENSITIVITY_BALANCED,   /* 1 % */
    SENSITIVITY_QUIET,      /* 0.1 % */
    SENSITIVITY_COUNT
};

/* "logistic", "max", "noisy_or", "fisher", "stouffer"; "strict", "balanced", "quiet". Parsing is
 * exact; false when the name is none of them. */
const char *composition_name(enum composition composition);
bool composition_parse(const char *name, enum composition *composition);
const char *sensitivity_name(enum sensitivity sensitivity);
bool sensitivity_parse(const char *name, enum sensitivity *sensitivity);

/* Maps and validates a codebook file: every shape, type, finite value, monotone spline and the
 * digest are checked before it is used. ALKFW_E_MISSING, ALKFW_E_IO: no such file;
 * ALKFW_E_FORMAT: damaged; ALKFW_E_UNSUPPORTED: of a newer format. */
ALKFW_MUST_CHECK alkfw_status codebook_open(const char *path, struct codebook **result,
                                            alkfw_error *error);
/* The same without the digest, which costs more than all other checks: for a caller that remembers
 * that it has checked this very file (codebook_identity), or else calls codebook_check_digest. */
ALKFW_MUST_CHECK alkfw_status codebook_open_unproved(const char *path, struct codebook **result,
                                                     alkfw_error *error);
ALKFW_MUST_CHECK alkfw_status codebook_check_digest(const struct codebook *codebook,
                                                    alkfw_error *error);
/* Which file it was read from and in what state (support/file_identity.h); "" for memory. */
const char *codebook_identity(const struct codebook *codebook);
/* The same as codebook_open over n_bytes of memory, which must outlive the codebook (for tests and
 * fuzzing); `name` stands for the path in messages. */
ALKFW_MUST_CHECK alkfw_status codebook_open_memory(const void *bytes, size_t n_bytes,
                                                   const char *name, struct codebook **result,
                                                   alkfw_error *error);
void codebook_close(struct codebook *codebook); /* NULL is fine */

/* What a codebook says of itself. All strings live as long as the codebook. */
struct codebook_canary {
    const char *text;
    size_t n_bytes;
    bool hostile;
    double score;     /* composed with COMPOSITION_LOGISTIC and all signals */
    double tolerance; /* largest |score - measured| that is still healthy */
};

struct codebook_info {
    const char *name;        /* "default" */
    const char *sha256;      /* hex digest of the file, see doc/formats.md */
    const char *description; /* of the corpus it was built on */
    const char *created;     /* "2026-11-24T06:00:00Z" */
    const char *model_id;    /* "sentence-transformers/all-MiniLM-L6-v2", or a directory's name */
    const char *model_revision; /* "" when unknown */
    const char *weights_sha256;
    const char *architecture; /* "bert" */
    enum model_precision precision;
    uint32_t hidden_size;
    struct extract_plan plan;
    size_t n_features;   /* plan.n_taps * hidden_size */
    size_t n_components; /* rows of the basis */
    size_t n_signals;
    const char *signals[CODEBOOK_MAX_SIGNALS]; /* [n_signals] */
    size_t n_canaries;
    struct codebook_canary canaries[CODEBOOK_MAX_CANARIES]; /* [n_canaries] */
};

const struct codebook_info *codebook_get_info(const struct codebook *codebook);

/* What the model's weights must be changed by before this codebook can read them; NULL: nothing. */
const struct adapter *codebook_get_adapter(const struct codebook *codebook);

/* Index of a signal, or -1. */
int codebook_find_signal(const struct codebook *codebook, const char *name);

/* A codebook built on one model never runs on another: ALKFW_E_MISMATCH names both. */
ALKFW_MUST_CHECK alkfw_status codebook_check_model(const struct codebook *codebook,
                                                   const struct model_info *model,
                                                   alkfw_error *error);

/* ---- one window ------------------------------------------------------------ */

/* Floats of working memory that codebook_project and codebook_gradient need. */
size_t codebook_workspace_size(const struct codebook *codebook);

/* The states of a window's tokens, as extract_visit has them. */
struct codebook_states {
    const float *const *taps; /* taps[i] is [n_tokens, hidden_size] of the layer of tap i */
    size_t n_tokens;          /* special tokens included */
    size_t n_prefix;          /* special tokens before the content */
    size_t n_content;
};

/* features: [n_features]; raw: [n_signals]. states NULL: a signal that reads them is NAN. */
void codebook_project(const struct codebook *codebook, const float *features,
                      const struct codebook_states *states, float *workspace, double *raw);

/* The stretch of the content, tokens [first, end), that looks most like an attack. False when the
 * codebook has no signal that reads single tokens, or there is no content. */
bool codebook_find_span(const struct codebook *codebook, const struct codebook_states *states,
                        float *workspace, size_t *first, size_t *end);

/* How raw[signal] of this window changes with each of its features: gradient [n_features], taps in
 * the plan's order. A token whose state moves a pooled feature by d carries gradient . d of the
 * signal. 0 for a signal that does not read features. */
void codebook_gradient(const struct codebook *codebook, size_t signal, const float *features,
                       float *workspace, float *gradient);

/* Log-odds of the benign CDF at raw, in [-700, 700]: rising in raw, 0 at the median of benign
 * windows, 700 when raw is not a number. */
double codebook_evidence(const struct codebook *codebook, size_t signal, double raw);

/* Its inverse: the raw value with this evidence, so at 0 that of the median benign window. */
double codebook_raw(const struct codebook *codebook, size_t signal, double evidence);

/* Evidence of all signals to the evidence of the composed statistic. A signal that is switched
 * off takes part as a benign text's median would: evidence 0. */
double codebook_compose(const struct codebook *codebook, enum composition composition,
                        const double *evidence);

/* What a signal's evidence weighs in COMPOSITION_LOGISTIC; 0 for one that only explains. */
double codebook_weight(const struct codebook *codebook, size_t signal);

/* 1 / (1 + exp(evidence)): upper-tail probability under benign windows, in (0, 1). */
double codebook_p_value(double evidence);

/* ---- one text -------------------------------------------------------------- */

/* What a p-value or score is of: one signal, or the composed statistic. */
struct codebook_statistic {
    bool composed;
    size_t signal;                /* when not composed */
    enum composition composition; /* when composed */
};

/* Corrects the p-value of the strongest of n_windows (> 0) for their number; in (0, 1]. */
double codebook_text_p_value(const struct codebook *codebook, struct codebook_statistic statistic,
                             double p_value, size_t n_windows);

/* Score in [0, 1] of a text's p-value; 0.5 is the balanced operating point. */
double codebook_score(const struct codebook *codebook, struct codebook_statistic statistic,
                      double text_p_value);

/* The score from which on a text is an alarm at this sensitivity (0.5 for balanced). */
double codebook_threshold(const struct codebook *codebook, struct codebook_statistic statistic,
                          enum sensitivity sensitivity);

/* P(raw or more | hostile window) by the hostile spline: how much of the attacks lies above. */
double codebook_hostile_p_value(const struct codebook *codebook, size_t signal, double raw);

#endif
