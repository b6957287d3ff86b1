/* SPDX-License-Identifier: Apache-2.0
 *
 * Makes the image of a tokenizer, section by section. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/image.h"
#include "model/tokenizer/image_layout.h"
#include "support/buffer.h"

struct builder {
    struct image_header header;
    struct buffer sections[N_SECTIONS];
    struct character_table characters; /* over the sections */
};

static bool append(struct builder *builder, enum image_section_kind kind, const void *elements,
                   size_t n) {
    if (n > UINT32_MAX / image_element_sizes[kind])
        return false;
    return buffer_append(&builder->sections[kind], elements, n * image_element_sizes[kind]);
}

static bool build_characters(struct builder *builder) {
    uint16_t *blocks;
    uint8_t *classes;
    size_t n_distinct;

    if (!character_table_new(&blocks, &classes, &n_distinct))
        return false;
    bool done = append(builder, SECTION_BLOCKS, blocks, CHARACTER_N_BLOCKS) &&
                append(builder, SECTION_CLASSES, classes, n_distinct * CHARACTER_BLOCK);
    free(blocks);
    free(classes);
    if (done)
        builder->characters = (struct character_table){
            (const uint16_t *)(const void *)builder->sections[SECTION_BLOCKS].bytes,
            (const uint8_t *)builder->sections[SECTION_CLASSES].bytes, n_distinct};
    return done;
}

static bool build_vocabulary(struct builder *builder, const struct tokenizer_spec *spec) {
    bool has_trie = spec->model == MODEL_UNIGRAM;
    uint32_t slot_bits = vocabulary_slot_bits(has_trie ? 0 : spec->vocabulary_size);
    size_t n_slots = (size_t)1 << slot_bits;
    struct vocabulary_slot *slots = malloc(n_slots * sizeof *slots);
    bool done = slots != NULL;

    for (size_t i = 0; done && i < n_slots; i++)
        slots[i] = (struct vocabulary_slot){0, VOCABULARY_EMPTY};
    for (size_t id = 0; done && id < spec->vocabulary_size; id++) {
        uint32_t offset = (uint32_t)builder->sections[SECTION_STRINGS].length;
        done = append(builder, SECTION_OFFSETS, &offset, 1);
        if (!done || spec->tokens[id] == NULL)
            continue;
        uint32_t n_bytes = spec->n_token_bytes[id];
        done = append(builder, SECTION_STRINGS, spec->tokens[id], n_bytes);
        if (!has_trie)
            vocabulary_insert(slots, slot_bits,
                              vocabulary_hash(VOCABULARY_HASH_START, spec->tokens[id], n_bytes),
                              (uint32_t)id);
        if (n_bytes > builder->header.longest_token)
            builder->header.longest_token = n_bytes;
    }
    uint32_t end = (uint32_t)builder->sections[SECTION_STRINGS].length;
    done = done && append(builder, SECTION_OFFSETS, &end, 1) &&
           append(builder, SECTION_SLOTS, slots, n_slots);
    free(slots);
    builder->header.vocabulary_size = (uint32_t)spec->vocabulary_size;
    builder->header.slot_bits = slot_bits;
    return done;
}

/* Appends a string; *at is where it is. */
static bool append_string(struct builder *builder, const char *string, size_t n_string,
                          uint32_t *at, uint32_t *n) {
    *at = (uint32_t)builder->sections[SECTION_STRINGS].length;
    *n = (uint32_t)n_string;
    return n_string <= UINT32_MAX && append(builder, SECTION_STRINGS, string, n_string);
}

static bool build_wordpiece(struct builder *builder, const struct tokenizer_spec *spec) {
    struct wordpiece_settings *settings = &builder->header.wordpiece;

    if (spec->model != MODEL_WORDPIECE)
        return true;
    settings->unknown_id = spec->unknown_id;
    settings->max_input_chars_per_word = spec->max_input_chars_per_word;
    return append_string(builder, spec->continuing_prefix, spec->n_continuing_prefix,
                         &settings->continuing_prefix_at, &settings->n_continuing_prefix);
}

