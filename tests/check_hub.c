/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/cache.h"
#include "hub/default_model.h"
#include "hub/environment.h"
#include "hub/hub.h"
#include "hub/reference.h"
#include "run_tests.h"

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static char top[64]; /* an empty directory of each test's own, and its current directory */

static void enter_directory(void) {
    memcpy(top, "/tmp/check_hub.XXXXXX", sizeof "/tmp/check_hub.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(top));
    ck_assert_int_eq(chdir(top), 0);
}

static void leave_directory(void) {
    char command[128];

    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_gt(snprintf(command, sizeof command, "rm -rf '%s'", top), 0);
    ck_assert_int_eq(system(command), 0);
}

/* Writes a file below the current directory, with the directories that it needs. */
static void put(const char *path, const char *text) {
    char directory[512];

    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        ck_assert_int_gt(snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path),
                         0);
        (void)mkdir(directory, 0777);
    }
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

#define REPOSITORY "cache/models--owner--name/"
#define SNAPSHOT REPOSITORY "snapshots/" COMMIT "/"

static void put_model(void) {
    put(REPOSITORY "refs/main", COMMIT);
    put(SNAPSHOT "config.json", "{}");
    put(SNAPSHOT "tokenizer.json", "{}");
    put(SNAPSHOT "model.safetensors", "");
}

static struct hub_environment environment(void) {
    struct hub_environment result;
    alkfw_error error;

    ck_assert_int_eq(setenv("HF_HUB_CACHE", "cache", 1), 0);
    ck_assert_int_eq(hub_environment_read(&result, &error), ALKFW_OK);
    return result;
}

static void assert_resolves(const char *model, const char *end) {
    struct hub_environment hub = environment();
    alkfw_error error = {.message = ""};
    char *directory;

    alkfw_status status = hub_resolve_model(&hub, model, false, &directory, &error);
    ck_assert_msg(status == ALKFW_OK, "%s: %s", model, error.message);
    size_t length = strlen(directory), n_end = strlen(end);
    ck_assert_uint_ge(length, n_end);
    ck_assert_str_eq(directory + length - n_end, end);
    free(directory);
    hub_environment_free(&hub);
}

static void assert_refuses(const char *model, alkfw_status expected, const char *message_part) {
    struct hub_environment hub = environment();
    alkfw_error error = {.message = ""};
    char *directory;

    ck_assert_int_eq(hub_resolve_model(&hub, model, false, &directory, &error), expected);
    ck_assert_ptr_null(directory);
    ck_assert_ptr_nonnull(strstr(error.message, message_part));
    hub_environment_free(&hub);
}

