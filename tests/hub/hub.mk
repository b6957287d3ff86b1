# Tests of the Hub's cache and of alkfw-fetch.
if HAVE_CHECK
check_PROGRAMS += tests/check_hub
tests_check_hub_SOURCES = tests/check_hub.c tests/run_tests.h
tests_check_hub_CFLAGS = $(check_cflags)
tests_check_hub_LDADD = libhub.la $(check_ldadd)
endif
