# Tests of the Hub's cache and of alkfw-fetch.
if HAVE_CHECK
check_PROGRAMS += tests/check_hub
tests_check_hub_SOURCES = tests/check_hub.c tests/run_tests.h
tests_check_hub_CFLAGS = $(check_cflags)
tests_check_hub_LDADD = libhub.la $(check_ldadd)

check_PROGRAMS += tests/fuzz/replay_hub_reference
tests_fuzz_replay_hub_reference_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_hub_reference.c
tests_fuzz_replay_hub_reference_CFLAGS = $(check_cflags)
tests_fuzz_replay_hub_reference_LDADD = libhub.la libalkfw-internal.la

if HAVE_CURL
check_PROGRAMS += tests/check_fetch_url
tests_check_fetch_url_SOURCES = tests/check_fetch_url.c tests/run_tests.h
tests_check_fetch_url_CFLAGS = $(check_cflags)
tests_check_fetch_url_LDADD = libfetch.la $(check_ldadd)

check_PROGRAMS += tests/fuzz/replay_hub_listing
tests_fuzz_replay_hub_listing_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_hub_listing.c
tests_fuzz_replay_hub_listing_CFLAGS = $(check_cflags)
tests_fuzz_replay_hub_listing_LDADD = libfetch.la libalkfw-internal.la

check_PROGRAMS += tests/fuzz/replay_hub_reply
tests_fuzz_replay_hub_reply_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_hub_reply.c
tests_fuzz_replay_hub_reply_CFLAGS = $(check_cflags)
tests_fuzz_replay_hub_reply_LDADD = libfetch.la libalkfw-internal.la
endif
endif

# Against a server of their own on 127.0.0.0/8; the last is skipped without huggingface_hub.
hub_tests = tests/hub/test_alkfw.py tests/hub/test_fetch.py tests/hub/test_python_client.py
EXTRA_DIST += $(hub_tests) tests/hub/server.py tests/hub/support.py
if HAVE_CURL
TESTS += $(hub_tests)

# The long form, of scripts/check: 200 kills at random moments.
check-hub: alkfw-fetch$(EXEEXT)
	HUB_KILLS=200 $(srcdir)/tests/hub/test_fetch.py
	$(srcdir)/tests/hub/test_python_client.py || test $$? = 77
.PHONY: check-hub
endif
