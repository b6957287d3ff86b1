# Tests of the filter.
if HAVE_CHECK
check_PROGRAMS += tests/check_record
tests_check_record_SOURCES = tests/check_record.c tests/failing_memory.c \
	tests/failing_memory.h tests/run_tests.h
tests_check_record_LDFLAGS = $(failing_memory_ldflags)
tests_check_record_CFLAGS = $(check_cflags)
tests_check_record_LDADD = libfilter.la $(check_ldadd)

check_PROGRAMS += tests/check_allowance
tests_check_allowance_SOURCES = tests/check_allowance.c tests/run_tests.h
tests_check_allowance_CFLAGS = $(check_cflags)
tests_check_allowance_LDADD = libfilter.la $(check_ldadd)

check_PROGRAMS += tests/check_logs
tests_check_logs_SOURCES = tests/check_logs.c tests/run_tests.h
tests_check_logs_CFLAGS = $(check_cflags)
tests_check_logs_LDADD = libfilter.la $(check_ldadd)
endif

check_PROGRAMS += tests/fuzz/replay_baseline
TESTS += tests/fuzz/replay_baseline
tests_fuzz_replay_baseline_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_baseline.c
tests_fuzz_replay_baseline_LDADD = libfilter.la libalkfw-internal.la

check_PROGRAMS += tests/fuzz/replay_config
TESTS += tests/fuzz/replay_config
tests_fuzz_replay_config_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_config.c
tests_fuzz_replay_config_LDADD = libalkfw-internal.la

check_PROGRAMS += tests/fuzz/replay_input
TESTS += tests/fuzz/replay_input
tests_fuzz_replay_input_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_replay_input_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_input.c
tests_fuzz_replay_input_LDADD = libfilter.la libalkfw-internal.la

check_PROGRAMS += tests/fuzz/replay_state
TESTS += tests/fuzz/replay_state
tests_fuzz_replay_state_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_state.c
tests_fuzz_replay_state_LDADD = libfilter.la libalkfw-internal.la

check_PROGRAMS += tests/fuzz/replay_json_record
TESTS += tests/fuzz/replay_json_record
tests_fuzz_replay_json_record_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_fuzz_replay_json_record_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_json_record.c \
	tests/fake_firewall.c
tests_fuzz_replay_json_record_LDADD = libfilter.la libalkfw-internal.la

# The filter, and over a firewall that needs no model, for the script tests.
TESTS += tests/cli/run tests/cli/completions tests/cli/kills tests/cli/pass
# Not the folder: in a build tree the log of the run lies in it.
EXTRA_DIST += tests/cli/check-sarif tests/cli/completions tests/cli/filter tests/cli/kills \
	tests/cli/model tests/cli/pass tests/cli/run tests/cli/terminal
check_PROGRAMS += tests/alkfw-fake
tests_alkfw_fake_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_alkfw_fake_SOURCES = src/alkfw/main.c tests/fake_firewall.c
tests_alkfw_fake_LDADD = libfilter.la libalkfw-internal.la