static bool build_bpe(struct builder *builder, const struct tokenizer_spec *spec) {
    struct bpe_settings *settings = &builder->header.bpe;

    if (spec->model != MODEL_BPE)
        return true;
    settings->unknown_id = spec->unknown_id;
    settings->flags = spec->bpe_flags;
    settings->merge_bits = merges_bits(spec->n_merges);
    if (!append_string(builder, spec->continuing_prefix, spec->n_continuing_prefix,
                       &settings->prefix_at, &settings->n_prefix) ||
        !append_string(builder, spec->suffix, spec->n_suffix, &settings->suffix_at,
                       &settings->n_suffix))
        return false;
    size_t n_slots = (size_t)1 << settings->merge_bits;
    struct merge_slot *slots = malloc(n_slots * sizeof *slots);
    bool done = slots != NULL;
    for (size_t i = 0; done && i < n_slots; i++)
        slots[i] = (struct merge_slot){MERGE_EMPTY, 0, 0, 0};
    for (size_t i = 0; done && i < spec->n_merges; i++) {
        const struct merge_spec *merge = &spec->merges[i];
        struct merge_slot slot = {(uint32_t)merge->left, (uint32_t)merge->right, (uint32_t)i,
                                  (uint32_t)merge->id};
        merges_insert(slots, settings->merge_bits, &slot);
    }
    done = done && append(builder, SECTION_MERGES, slots, n_slots);
    free(slots);
    return done;
}

/* ---- the trie of Unigram -------------------------------------------------- */

struct trie_draft {
    struct trie trie; /* over what follows */
    struct trie_edge *edges;
    int32_t *tokens;
    size_t n_nodes;
};

static bool add_to_trie(struct trie_draft *draft, const char *token, uint32_t n_bytes, int32_t id) {
    uint32_t node = 0;

    for (uint32_t i = 0; i < n_bytes; i++) {
        unsigned char byte = (unsigned char)token[i];
        uint32_t child = trie_child(&draft->trie, node, byte);
        if (child == 0) {
            if (draft->n_nodes == TRIE_MAX_NODES)
                return false;
            child = (uint32_t)draft->n_nodes++;
            struct trie_edge edge = {node << 8 | byte, child};
            trie_insert(draft->edges, draft->trie.edge_bits, &edge);
            draft->tokens[child] = TRIE_NO_TOKEN;
        }
        node = child;
    }
    if (node != 0)
        draft->tokens[node] = id; /* the last of several, as in the reference */
    return true;
}

/* Into a table of the size that was needed: tokens share most of their nodes. */
static bool shrink_edges(struct trie_draft *draft) {
    uint32_t bits = trie_edge_bits(draft->n_nodes);
    struct trie_edge *edges = calloc((size_t)1 << bits, sizeof *edges);

    if (edges == NULL)
        return false;
    for (size_t i = 0; i < (size_t)1 << draft->trie.edge_bits; i++)
        if (draft->edges[i].child != 0)
            trie_insert(edges, bits, &draft->edges[i]);
    free(draft->edges);
    draft->edges = edges;
    draft->trie.edges = edges;
    draft->trie.edge_bits = bits;
    return true;
}

static bool build_unigram(struct builder *builder, const struct tokenizer_spec *spec) {
    struct unigram_settings *settings = &builder->header.unigram;
    size_t most_nodes = 1;
    double lowest = INFINITY;

    if (spec->model != MODEL_UNIGRAM)
        return true;
    for (size_t id = 0; id < spec->n_scores; id++) {
        most_nodes += spec->n_token_bytes[id];
        lowest = spec->scores[id] < lowest ? spec->scores[id] : lowest;
    }
    settings->unknown_score = lowest - 10.0;
    settings->unknown_id = spec->unknown_id;
    settings->flags = spec->unigram_flags;
    uint32_t edge_bits = trie_edge_bits(most_nodes < TRIE_MAX_NODES ? most_nodes : TRIE_MAX_NODES);
    struct trie_draft draft = {.edges = calloc((size_t)1 << edge_bits, sizeof *draft.edges),
                               .tokens = calloc(most_nodes, sizeof *draft.tokens),
                               .n_nodes = 1};
    draft.trie = (struct trie){draft.edges, edge_bits, draft.tokens, UINT32_MAX};
    bool done = draft.edges != NULL && draft.tokens != NULL;
    if (done)
        draft.tokens[0] = TRIE_NO_TOKEN;
    for (size_t id = 0; done && id < spec->n_scores; id++)
        done = add_to_trie(&draft, spec->tokens[id], spec->n_token_bytes[id], (int32_t)id);
    done = done && shrink_edges(&draft) &&
           append(builder, SECTION_EDGES, draft.edges, (size_t)1 << draft.trie.edge_bits) &&
           append(builder, SECTION_NODES, draft.tokens, draft.n_nodes) &&
           append(builder, SECTION_SCORES, spec->scores, spec->n_scores);
    settings->edge_bits = draft.trie.edge_bits;
    free(draft.edges);
    free(draft.tokens);
    return done;
}

