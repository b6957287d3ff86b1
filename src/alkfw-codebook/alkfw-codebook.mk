# alkfw-codebook: build, evaluate, inspect, verify a codebook. Only it needs LAPACK. What can be
# tested without a command line is a library of its own.
noinst_LTLIBRARIES += libfit.la
# The same bits from every instruction set: see linear.c.
libfit_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS) $(LAPACKE_CFLAGS) \
	-O3 -ffp-contract=off
libfit_la_LIBADD = libcli.la libalkfw-internal.la $(JANSSON_LIBS) $(NETTLE_LIBS) $(LAPACKE_LIBS)
libfit_la_SOURCES = \
	src/alkfw-codebook/calibrate.c \
	src/alkfw-codebook/calibrate.h \
	src/alkfw-codebook/canaries.c \
	src/alkfw-codebook/canaries.h \
	src/alkfw-codebook/corpus.c \
	src/alkfw-codebook/corpus.h \
	src/alkfw-codebook/dataset.c \
	src/alkfw-codebook/dataset.h \
	src/alkfw-codebook/dataset_file.c \
	src/alkfw-codebook/discriminant.c \
	src/alkfw-codebook/discriminant.h \
	src/alkfw-codebook/distribution.c \
	src/alkfw-codebook/distribution.h \
	src/alkfw-codebook/evaluation.c \
	src/alkfw-codebook/evaluation.h \
	src/alkfw-codebook/extend.c \
	src/alkfw-codebook/extend.h \
	src/alkfw-codebook/fit.c \
	src/alkfw-codebook/fit.h \
	src/alkfw-codebook/layer_choice.c \
	src/alkfw-codebook/layer_choice.h \
	src/alkfw-codebook/linear.c \
	src/alkfw-codebook/linear.h \
	src/alkfw-codebook/logistic.c \
	src/alkfw-codebook/logistic.h \
	src/alkfw-codebook/long_text.c \
	src/alkfw-codebook/long_text.h \
	src/alkfw-codebook/passage_fit.c \
	src/alkfw-codebook/passage_fit.h \
	src/alkfw-codebook/ranking.c \
	src/alkfw-codebook/ranking.h \
	src/alkfw-codebook/reliability.c \
	src/alkfw-codebook/reliability.h \
	src/alkfw-codebook/samples.c \
	src/alkfw-codebook/samples.h \
	src/alkfw-codebook/standardise.c \
	src/alkfw-codebook/standardise.h

bin_PROGRAMS += alkfw-codebook
alkfw_codebook_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS)
alkfw_codebook_LDADD = libfit.la libfilter.la libhub.la libcli.la libalkfw-internal.la
alkfw_codebook_SOURCES = \
	src/alkfw-codebook/build.c \
	src/alkfw-codebook/commands.h \
	src/alkfw-codebook/eval.c \
	src/alkfw-codebook/evaluation_print.c \
	src/alkfw-codebook/firewall_choice.c \
	src/alkfw-codebook/firewall_choice.h \
	src/alkfw-codebook/inspect.c \
	src/alkfw-codebook/main.c \
	src/alkfw-codebook/model_choice.c \
	src/alkfw-codebook/model_choice.h \
	src/alkfw-codebook/options.c \
	src/alkfw-codebook/options.def \
	src/alkfw-codebook/options.h \
	src/alkfw-codebook/progress_line.c \
	src/alkfw-codebook/progress_line.h \
	src/alkfw-codebook/recalibrate.c \
	src/alkfw-codebook/report.c \
	src/alkfw-codebook/report_chart.c \
	src/alkfw-codebook/report_chart.h \
	src/alkfw-codebook/report_figures.c \
	src/alkfw-codebook/report_figures.h \
	src/alkfw-codebook/report_page.c \
	src/alkfw-codebook/report_page.h \
	src/alkfw-codebook/report_style.h \
	src/alkfw-codebook/scanning.c \
	src/alkfw-codebook/scanning.h \
	src/alkfw-codebook/traffic.c \
	src/alkfw-codebook/traffic.h \
	src/alkfw-codebook/verify.c
