# alkfw: the filter. All but main is a library, which the tests link too.
noinst_LTLIBRARIES += libfilter.la
libfilter_la_CPPFLAGS = $(AM_CPPFLAGS) -DALKFW_DATADIR='"$(alkfwdatadir)"' \
	-DALKFW_SYSCONFDIR='"$(alkfwconfdir)"'
libfilter_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS) $(PCRE2_CFLAGS)
libfilter_la_LIBADD = libcli.la libhub.la $(JANSSON_LIBS) $(NETTLE_LIBS) $(PCRE2_LIBS)
libfilter_la_SOURCES = \
	src/alkfw/allow_rules.c \
	src/alkfw/allow_rules.h \
	src/alkfw/allowance.c \
	src/alkfw/allowance.h \
	src/alkfw/baseline.c \
	src/alkfw/baseline.h \
	src/alkfw/batch.c \
	src/alkfw/batch.h \
	src/alkfw/excerpt.c \
	src/alkfw/excerpt.h \
	src/alkfw/field_path.c \
	src/alkfw/field_path.h \
	src/alkfw/filter.c \
	src/alkfw/filter.h \
	src/alkfw/filter_logs.c \
	src/alkfw/filter_parts.h \
	src/alkfw/fingerprint.c \
	src/alkfw/fingerprint.h \
	src/alkfw/globs.c \
	src/alkfw/globs.h \
	src/alkfw/input.c \
	src/alkfw/input.h \
	src/alkfw/input_csv.c \
	src/alkfw/input_json.c \
	src/alkfw/input_jsonl.c \
	src/alkfw/input_lines.c \
	src/alkfw/input_whole.c \
	src/alkfw/journal.c \
	src/alkfw/journal.h \
	src/alkfw/json_row.c \
	src/alkfw/json_row.h \
	src/alkfw/json_writer.c \
	src/alkfw/json_writer.h \
	src/alkfw/loader.c \
	src/alkfw/loader.h \
	src/alkfw/locate.c \
	src/alkfw/locate.h \
	src/alkfw/log.c \
	src/alkfw/log.h \
	src/alkfw/log_mark.c \
	src/alkfw/log_mark.h \
	src/alkfw/matcher.c \
	src/alkfw/matcher.h \
	src/alkfw/options.c \
	src/alkfw/options.def \
	src/alkfw/options.h \
	src/alkfw/progress.c \
	src/alkfw/progress.h \
	src/alkfw/redact.c \
	src/alkfw/redact.h \
	src/alkfw/rotation.c \
	src/alkfw/rotation.h \
	src/alkfw/run_lock.c \
	src/alkfw/run_lock.h \
	src/alkfw/scanner.c \
	src/alkfw/scanner.h \
	src/alkfw/settings.c \
	src/alkfw/settings.h \
	src/alkfw/signals.c \
	src/alkfw/signals.h \
	src/alkfw/sink.c \
	src/alkfw/sink.h \
	src/alkfw/state.c \
	src/alkfw/state.h \
	src/alkfw/tally.c \
	src/alkfw/tally.h \
	src/alkfw/verdict.c \
	src/alkfw/verdict.h \
	src/alkfw/verdict_github.c \
	src/alkfw/verdict_json.c \
	src/alkfw/verdict_sarif.c \
	src/alkfw/verdict_text.c \
	src/alkfw/walk.c \
	src/alkfw/walk.h \
	src/alkfw/watch.c \
	src/alkfw/watch.h

bin_PROGRAMS += alkfw
alkfw_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
alkfw_SOURCES = src/alkfw/main.c
# The library is found from the program's folder too, so that a prefix can be moved.
alkfw_LDFLAGS = -Wl,-rpath,'$$ORIGIN/../lib'
alkfw_LDADD = libfilter.la libalkfw.la

# Completions of all programs, from the same tables as --help and the schema of the configuration.
bash_completions = src/alkfw/completions/alkfw src/alkfw/completions/alkfw-codebook \
	src/alkfw/completions/alkfw-fetch
zsh_completions = src/alkfw/completions/_alkfw src/alkfw/completions/_alkfw-codebook \
	src/alkfw/completions/_alkfw-fetch
fish_completions = src/alkfw/completions/alkfw.fish src/alkfw/completions/alkfw-codebook.fish \
	src/alkfw/completions/alkfw-fetch.fish
bashcompletiondir = $(datadir)/bash-completion/completions
nodist_bashcompletion_DATA = $(bash_completions)
zshcompletiondir = $(datadir)/zsh/site-functions
nodist_zshcompletion_DATA = $(zsh_completions)
fishcompletiondir = $(datadir)/fish/vendor_completions.d
nodist_fishcompletion_DATA = $(fish_completions)
completions = $(bash_completions) $(zsh_completions) $(fish_completions)
CLEANFILES += $(completions)

$(completions): $(srcdir)/src/alkfw/options.def $(srcdir)/src/alkfw-codebook/options.def \
		$(srcdir)/src/alkfw-fetch/options.def $(srcdir)/src/lib/config/schema.c \
		$(srcdir)/scripts/make-completions
	$(AM_V_GEN)$(MKDIR_P) src/alkfw/completions && \
	case $@ in *.fish) shell=fish ;; */_*) shell=zsh ;; *) shell=bash ;; esac && \
	program=`basename $@ .fish` && program=$${program#_} && \
	$(srcdir)/scripts/make-completions $$shell $$program $(srcdir)/src/$$program/options.def \
	    $(srcdir)/src/lib/config/schema.c >$@.new && mv $@.new $@