static bool build_steps(struct builder *builder, const struct tokenizer_spec *spec) {
    for (size_t i = 0; i < spec->n_steps; i++) {
        const struct step *from = &spec->steps[i];
        struct image_step step = {.kind = (uint32_t)from->kind,
                                  .flags = from->flags,
                                  .pattern_kind = (uint32_t)from->pattern.kind,
                                  .n_units = (uint32_t)from->n_units};
        step.units_at = (uint32_t)(builder->sections[SECTION_UNITS].length /
                                   image_element_sizes[SECTION_UNITS]);
        if (!append_string(builder, from->first, from->n_first, &step.first_at, &step.n_first) ||
            !append_string(builder, from->second, from->n_second, &step.second_at,
                           &step.n_second) ||
            !append(builder, SECTION_UNITS, from->units, from->n_units) ||
            !append(builder, SECTION_STEPS, &step, 1))
            return false;
    }
    return true;
}

/* ---- added tokens ------------------------------------------------------------ */

/* An added token on its way into the image. */
struct draft {
    char *content; /* in the strings to be: offset while they may still move */
    struct added_token token;
    size_t rank; /* place in the file: the first wins among equals (tokenizers picks at random) */
};

static int compare_drafts(const void *a, const void *b) {
    const struct draft *first = a;
    const struct draft *second = b;
    int order = image_compare_bytes(first->content, first->token.n_content, second->content,
                                    second->token.n_content);

    return order != 0 ? order : (first->rank > second->rank) - (first->rank < second->rank);
}

/* Appends the content as a stream of characters. */
static bool append_streamed(struct builder *builder, struct normalizer_rules rules,
                            const struct added_token_spec *added) {
    struct normalizer reader;
    struct character character;
    unsigned char bytes[4];

    normalizer_init(&reader, &builder->characters, rules, added->content, 0, added->n_content);
    while (normalizer_next(&reader, &character))
        if (!append(builder, SECTION_STRINGS, bytes, character_encode(character.code_point, bytes)))
            return false;
    return true;
}

/* Appends the content as the normalizers' steps leave it. */
static bool append_through_steps(struct builder *builder, const struct tokenizer_spec *spec,
                                 const struct added_token_spec *added) {
    enum { MAX_BYTES = 1 << 24 };
    struct step_scratch scratch;
    struct aligned_text texts[2] = {{.ceiling = MAX_BYTES}, {.ceiling = MAX_BYTES}};
    struct piece_list lists[2] = {{0}, {0}};

    step_scratch_init(&scratch);
    bool done =
        aligned_text_read(&texts[0], added->content, 0, added->n_content) &&
        piece_list_cut(&lists[0], &texts[0], 0, texts[0].n_bytes) &&
        steps_run(spec->steps, spec->n_normalizers, &builder->characters, &scratch, texts, lists) &&
        append(builder, SECTION_STRINGS, texts[0].bytes, texts[0].n_bytes);
    step_scratch_free(&scratch);
    for (size_t i = 0; i < 2; i++) {
        aligned_text_free(&texts[i]);
        piece_list_free(&lists[i]);
    }
    return done;
}

/* Appends the content, normalised if need be, to the strings. */
static bool append_content(struct builder *builder, const struct tokenizer_spec *spec,
                           const struct added_token_spec *added, struct added_token *token) {
    struct buffer *strings = &builder->sections[SECTION_STRINGS];
    struct normalizer_rules as_it_is = {0};

    token->content_at = (uint32_t)strings->length;
    bool done = added->normalized && spec->pre_tokenizer == PRE_TOKENIZER_STEPS
                    ? append_through_steps(builder, spec, added)
                    : append_streamed(builder,
                                      added->normalized ? spec->normalizer_rules : as_it_is, added);
    token->n_content = (uint32_t)(strings->length - token->content_at);
    return done;
}

