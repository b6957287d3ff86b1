/* SPDX-License-Identifier: Apache-2.0
 *
 * alkfw-codebook report: an evaluation as a page to look at. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alkfw-codebook/commands.h"
#include "alkfw-codebook/report_page.h"
#include "alkfw-codebook/scanning.h"
#include "support/atomic_file.h"

static alkfw_status write_file(const char *path, const char *bytes, size_t n_bytes,
                               alkfw_error *error) {
    struct atomic_file file;

    alkfw_status status = atomic_file_begin(&file, path, "report", error);
    if (status != ALKFW_OK)
        return status;
    status = atomic_file_write(&file, bytes, n_bytes, error);
    if (status == ALKFW_OK)
        status = atomic_file_commit(&file, error);
    else
        atomic_file_abort(&file);
    return status;
}

static alkfw_status write_page(const struct evaluation *evaluation, const struct options *options,
                               alkfw_error *error) {
    char *page = NULL;
    size_t n_bytes = 0;
    FILE *memory = open_memstream(&page, &n_bytes);

    if (memory == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the report");
    alkfw_status status = report_page_write(memory, evaluation, options->show_text, error);
    bool failed = ferror(memory) != 0;
    if ((fclose(memory) != 0 || failed) && status == ALKFW_OK)
        status = alkfw_error_set(error, ALKFW_E_MEMORY, "out of memory for the report");
    if (status == ALKFW_OK)
        status = write_file(options->output, page, n_bytes, error);
    free(page);
    return status;
}

static alkfw_status check_classes(const struct corpus *corpus, alkfw_error *error) {
    size_t n_hostile = 0;

    for (size_t i = 0; i < corpus->n_rows; i++)
        n_hostile += corpus->rows[i].hostile;
    if (n_hostile > 0 && n_hostile < corpus->n_rows)
        return ALKFW_OK;
    return alkfw_error_set(
        error, ALKFW_E_RECORD,
        "the corpus has %s rows only; a report shows how benign (\"label\":0) and "
        "hostile (\"label\":1) text differ; eval has figures for one of them",
        n_hostile == 0 ? "benign" : "hostile");
}

alkfw_status command_report(const struct options *options, alkfw_error *error) {
    struct scanning scanning = {0};

    alkfw_status status = scanning_open(&scanning, options, error);
    if (status == ALKFW_OK)
        status = check_classes(&scanning.corpus, error);
    if (status == ALKFW_OK)
        status = scanning_run(&scanning.evaluation, scanning.firewall, error);
    if (status == ALKFW_OK)
        status = write_page(&scanning.evaluation, options, error);
    scanning_close(&scanning);
    return status;
}
