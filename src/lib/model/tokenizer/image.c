/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/image.h"

#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/pre_tokenizer.h"
#include "support/buffer.h"

enum { IMAGE_VERSION = 1, IMAGE_ALIGNMENT = 64, IMAGE_CHECKED_FROM = 32 };
#define IMAGE_MAX_BYTES (UINT32_MAX - IMAGE_ALIGNMENT)
static const char image_magic[8] = {'a', 'l', 'k', 'f', 'w', 't', 'o', 'k'};

struct image_section {
    uint32_t at; /* bytes from the start of the image, a multiple of IMAGE_ALIGNMENT */
    uint32_t n;  /* elements */
};

enum image_section_kind {
    SECTION_BLOCKS = 0, /* uint16_t, see struct character_table */
    SECTION_CLASSES,    /* uint8_t */
    SECTION_SLOTS,      /* struct vocabulary_slot */
    SECTION_OFFSETS,    /* uint32_t, see struct vocabulary */
    SECTION_STRINGS,    /* char: tokens by id, then everything else */
    SECTION_RAW,        /* struct added_token */
    SECTION_NORMALIZED, /* struct added_token */
    N_SECTIONS
};

static const size_t element_sizes[N_SECTIONS] = {
    sizeof(uint16_t),          sizeof(uint8_t), sizeof(struct vocabulary_slot),
    sizeof(uint32_t),          sizeof(char),    sizeof(struct added_token),
    sizeof(struct added_token)};

enum rule_bit { RULE_CLEAN = 1, RULE_IDEOGRAPHS = 2, RULE_ACCENTS = 4, RULE_LOWER = 8 };

struct image_header {
    char magic[8];
    uint32_t version;
    uint32_t n_bytes;
    uint64_t checksum; /* of bytes [IMAGE_CHECKED_FROM, n_bytes) */
    uint64_t reserved; /* 0 */
    uint32_t rules;    /* enum rule_bit */
    uint32_t pre_tokenizer;
    uint32_t model;
    uint32_t vocabulary_size;
    uint32_t slot_bits;
    uint32_t longest_token; /* bytes */
    struct wordpiece_settings wordpiece;
    int32_t prefix[TOKENIZER_MAX_SPECIAL];
    int32_t suffix[TOKENIZER_MAX_SPECIAL];
    uint32_t n_prefix;
    uint32_t n_suffix;
    struct image_section sections[N_SECTIONS];
};

/* ---- checksum ------------------------------------------------------------ */

/* Fletcher's sums over 64-bit words, against accidents only. Four lanes, so that one addition need
 * not wait for another: every start of the program goes through this. */
static uint64_t image_checksum(const void *image, size_t n_bytes) {
    const unsigned char *bytes = image;
    uint64_t sums[4] = {1, 2, 3, 4};
    uint64_t sums_of_sums[4] = {0};
    uint64_t checksum = n_bytes;

    for (size_t at = IMAGE_CHECKED_FROM; at + sizeof sums <= n_bytes; at += sizeof sums) {
        uint64_t words[4];
        memcpy(words, bytes + at, sizeof words);
        for (size_t i = 0; i < 4; i++) {
            sums[i] += words[i];
            sums_of_sums[i] += sums[i];
        }
    }
    for (size_t i = 0; i < 4; i++)
        checksum = (checksum ^ sums[i] ^ sums_of_sums[i] << 1) * UINT64_C(0x9E3779B97F4A7C15);
    return checksum;
}

void image_seal(void *image, size_t n_bytes) {
    struct image_header *header = image;

    header->checksum = image_checksum(image, n_bytes);
}

/* ---- opening ------------------------------------------------------------- */

static alkfw_status damaged(alkfw_error *error, const char *what) {
    return alkfw_error_set(error, ALKFW_E_FORMAT,
                           "tokenizer image is damaged: %s; delete the cached file and let it be "
                           "made again",
                           what);
}

