/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include "model/safetensors.h"
#include "run_tests.h"

/* A file of the given header and n_data bytes 0, 1, 2, ... in memory. */
static alkfw_status parse(const char *header, size_t n_data, struct safetensors **file,
                          alkfw_error *error) {
    static unsigned char bytes[4096];
    size_t length = strlen(header);

    ck_assert(8 + length + n_data <= sizeof bytes);
    memset(bytes, 0, 8);
    bytes[0] = (unsigned char)length;
    bytes[1] = (unsigned char)(length >> 8);
    memcpy(bytes + 8, header, length);
    for (size_t i = 0; i < n_data; i++)
        bytes[8 + length + i] = (unsigned char)i;
    return safetensors_parse(bytes, 8 + length + n_data, "test.safetensors", file, error);
}

START_TEST(reads_what_the_format_says) {
    struct safetensors *file;
    alkfw_error error;

    ck_assert_int_eq(
        parse("{\"b\":{\"dtype\":\"I8\",\"shape\":[2,2],\"data_offsets\":[8,12]},"
              "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
              "\"empty\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[8,8]},"
              "\"__metadata__\":{\"k\":\"v\",\"l\":\"\"},"
              "\"scalar\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[12,13]}}   ",
              13, &file, &error),
        ALKFW_OK);
    ck_assert_uint_eq(safetensors_n_tensors(file), 4);
    ck_assert_str_eq(safetensors_tensor_at(file, 0)->name, "a");
    const struct safetensors_tensor *b = safetensors_find(file, "b");
    ck_assert_ptr_nonnull(b);
    ck_assert_uint_eq(b->n_dims, 2);
    ck_assert_uint_eq(b->shape[1], 2);
    ck_assert_uint_eq(b->n_elements, 4);
    ck_assert_mem_eq(b->data, "\x08\x09\x0a\x0b", 4);
    ck_assert_uint_eq(safetensors_find(file, "scalar")->n_elements, 1);
    ck_assert_uint_eq(safetensors_find(file, "empty")->n_bytes, 0);
    ck_assert_ptr_null(safetensors_find(file, "c"));
    ck_assert_str_eq(safetensors_metadata(file, "k"), "v");
    ck_assert_ptr_null(safetensors_metadata(file, "absent"));
    ck_assert_str_eq(safetensors_metadata_key(file, 1), "l");
    ck_assert_ptr_null(safetensors_metadata_key(file, 2));
    safetensors_close(file);
}
END_TEST

static const struct {
    const char *header;
    size_t n_data;
    alkfw_status status;
    const char *message; /* a part of it */
} refused[] = {
    {"{", 0, ALKFW_E_FORMAT, "not valid JSON"},
    {"[]", 0, ALKFW_E_FORMAT, "not a JSON object"},
    {"{\"a\":1}", 0, ALKFW_E_FORMAT, "not described by an object"},
    {"{\"__metadata__\":{\"a\":1}}", 0, ALKFW_E_FORMAT, "not a string"},
    {"{\"__metadata__\":[]}", 0, ALKFW_E_FORMAT, "not an object"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
     "\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
     1, ALKFW_E_FORMAT, "duplicate"},
    {"{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8, ALKFW_E_UNSUPPORTED,
     "C64"},
    {"{\"a\":{\"shape\":[1],\"data_offsets\":[0,8]}}", 8, ALKFW_E_FORMAT, "no dtype"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, ALKFW_E_FORMAT,
     "not a size"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", 4, ALKFW_E_FORMAT,
     "not a size"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,4]}}", 4,
     ALKFW_E_FORMAT, "8 dimensions"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
     ALKFW_E_FORMAT, "beyond any memory"},
    {"{\"a\":{\"dtype\":\"F64\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}", 0,
     ALKFW_E_FORMAT, "beyond any memory"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, ALKFW_E_FORMAT,
     "do not fit its shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, ALKFW_E_FORMAT,
     "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, ALKFW_E_FORMAT, "no data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 4, ALKFW_E_FORMAT,
     "beyond the end"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
     "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}",
     3, ALKFW_E_FORMAT, "\"b\" overlaps"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
     "\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[3,5]}}",
     5, ALKFW_E_FORMAT, "hole"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 3, ALKFW_E_FORMAT,
     "1 bytes after"},
};

START_TEST(refuses_with_a_message_of_its_own) {
    struct safetensors *file;
    alkfw_error error;

    ck_assert_int_eq(parse(refused[_i].header, refused[_i].n_data, &file, &error),
                     refused[_i].status);
    ck_assert_ptr_null(file);
    ck_assert_msg(strstr(error.message, refused[_i].message) != NULL, "message: %s", error.message);
    ck_assert_msg(strstr(error.message, "test.safetensors") != NULL, "message: %s", error.message);
}
END_TEST

