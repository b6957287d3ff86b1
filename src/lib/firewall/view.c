/* SPDX-License-Identifier: Apache-2.0 */
#include "firewall/view.h"

#include <stdlib.h>
#include <string.h>

#include "firewall/view_work.h"

/* Two marks of the same kind this close, in bytes of the raw text, are one span. */
enum { NEAR = 16 };

const char *view_transform_name(enum view_transform transform) {
    static const char *const names[VIEW_N_TRANSFORMS] = {
        [VIEW_INVISIBLE] = "invisible",
        [VIEW_TAG] = "tag",
        [VIEW_SELECTOR] = "selector",
        [VIEW_COMBINING] = "combining",
        [VIEW_COMPATIBILITY] = "letterform",
        [VIEW_CONFUSABLE] = "confusable",
        [VIEW_ESCAPE] = "escape",
        [VIEW_URL] = "url",
        [VIEW_HTML] = "html",
        [VIEW_BASE64] = "base64",
        [VIEW_HEX] = "hex",
        [VIEW_CODES] = "codes",
        [VIEW_MORSE] = "morse",
        [VIEW_SPACING] = "spacing",
        [VIEW_LEET] = "leet",
        [VIEW_ROT13] = "rot13",
        [VIEW_REVERSED] = "reversed",
    };
    size_t index = (size_t)transform;
    return index < VIEW_N_TRANSFORMS ? names[index] : "unknown";
}

/* ---- writing ------------------------------------------------------------ */

static bool layer_reserve(struct view_layer *layer, size_t n_bytes, size_t ceiling) {
    if (n_bytes > ceiling - layer->n_bytes)
        return false;
    size_t needed = layer->n_bytes + n_bytes;
    if (needed <= layer->capacity)
        return true;
    size_t capacity = layer->capacity > ceiling / 2 ? ceiling : layer->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    char *bytes = realloc(layer->bytes, capacity);
    if (bytes == NULL)
        return false;
    layer->bytes = bytes;
    struct view_origin *origin = realloc(layer->origin, capacity * sizeof *origin);
    if (origin == NULL)
        return false;
    layer->origin = origin;
    layer->capacity = capacity;
    return true;
}

static struct view_origin origin_of(const struct view_work *work, size_t from, size_t to) {
    if (work->origin == NULL)
        return (struct view_origin){(uint32_t)from, (uint32_t)to};
    struct view_origin all = work->origin[from < work->n_in ? from : work->n_in - 1];
    for (size_t i = from + 1; i < to; i++) {
        all.start = work->origin[i].start < all.start ? work->origin[i].start : all.start;
        all.end = work->origin[i].end > all.end ? work->origin[i].end : all.end;
    }
    return all;
}

void view_emit(struct view_work *work, const char *bytes, size_t n_bytes, size_t from, size_t to) {
    if (work->failed || n_bytes == 0)
        return;
    if (!layer_reserve(work->out, n_bytes, work->ceiling)) {
        work->failed = true;
        return;
    }
    struct view_origin origin = origin_of(work, from, to);
    memcpy(work->out->bytes + work->out->n_bytes, bytes, n_bytes);
    for (size_t i = 0; i < n_bytes; i++)
        work->out->origin[work->out->n_bytes + i] = origin;
    work->out->n_bytes += n_bytes;
}

void view_copy_to(struct view_work *work, size_t at) {
    size_t n_bytes = at - work->done;

    if (work->failed || n_bytes == 0)
        return;
    if (!layer_reserve(work->out, n_bytes, work->ceiling)) {
        work->failed = true;
        return;
    }
    struct view_origin *origin = work->out->origin + work->out->n_bytes;
    memcpy(work->out->bytes + work->out->n_bytes, work->in + work->done, n_bytes);
    if (work->origin != NULL)
        memcpy(origin, work->origin + work->done, n_bytes * sizeof *origin);
    for (size_t i = 0; work->origin == NULL && i < n_bytes; i++)
        origin[i] =
            (struct view_origin){(uint32_t)(work->done + i), (uint32_t)(work->done + i + 1)};
    work->out->n_bytes += n_bytes;
    work->done = at;
}

void view_skip_to(struct view_work *work, size_t at) {
    work->changed = true;
    work->done = at;
}

void view_replace(struct view_work *work, size_t from, size_t to, const char *bytes,
                  size_t n_bytes) {
    view_copy_to(work, from);
    view_emit(work, bytes, n_bytes, from, to);
    view_skip_to(work, to);
}

