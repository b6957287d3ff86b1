/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model_config_json.h"

bool config_has(const struct config_reader *reader, const char *key) {
    const json_t *value = key != NULL ? json_object_get(reader->json, key) : NULL;

    return value != NULL && !json_is_null(value);
}

alkfw_status config_size(const struct config_reader *reader, const char *key, uint32_t least,
                         uint32_t ceiling, uint32_t *result) {
    const json_t *value = json_object_get(reader->json, key);

    if (!json_is_integer(value) || json_integer_value(value) < (json_int_t)least ||
        json_integer_value(value) > (json_int_t)ceiling)
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: \"%s\" is not a number from %u to %u", reader->name, key, least,
                               ceiling);
    *result = (uint32_t)json_integer_value(value);
    return ALKFW_OK;
}

alkfw_status config_real(const struct config_reader *reader, const char *key, float otherwise,
                         double low, double high, float *result) {
    *result = otherwise;
    if (!config_has(reader, key))
        return ALKFW_OK;
    const json_t *value = json_object_get(reader->json, key);
    double number = json_number_value(value); /* 0 for what is no number */
    if (!json_is_number(value) || !(number > low && number < high))
        return alkfw_error_set(reader->error, ALKFW_E_FORMAT,
                               "%s: \"%s\" is not a number between %g and %g", reader->name, key,
                               low, high);
    *result = (float)number;
    return ALKFW_OK;
}

bool config_flag(const struct config_reader *reader, const struct architecture_flag *flag) {
    return config_has(reader, flag->key) ? json_is_true(json_object_get(reader->json, flag->key))
                                         : flag->otherwise;
}
