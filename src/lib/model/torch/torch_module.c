/* SPDX-License-Identifier: Apache-2.0 */
#include "model/torch/torch_module.h"

#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/build_tree.h"
#include "support/mapped_file.h"

#define MODULE "alkfw-torch.so"

static const char remedy[] =
    "install libtorch (Debian: apt install libtorch-dev; or pip install torch; or unpack one from "
    "pytorch.org), build alkfw with ./configure --with-torch=DIR and install it, or take "
    "--backend=native";

/* ---- where it is --------------------------------------------------------- */

/* The folder of the shared object that this code is in, libalkfw or a program. */
static bool own_folder(char folder[PATH_MAX]) {
    Dl_info info;
    char *real = NULL;

    /* Of a program dladdr knows only how it was called. */
    if (dladdr(&remedy, &info) != 0 && info.dli_fname != NULL &&
        strstr(info.dli_fname, "libalkfw.so") != NULL)
        real = realpath(info.dli_fname, NULL);
    if (real == NULL)
        real = realpath("/proc/self/exe", NULL);
    char *slash = real != NULL ? strrchr(real, '/') : NULL;
    bool found = slash != NULL && (size_t)(slash - real) < PATH_MAX;
    if (found) {
        *slash = '\0';
        (void)snprintf(folder, PATH_MAX, "%s", real);
    }
    free(real);
    return found;
}

static bool exists_below(const char *folder, const char *name, char path[PATH_MAX]) {
    int length = snprintf(path, PATH_MAX, "%s/%s", folder, name);

    return length > 0 && length < PATH_MAX && access(path, F_OK) == 0;
}

static bool find_module(char path[PATH_MAX]) {
    char folder[PATH_MAX];
    char tree[PATH_MAX];

    if (own_folder(folder)) {
        if (build_tree_find(folder, tree)) /* what is installed is not its business */
            return exists_below(tree, ".libs/" MODULE, path);
        if (exists_below(folder, "alkfw/" MODULE, path) ||
            exists_below(folder, "../lib/alkfw/" MODULE, path))
            return true;
    }
    return exists_below(ALKFW_PKGLIBDIR, MODULE, path);
}

/* ---- whether it is whole ------------------------------------------------- */

static bool reaches(size_t n_bytes, uint64_t offset, uint64_t length) {
    return offset <= n_bytes && length <= n_bytes - offset;
}

/* Whether all that the ELF header speaks of is in the file: of one that was cut short dlopen maps
 * what is not there, and dies of it. */
static bool is_whole(const unsigned char *bytes, size_t n_bytes) {
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;

    if (n_bytes < sizeof header)
        return false;
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phentsize != sizeof segment ||
        !reaches(n_bytes, header.e_phoff, (uint64_t)header.e_phnum * sizeof segment) ||
        !reaches(n_bytes, header.e_shoff, (uint64_t)header.e_shnum * header.e_shentsize))
        return false;
    for (size_t i = 0; i < header.e_phnum; i++) {
        memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_LOAD && !reaches(n_bytes, segment.p_offset, segment.p_filesz))
            return false;
    }
    return true;
}

static alkfw_status check_whole(const char *path, alkfw_error *error) {
    struct mapped_file file;
    alkfw_status status = mapped_file_open(&file, path, "module", error);

    if (status != ALKFW_OK)
        return status;
    if (!is_whole(file.bytes, file.n_bytes))
        status =
            alkfw_error_set(error, ALKFW_E_FORMAT,
                            "%s is no shared object, or was cut short: install it again", path);
    mapped_file_close(&file);
    return status;
}

/* ---- whether it fits ----------------------------------------------------- */

/* The version is compared first: of another one the sizes need not be there. */
static bool fits(const struct torch_api *api) {
    return api != NULL && api->shim_version == TORCH_SHIM_VERSION && api->api_size == sizeof *api &&
           api->description_size == sizeof(struct torch_description) &&
           api->config_size == sizeof(struct model_config) &&
           api->architecture_size == sizeof(struct architecture) &&
           api->n_roles == N_TENSOR_ROLES && strcmp(api->alkfw_version, alkfw_version()) == 0;
}

static alkfw_status load(const char *path, const struct torch_api **api, alkfw_error *error) {
    const struct torch_api *(*get)(void);
    alkfw_status status = check_whole(path, error);

    if (status != ALKFW_OK)
        return status;
    /* Its symbols are nobody else's business, and all of them must be there now. */
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL)
        return alkfw_error_set(error, ALKFW_E_UNSUPPORTED,
                               "cannot load the backend \"torch\": %s; the module must be built "
                               "with the libtorch that is installed: %s",
                               dlerror(), remedy);
    void *symbol = dlsym(module, TORCH_SHIM_SYMBOL);
    if (symbol == NULL)
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "%s is no module of alkfw: it lacks the symbol " TORCH_SHIM_SYMBOL,
                               path);
    memcpy(&get, &symbol, sizeof get); /* ISO C has no conversion between the two */
    *api = get();
    if (!fits(*api))
        return alkfw_error_set(error, ALKFW_E_MISMATCH,
                               "%s is of another version of alkfw (its interface is %u, that of "
                               "alkfw %s is %d): install the two together",
                               path, *api != NULL ? (*api)->shim_version : 0, alkfw_version(),
                               TORCH_SHIM_VERSION);
    return ALKFW_OK;
}

alkfw_status torch_module_load(const char *path, const struct torch_api **api, alkfw_error *error) {
    char found[PATH_MAX];

    *api = NULL;
    if (path == NULL && find_module(found))
        path = found;
    if (path == NULL || access(path, F_OK) != 0)
        return alkfw_error_set(
            error, ALKFW_E_MISSING,
            "the backend \"torch\" needs the module " MODULE ", which is not there: %s", remedy);
    return load(path, api, error);
}
