/* SPDX-License-Identifier: Apache-2.0 */
#include "model/tokenizer/image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/tokenizer/image_layout.h"
#include "model/tokenizer/pre_tokenizer.h"

const size_t image_element_sizes[N_SECTIONS] = {
    [SECTION_BLOCKS] = sizeof(uint16_t),
    [SECTION_CLASSES] = sizeof(uint8_t),
    [SECTION_SLOTS] = sizeof(struct vocabulary_slot),
    [SECTION_OFFSETS] = sizeof(uint32_t),
    [SECTION_STRINGS] = sizeof(char),
    [SECTION_RAW] = sizeof(struct added_token),
    [SECTION_NORMALIZED] = sizeof(struct added_token),
    [SECTION_STEPS] = sizeof(struct image_step),
    [SECTION_UNITS] = sizeof(uint32_t),
    [SECTION_MERGES] = sizeof(struct merge_slot),
    [SECTION_SCORES] = sizeof(double),
    [SECTION_EDGES] = sizeof(struct trie_edge),
    [SECTION_NODES] = sizeof(int32_t),
};

/* ---- checksum ------------------------------------------------------------ */

/* Fletcher's sums over 64-bit words, against accidents only. Four lanes, so that one addition need
 * not wait for another: every start of the program goes through this. */
uint64_t image_checksum(const void *image, size_t n_bytes) {
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
    if (memcmp(header->magic, IMAGE_MAGIC, sizeof header->magic) != 0)
        return "it does not begin as one";
    if (header->version != IMAGE_VERSION)
        return "it is of another version";
    if (header->n_bytes != n_bytes || n_bytes % IMAGE_ALIGNMENT != 0)
        return "its length is not what it says";
    if (header->reserved != 0 || header->checksum != image_checksum(header, n_bytes))
        return "wrong checksum";
    for (size_t i = 0; i < N_SECTIONS; i++) {
        const struct image_section *section = &header->sections[i];
        uint64_t end = (uint64_t)section->at + (uint64_t)section->n * image_element_sizes[i];
        if (section->at < sizeof *header || section->at % IMAGE_ALIGNMENT != 0 || end > n_bytes)
            return "a section lies outside it";
    }
    return NULL;
}