static const char *check_frame(const struct image_header *header, size_t n_bytes) {
    if (memcmp(header->magic, image_magic, sizeof image_magic) != 0)
        return "it does not begin as one";
    if (header->version != IMAGE_VERSION)
        return "it is of another version";
    if (header->n_bytes != n_bytes || n_bytes % IMAGE_ALIGNMENT != 0)
        return "its length is not what it says";
    if (header->reserved != 0 || header->checksum != image_checksum(header, n_bytes))
        return "wrong checksum";
    for (size_t i = 0; i < N_SECTIONS; i++) {
        const struct image_section *section = &header->sections[i];
        uint64_t end = (uint64_t)section->at + (uint64_t)section->n * element_sizes[i];
        if (section->at < sizeof *header || section->at % IMAGE_ALIGNMENT != 0 || end > n_bytes)
            return "a section lies outside it";
    }
    return NULL;
}

static const char *check_settings(const struct image_header *header) {
    if (header->rules > (RULE_CLEAN | RULE_IDEOGRAPHS | RULE_ACCENTS | RULE_LOWER) ||
        header->pre_tokenizer > PRE_TOKENIZER_BERT || header->model != MODEL_WORDPIECE)
        return "unknown kind";
    if (header->n_prefix > TOKENIZER_MAX_SPECIAL || header->n_suffix > TOKENIZER_MAX_SPECIAL)
        return "template too long";
    for (size_t i = 0; i < TOKENIZER_MAX_SPECIAL; i++)
        if ((uint32_t)header->prefix[i] >= header->vocabulary_size ||
            (uint32_t)header->suffix[i] >= header->vocabulary_size)
            return "template has an id outside the vocabulary";
    const struct wordpiece_settings *wordpiece = &header->wordpiece;
    if ((uint32_t)wordpiece->unknown_id >= header->vocabulary_size)
        return "unknown token outside the vocabulary";
    if ((uint64_t)wordpiece->continuing_prefix_at + wordpiece->n_continuing_prefix >
        header->sections[SECTION_STRINGS].n)
        return "continuing prefix outside the strings";
    return NULL;
}

static const char *check_characters(const struct image_header *header,
                                    const struct character_table *table) {
    if (header->sections[SECTION_BLOCKS].n != CHARACTER_N_BLOCKS ||
        header->sections[SECTION_CLASSES].n % CHARACTER_BLOCK != 0)
        return "character table of a wrong size";
    for (size_t i = 0; i < CHARACTER_N_BLOCKS; i++)
        if (table->blocks[i] >= table->n_distinct)
            return "character table refers outside itself";
    return NULL;
}

static const char *check_vocabulary(const struct image_header *header,
                                    const struct vocabulary *vocabulary) {
    uint32_t n_strings = header->sections[SECTION_STRINGS].n;
    uint32_t longest = 0;

    if (vocabulary->size == 0 || vocabulary->size > VOCABULARY_MAX_SIZE ||
        header->sections[SECTION_OFFSETS].n != vocabulary->size + 1)
        return "vocabulary of a wrong size";
    if (vocabulary->slot_bits == 0 || vocabulary->slot_bits > 30 ||
        header->sections[SECTION_SLOTS].n != UINT32_C(1) << vocabulary->slot_bits)
        return "hash table of a wrong size";
    for (uint32_t i = 0; i < vocabulary->size; i++) {
        if (vocabulary->offsets[i + 1] < vocabulary->offsets[i])
            return "token strings out of order";
        uint32_t length = vocabulary->offsets[i + 1] - vocabulary->offsets[i];
        longest = length > longest ? length : longest;
    }
    if (vocabulary->offsets[vocabulary->size] > n_strings || longest != vocabulary->longest)
        return "token strings of a wrong length";
    return NULL; /* slots are checked when they are used: most of them never are */
}

