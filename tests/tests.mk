# Tests: one Check program per module; each part adds its own line below.
include tests/cli/cli.mk
include tests/hub/hub.mk
if HAVE_CHECK
check_ldadd = libalkfw-internal.la $(CHECK_LIBS)
check_cflags = $(AM_CFLAGS) $(CHECK_CFLAGS) $(JANSSON_CFLAGS)

check_PROGRAMS += tests/check_support
tests_check_support_SOURCES = tests/check_support.c tests/run_tests.h
tests_check_support_CFLAGS = $(check_cflags)
tests_check_support_LDADD = $(check_ldadd)

check_PROGRAMS += tests/check_safetensors
tests_check_safetensors_SOURCES = tests/check_safetensors.c tests/run_tests.h
tests_check_safetensors_CFLAGS = $(check_cflags)
tests_check_safetensors_LDADD = $(check_ldadd)

check_PROGRAMS += tests/fuzz/replay_safetensors
tests_fuzz_replay_safetensors_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_safetensors.c
tests_fuzz_replay_safetensors_CFLAGS = $(check_cflags)
tests_fuzz_replay_safetensors_LDADD = libalkfw-internal.la

check_PROGRAMS += tests/check_config
tests_check_config_SOURCES = tests/check_config.c tests/run_tests.h
tests_check_config_CFLAGS = $(check_cflags) $(YAML_CFLAGS)
tests_check_config_LDADD = $(check_ldadd)

check_PROGRAMS += tests/check_line_reader
tests_check_line_reader_SOURCES = tests/check_line_reader.c tests/run_tests.h
tests_check_line_reader_CFLAGS = $(check_cflags)
tests_check_line_reader_LDADD = libcli.la $(check_ldadd)

check_PROGRAMS += tests/check_spline
tests_check_spline_SOURCES = tests/check_spline.c tests/golden.h tests/run_tests.h
tests_check_spline_CFLAGS = $(check_cflags)
tests_check_spline_LDADD = $(check_ldadd) $(JANSSON_LIBS)

check_PROGRAMS += tests/check_codebook
tests_check_codebook_SOURCES = tests/check_codebook.c tests/golden.h tests/run_tests.h \
	tests/small_codebook.h
tests_check_codebook_CFLAGS = $(check_cflags) $(NETTLE_CFLAGS)
tests_check_codebook_LDADD = $(check_ldadd) $(JANSSON_LIBS)

check_PROGRAMS += tests/fuzz/replay_codebook
tests_fuzz_replay_codebook_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_codebook.c
tests_fuzz_replay_codebook_CFLAGS = $(check_cflags)
tests_fuzz_replay_codebook_LDADD = libalkfw-internal.la

check_PROGRAMS += tests/check_fit
tests_check_fit_SOURCES = tests/check_fit.c tests/golden.h tests/run_tests.h
tests_check_fit_CFLAGS = $(check_cflags) $(NETTLE_CFLAGS)
tests_check_fit_LDADD = libfit.la $(check_ldadd) $(JANSSON_LIBS)

check_PROGRAMS += tests/check_views
tests_check_views_SOURCES = tests/check_views.c tests/run_tests.h
tests_check_views_CFLAGS = $(check_cflags)
tests_check_views_LDADD = $(check_ldadd)

check_PROGRAMS += tests/fuzz/replay_view
tests_fuzz_replay_view_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_view.c
tests_fuzz_replay_view_CFLAGS = $(check_cflags)
tests_fuzz_replay_view_LDADD = libalkfw-internal.la

check_PROGRAMS += tests/check_tokenizer
tests_check_tokenizer_SOURCES = tests/check_tokenizer.c tests/run_tests.h
tests_check_tokenizer_CFLAGS = $(check_cflags)
tests_check_tokenizer_LDADD = $(check_ldadd) $(JANSSON_LIBS)

check_PROGRAMS += tests/fuzz/replay_tokenizer_json
tests_fuzz_replay_tokenizer_json_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_tokenizer_json.c \
	tests/fuzz/tokenizer_sample.h
tests_fuzz_replay_tokenizer_json_CFLAGS = $(check_cflags)
tests_fuzz_replay_tokenizer_json_LDADD = libalkfw-internal.la

check_PROGRAMS += tests/fuzz/replay_tokenizer_text
tests_fuzz_replay_tokenizer_text_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_tokenizer_text.c \
	tests/fuzz/tokenizer_sample.h
tests_fuzz_replay_tokenizer_text_CFLAGS = $(check_cflags)
tests_fuzz_replay_tokenizer_text_LDADD = libalkfw-internal.la

check_PROGRAMS += tests/fuzz/replay_tokenizer_image
tests_fuzz_replay_tokenizer_image_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_tokenizer_image.c \
	tests/fuzz/tokenizer_sample.h
tests_fuzz_replay_tokenizer_image_CFLAGS = $(check_cflags)
tests_fuzz_replay_tokenizer_image_LDADD = libalkfw-internal.la

check_PROGRAMS += tests/check_kernels
tests_check_kernels_SOURCES = tests/check_kernels.c tests/run_tests.h
tests_check_kernels_CFLAGS = $(check_cflags)
tests_check_kernels_LDADD = $(check_ldadd)

