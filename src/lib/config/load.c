/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/yaml.h"
#include "support/buffer.h"

/* Read, not mapped: a configuration may come from a pipe, `--config=<(...)`. */
static alkfw_status read_all(const char *path, struct buffer *buffer, alkfw_error *error) {
    alkfw_status status = ALKFW_OK;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);

    if (descriptor < 0)
        return alkfw_error_set(error, errno == ENOENT ? ALKFW_E_MISSING : ALKFW_E_IO,
                               "cannot open configuration %s: %s", path, strerror(errno));
    for (;;) {
        if (!buffer_reserve(buffer, 4096)) {
            status = alkfw_error_set(error, ALKFW_E_CONFIG, "configuration %s is over %d bytes",
                                     path, (int)CONFIG_FILE_CEILING);
            break;
        }
        ssize_t n_read = read(descriptor, buffer->bytes + buffer->length, 4096);
        if (n_read < 0 && errno == EINTR)
            continue;
        if (n_read < 0)
            status = alkfw_error_set(error, ALKFW_E_IO, "cannot read configuration %s: %s", path,
                                     strerror(errno));
        if (n_read <= 0)
            break;
        buffer->length += (size_t)n_read;
    }
    (void)close(descriptor);
    return status;
}

alkfw_status alkfw_config_load(alkfw_config *config, const char *path, alkfw_error *error) {
    struct buffer buffer;
    alkfw_config *loaded = NULL;

    buffer_init(&buffer, CONFIG_FILE_CEILING + 4096);
    alkfw_status status = read_all(path, &buffer, error);
    if (status != ALKFW_OK)
        goto out;
    status = alkfw_config_new(&loaded, error);
    if (status != ALKFW_OK)
        goto out;
    status = config_yaml_parse(loaded, buffer.bytes != NULL ? buffer.bytes : "", buffer.length,
                               path, error);
    if (status != ALKFW_OK)
        goto out;
    /* All of it is good: only now does it replace what was set before. */
    for (int i = 0; i < CONFIG_KEY_COUNT; i++) {
        if (loaded->values[i] == NULL)
            continue;
        free(config->values[i]);
        config->values[i] = loaded->values[i];
        loaded->values[i] = NULL;
    }
out:
    alkfw_config_free(loaded);
    buffer_free(&buffer);
    return status;
}
