/* SPDX-License-Identifier: Apache-2.0
 *
 * Finds and loads alkfw-torch.so. Used by torch.c and describe.c. */
#ifndef ALKFW_TORCH_MODULE_H
#define ALKFW_TORCH_MODULE_H

#include "alkfw.h"
#include "torch/shim.h"

/* Loads the module at `path`, or with NULL that of the build tree or the installation that this
 * code is in, moved or not. It stays loaded until the program ends: libtorch cannot be unloaded.
 * ALKFW_E_MISSING: there is none; ALKFW_E_FORMAT: it was cut short; ALKFW_E_UNSUPPORTED: it, or the
 * libtorch that it needs, cannot be loaded; ALKFW_E_MISMATCH: it is of another version of alkfw. */
ALKFW_MUST_CHECK alkfw_status torch_module_load(const char *path, const struct torch_api **api,
                                                alkfw_error *error);

#endif