void view_count(struct view_work *work, enum view_transform transform, size_t from, size_t to,
                size_t n_characters) {
    struct text_view *view = work->view;
    struct view_origin at = origin_of(work, from, to);

    view->n_characters[transform] += n_characters;
    if (view->n_spans > 0) {
        struct view_span *last = &view->spans[view->n_spans - 1];
        if (last->transform == transform && at.start >= last->start &&
            at.start <= (size_t)last->end + NEAR) {
            last->end = at.end > last->end ? at.end : last->end;
            last->n_characters += (uint32_t)n_characters;
            return;
        }
    }
    if (view->n_spans < VIEW_MAX_SPANS)
        view->spans[view->n_spans++] =
            (struct view_span){transform, at.start, at.end, (uint32_t)n_characters};
}

bool view_at_gap(const struct view_work *work) {
    const struct view_layer *out = work->out;
    return out->n_bytes == 0 || view_is_space(out->bytes[out->n_bytes - 1]);
}

bool view_gap_follows(const struct view_work *work, size_t at) {
    return at >= work->n_in || view_is_space(work->in[at]);
}

/* ---- steps -------------------------------------------------------------- */

static const struct {
    unsigned need;
    void (*undo)(struct view_work *work);
} steps[] = {
    {VIEW_NEED_UNICODE, view_undo_characters},  {VIEW_NEED_UNICODE, view_undo_combining},
    {VIEW_NEED_UNICODE, view_undo_letterforms}, {VIEW_NEED_UNICODE, view_undo_confusables},
    {VIEW_NEED_ESCAPES, view_undo_escapes},     {VIEW_NEED_RUNS, view_undo_runs},
    {VIEW_NEED_CODES, view_undo_codes},         {VIEW_NEED_SPACING, view_undo_spacing},
    {VIEW_NEED_LEET, view_undo_leet},           {VIEW_NEED_CIPHERS, view_undo_ciphers},
};

/* Runs one step; when it changed something, its output is the text that the next one reads. */
static bool run_step(struct view_work *work, void (*undo)(struct view_work *)) {
    struct text_view *view = work->view;

    work->out = work->in == view->layers[0].bytes ? &view->layers[1] : &view->layers[0];
    work->out->n_bytes = 0;
    work->done = 0;
    work->changed = false;
    undo(work);
    if (!work->changed)
        return false;
    view_copy_to(work, work->n_in);
    work->in = work->out->bytes;
    work->n_in = work->out->n_bytes;
    work->origin = work->out->origin;
    return true;
}

alkfw_status view_normalise(struct text_view *view, const char *text, size_t n_bytes,
                            alkfw_error *error) {
    view->differs = false;
    view->bytes = text;
    view->n_bytes = n_bytes;
    view->origin = NULL;
    view->n_spans = 0;
    memset(view->n_characters, 0, sizeof view->n_characters);
    if (n_bytes > INT32_MAX)
        return alkfw_error_set(error, ALKFW_E_LIMIT,
                               "a text of %zu bytes is too long; lower max_bytes", n_bytes);

    view->scratch.ceiling = n_bytes;
    struct view_work work = {.view = view, .in = text, .n_in = n_bytes, .ceiling = n_bytes};
    for (int round = 0; round < VIEW_MAX_ROUNDS; round++) {
        unsigned needs = view_needs(work.in, work.n_in);
        bool changed = false;
        for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
            if ((needs & steps[i].need) == 0)
                continue;
            bool step_changed = run_step(&work, steps[i].undo);
            if (work.failed) /* never a view that lacks something */
                return alkfw_error_set(error, ALKFW_E_MEMORY,
                                       "out of memory for the view of a text of %zu bytes",
                                       n_bytes);
            if (!step_changed)
                continue;
            changed = true;
            needs |= view_needs(work.in, work.n_in); /* what was undone may need a later step */
        }
        if (!changed)
            break;
    }
    view->differs = work.in != text;
    view->bytes = work.in;
    view->n_bytes = work.n_in;
    view->origin = work.origin;
    return ALKFW_OK;
}

void view_origin(const struct text_view *view, size_t start, size_t end, size_t *raw_start,
                 size_t *raw_end) {
    end = end < view->n_bytes ? end : view->n_bytes;
    start = start < end ? start : end;
    if (view->origin == NULL) {
        *raw_start = start;
        *raw_end = end;
        return;
    }
    if (start == end) {
        size_t at = start < view->n_bytes ? view->origin[start].start
                    : start > 0           ? view->origin[start - 1].end
                                          : 0;
        *raw_start = *raw_end = at;
        return;
    }
    *raw_start = view->origin[start].start;
    *raw_end = view->origin[start].end;
    for (size_t i = start + 1; i < end; i++) {
        *raw_start = view->origin[i].start < *raw_start ? view->origin[i].start : *raw_start;
        *raw_end = view->origin[i].end > *raw_end ? view->origin[i].end : *raw_end;
    }
}

void view_free(struct text_view *view) {
    for (size_t i = 0; i < 2; i++) {
        free(view->layers[i].bytes);
        free(view->layers[i].origin);
    }
    buffer_free(&view->scratch);
    memset(view, 0, sizeof *view);
}
