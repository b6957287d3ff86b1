/* SPDX-License-Identifier: Apache-2.0 */
#include "alkfw-codebook/model_choice.h"

#include <stdlib.h>
#include <string.h>

#include "hub/default_model.h"
#include "hub/hub.h"

alkfw_status model_choice_find(const struct options *options, char **directory,
                               alkfw_error *error) {
    struct hub_environment environment;

    alkfw_status status = hub_environment_read(&environment, error);
    if (status != ALKFW_OK)
        return status;
    status =
        hub_resolve_model(&environment, options->model != NULL ? options->model : HUB_DEFAULT_MODEL,
                          !options->offline, directory, error);
    hub_environment_free(&environment);
    return status;
}

/* The name of a directory without the path to it; "model" for "/". */
static char *last_component(const char *path) {
    size_t end = strlen(path);

    while (end > 0 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    return end == start ? strdup("model") : strndup(path + start, end - start);
}

/* The default model is known by its weights, wherever it lies; another by what it was asked for
 * as: "owner/name[@revision]" or a directory. */
static alkfw_status identify(const struct options *options, const struct model_info *info,
                             struct model_identity *identity, alkfw_error *error) {
    const char *model = options->model != NULL ? options->model : HUB_DEFAULT_MODEL;
    const char *at = strrchr(model, '@');

    if (strcmp(info->weights_sha256, HUB_DEFAULT_MODEL_SHA256) == 0) {
        identity->id = strdup(HUB_DEFAULT_MODEL_ID);
        identity->revision = strdup(HUB_DEFAULT_MODEL_REVISION);
    } else if (at != NULL && at > model && model[0] != '.' && model[0] != '/') {
        identity->id = strndup(model, (size_t)(at - model));
        identity->revision = strdup(at + 1);
    } else {
        bool on_hub = model[0] != '.' && model[0] != '/' && hub_is_repository_id(model);
        identity->id = on_hub ? strdup(model) : last_component(model);
        identity->revision = strdup("");
    }
    if (identity->id == NULL || identity->revision == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the model's name");
    return ALKFW_OK;
}

alkfw_status model_choice_open(const struct options *options, const struct adapter *adapter,
                               uint32_t deepest_layer, struct model **model,
                               struct model_identity *identity, alkfw_error *error) {
    char *directory = NULL;

    *model = NULL;
    memset(identity, 0, sizeof *identity);
    alkfw_status status = model_choice_find(options, &directory, error);
    if (status != ALKFW_OK)
        return status;
    enum model_precision precision =
        options->precision == MODEL_PRECISION_AUTO ? MODEL_PRECISION_FP32 : options->precision;
    const struct model_options model_options = {.directory = directory,
                                                .backend = options->backend,
                                                .device = options->device,
                                                .precision = precision,
                                                .deepest_layer = deepest_layer,
                                                .adapter = adapter};
    status = model_open(&model_options, model, error);
    free(directory);
    if (status == ALKFW_OK)
        status = identify(options, model_get_info(*model), identity, error);
    if (status != ALKFW_OK) {
        model_close(*model);
        *model = NULL;
    }
    return status;
}
