/* SPDX-License-Identifier: Apache-2.0 */
#include "codebook/codebook.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "codebook/format.h"
#include "codebook/normal.h"
#include "model/kernels/kernels.h"

static const char *const composition_names[COMPOSITION_COUNT] = {
    [COMPOSITION_LOGISTIC] = "logistic", [COMPOSITION_MAX] = "max",
    [COMPOSITION_NOISY_OR] = "noisy_or", [COMPOSITION_FISHER] = "fisher",
    [COMPOSITION_STOUFFER] = "stouffer",
};

static const char *const sensitivity_names[SENSITIVITY_COUNT] = {
    [SENSITIVITY_STRICT] = "strict",
    [SENSITIVITY_BALANCED] = "balanced",
    [SENSITIVITY_QUIET] = "quiet",
};

const char *composition_name(enum composition composition) {
    return composition_names[composition];
}

bool composition_parse(const char *name, enum composition *composition) {
    for (int i = 0; i < COMPOSITION_COUNT; i++) {
        if (strcmp(name, composition_names[i]) == 0) {
            *composition = (enum composition)i;
            return true;
        }
    }
    return false;
}

const char *sensitivity_name(enum sensitivity sensitivity) {
    return sensitivity_names[sensitivity];
}

bool sensitivity_parse(const char *name, enum sensitivity *sensitivity) {
    for (int i = 0; i < SENSITIVITY_COUNT; i++) {
        if (strcmp(name, sensitivity_names[i]) == 0) {
            *sensitivity = (enum sensitivity)i;
            return true;
        }
    }
    return false;
}

const char *signal_kind_name(enum signal_kind kind) {
    static const char *const names[] = {
        [SIGNAL_DIRECTION] = "direction",
        [SIGNAL_UNION] = "union",
        [SIGNAL_PASSAGE] = "passage",
        [SIGNAL_RESIDUAL] = "residual",
    };

    return names[kind];
}

bool codebook_name_is_valid(const char *name) {
    size_t length = strlen(name);

    if (length == 0 || length > CODEBOOK_MAX_NAME)
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

void codebook_clear(struct codebook *codebook) {
    free(codebook->mean);
    free(codebook->scale);
    free(codebook->basis);
    for (size_t s = 0; s < CODEBOOK_MAX_SIGNALS; s++) {
        free(codebook->signals[s].directions);
        free(codebook->signals[s].offsets);
    }
    adapter_free(codebook->adapter);
    safetensors_close(codebook->file);
}

void codebook_close(struct codebook *codebook) {
    if (codebook == NULL)
        return;
    codebook_clear(codebook);
    free(codebook);
}

const struct codebook_info *codebook_get_info(const struct codebook *codebook) {
    return &codebook->info;
}

const struct adapter *codebook_get_adapter(const struct codebook *codebook) {
    return codebook->adapter;
}

const char *codebook_identity(const struct codebook *codebook) {
    return safetensors_identity(codebook->file);
}

int codebook_find_signal(const struct codebook *codebook, const char *name) {
    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        if (strcmp(codebook->signals[s].name, name) == 0)
            return (int)s;
    }
    return -1;
}

alkfw_status codebook_check_model(const struct codebook *codebook, const struct model_info *model,
                                  alkfw_error *error) {
    static const char remedy[] = "use the model that the codebook names, or a codebook of this "
                                 "model (alkfw-codebook build)";
    const struct codebook_info *info = &codebook->info;

    if (strcmp(info->architecture, model->architecture) != 0)
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "codebook %s was built on %s (architecture %s), the model is a %s; "
                               "%s",
                               info->name, info->model_id, info->architecture, model->architecture,
                               remedy);
    if (info->hidden_size != model->hidden_size)
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "codebook %s was built on %s (hidden size %u), the model has hidden "
                               "size %u; %s",
                               info->name, info->model_id, info->hidden_size, model->hidden_size,
                               remedy);
    if (strcmp(info->weights_sha256, model->weights_sha256) != 0)
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "codebook %s was built on %s (weights %.12s...), the model has "
                               "other weights (%.12s...); %s",
                               info->name, info->model_id, info->weights_sha256,
                               model->weights_sha256, remedy);
    if (info->precision != model->precision)
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "codebook %s was built at precision %s, the model runs at %s; "
                               "choose --precision=%s",
                               info->name, model_precision_name(info->precision),
                               model_precision_name(model->precision),
                               model_precision_name(info->precision));
    for (size_t i = 0; i < info->plan.n_taps; i++) {
        if (info->plan.taps[i].layer > model->n_layers)
            return alkfw_error_set(error, ALKFW_E_MISMATCH,
                                   "codebook %s reads layer %u, the model has %u; %s", info->name,
                                   info->plan.taps[i].layer, model->n_layers, remedy);
    }
    return ALKFW_OK;
}

