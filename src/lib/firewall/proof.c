/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/proof.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "codebook/digest.h"
#include "support/atomic_file.h"
#include "support/cache_folder.h"
#include "support/mapped_file.h"

/* The file that this code was loaded from: another build may compute otherwise under the same
 * version. "" when that cannot be said. */
static void identify_code(char identity[FILE_IDENTITY_SIZE]) {
    static const char anchor;
    Dl_info code;
    struct stat info;

    identity[0] = '\0';
    /* A relative name is relative to where the program was started, not to where it is now. */
    if (dladdr(&anchor, &code) != 0 && code.dli_fname != NULL && code.dli_fname[0] == '/' &&
        stat(code.dli_fname, &info) == 0)
        file_identity(&info, identity);
}

static void name_note(struct proof *proof, const char *cache_directory) {
    char key[DIGEST_HEX_SIZE];
    struct digest digest;
    size_t size = strlen(cache_directory) + DIGEST_HEX_SIZE + sizeof "/" CACHE_PROOF_SUFFIX;

    digest_begin(&digest);
    digest_metadata(&digest, "proof", proof->text);
    digest_end(&digest, key);
    proof->directory = cache_directory;
    proof->path = malloc(size);
    if (proof->path != NULL)
        (void)snprintf(proof->path, size, "%s/%s" CACHE_PROOF_SUFFIX, cache_directory, key);
}

void proof_init(struct proof *proof, const char *cache_directory, const struct codebook *codebook,
                const struct model *model) {
    const struct codebook_info *info = codebook_get_info(codebook);
    const struct model_info *runs = model_get_info(model);
    char code[FILE_IDENTITY_SIZE];

    memset(proof, 0, sizeof *proof);
    identify_code(code);
    if (cache_directory == NULL || code[0] == '\0' || runs->identity[0] == '\0' ||
        codebook_identity(codebook)[0] == '\0')
        return;
    int length = snprintf(proof->text, sizeof proof->text,
                          "alkfw %s proved\n"
                          "code %s\n"
                          "codebook %s\nsha256 %s\n"
                          "weights %s\nsha256 %s\n"
                          "backend %s, kernels %s, precision %s\n",
                          alkfw_version(), code, codebook_identity(codebook), info->sha256,
                          runs->identity, runs->weights_sha256, runs->backend, runs->kernel,
                          runs->precision == MODEL_PRECISION_INT8 ? "int8" : "fp32");
    if (length > 0 && (size_t)length < sizeof proof->text)
        name_note(proof, cache_directory);
}

void proof_free(struct proof *proof) {
    free(proof->path);
    proof->path = NULL;
}

bool proof_holds(const struct proof *proof) {
    struct mapped_file file;
    alkfw_error ignored;
    size_t length = strlen(proof->text);

    if (proof->path == NULL || mapped_file_open(&file, proof->path, "proof", &ignored) != ALKFW_OK)
        return false;
    /* All of it, not only its name: a note that was cut short by a crash proves nothing. */
    bool holds = file.n_bytes == length && memcmp(file.bytes, proof->text, length) == 0;
    mapped_file_close(&file);
    return holds;
}

void proof_keep(const struct proof *proof) {
    struct atomic_file file;
    alkfw_error ignored;

    if (proof->path == NULL || atomic_file_begin(&file, proof->path, "proof", &ignored) != ALKFW_OK)
        return;
    if (atomic_file_write(&file, proof->text, strlen(proof->text), &ignored) != ALKFW_OK ||
        atomic_file_commit(&file, &ignored) != ALKFW_OK)
        atomic_file_abort(&file);
    cache_folder_sweep(proof->directory, NULL, NULL);
}
