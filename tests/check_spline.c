/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <math.h>

#include "codebook/normal.h"
#include "codebook/spline.h"
#include "golden.h"
#include "run_tests.h"

enum { MAX_POINTS = 64 };

static void load_knots(const json_t *golden, struct spline *spline) {
    double x[MAX_POINTS];
    double y[MAX_POINTS];

    spline->n_knots = golden_doubles(golden_at(golden, "x"), x, MAX_POINTS);
    ck_assert_uint_eq(golden_doubles(golden_at(golden, "y"), y, MAX_POINTS), spline->n_knots);
    for (size_t i = 0; i < spline->n_knots; i++)
        spline->knots[i] = (struct spline_knot){x[i], y[i], NAN};
}

START_TEST(splines_agree_with_scipy) {
    json_t *golden = golden_load("spline");
    size_t index;
    json_t *item;

    json_array_foreach(golden_at(golden, "splines"), index, item) {
        struct spline spline;
        double slopes[MAX_POINTS];
        double at[MAX_POINTS];
        double values[MAX_POINTS];

        load_knots(item, &spline);
        spline_fit_slopes(&spline);
        ck_assert(spline_is_valid(&spline));
        (void)golden_doubles(golden_at(item, "slope"), slopes, MAX_POINTS);
        for (size_t i = 0; i < spline.n_knots; i++)
            ck_assert_double_eq_tol(spline.knots[i].slope, slopes[i], 1e-6);
        size_t n = golden_doubles(golden_at(item, "at"), at, MAX_POINTS);
        (void)golden_doubles(golden_at(item, "values"), values, MAX_POINTS);
        for (size_t i = 0; i < n; i++) {
            ck_assert_double_eq_tol(spline_value(&spline, at[i]), values[i], 1e-6);
            ck_assert_double_eq_tol(spline_inverse(&spline, values[i]), at[i], 1e-6);
        }
    }
    json_decref(golden);
}
END_TEST

START_TEST(splines_rise_everywhere) {
    json_t *golden = golden_load("spline");
    size_t index;
    json_t *item;

    json_array_foreach(golden_at(golden, "splines"), index, item) {
        struct spline spline;
        double before = -INFINITY;

        load_knots(item, &spline);
        spline_fit_slopes(&spline);
        for (int i = -1000; i <= 1000; i++) {
            double value = spline_value(&spline, i * 0.01);
            ck_assert_double_gt(value, before);
            before = value;
        }
    }
    json_decref(golden);
}
END_TEST

static struct spline good_spline(void) {
    struct spline spline = {.n_knots = 3, .knots = {{-1, -2, 0}, {0, 0, 0}, {2, 3, 0}}};

    spline_fit_slopes(&spline);
    return spline;
}

START_TEST(invalid_splines_are_refused) {
    struct spline spline = good_spline();
    ck_assert(spline_is_valid(&spline));
    spline.knots[1].x = spline.knots[0].x;
    ck_assert(!spline_is_valid(&spline));

    spline = good_spline();
    spline.knots[2].y = -1;
    ck_assert(!spline_is_valid(&spline));

    spline = good_spline();
    spline.knots[1].slope = 100; /* overshoots between the knots */
    ck_assert(!spline_is_valid(&spline));

    spline = good_spline();
    spline.upper_slope = 0;
    ck_assert(!spline_is_valid(&spline));

    spline = good_spline();
    spline.knots[1].slope = NAN;
    ck_assert(!spline_is_valid(&spline));

    spline = good_spline();
    spline.n_knots = 1;
    ck_assert(!spline_is_valid(&spline));
}
END_TEST

START_TEST(normal_tails_agree_with_scipy) {
    json_t *golden = golden_load("spline");
    const json_t *normal = golden_at(golden, "normal");
    double evidence[MAX_POINTS];
    double z[MAX_POINTS];

    size_t n = golden_doubles(golden_at(normal, "evidence"), evidence, MAX_POINTS);
    ck_assert_uint_gt(n, 10);
    (void)golden_doubles(golden_at(normal, "z"), z, MAX_POINTS);
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq_tol(normal_from_evidence(evidence[i]), z[i], 1e-9 * (1 + fabs(z[i])));
    json_decref(golden);
}
END_TEST

int main(void) {
    TCase *tests = tcase_create("spline");

    tcase_add_test(tests, splines_agree_with_scipy);
    tcase_add_test(tests, splines_rise_everywhere);
    tcase_add_test(tests, invalid_splines_are_refused);
    tcase_add_test(tests, normal_tails_agree_with_scipy);
    return run_tests("spline", tests);
}