static const char *check_settings(const struct image_header *header) {
    if (header->rules > (RULE_CLEAN | RULE_IDEOGRAPHS | RULE_ACCENTS | RULE_LOWER) ||
        header->pre_tokenizer > PRE_TOKENIZER_STEPS || header->model < MODEL_WORDPIECE ||
        header->model > MODEL_UNIGRAM || header->trimming > TRIM_ALL_FLAGS)
        return "unknown kind";
    if (header->model != MODEL_WORDPIECE && header->pre_tokenizer != PRE_TOKENIZER_STEPS)
        return "a stream for another model than WordPiece";
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

static const char *check_bpe(const struct image_header *header) {
    const struct bpe_settings *bpe = &header->bpe;
    uint32_t n_strings = header->sections[SECTION_STRINGS].n;

    if (header->model != MODEL_BPE)
        return NULL;
    if (bpe->unknown_id < BPE_MISSING_UNKNOWN ||
        (bpe->unknown_id >= 0 && (uint32_t)bpe->unknown_id >= header->vocabulary_size))
        return "unknown token outside the vocabulary";
    if (bpe->flags > BPE_ALL_FLAGS || bpe->reserved != 0 || bpe->n_prefix > BPE_MAX_AFFIX ||
        bpe->n_suffix > BPE_MAX_AFFIX || (uint64_t)bpe->prefix_at + bpe->n_prefix > n_strings ||
        (uint64_t)bpe->suffix_at + bpe->n_suffix > n_strings)
        return "prefix or suffix outside the strings";
    if (bpe->merge_bits == 0 || bpe->merge_bits > 30 ||
        header->sections[SECTION_MERGES].n != UINT32_C(1) << bpe->merge_bits)
        return "merges of a wrong size";
    return NULL;
}

static const char *check_unigram(const struct image_header *header, const struct unigram *unigram) {
    const struct unigram_settings *settings = &header->unigram;
    const struct trie *trie = &unigram->trie;

    if (header->model != MODEL_UNIGRAM)
        return NULL;
    if (unigram->n_scores == 0 || unigram->n_scores > header->vocabulary_size ||
        (uint32_t)settings->unknown_id >= header->vocabulary_size ||
        settings->flags > UNIGRAM_BYTE_FALLBACK || settings->reserved != 0 ||
        !isfinite(settings->unknown_score))
        return "scores of a wrong size";
    if (settings->edge_bits == 0 || settings->edge_bits > 30 ||
        header->sections[SECTION_EDGES].n != UINT32_C(1) << settings->edge_bits ||
        trie->n_nodes == 0 || trie->n_nodes > TRIE_MAX_NODES)
        return "trie of a wrong size";
    for (uint32_t i = 0; i < trie->n_nodes; i++)
        if (trie->tokens[i] != TRIE_NO_TOKEN && (uint32_t)trie->tokens[i] >= unigram->n_scores)
            return "trie has a token without a score";
    for (size_t i = 0; i < unigram->n_scores; i++)
        if (!isfinite(unigram->scores[i]))
            return "a score that is no number";
    return NULL;
}

static const char *check_steps(const struct image_header *header) {
    const struct image_step *steps =
        (const void *)((const char *)header + header->sections[SECTION_STEPS].at);
    uint32_t n_strings = header->sections[SECTION_STRINGS].n;

    if (header->sections[SECTION_STEPS].n > STEP_MAX_NUMBER ||
        header->n_normalizers > header->sections[SECTION_STEPS].n)
        return "too many steps";
    for (uint32_t i = 0; i < header->sections[SECTION_STEPS].n; i++) {
        const struct image_step *step = &steps[i];
        if (step->kind >= N_STEP_KINDS || step->pattern_kind >= N_PATTERN_KINDS ||
            step->reserved != 0)
            return "unknown kind of step";
        if ((uint64_t)step->first_at + step->n_first > n_strings ||
            (uint64_t)step->second_at + step->n_second > n_strings ||
            (uint64_t)step->units_at + step->n_units > header->sections[SECTION_UNITS].n)
            return "step outside the strings";
    }
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

int image_compare_bytes(const char *a, size_t n_a, const char *b, size_t n_b) {
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
        if (i > 0 && image_compare_bytes(added->strings + token[-1].content_at, token[-1].n_content,
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
    tokenizer->bpe.settings = header->bpe;
    tokenizer->bpe.merges = (const void *)(bytes + sections[SECTION_MERGES].at);
    tokenizer->unigram = (struct unigram){
        header->unigram,
        {(const void *)(bytes + sections[SECTION_EDGES].at), header->unigram.edge_bits,
         (const void *)(bytes + sections[SECTION_NODES].at), sections[SECTION_NODES].n},
        (const void *)(bytes + sections[SECTION_SCORES].at),
        sections[SECTION_SCORES].n};
}

static const char *check_contents(const struct image_header *header,
                                  const struct tokenizer *tokenizer) {
    const char *what = check_settings(header);

    if (what == NULL)
        what = check_characters(header, &tokenizer->characters);
    if (what == NULL)
        what = check_vocabulary(header, &tokenizer->vocabulary);
    if (what == NULL)
        what = check_bpe(header);
    if (what == NULL)
        what = check_unigram(header, &tokenizer->unigram);
    if (what == NULL)
        what = check_steps(header);
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
    tokenizer->trimming = header->trimming;
    added_tokens_index(&tokenizer->raw_tokens);
    added_tokens_index(&tokenizer->normalized_tokens);
    if (tokenizer->pre_tokenizer != PRE_TOKENIZER_STEPS)
        pre_tokenizer_index(tokenizer);
    if (tokenizer->model == MODEL_BPE)
        bpe_index(&tokenizer->bpe, &tokenizer->vocabulary);
}

/* Patterns are compiled at every start: compiled ones in a file could not be checked. */
static alkfw_status open_steps(const struct image_header *header, struct tokenizer *tokenizer,
                               alkfw_error *error) {
    const char *bytes = (const char *)header;
    const struct image_step *from = (const void *)(bytes + header->sections[SECTION_STEPS].at);
    const char *strings = bytes + header->sections[SECTION_STRINGS].at;
    const uint32_t *units = (const void *)(bytes + header->sections[SECTION_UNITS].at);
    size_t n_steps = header->sections[SECTION_STEPS].n;
    alkfw_status status = ALKFW_OK;

    tokenizer->n_normalizers = header->n_normalizers;
    if (n_steps == 0)
        return ALKFW_OK;
    tokenizer->steps = calloc(n_steps, sizeof *tokenizer->steps);
    if (tokenizer->steps == NULL)
        return alkfw_error_set(error, ALKFW_E_MEMORY, "no memory for a tokenizer");
    for (size_t i = 0; i < n_steps && status == ALKFW_OK; i++) {
        tokenizer->steps[i] = (struct step){
            .kind = (enum step_kind)from[i].kind,
            .flags = from[i].flags,
            .pattern = {.kind = (enum pattern_kind)from[i].pattern_kind},
            .first = strings + from[i].first_at,
            .n_first = from[i].n_first,
            .second = strings + from[i].second_at,
            .n_second = from[i].n_second,
            .units = units + from[i].units_at,
            .n_units = from[i].n_units,
        };
        status = step_compile(&tokenizer->steps[i], "tokenizer image", error);
        tokenizer->n_steps = i + 1;
    }
    return status == ALKFW_OK || status == ALKFW_E_MEMORY ? status
                                                          : damaged(error, "a step cannot be used");
}

void image_close(struct tokenizer *tokenizer) {
    for (size_t i = 0; i < tokenizer->n_steps; i++)
        pattern_free(&tokenizer->steps[i].pattern);
    free(tokenizer->steps);
    tokenizer->steps = NULL;
    tokenizer->n_steps = 0;
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
    alkfw_status status = open_steps(header, tokenizer, error);
    if (status != ALKFW_OK)
        image_close(tokenizer);
    return status;
}