/* Builds one of the two sets. */
static bool build_added_tokens(struct builder *builder, const struct tokenizer_spec *spec,
                               bool normalized) {
    struct draft *drafts = calloc(spec->n_added_tokens + 1, sizeof *drafts);
    size_t n_drafts = 0;
    bool done = drafts != NULL;

    for (size_t i = 0; done && i < spec->n_added_tokens; i++) {
        const struct added_token_spec *added = &spec->added_tokens[i];
        struct draft *draft = &drafts[n_drafts];
        if (added->normalized != normalized)
            continue;
        draft->token.id = added->id;
        draft->token.flags = added->flags;
        draft->rank = i;
        done = append_content(builder, spec, added, &draft->token);
        n_drafts += draft->token.n_content > 0; /* what normalises to nothing matches nothing */
    }
    for (size_t i = 0; i < n_drafts; i++)
        drafts[i].content = builder->sections[SECTION_STRINGS].bytes + drafts[i].token.content_at;
    if (done)
        qsort(drafts, n_drafts, sizeof *drafts, compare_drafts);
    for (size_t i = 0; done && i < n_drafts; i++)
        if (i == 0 || image_compare_bytes(drafts[i - 1].content, drafts[i - 1].token.n_content,
                                          drafts[i].content, drafts[i].token.n_content) != 0)
            done =
                append(builder, normalized ? SECTION_NORMALIZED : SECTION_RAW, &drafts[i].token, 1);
    free(drafts);
    return done;
}

static void build_header(struct builder *builder, const struct tokenizer_spec *spec) {
    struct image_header *header = &builder->header;
    const struct normalizer_rules *rules = &spec->normalizer_rules;

    memcpy(header->magic, IMAGE_MAGIC, sizeof header->magic);
    header->version = IMAGE_VERSION;
    header->rules = (rules->clean_text ? (uint32_t)RULE_CLEAN : 0) |
                    (rules->separate_ideographs ? (uint32_t)RULE_IDEOGRAPHS : 0) |
                    (rules->strip_accents ? (uint32_t)RULE_ACCENTS : 0) |
                    (rules->lowercase ? (uint32_t)RULE_LOWER : 0);
    header->pre_tokenizer = spec->pre_tokenizer;
    header->model = spec->model;
    memcpy(header->prefix, spec->template.prefix, sizeof header->prefix);
    memcpy(header->suffix, spec->template.suffix, sizeof header->suffix);
    header->n_prefix = (uint32_t)spec->template.n_prefix;
    header->n_suffix = (uint32_t)spec->template.n_suffix;
    header->trimming = spec->trimming;
    header->n_normalizers = (uint32_t)spec->n_normalizers;
}

static size_t align_up(size_t n) {
    return (n + IMAGE_ALIGNMENT - 1) / IMAGE_ALIGNMENT * IMAGE_ALIGNMENT;
}

/* Lays the sections out one after the other; NULL when memory is out. */
static void *assemble(struct builder *builder, size_t *n_bytes) {
    struct image_header *header = &builder->header;
    size_t total = align_up(sizeof *header);

    for (size_t i = 0; i < N_SECTIONS; i++) {
        header->sections[i].at = (uint32_t)total;
        header->sections[i].n = (uint32_t)(builder->sections[i].length / image_element_sizes[i]);
        total = align_up(total + builder->sections[i].length);
        if (total > IMAGE_MAX_BYTES)
            return NULL;
    }
    header->n_bytes = (uint32_t)total;
    char *image = aligned_alloc(IMAGE_ALIGNMENT, total);
    if (image == NULL)
        return NULL;
    memset(image, 0, total);
    memcpy(image, header, sizeof *header);
    for (size_t i = 0; i < N_SECTIONS; i++)
        if (builder->sections[i].length > 0)
            memcpy(image + header->sections[i].at, builder->sections[i].bytes,
                   builder->sections[i].length);
    image_seal(image, total);
    *n_bytes = total;
    return image;
}

alkfw_status image_build(const struct tokenizer_spec *spec, const char *name, void **image,
                         size_t *n_bytes, alkfw_error *error) {
    struct builder builder;

    memset(&builder, 0, sizeof builder);
    for (size_t i = 0; i < N_SECTIONS; i++)
        buffer_init(&builder.sections[i], IMAGE_MAX_BYTES / N_SECTIONS);
    build_header(&builder, spec);
    *image = NULL;
    if (build_characters(&builder) && build_vocabulary(&builder, spec) &&
        build_wordpiece(&builder, spec) && build_bpe(&builder, spec) &&
        build_unigram(&builder, spec) && build_steps(&builder, spec) &&
        build_added_tokens(&builder, spec, false) && build_added_tokens(&builder, spec, true))
        *image = assemble(&builder, n_bytes);
    for (size_t i = 0; i < N_SECTIONS; i++)
        buffer_free(&builder.sections[i]);
    if (*image == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: no memory for the tokenizer", name);
    return ALKFW_OK;
}
