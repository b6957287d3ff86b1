/* SPDX-License-Identifier: Apache-2.0 */
#include "support/date.h"

#include <string.h>

/* n digits at `text`; -1 when one is none. */
static int digits(const char *text, int n) {
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = 10 * value + (text[i] - '0');
    }
    return value;
}

static bool is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of_month(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_parse(const char *text, int64_t *days) {
    if (strlen(text) != strlen("YYYY-MM-DD") || text[4] != '-' || text[7] != '-')
        return false;
    int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_of_month(year, month))
        return false;
    int before = year - 1; /* whole years since the year 1, which begins 719162 days before 1970 */
    int64_t total = (int64_t)before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    for (int earlier = 1; earlier < month; earlier++)
        total += days_of_month(year, earlier);
    *days = total + day - 1;
    return true;
}
