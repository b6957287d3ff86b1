# Tests: one Check program per module; each part adds its own line below.
if HAVE_CHECK
check_ldadd = libalkfw-internal.la $(CHECK_LIBS)
check_cflags = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)

check_PROGRAMS += tests/check_support
tests_check_support_SOURCES = tests/check_support.c tests/run_tests.h
tests_check_support_CFLAGS = $(check_cflags)
tests_check_support_LDADD = $(check_ldadd)

TESTS += $(check_PROGRAMS)
endif
