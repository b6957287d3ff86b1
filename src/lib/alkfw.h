/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw.h: the public interface of libalkfw, a firewall for text that is about
 * to be read by a large language model.
 *
 * Ownership: whatever a function returns through a pointer-to-pointer belongs to
 * the caller and is released by the matching *_free or *_close; every string
 * reached through such an object lives as long as the object. Functions that
 * take strings copy what they keep.
 *
 * Errors: functions that can fail return alkfw_status and fill an alkfw_error
 * that the caller passes in (never NULL). The library never prints, exits, reads
 * the environment, or touches the network.
 *
 * Threads: an alkfw_firewall may be used from several threads at once. All other
 * objects belong to one thread at a time.
 */
#ifndef ALKFW_H
#define ALKFW_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ALKFW_API __attribute__((visibility("default")))
#define ALKFW_MUST_CHECK __attribute__((warn_unused_result))
#define ALKFW_PRINTF(string, first) __attribute__((format(printf, string, first)))
#else
#define ALKFW_API
#define ALKFW_MUST_CHECK
#define ALKFW_PRINTF(string, first)
#endif

/* ---- errors ------------------------------------------------------------- */

typedef enum alkfw_status {
    ALKFW_OK = 0,
    ALKFW_E_MEMORY,      /* out of memory */
    ALKFW_E_ARGUMENT,    /* the caller passed something meaningless */
    ALKFW_E_IO,          /* a system call failed; the message has strerror's text */
    ALKFW_E_MISSING,     /* a file, model, codebook or backend is not there */
    ALKFW_E_FORMAT,      /* a file is damaged or is not what its name says */
    ALKFW_E_UNSUPPORTED, /* well-formed, but of a kind that this version cannot use */
    ALKFW_E_MISMATCH,    /* parts that do not belong together: a codebook of another model */
    ALKFW_E_CONFIG,      /* the configuration is wrong: unknown key, value out of range */
    ALKFW_E_LIMIT,       /* an input is over a ceiling (max_bytes) */
    ALKFW_E_RECORD,      /* a record that cannot be read: broken JSON, absent field */
    ALKFW_E_CANARY,      /* the model does not give the scores that the codebook stores */
    ALKFW_E_NETWORK      /* a download failed */
} alkfw_status;

enum { ALKFW_MESSAGE_SIZE = 1024 };

/* An error as a value. `message` is one line of UTF-8 without a newline; anything
 * in it that came from outside is escaped already (see alkfw_error_set). */
typedef struct alkfw_error {
    alkfw_status status;
    char message[ALKFW_MESSAGE_SIZE];
} alkfw_error;

/* The stable name of a status, as it stands in a verdict: "ok", "memory", "io", ... */
ALKFW_API const char *alkfw_status_name(alkfw_status status);

/* Fills *error and returns `status`. The formatted text has its control bytes and
 * invalid UTF-8 escaped as \xHH and is cut at a character boundary when it is longer than
 * ALKFW_MESSAGE_SIZE - 1 bytes, so a hostile file name cannot reach a terminal. */
ALKFW_API alkfw_status alkfw_error_set(alkfw_error *error, alkfw_status status, const char *format,
                                       ...) ALKFW_PRINTF(3, 4);

ALKFW_API const char *alkfw_version(void); /* "0.1.0" */

/* Writes what this library can run models with, a line for each backend with its kernels or
 * devices, cut when out_size is too small, and returns the length of all of it. It loads the
 * backend torch to ask for its devices. */
ALKFW_API size_t alkfw_describe(char *out, size_t out_size);

/* ---- configuration ------------------------------------------------------ */

/* What to run and how to judge. Every setting has one name in one schema, whether it comes
 * from YAML, from the environment (the program's task), or from an option; alkfw.yaml(5)
 * lists them. A later set replaces an earlier one: the caller applies its sources in order
 * of precedence, weakest first. */
typedef struct alkfw_config alkfw_config;

ALKFW_API ALKFW_MUST_CHECK alkfw_status alkfw_config_new(alkfw_config **config, alkfw_error *error);
ALKFW_API void alkfw_config_free(alkfw_config *config);

/* Reads a YAML file over what is set. On error nothing of the file is applied, and the message
 * names file, line and column, and for an unknown key the nearest known one. */
ALKFW_API ALKFW_MUST_CHECK alkfw_status alkfw_config_load(alkfw_config *config, const char *path,
                                                          alkfw_error *error);

/* Sets one key ("threshold", "model") from text. `origin` names where the value comes from in a
 * message ("--threshold", "ALKFW_THRESHOLD"). */
ALKFW_API ALKFW_MUST_CHECK alkfw_status alkfw_config_set(alkfw_config *config, const char *key,
                                                         const char *value, const char *origin,
                                                         alkfw_error *error);

