/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include <stdlib.h>
#include <string.h>

#include "support/number.h"

alkfw_status alkfw_config_new(alkfw_config **config, alkfw_error *error) {
    *config = calloc(1, sizeof **config);
    if (*config == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the configuration");
    return ALKFW_OK;
}

void alkfw_config_free(alkfw_config *config) {
    if (config == NULL)
        return;
    for (int i = 0; i < CONFIG_KEY_COUNT; i++)
        free(config->values[i]);
    free(config);
}

alkfw_status alkfw_config_set(alkfw_config *config, const char *key, const char *value,
                              const char *origin, alkfw_error *error) {
    int index = config_key_find(key);
    char *canonical;

    if (index < 0) {
        const char *nearest = config_key_nearest(key);
        return alkfw_error_set(error, ALKFW_E_CONFIG, "%s: unknown key '%s'%s%s%s", origin, key,
                               nearest != NULL ? "; did you mean '" : "",
                               nearest != NULL ? nearest : "", nearest != NULL ? "'?" : "");
    }
    alkfw_status status =
        config_key_canonical(&config_keys[index], value, origin, &canonical, error);
    if (status != ALKFW_OK)
        return status;
    free(config->values[index]);
    config->values[index] = canonical;
    return ALKFW_OK;
}

const char *alkfw_config_get(const alkfw_config *config, const char *key) {
    int index = config_key_find(key);

    if (index < 0)
        return NULL;
    return config->values[index] != NULL ? config->values[index] : config_keys[index].default_value;
}

const char *alkfw_config_key(size_t index) {
    return index < CONFIG_KEY_COUNT ? config_keys[index].name : NULL;
}

const char *alkfw_config_help(const char *key) {
    int index = config_key_find(key);

    return index < 0 ? NULL : config_keys[index].help;
}

bool config_number(const alkfw_config *config, const char *key, double *value) {
    const char *text = alkfw_config_get(config, key);
    return text != NULL && number_parse_double(text, value);
}

bool config_integer(const alkfw_config *config, const char *key, uint64_t *value) {
    const char *text = alkfw_config_get(config, key);
    return text != NULL && number_parse_unsigned(text, value);
}

bool config_boolean(const alkfw_config *config, const char *key) {
    const char *text = alkfw_config_get(config, key);
    return text != NULL && strcmp(text, "true") == 0;
}