/* ---- one window ------------------------------------------------------------ */

float codebook_dot(const float *a, const float *b, size_t n) {
    return kernels_get()->dot(a, b, n);
}

static double sum_of_squares(const float *values, size_t n) {
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (double)values[i] * (double)values[i];
    return sum;
}

/* The workspace holds z [n_features], then c [n_components]; or twice a number for each token. */
size_t codebook_workspace_size(const struct codebook *codebook) {
    size_t n_vectors = codebook->info.n_features + codebook->info.n_components;
    size_t n_tokens = 2 * (codebook->info.plan.window_tokens + (size_t)TOKENIZER_MAX_SPECIAL * 2);

    return n_vectors > n_tokens ? n_vectors : n_tokens;
}

bool codebook_find_layers(const struct codebook *codebook, struct codebook_signal *signal) {
    const struct extract_plan *plan = &codebook->info.plan;

    for (size_t i = 0; i < signal->n_layers; i++) {
        size_t tap = 0;
        while (tap < plan->n_taps && plan->taps[tap].layer != signal->layers[i])
            tap++;
        if (tap == plan->n_taps)
            return false;
        signal->layer_taps[i] = tap;
    }
    return true;
}

static void standardise(const struct codebook *codebook, const float *features, float *z) {
    for (size_t i = 0; i < codebook->info.n_features; i++)
        z[i] = (features[i] - codebook->mean[i]) * codebook->scale[i];
}

static void to_coordinates(const struct codebook *codebook, const float *z, float *c) {
    size_t n_features = codebook->info.n_features;

    for (size_t k = 0; k < codebook->info.n_components; k++)
        c[k] = codebook_dot(codebook->basis + k * n_features, z, n_features);
}

/* Energy of z outside the basis, never quite 0 so that its logarithm exists. Not fmax(), here and
 * below: it would make a benign number of what is not a number. */
static double residual_energy(const struct codebook *codebook, const float *z, const float *c) {
    size_t n_features = codebook->info.n_features;
    double energy = sum_of_squares(z, n_features) - sum_of_squares(c, codebook->info.n_components);

    double least = 1e-9 * (double)n_features;

    return energy < least ? least : energy;
}

static double projection(const struct codebook *codebook, const struct codebook_signal *signal,
                         size_t direction, const float *z) {
    size_t n_features = codebook->info.n_features;

    return (double)codebook_dot(signal->directions + direction * n_features, z, n_features) +
           (double)signal->offsets[direction];
}

/* temperature * ln sum exp(value / temperature), shifted by the largest one; -INFINITY of nothing,
 * NaN when one of them is.
 * The values become each one's share of the sum. */
static double soft_maximum(double *values, size_t n, double temperature) {
    double largest = -INFINITY;
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i]))
            return values[i];
        largest = fmax(largest, values[i]);
    }
    if (!isfinite(largest))
        return largest;
    for (size_t i = 0; i < n; i++) {
        values[i] = exp((values[i] - largest) / temperature);
        sum += values[i];
    }
    for (size_t i = 0; i < n; i++)
        values[i] /= sum;
    return largest + temperature * log(sum);
}

/* shares: [CODEBOOK_MAX_DIRECTIONS], gets each direction's part in the result. */
static double project_directions(const struct codebook *codebook,
                                 const struct codebook_signal *signal, const float *z,
                                 double *shares) {
    for (size_t d = 0; d < signal->n_directions; d++)
        shares[d] = projection(codebook, signal, d, z);
    return soft_maximum(shares, signal->n_directions, signal->temperature);
}

/* raw: of the signals before `signal`. shares: [signal], 0 for a signal that is no part of it. */
static double project_union(const struct codebook *codebook, size_t signal, const double *raw,
                            double *shares) {
    for (size_t s = 0; s < signal; s++)
        shares[s] = codebook->signals[s].kind == SIGNAL_DIRECTION ? raw[s] : -INFINITY;
    return soft_maximum(shares, signal, codebook->signals[signal].temperature);
}