/* Orders by bytes, a prefix first. */
static int compare_bytes(const char *a, size_t n_a, const char *b, size_t n_b) {
    int order = memcmp(a, b, n_a < n_b ? n_a : n_b);

    return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

static const char *check_added_tokens(const struct image_header *header,
                                      const struct added_tokens *added) {
    for (size_t i = 0; i < added->n_tokens; i++) {
        const struct added_token *token = &added->tokens[i];
        if (token->n_content == 0 ||
            (uint64_t)token->content_at + token->n_content > header->sections[SECTION_STRINGS].n)
            return "added token outside the strings";
        if ((uint32_t)token->id >= header->vocabulary_size || token->flags > ADDED_TOKEN_ALL_FLAGS)
            return "added token outside the vocabulary";
        if (i > 0 && compare_bytes(added->strings + token[-1].content_at, token[-1].n_content,
                                   added->strings + token->content_at, token->n_content) >= 0)
            return "added tokens out of order";
    }
    return NULL;
}

static struct added_tokens point_to_added(const struct image_header *header, const char *strings,
                                          enum image_section_kind kind) {
    const char *bytes = (const char *)header;

    return (struct added_tokens){
        .tokens = (const struct added_token *)(const void *)(bytes + header->sections[kind].at),
        .n_tokens = header->sections[kind].n,
        .strings = strings};
}

/* Sets the tokenizer's pointers into an image whose frame is sound. */
static void point_to(const struct image_header *header, struct tokenizer *tokenizer) {
    const char *bytes = (const char *)header;
    const struct image_section *sections = header->sections;
    const char *strings = bytes + sections[SECTION_STRINGS].at;

    tokenizer->characters = (struct character_table){
        (const uint16_t *)(const void *)(bytes + sections[SECTION_BLOCKS].at),
        (const uint8_t *)(bytes + sections[SECTION_CLASSES].at),
        sections[SECTION_CLASSES].n / CHARACTER_BLOCK};
    tokenizer->vocabulary = (struct vocabulary){
        (const struct vocabulary_slot *)(const void *)(bytes + sections[SECTION_SLOTS].at),
        header->slot_bits,
        (const uint32_t *)(const void *)(bytes + sections[SECTION_OFFSETS].at),
        strings,
        header->vocabulary_size,
        header->longest_token};
    tokenizer->raw_tokens = point_to_added(header, strings, SECTION_RAW);
    tokenizer->normalized_tokens = point_to_added(header, strings, SECTION_NORMALIZED);
}

static const char *check_contents(const struct image_header *header,
                                  const struct tokenizer *tokenizer) {
    const char *what = check_settings(header);

    if (what == NULL)
        what = check_characters(header, &tokenizer->characters);
    if (what == NULL)
        what = check_vocabulary(header, &tokenizer->vocabulary);
    if (what == NULL)
        what = check_added_tokens(header, &tokenizer->raw_tokens);
    if (what == NULL)
        what = check_added_tokens(header, &tokenizer->normalized_tokens);
    return what;
}

/* What is small and derived. */
static void fill_in(const struct image_header *header, struct tokenizer *tokenizer) {
    struct tokenizer_template *template = &tokenizer->template;

    tokenizer->normalizer_rules =
        (struct normalizer_rules){header->rules & RULE_CLEAN, header->rules & RULE_IDEOGRAPHS,
                                  header->rules & RULE_ACCENTS, header->rules & RULE_LOWER};
    tokenizer->pre_tokenizer = (enum pre_tokenizer_kind)header->pre_tokenizer;
    tokenizer->model = (enum model_kind)header->model;
    tokenizer->wordpiece = header->wordpiece;
    tokenizer->continuing_prefix_hash =
        vocabulary_hash(VOCABULARY_HASH_START,
                        tokenizer->vocabulary.strings + header->wordpiece.continuing_prefix_at,
                        header->wordpiece.n_continuing_prefix);
    memcpy(template->prefix, header->prefix, sizeof template->prefix);
    memcpy(template->suffix, header->suffix, sizeof template->suffix);
    template->n_prefix = header->n_prefix;
    template->n_suffix = header->n_suffix;
    added_tokens_index(&tokenizer->raw_tokens);
    added_tokens_index(&tokenizer->normalized_tokens);
    pre_tokenizer_index(tokenizer);
}

alkfw_status image_open(const void *image, size_t n_bytes, struct tokenizer *tokenizer,
                        alkfw_error *error) {
    const struct image_header *header = image;

    memset(tokenizer, 0, sizeof *tokenizer);
    if (n_bytes < sizeof *header || (uintptr_t)image % _Alignof(struct image_header) != 0)
        return damaged(error, "it is too short or not aligned");
    const char *what = check_frame(header, n_bytes);
    if (what != NULL)
        return damaged(error, what);
    point_to(header, tokenizer);
    what = check_contents(header, tokenizer);
    if (what != NULL)
        return damaged(error, what);
    fill_in(header, tokenizer);
    tokenizer->image = image;
    tokenizer->n_bytes = n_bytes;
    return ALKFW_OK;
}

/* ---- building ------------------------------------------------------------ */

struct builder {
    struct image_header header;
    struct buffer sections[N_SECTIONS];
    struct character_table characters; /* over the sections */
};

static bool append(struct builder *builder, enum image_section_kind kind, const void *elements,
                   size_t n) {
    if (n > UINT32_MAX / element_sizes[kind])
        return false;
    return buffer_append(&builder->sections[kind], elements, n * element_sizes[kind]);
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
    uint32_t slot_bits = vocabulary_slot_bits(spec->vocabulary_size);
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

static bool build_wordpiece(struct builder *builder, const struct tokenizer_spec *spec) {
    builder->header.wordpiece = (struct wordpiece_settings){
        spec->unknown_id, spec->max_input_chars_per_word,
        (uint32_t)builder->sections[SECTION_STRINGS].length, (uint32_t)spec->n_continuing_prefix};
    return append(builder, SECTION_STRINGS, spec->continuing_prefix, spec->n_continuing_prefix);
}

/* An added token on its way into the image. */
struct draft {
    char *content; /* in the strings to be: offset while they may still move */
    struct added_token token;
    size_t rank; /* place in the file: the first wins among equals (tokenizers picks at random) */
};

static int compare_drafts(const void *a, const void *b) {
    const struct draft *first = a;
    const struct draft *second = b;
    int order = compare_bytes(first->content, first->token.n_content, second->content,
                              second->token.n_content);

    return order != 0 ? order : (first->rank > second->rank) - (first->rank < second->rank);
}

/* Appends the content, normalised if need be, to the strings. */
static bool append_content(struct builder *builder, const struct tokenizer_spec *spec,
                           const struct added_token_spec *added, struct added_token *token) {
    struct buffer *strings = &builder->sections[SECTION_STRINGS];
    struct normalizer_rules as_it_is = {0};
    struct normalizer reader;
    struct character character;
    unsigned char bytes[4];

    token->content_at = (uint32_t)strings->length;
    normalizer_init(&reader, &builder->characters,
                    added->normalized ? spec->normalizer_rules : as_it_is, added->content, 0,
                    added->n_content);
    while (normalizer_next(&reader, &character))
        if (!append(builder, SECTION_STRINGS, bytes, character_encode(character.code_point, bytes)))
            return false;
    token->n_content = (uint32_t)(strings->length - token->content_at);
    return true;
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
        if (i == 0 || compare_bytes(drafts[i - 1].content, drafts[i - 1].token.n_content,
                                    drafts[i].content, drafts[i].token.n_content) != 0)
            done =
                append(builder, normalized ? SECTION_NORMALIZED : SECTION_RAW, &drafts[i].token, 1);
    free(drafts);
    return done;
}

static void build_header(struct builder *builder, const struct tokenizer_spec *spec) {
    struct image_header *header = &builder->header;
    const struct normalizer_rules *rules = &spec->normalizer_rules;

    memcpy(header->magic, image_magic, sizeof image_magic);
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
        header->sections[i].n = (uint32_t)(builder->sections[i].length / element_sizes[i]);
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
        build_wordpiece(&builder, spec) && build_added_tokens(&builder, spec, false) &&
        build_added_tokens(&builder, spec, true))
        *image = assemble(&builder, n_bytes);
    for (size_t i = 0; i < N_SECTIONS; i++)
        buffer_free(&builder.sections[i]);
    if (*image == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "%s: no memory for the tokenizer", name);
    return ALKFW_OK;
}