START_TEST(refuses_a_header_beyond_the_file) {
    static const unsigned char lengths[][10] = {
        {3, 0, 0, 0, 0, 0, 0, 0, '{', '}'},
        {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, '{', '}'},
        {0xF8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, '{', '}'},
    };
    struct safetensors *file;
    alkfw_error error;

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        ck_assert_int_eq(safetensors_parse(lengths[i], 10, "x", &file, &error), ALKFW_E_FORMAT);
        ck_assert_ptr_nonnull(strstr(error.message, "beyond the file"));
    }
    for (size_t n_bytes = 0; n_bytes < 8; n_bytes++)
        ck_assert_int_eq(safetensors_parse(lengths[0], n_bytes, "x", &file, &error),
                         ALKFW_E_FORMAT);
}
END_TEST

START_TEST(converts_halves) {
    /* 1.5, -2^-24 (smallest subnormal), 65504 (largest) as binary16; 1.5 and -2 as bfloat16 */
    static const uint16_t values[] = {0x3E00, 0x8001, 0x7BFF, 0x3FC0, 0xC000};
    char bytes[8 + 160 + 10] = {0};
    const char *header = "{\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                         "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[6,10]}}";
    struct safetensors *file;
    alkfw_error error;
    float out[3];

    bytes[0] = (char)strlen(header);
    memcpy(bytes + 8, header, strlen(header));
    memcpy(bytes + 8 + strlen(header), values, sizeof values);
    ck_assert_int_eq(safetensors_parse(bytes, 8 + strlen(header) + 10, "x", &file, &error),
                     ALKFW_OK);
    ck_assert_int_eq(safetensors_copy_f32(file, safetensors_find(file, "h"), out, &error),
                     ALKFW_OK);
    ck_assert(out[0] == 1.5f && out[1] == -0x1p-24f && out[2] == 65504.0f);
    ck_assert_int_eq(safetensors_copy_f32(file, safetensors_find(file, "b"), out, &error),
                     ALKFW_OK);
    ck_assert(out[0] == 1.5f && out[1] == -2.0f);
    safetensors_close(file);
}
END_TEST

static char directory[] = "/tmp/check_safetensors.XXXXXX";
static char path[64];

static void make_directory(void) {
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_lt(snprintf(path, sizeof path, "%s/x.safetensors", directory), 64);
}

static void remove_directory(void) {
    (void)unlink(path);
    ck_assert_int_eq(rmdir(directory), 0); /* fails when a temporary file is left */
}

static void write_sample(const float *values, const double *wide) {
    struct safetensors_writer *writer;
    alkfw_error error;

    ck_assert_int_eq(safetensors_writer_new(&writer, &error), ALKFW_OK);
    ck_assert_int_eq(safetensors_writer_metadata(writer, "z", "last \"letter\"", &error), ALKFW_OK);
    ck_assert_int_eq(safetensors_writer_metadata(writer, "a", "first", &error), ALKFW_OK);
    ck_assert_int_eq(safetensors_writer_metadata(writer, "a", "x", &error), ALKFW_E_ARGUMENT);
    ck_assert_int_eq(safetensors_writer_metadata(writer, "b", "\xFF", &error), ALKFW_E_ARGUMENT);
    ck_assert_int_eq(safetensors_writer_add(writer, "wide", SAFETENSORS_F64, (const size_t[]){1}, 1,
                                            wide, &error),
                     ALKFW_OK);
    ck_assert_int_eq(safetensors_writer_add(writer, "values", SAFETENSORS_F32,
                                            (const size_t[]){3, 1}, 2, values, &error),
                     ALKFW_OK);
    ck_assert_int_eq(safetensors_writer_add(writer, "values", SAFETENSORS_F32,
                                            (const size_t[]){3, 1}, 2, values, &error),
                     ALKFW_E_ARGUMENT);
    ck_assert_int_eq(safetensors_writer_finish(writer, path, "test file", &error), ALKFW_OK);
    safetensors_writer_free(writer);
}