check_PROGRAMS += tests/check_model
tests_check_model_SOURCES = tests/check_model.c tests/run_tests.h tests/tiny_model.c \
	tests/tiny_model.h
tests_check_model_CFLAGS = $(check_cflags)
tests_check_model_LDADD = $(check_ldadd) $(JANSSON_LIBS)

# Allocations come to tests/failing_memory.c, which fails one when a test says so.
failing_memory_ldflags = -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc \
	-Wl,--wrap=strdup,--wrap=strndup

check_PROGRAMS += tests/check_firewall
tests_check_firewall_SOURCES = tests/check_firewall.c tests/failing_memory.c \
	tests/failing_memory.h tests/run_tests.h tests/tiny_model.c tests/tiny_model.h
tests_check_firewall_CFLAGS = $(check_cflags)
tests_check_firewall_LDFLAGS = $(failing_memory_ldflags)
tests_check_firewall_LDADD = $(check_ldadd) $(JANSSON_LIBS)

check_PROGRAMS += tests/check_layer_choice
tests_check_layer_choice_SOURCES = tests/check_layer_choice.c tests/run_tests.h \
	tests/tiny_model.c tests/tiny_model.h
tests_check_layer_choice_CFLAGS = $(check_cflags)
tests_check_layer_choice_LDADD = libfit.la $(check_ldadd) $(JANSSON_LIBS)

check_PROGRAMS += tests/check_architecture
tests_check_architecture_SOURCES = tests/check_architecture.c tests/golden.h tests/run_tests.h
tests_check_architecture_CFLAGS = $(check_cflags)
tests_check_architecture_LDADD = $(check_ldadd) $(JANSSON_LIBS)

check_PROGRAMS += tests/check_every_architecture
tests_check_every_architecture_SOURCES = tests/check_every_architecture.c tests/run_tests.h \
	tests/tiny_model.c tests/tiny_model.h
tests_check_every_architecture_CFLAGS = $(check_cflags)
tests_check_every_architecture_LDADD = $(check_ldadd)

check_PROGRAMS += tests/check_torch
tests_check_torch_SOURCES = tests/check_torch.c tests/run_tests.h tests/tiny_model.c \
	tests/tiny_model.h
tests_check_torch_CFLAGS = $(check_cflags) \
	-DFAKE_MODULE='"$(abs_top_builddir)/tests/.libs/fake-torch.so"' \
	-DTORCH_MODULE='"$(abs_top_builddir)/.libs/alkfw-torch.so"'
tests_check_torch_LDADD = $(check_ldadd)
# A module of another version; a libtool module is built as a shared object when it has an rpath.
check_LTLIBRARIES = tests/fake-torch.la
tests_fake_torch_la_SOURCES = tests/fake_torch.c
tests_fake_torch_la_LDFLAGS = -module -avoid-version -shared -rpath /nowhere

TESTS += $(check_PROGRAMS)

# For scripts/measure-views, no test: make tests/view_dump.
EXTRA_PROGRAMS += tests/view_dump
tests_view_dump_CFLAGS = $(check_cflags)
tests_view_dump_LDADD = libalkfw-internal.la
endif

# What README and alkfw.h promise to who embeds the library.
TESTS += tests/examples

EXTRA_DIST += tests/examples tests/golden tests/cross
EXTRA_DIST += tests/fuzz/corpus

# Driven by scripts/compare-tokenizer.
noinst_PROGRAMS += tests/tool_tokenize
tests_tool_tokenize_SOURCES = tests/tool_tokenize.c
tests_tool_tokenize_LDADD = libalkfw-internal.la

# Driven by scripts/compare-model.
noinst_PROGRAMS += tests/tool_activations
tests_tool_activations_SOURCES = tests/tool_activations.c
tests_tool_activations_LDADD = libalkfw-internal.la

# Speed, no test: alkfw beside what one could run instead. BENCHFLAGS="--corpus=FILE --write".
EXTRA_PROGRAMS += tests/bench/bench_gemm tests/bench/bench_onnx
tests_bench_bench_gemm_SOURCES = tests/bench/bench_gemm.c
tests_bench_bench_gemm_LDADD = libalkfw-internal.la
tests_bench_bench_onnx_SOURCES = tests/bench/bench_onnx.c
EXTRA_DIST += tests/bench/bench tests/bench/export_onnx.py tests/bench/plot.py \
	tests/bench/python_stack.py tests/bench/requirements.txt tests/bench/windows.py
bench: all tests/bench/bench_gemm tests/bench/bench_onnx
	$(srcdir)/tests/bench/bench $(BENCHFLAGS) .

# The Check programs under valgrind. Each test is a child of its own: an error or a leak in it ends it
# with a status that Check tells.
VALGRIND = valgrind --quiet --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=99
check-valgrind: $(check_PROGRAMS)
	@status=0; for program in $(check_PROGRAMS); do \
	    case $$program in */check_*) ;; *) continue ;; esac; \
	    echo "$$program"; \
	    srcdir=$(srcdir) UNDER_VALGRIND=1 CK_TIMEOUT_MULTIPLIER=30 $(LIBTOOL) --mode=execute $(VALGRIND) ./$$program \
	        >$$program.valgrind.log 2>&1 || { status=1; cat $$program.valgrind.log; }; \
	    grep '^[0-9]*%: Checks' $$program.valgrind.log; \
	done; exit $$status