void codebook_project(const struct codebook *codebook, const float *features,
                      const struct codebook_states *states, float *workspace, double *raw) {
    double shares[CODEBOOK_MAX_DIRECTIONS];
    float *z = workspace;
    float *c = workspace + codebook->info.n_features;

    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        if (codebook->signals[s].kind == SIGNAL_PASSAGE)
            raw[s] = states == NULL
                         ? NAN
                         : passage_project(codebook, &codebook->signals[s], states, workspace);
    }
    standardise(codebook, features, z); /* over what the passages left in the workspace */
    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        const struct codebook_signal *signal = &codebook->signals[s];
        switch (signal->kind) {
        case SIGNAL_DIRECTION:
            raw[s] = project_directions(codebook, signal, z, shares);
            break;
        case SIGNAL_UNION:
            raw[s] = project_union(codebook, s, raw, shares);
            break;
        case SIGNAL_PASSAGE:
            break;
        case SIGNAL_RESIDUAL:
            to_coordinates(codebook, z, c);
            raw[s] = log(residual_energy(codebook, z, c) / (double)codebook->info.n_features);
            break;
        }
    }
}

/* d ln(residual / n) / dz = 2 (z - basis^T c) / residual */
static void residual_gradient(const struct codebook *codebook, const float *z, const float *c,
                              float *gradient) {
    size_t n_features = codebook->info.n_features;
    float factor = (float)(2 / residual_energy(codebook, z, c));

    memcpy(gradient, z, n_features * sizeof *gradient);
    for (size_t k = 0; k < codebook->info.n_components; k++) {
        const float *row = codebook->basis + k * n_features;
        for (size_t i = 0; i < n_features; i++)
            gradient[i] -= c[k] * row[i];
    }
    for (size_t i = 0; i < n_features; i++)
        gradient[i] *= factor;
}

/* gradient += share * d raw / dz, with d raw / dz = sum of the directions, each by its share */
static void add_direction_gradient(const struct codebook *codebook,
                                   const struct codebook_signal *signal, const float *z,
                                   double share, float *gradient) {
    double shares[CODEBOOK_MAX_DIRECTIONS];
    size_t n_features = codebook->info.n_features;

    (void)project_directions(codebook, signal, z, shares);
    for (size_t d = 0; d < signal->n_directions; d++) {
        const float *direction = signal->directions + d * n_features;
        float factor = (float)(share * shares[d]);
        for (size_t i = 0; i < n_features; i++)
            gradient[i] += factor * direction[i];
    }
}

static void add_union_gradient(const struct codebook *codebook, size_t signal, const float *z,
                               float *gradient) {
    double raw[CODEBOOK_MAX_SIGNALS] = {0}; /* with none before `signal`, gcc sees it read */
    double shares[CODEBOOK_MAX_DIRECTIONS];

    for (size_t s = 0; s < signal; s++)
        raw[s] = codebook->signals[s].kind == SIGNAL_DIRECTION
                     ? project_directions(codebook, &codebook->signals[s], z, shares)
                     : 0;
    (void)project_union(codebook, signal, raw, shares);
    for (size_t s = 0; s < signal; s++) {
        if (shares[s] > 0)
            add_direction_gradient(codebook, &codebook->signals[s], z, shares[s], gradient);
    }
}

void codebook_gradient(const struct codebook *codebook, size_t signal, const float *features,
                       float *workspace, float *gradient) {
    size_t n_features = codebook->info.n_features;
    float *z = workspace;
    float *c = workspace + n_features;

    standardise(codebook, features, z);
    memset(gradient, 0, n_features * sizeof *gradient);
    switch (codebook->signals[signal].kind) {
    case SIGNAL_DIRECTION:
        add_direction_gradient(codebook, &codebook->signals[signal], z, 1, gradient);
        break;
    case SIGNAL_UNION:
        add_union_gradient(codebook, signal, z, gradient);
        break;
    case SIGNAL_PASSAGE:
        break;
    case SIGNAL_RESIDUAL:
        to_coordinates(codebook, z, c);
        residual_gradient(codebook, z, c, gradient);
        break;
    }
    for (size_t i = 0; i < n_features; i++)
        gradient[i] *= codebook->scale[i];
}

/* Beyond +-700 exp() would leave the range of doubles; p-values of 1e-304 say enough. What is not a
 * number (features that overflowed) must not pass as benign. */
static double clamp_evidence(double evidence) {
    if (isnan(evidence))
        return 700;
    return fmin(fmax(evidence, -700), 700);
}

double codebook_evidence(const struct codebook *codebook, size_t signal, double raw) {
    return clamp_evidence(spline_value(&codebook->signals[signal].distribution.benign, raw));
}

double codebook_raw(const struct codebook *codebook, size_t signal, double evidence) {
    return spline_inverse(&codebook->signals[signal].distribution.benign, evidence);
}

double codebook_hostile_p_value(const struct codebook *codebook, size_t signal, double raw) {
    return codebook_p_value(
        clamp_evidence(spline_value(&codebook->signals[signal].distribution.hostile, raw)));
}