START_TEST(writes_what_it_reads_and_the_same_bytes_each_time) {
    const float values[3] = {1.0f, -2.5f, 3e-30f};
    const double wide = 0.1;
    struct safetensors *file, *again;
    alkfw_error error;
    float out[3];
    size_t n_bytes, n_again;

    write_sample(values, &wide);
    ck_assert_int_eq(safetensors_open(path, "test file", &file, &error), ALKFW_OK);
    write_sample(values, &wide);
    ck_assert_int_eq(safetensors_open(path, "test file", &again, &error), ALKFW_OK);
    const unsigned char *bytes = safetensors_bytes(file, &n_bytes);
    ck_assert_ptr_nonnull(safetensors_bytes(again, &n_again));
    ck_assert_uint_eq(n_bytes, n_again);
    ck_assert_mem_eq(bytes, safetensors_bytes(again, &n_again), n_bytes);

    const struct safetensors_tensor *tensor = safetensors_tensor_at(file, 0);
    ck_assert_str_eq(tensor->name, "wide");
    ck_assert_uint_eq((size_t)(tensor->data - bytes) % 64, 0);
    tensor = safetensors_find(file, "values");
    ck_assert_int_eq(safetensors_copy_f32(file, tensor, out, &error), ALKFW_OK);
    ck_assert_mem_eq(out, values, sizeof values);
    ck_assert_str_eq(safetensors_metadata(file, "z"), "last \"letter\"");
    ck_assert_str_eq(safetensors_metadata_key(file, 0), "z");
    safetensors_close(file);
    safetensors_close(again);
}
END_TEST

START_TEST(copies_refuse_what_is_not_finite) {
    const float values[3] = {1.0f, __builtin_nanf(""), 0.0f};
    const double wide = 1e300; /* finite as double, infinite as float */
    struct safetensors *file;
    alkfw_error error;
    float out[3];
    double out_wide[1];

    write_sample(values, &wide);
    ck_assert_int_eq(safetensors_open(path, "test file", &file, &error), ALKFW_OK);
    ck_assert_int_eq(safetensors_copy_f32(file, safetensors_find(file, "values"), out, &error),
                     ALKFW_E_FORMAT);
    ck_assert_ptr_nonnull(strstr(error.message, "\"values\""));
    ck_assert_ptr_nonnull(strstr(error.message, "element 1"));
    ck_assert_int_eq(safetensors_copy_f32(file, safetensors_find(file, "wide"), out, &error),
                     ALKFW_E_FORMAT);
    ck_assert_int_eq(safetensors_copy_f64(file, safetensors_find(file, "wide"), out_wide, &error),
                     ALKFW_OK);
    safetensors_close(file);
}
END_TEST

START_TEST(a_full_disk_leaves_the_old_file) {
    const float values[3] = {1.0f, 2.0f, 3.0f};
    static float large[4096];
    const double wide = 1.0;
    struct safetensors_writer *writer;
    struct safetensors *file;
    struct rlimit limit;
    alkfw_error error;

    write_sample(values, &wide);
    ck_assert_int_eq(safetensors_writer_new(&writer, &error), ALKFW_OK);
    ck_assert_int_eq(safetensors_writer_add(writer, "large", SAFETENSORS_F32,
                                            (const size_t[]){4096}, 1, large, &error),
                     ALKFW_OK);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = 1000;
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(safetensors_writer_finish(writer, path, "test file", &error), ALKFW_E_IO);
    limit.rlim_cur = limit.rlim_max;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    safetensors_writer_free(writer);
    ck_assert_int_eq(safetensors_open(path, "test file", &file, &error), ALKFW_OK);
    ck_assert_ptr_nonnull(safetensors_find(file, "values"));
    safetensors_close(file);
}
END_TEST

START_TEST(a_missing_file_and_a_directory_have_their_messages) {
    struct safetensors *file;
    alkfw_error error;

    ck_assert_int_eq(safetensors_open("/nonexistent/x", "codebook", &file, &error),
                     ALKFW_E_MISSING);
    ck_assert_ptr_nonnull(strstr(error.message, "codebook /nonexistent/x"));
    ck_assert_int_eq(safetensors_open("/tmp", "codebook", &file, &error), ALKFW_E_FORMAT);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("safetensors");

    tcase_add_checked_fixture(tests, make_directory, remove_directory);
    tcase_add_test(tests, reads_what_the_format_says);
    tcase_add_loop_test(tests, refuses_with_a_message_of_its_own, 0,
                        sizeof refused / sizeof refused[0]);
    tcase_add_test(tests, refuses_a_header_beyond_the_file);
    tcase_add_test(tests, converts_halves);
    tcase_add_test(tests, writes_what_it_reads_and_the_same_bytes_each_time);
    tcase_add_test(tests, copies_refuse_what_is_not_finite);
    tcase_add_test(tests, a_full_disk_leaves_the_old_file);
    tcase_add_test(tests, a_missing_file_and_a_directory_have_their_messages);
    return run_tests("safetensors", tests);
}