/* The value of a key in text form, its default when it was not set, or NULL when it has none or
 * is unknown. Valid until the next change of the configuration. */
ALKFW_API const char *alkfw_config_get(const alkfw_config *config, const char *key);

/* The names of all keys, index 0, 1, ... until NULL, and a line of help for one (NULL when
 * unknown). */
ALKFW_API const char *alkfw_config_key(size_t index);
ALKFW_API const char *alkfw_config_help(const char *key);

/* ---- firewall ----------------------------------------------------------- */

typedef struct alkfw_firewall alkfw_firewall;

typedef enum alkfw_decision {
    ALKFW_PASS = 0,
    ALKFW_REVIEW, /* score in the review band; only when `review` is set */
    ALKFW_ALARM,
    ALKFW_ERROR /* not scored: never to be read as a pass */
} alkfw_decision;

ALKFW_API const char *alkfw_decision_name(alkfw_decision decision); /* "pass", ... */

/* What one behavioural signal says of a text. */
typedef struct alkfw_signal {
    const char *name; /* "override", ...: one of the codebook's signals */
    double raw;       /* projection of the strongest window on the signal's direction, unitless */
    double p_value;   /* P(raw or more | benign text), corrected for the windows, in (0, 1] */
    double score;     /* in [0, 1]; 0.5 is the codebook's operating point, see doc/formats.md */
    size_t start;     /* span of bytes of the text that carried it: [start, end) */
    size_t end;
} alkfw_signal;

typedef struct alkfw_alarm {
    const char *signal;
    const char *severity; /* "low", "medium", "high", "critical" */
    double score;
    double p_value;
    size_t start; /* byte offsets into the text, [start, end) */
    size_t end;
} alkfw_alarm;

typedef struct alkfw_verdict {
    alkfw_decision decision;
    double score;     /* composed and calibrated, in [0, 1] */
    double p_value;   /* of the composed score under benign text */
    double threshold; /* a score of at least this is an alarm */
    size_t n_signals;
    const alkfw_signal *signals; /* [n_signals], in the codebook's order */
    size_t n_alarms;
    const alkfw_alarm *alarms; /* [n_alarms], strongest first; empty unless ALKFW_ALARM */
    size_t n_bytes;
    size_t n_windows;
    size_t n_tokens;
    alkfw_error error; /* set when decision is ALKFW_ERROR */
} alkfw_verdict;

typedef struct alkfw_text {
    const char *bytes; /* any bytes at all; invalid UTF-8 is read as U+FFFD */
    size_t n_bytes;
} alkfw_text;

/* Loads model and codebook as the configuration says and proves them on the codebook's
 * canaries. "model" must be set to a directory and "codebook" to a file. */
ALKFW_API ALKFW_MUST_CHECK alkfw_status alkfw_open(const alkfw_config *config,
                                                   alkfw_firewall **firewall, alkfw_error *error);
/* The same with a model's directory and a codebook's file, and all other settings at their
 * defaults. */
ALKFW_API ALKFW_MUST_CHECK alkfw_status alkfw_open_files(const char *model, const char *codebook,
                                                         alkfw_firewall **firewall,
                                                         alkfw_error *error);
ALKFW_API void alkfw_close(alkfw_firewall *firewall);

/* Scores n texts and gives one verdict for each, in order: *verdicts is [n_texts], released
 * with alkfw_verdicts_free. Windows are spread over the firewall's threads. A text that cannot
 * be scored has the decision ALKFW_ERROR; the others are still scored. The call itself fails
 * only when no verdict at all can be given. */
ALKFW_API ALKFW_MUST_CHECK alkfw_status alkfw_scan(alkfw_firewall *firewall,
                                                   const alkfw_text *texts, size_t n_texts,
                                                   alkfw_verdict **verdicts, alkfw_error *error);
/* The same for one text: *verdict is one, released with alkfw_verdicts_free(verdict, 1). */
ALKFW_API ALKFW_MUST_CHECK alkfw_status alkfw_scan_text(alkfw_firewall *firewall, const char *bytes,
                                                        size_t n_bytes, alkfw_verdict **verdict,
                                                        alkfw_error *error);
ALKFW_API void alkfw_verdicts_free(alkfw_verdict *verdicts, size_t n_verdicts);

/* Identities for a report: "sentence-transformers/all-MiniLM-L6-v2@<revision>" and
 * "<codebook name>@<first 12 digits of its sha256>". */
ALKFW_API const char *alkfw_model_id(const alkfw_firewall *firewall);
ALKFW_API const char *alkfw_codebook_id(const alkfw_firewall *firewall);

#ifdef __cplusplus
}
#endif

#endif