double codebook_weight(const struct codebook *codebook, size_t signal) {
    return codebook->weights[signal];
}

double codebook_p_value(double evidence) {
    return 1 / (1 + exp(evidence));
}

/* -ln of the p-value of some evidence, exact in both tails. */
static double surprise(double evidence) {
    return evidence > 0 ? evidence + log1p(exp(-evidence)) : log1p(exp(evidence));
}

/* A weighted sum of the raw values, which the benign spline gives back from the evidence: evidence
 * bends the tails of a signal, and the sum ranks better without that. */
static double logistic_statistic(const struct codebook *codebook, const double *evidence) {
    double sum = codebook->weights[codebook->info.n_signals];

    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        if (codebook->weights[s] != 0)
            sum += codebook->weights[s] * codebook_raw(codebook, s, evidence[s]);
    }
    return sum;
}

static double max_statistic(const struct codebook *codebook, const double *evidence) {
    double largest = evidence[0];

    for (size_t s = 1; s < codebook->info.n_signals; s++)
        largest = fmax(largest, evidence[s]);
    return largest;
}

/* Noisy or of the signals' scores q = p_balanced / (p_balanced + p): -ln of prod (1 - q). */
static double noisy_or_statistic(const struct codebook *codebook, const double *evidence) {
    double sum = 0;

    for (size_t s = 0; s < codebook->info.n_signals; s++) {
        const struct codebook_distribution *distribution = &codebook->signals[s].distribution;
        sum += log1p(distribution->operating_p[SENSITIVITY_BALANCED] * exp(surprise(evidence[s])));
    }
    return sum;
}

/* R. A. Fisher, Statistical methods for research workers (1932): -2 sum ln p. */
static double fisher_statistic(const struct codebook *codebook, const double *evidence) {
    double sum = 0;

    for (size_t s = 0; s < codebook->info.n_signals; s++)
        sum += surprise(evidence[s]);
    return 2 * sum;
}

/* S. A. Stouffer et al., The American soldier (1949): sum of z over sqrt(n). */
static double stouffer_statistic(const struct codebook *codebook, const double *evidence) {
    double sum = 0;

    for (size_t s = 0; s < codebook->info.n_signals; s++)
        sum += normal_from_evidence(evidence[s]);
    return sum / sqrt((double)codebook->info.n_signals);
}

double codebook_statistic_value(const struct codebook *codebook, enum composition composition,
                                const double *evidence) {
    switch (composition) {
    case COMPOSITION_MAX:
        return max_statistic(codebook, evidence);
    case COMPOSITION_NOISY_OR:
        return noisy_or_statistic(codebook, evidence);
    case COMPOSITION_FISHER:
        return fisher_statistic(codebook, evidence);
    case COMPOSITION_STOUFFER:
        return stouffer_statistic(codebook, evidence);
    case COMPOSITION_LOGISTIC:
    case COMPOSITION_COUNT:
        break;
    }
    return logistic_statistic(codebook, evidence);
}

double codebook_compose(const struct codebook *codebook, enum composition composition,
                        const double *evidence) {
    return clamp_evidence(spline_value(&codebook->compositions[composition].benign,
                                       codebook_statistic_value(codebook, composition, evidence)));
}

/* ---- one text -------------------------------------------------------------- */

static const struct codebook_distribution *find_distribution(const struct codebook *codebook,
                                                             struct codebook_statistic statistic) {
    return statistic.composed ? &codebook->compositions[statistic.composition]
                              : &codebook->signals[statistic.signal].distribution;
}

/* 1 - (1 - p)^(n^g): Sidak's correction with as many independent windows as the exponent says.
 * Z. Sidak, "Rectangular confidence regions for the means of multivariate normal distributions",
 * J. Am. Stat. Assoc. 62 (1967). */
double codebook_text_p_value(const struct codebook *codebook, struct codebook_statistic statistic,
                             double p_value, size_t n_windows) {
    double exponent = find_distribution(codebook, statistic)->window_exponent;
    double corrected = -expm1(pow((double)n_windows, exponent) * log1p(-p_value));

    return fmin(fmax(corrected, 1e-304), 1);
}

double codebook_score(const struct codebook *codebook, struct codebook_statistic statistic,
                      double text_p_value) {
    double balanced = find_distribution(codebook, statistic)->operating_p[SENSITIVITY_BALANCED];

    return balanced / (balanced + text_p_value);
}

double codebook_threshold(const struct codebook *codebook, struct codebook_statistic statistic,
                          enum sensitivity sensitivity) {
    return codebook_score(codebook, statistic,
                          find_distribution(codebook, statistic)->operating_p[sensitivity]);
}
