/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/proof.h"

#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/digest.h"
#include "support/atomic_file.h"
#include "support/cache_folder.h"
#include "support/mapped_file.h"

enum { MAX_BUILD_ID = 32, CODE_SIZE = 2 * MAX_BUILD_ID + 1 };

/* The build id in a segment of notes, in hex. */
static bool read_build_id(const unsigned char *notes, size_t n_bytes, char code[CODE_SIZE]) {
    ElfW(Nhdr) note;

    while (n_bytes >= sizeof note) {
        memcpy(&note, notes, sizeof note);
        size_t n_name = ((size_t)note.n_namesz + 3) / 4 * 4;
        size_t n_value = ((size_t)note.n_descsz + 3) / 4 * 4;
        if (n_name > n_bytes - sizeof note || n_value > n_bytes - sizeof note - n_name)
            return false;
        const unsigned char *value = notes + sizeof note + n_name;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_descsz > 0 && note.n_descsz <= MAX_BUILD_ID) {
            for (size_t i = 0; i < note.n_descsz; i++)
                (void)snprintf(code + 2 * i, 3, "%02x", value[i]);
            return true;
        }
        notes = value + n_value;
        n_bytes -= sizeof note + n_name + n_value;
    }
    return false;
}

/* Whether a loaded object has this code in it; then its build id. */
static int look_at_object(struct dl_phdr_info *object, size_t size, void *context) {
    ElfW(Addr) here = (ElfW(Addr))(uintptr_t)&look_at_object;
    bool is_ours = false;

    (void)size;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        ElfW(Addr) start = object->dlpi_addr + segment->p_vaddr;
        is_ours |= segment->p_type == PT_LOAD && here >= start && here - start < segment->p_memsz;
    }
    for (size_t i = 0; is_ours && i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        const unsigned char *start =
            (const unsigned char *)(uintptr_t)(object->dlpi_addr + segment->p_vaddr);
        if (segment->p_type == PT_NOTE && read_build_id(start, segment->p_memsz, context))
            break;
    }
    return is_ours ? 1 : 0;
}

/* Another build may compute otherwise under the same version. "" when the linker left no id. */
static void identify_code(char code[CODE_SIZE]) {
    code[0] = '\0';
    (void)dl_iterate_phdr(look_at_object, code);
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
    char code[CODE_SIZE];

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
                          model_precision_name(runs->precision));
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
