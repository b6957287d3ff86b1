/* SPDX-License-Identifier: Apache-2.0
 *
 * The model that is used when nothing else is said, pinned: the one place that names it.
 * scripts/get-model reads this file too. */
#ifndef ALKFW_HUB_DEFAULT_MODEL_H
#define ALKFW_HUB_DEFAULT_MODEL_H

#define HUB_DEFAULT_MODEL_ID "sentence-transformers/all-MiniLM-L6-v2"
#define HUB_DEFAULT_MODEL_REVISION "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"
/* sha256 of model.safetensors, 90868376 bytes */
#define HUB_DEFAULT_MODEL_SHA256 "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

/* What hub_resolve_model takes. */
#define HUB_DEFAULT_MODEL HUB_DEFAULT_MODEL_ID "@" HUB_DEFAULT_MODEL_REVISION

#endif
