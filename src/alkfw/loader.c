/* SPDX-License-Identifier: Apache-2.0 */
#include "loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/message.h"
#include "hub/hub.h"
#include "locate.h"

static alkfw_status set_path(alkfw_config *config, const char *key, const char *path,
                             alkfw_error *error) {
    message_info("%s: %s", key, path);
    return alkfw_config_set(config, key, path, key, error);
}

/* The folder for packed weights, made when it is not there. Without it a start costs more, so
 * nothing that goes wrong here is an error. */
static alkfw_status use_cache(alkfw_config *config, alkfw_error *error) {
    alkfw_status status = ALKFW_OK;
    char *path = locate_cache();

    if (path != NULL && alkfw_config_get(config, "cache_dir") == NULL) {
        /* The folder above it too: a fresh home has no .cache. */
        char *slash = strrchr(path, '/');
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
        if (mkdir(path, 0700) == 0 || errno == EEXIST)
            status = set_path(config, "cache_dir", path, error);
        else
            message_info("%s: cannot create: %s", path, strerror(errno));
    }
    free(path);
    return status;
}

/* The codebook that is configured, or the installed one: each precision has its own, calibrated on
 * the activations that it gives. */
static alkfw_status codebook_name(const struct settings *settings, char **name,
                                  alkfw_error *error) {
    const char *configured = alkfw_config_get(settings->config, "codebook");
    const char *precision = alkfw_config_get(settings->config, "precision");
    const char *installed = precision != NULL && strcmp(precision, "int8") == 0
                                ? "default-int8.codebook"
                                : "default.codebook";

    *name = configured != NULL ? strdup(configured) : locate_codebook(installed);
    if (*name == NULL)
        return alkfw_error_set(error, ALKFW_E_MISSING,
                               "%s is not installed; name a codebook with --codebook", installed);
    return ALKFW_OK;
}

alkfw_status loader_open(const struct settings *settings, alkfw_firewall **firewall,
                         alkfw_error *error) {
    struct hub_environment environment;
    char *model = NULL, *name = NULL, *codebook = NULL;

    alkfw_status status = hub_environment_read(&environment, error);
    if (status != ALKFW_OK)
        return status;
    status = hub_resolve_model(&environment, alkfw_config_get(settings->config, "model"),
                               !settings->offline, &model, error);
    if (status == ALKFW_OK)
        status = set_path(settings->config, "model", model, error);
    if (status == ALKFW_OK)
        status = codebook_name(settings, &name, error);
    if (status == ALKFW_OK)
        status = hub_resolve_codebook(&environment, name, !settings->offline, &codebook, error);
    if (status == ALKFW_OK)
        status = set_path(settings->config, "codebook", codebook, error);
    if (status == ALKFW_OK)
        status = use_cache(settings->config, error);
    if (status == ALKFW_OK)
        status = alkfw_open(settings->config, firewall, error);
    free(codebook);
    free(name);
    free(model);
    hub_environment_free(&environment);
    return status;
}

alkfw_status loader_fetch(const struct settings *settings, alkfw_error *error) {
    struct hub_environment environment;
    char *model = NULL, *name = NULL, *codebook = NULL;

    alkfw_status status = hub_environment_read(&environment, error);
    if (status != ALKFW_OK)
        return status;
    environment.offline = environment.offline || settings->offline;
    status = hub_fetch_model(&environment, alkfw_config_get(settings->config, "model"),
                             settings->options.to, &model, error);
    if (status == ALKFW_OK)
        status = codebook_name(settings, &name, error);
    if (status == ALKFW_OK)
        status = hub_fetch_codebook(&environment, name, settings->options.to, &codebook, error);
    if (status == ALKFW_OK) {
        message_info("model: %s", model);
        message_info("codebook: %s", codebook);
    }
    free(codebook);
    free(name);
    free(model);
    hub_environment_free(&environment);
    return status;
}