START_TEST(repository_ids_follow_the_rules_of_the_hub) {
    static const char *const good[] = {"gpt2", "owner/name", "Foo-BAR_foo.bar123", "123/4_5",
                                       HUB_DEFAULT_MODEL_ID};
    static const char *const bad[] = {
        "",         "/",          "owner/",      "/name",         "a/b/c",    "../name",
        "owner/..", "a--b/c",     ".hidden/a",   "owner/-x",      "owner/x.", "owner/x.git",
        "ow ner/x", "owner/\x01", "owner/n\nme", "caf\xC3\xA9/x", "a..b/c",   "hub:a/b"};
    char long_name[98];

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(hub_is_repository_id(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!hub_is_repository_id(bad[i]), "%s", bad[i]);
    memset(long_name, 'a', 97);
    long_name[97] = '\0';
    ck_assert(!hub_is_repository_id(long_name));
    ck_assert(hub_is_repository_id(long_name + 1));
}
END_TEST

START_TEST(revisions_cannot_leave_the_refs) {
    static const char *const good[] = {"main", "v1.0", "refs/pr/1", COMMIT, "feature_x"};
    static const char *const bad[] = {"",         "..",   "a/../b", "/main", "main/", "a//b", ".a",
                                      "a/.b",     "-x",   "a b",    "a~1",   "a^",    "a:b",  "a?b",
                                      "a.lock/b", "a@{1", "a\\b",   "a\nb",  "a.",    "\xFF"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(hub_is_revision(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!hub_is_revision(bad[i]), "%s", bad[i]);
    ck_assert(hub_is_commit(COMMIT));
    ck_assert(!hub_is_commit("0123456789ABCDEF0123456789abcdef01234567"));
    ck_assert(!hub_is_commit("0123456"));
}
END_TEST

START_TEST(file_names_stay_inside_the_repository) {
    static const char *const good[] = {"config.json", "1_Pooling/config.json", "a..b/c", "...",
                                       "\xC3\xA9.txt"};
    static const char *const bad[] = {"",    "/etc/passwd", "../x", "a/../b", "a/..",
                                      ".",   "a/./b",       "a//b", "a/",     "a\\b",
                                      "C:x", "a\nb",        "\xC3"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        ck_assert_msg(hub_is_file_name(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(!hub_is_file_name(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(pickle_is_never_wanted) {
    static const char *const pickles[] = {
        "pytorch_model.bin",   "model.pt",   "model.pth",      "a.pkl",
        "model.ckpt",          "x.json.bin", "weights.joblib", "script.py",
        "model.safetensors.pt"};

    for (size_t i = 0; i < sizeof pickles / sizeof pickles[0]; i++)
        ck_assert_msg(!hub_is_wanted_file(pickles[i]), "%s", pickles[i]);
    ck_assert(hub_is_wanted_file("model.safetensors"));
    ck_assert(hub_is_wanted_file("model.safetensors.index.json"));
}
END_TEST

START_TEST(references_are_taken_apart) {
    struct hub_reference reference;
    alkfw_error error;

    ck_assert_int_eq(hub_reference_parse_model("owner/name@refs/pr/1", &reference, &error), 0);
    ck_assert_str_eq(reference.repository, "owner/name");
    ck_assert_str_eq(reference.revision, "refs/pr/1");
    ck_assert_ptr_null(reference.file);
    hub_reference_free(&reference);

    ck_assert_int_eq(
        hub_reference_parse_file("owner/name@v1/dir/a.safetensors", &reference, &error), 0);
    ck_assert_str_eq(reference.repository, "owner/name");
    ck_assert_str_eq(reference.revision, "v1");
    ck_assert_str_eq(reference.file, "dir/a.safetensors");
    hub_reference_free(&reference);

    ck_assert_int_eq(hub_reference_parse_file("owner/name/a.safetensors", &reference, &error), 0);
    ck_assert_str_eq(reference.revision, "main");
    hub_reference_free(&reference);

    static const char *const bad[] = {"",
                                      "owner",
                                      "owner/name",
                                      "owner/name@v1",
                                      "owner/name@v1/",
                                      "owner/name@/a",
                                      "owner/name@v1/../a",
                                      "/a",
                                      "@v1/a"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(hub_reference_parse_file(bad[i], &reference, &error), ALKFW_E_ARGUMENT);
}
END_TEST

START_TEST(cache_is_where_the_python_client_has_it) {
    struct hub_environment hub;
    alkfw_error error;

    unsetenv("HF_HUB_CACHE");
    unsetenv("HUGGINGFACE_HUB_CACHE");
    unsetenv("HF_HOME");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HF_HUB_OFFLINE");
    unsetenv("TRANSFORMERS_OFFLINE");
    setenv("HOME", "/home/ann", 1);
    static const struct {
        const char *name, *value, *directory;
    } steps[] = {
        {"HOME", "/home/ann", "/home/ann/.cache/huggingface/hub"},
        {"XDG_CACHE_HOME", "/xdg", "/xdg/huggingface/hub"},
        {"HF_HOME", "~/hf", "/home/ann/hf/hub"},
        {"HF_HOME", "$XDG_CACHE_HOME/${HOME}x$UNSET_NAME", "/xdg//home/annx$UNSET_NAME/hub"},
        {"HUGGINGFACE_HUB_CACHE", "/old", "/old"},
        {"HF_HUB_CACHE", "/new/", "/new"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        setenv(steps[i].name, steps[i].value, 1);
        ck_assert_int_eq(hub_environment_read(&hub, &error), ALKFW_OK);
        ck_assert_str_eq(hub.cache_directory, steps[i].directory);
        ck_assert(!hub.offline);
        hub_environment_free(&hub);
    }
    setenv("HF_HUB_OFFLINE", "Yes", 1);
    ck_assert_int_eq(hub_environment_read(&hub, &error), ALKFW_OK);
    ck_assert(hub.offline);
    hub_environment_free(&hub);
    setenv("HF_HUB_OFFLINE", "0", 1);
    ck_assert_int_eq(hub_environment_read(&hub, &error), ALKFW_OK);
    ck_assert(!hub.offline);
    hub_environment_free(&hub);
    char *path;
    unsetenv("HOME");
    ck_assert_int_eq(hub_expand_path("~/x", &path, &error), ALKFW_E_CONFIG);
    char long_path[5000];
    memset(long_path, 'x', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    ck_assert_int_eq(hub_expand_path(long_path, &path, &error), ALKFW_E_LIMIT);
}
END_TEST

START_TEST(a_complete_snapshot_is_found) {
    put_model();
    assert_resolves("owner/name", "/cache/models--owner--name/snapshots/" COMMIT);
    assert_resolves("owner/name@main", "/snapshots/" COMMIT);
    assert_resolves("owner/name@" COMMIT, "/snapshots/" COMMIT);
    assert_refuses("owner/name@dev", ALKFW_E_MISSING, "--revision=dev owner/name");
    ck_assert_int_eq(unlink(SNAPSHOT "tokenizer.json"), 0);
    assert_refuses("owner/name", ALKFW_E_MISSING, "fetching is off (--offline)");
}
END_TEST

START_TEST(a_sharded_snapshot_needs_every_shard) {
    put_model();
    ck_assert_int_eq(unlink(SNAPSHOT "model.safetensors"), 0);
    put(SNAPSHOT "model.safetensors.index.json",
        "{\"weight_map\":{\"a\":\"model-2.safetensors\",\"b\":\"model-1.safetensors\","
        "\"c\":\"model-2.safetensors\"}}");
    put(SNAPSHOT "model-1.safetensors", "");
    assert_refuses("owner/name", ALKFW_E_MISSING, "not in the cache");
    ck_assert_int_eq(symlink("../../blobs/gone", SNAPSHOT "model-2.safetensors"), 0);
    assert_refuses("owner/name", ALKFW_E_MISSING, "not in the cache");
    ck_assert_int_eq(unlink(SNAPSHOT "model-2.safetensors"), 0);
    put(SNAPSHOT "model-2.safetensors", "");
    assert_resolves("owner/name", "/snapshots/" COMMIT);

    struct hub_shards shards;
    alkfw_error error;
    ck_assert_int_eq(hub_shards_read(SNAPSHOT "model.safetensors.index.json", &shards, &error), 0);
    ck_assert_uint_eq(shards.n_files, 2);
    ck_assert_str_eq(shards.files[0], "model-1.safetensors");
    hub_shards_free(&shards);
    static const char *const bad[] = {"",
                                      "[]",
                                      "{}",
                                      "{\"weight_map\":{}}",
                                      "{\"weight_map\":{\"a\":1}}",
                                      "{\"weight_map\":{\"a\":\"../x.safetensors\"}}",
                                      "{\"weight_map\":{\"a\":\"model.bin\"}}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put("index.json", bad[i]);
        ck_assert_int_eq(hub_shards_read("index.json", &shards, &error), ALKFW_E_FORMAT);
    }
}
END_TEST

START_TEST(a_damaged_ref_is_no_ref) {
    put_model();
    put(REPOSITORY "refs/main", COMMIT "\n");
    assert_resolves("owner/name", "/snapshots/" COMMIT);
    static const char *const bad[] = {"", "0123", "../../../../etc", COMMIT "0",
                                      "0123456789abcdef0123456789abcdef0123456Z"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put(REPOSITORY "refs/main", bad[i]);
        assert_refuses("owner/name", ALKFW_E_MISSING, "not in the cache");
    }
}
END_TEST

START_TEST(a_directory_is_taken_only_when_it_is_meant) {
    put("owner/name/config.json", "{}");
    assert_refuses("owner/name", ALKFW_E_MISSING, "write ./owner/name");
    assert_resolves("./owner/name", "./owner/name");
    assert_resolves("owner", "owner");
    char path[PATH_MAX];
    ck_assert_int_gt(snprintf(path, sizeof path, "%s/owner/name", top), 0);
    assert_resolves(path, "/owner/name");
    assert_refuses("./gone", ALKFW_E_MISSING, "No such file");
    assert_refuses("a/b/c", ALKFW_E_MISSING, "a/b/c");
    assert_refuses("owner/name@../x", ALKFW_E_ARGUMENT, "revision");
}
END_TEST

START_TEST(a_codebook_is_a_path_or_a_file_of_the_hub) {
    struct hub_environment hub = environment();
    alkfw_error error;
    char *path;

    put("my.codebook", "x");
    ck_assert_int_eq(hub_resolve_codebook(&hub, "my.codebook", true, &path, &error), 0);
    ck_assert_str_eq(path, "my.codebook");
    free(path);
    ck_assert_int_eq(hub_resolve_codebook(&hub, "gone", true, &path, &error), ALKFW_E_MISSING);
    put(REPOSITORY "refs/v1", COMMIT);
    put(SNAPSHOT "dir/a.safetensors", "x");
    ck_assert_int_eq(
        hub_resolve_codebook(&hub, "hub:owner/name@v1/dir/a.safetensors", false, &path, &error), 0);
    ck_assert_ptr_nonnull(strstr(path, "/snapshots/" COMMIT "/dir/a.safetensors"));
    free(path);
    ck_assert_int_eq(
        hub_resolve_codebook(&hub, "hub:owner/name@v1/b.safetensors", false, &path, &error),
        ALKFW_E_MISSING);
    ck_assert_ptr_nonnull(strstr(error.message, "alkfw-fetch --revision=v1 owner/name b."));
    hub.offline = true;
    ck_assert_int_eq(
        hub_resolve_codebook(&hub, "hub:owner/name@v1/b.safetensors", true, &path, &error),
        ALKFW_E_MISSING);
    ck_assert_ptr_nonnull(strstr(error.message, "HF_HUB_OFFLINE"));
    ck_assert_int_eq(
        hub_fetch_codebook(&hub, "hub:owner/name@v1/b.safetensors", NULL, &path, &error),
        ALKFW_E_NETWORK);
    hub_environment_free(&hub);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("hub");

    tcase_add_checked_fixture(tests, enter_directory, leave_directory);
    tcase_add_test(tests, repository_ids_follow_the_rules_of_the_hub);
    tcase_add_test(tests, revisions_cannot_leave_the_refs);
    tcase_add_test(tests, file_names_stay_inside_the_repository);
    tcase_add_test(tests, pickle_is_never_wanted);
    tcase_add_test(tests, references_are_taken_apart);
    tcase_add_test(tests, cache_is_where_the_python_client_has_it);
    tcase_add_test(tests, a_complete_snapshot_is_found);
    tcase_add_test(tests, a_sharded_snapshot_needs_every_shard);
    tcase_add_test(tests, a_damaged_ref_is_no_ref);
    tcase_add_test(tests, a_directory_is_taken_only_when_it_is_meant);
    tcase_add_test(tests, a_codebook_is_a_path_or_a_file_of_the_hub);
    return run_tests("hub", tests);
}
