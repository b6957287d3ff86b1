# Firewall: windows, features, composition, verdicts.
libalkfw_internal_la_SOURCES += \
	src/lib/firewall/extract.c \
	src/lib/firewall/extract.h \
	src/lib/firewall/firewall.c \
	src/lib/firewall/firewall.h \
	src/lib/firewall/judge.c \
	src/lib/firewall/memo.c \
	src/lib/firewall/memo.h \
	src/lib/firewall/proof.c \
	src/lib/firewall/proof.h \
	src/lib/firewall/scan.c \
	src/lib/firewall/shortcuts.c \
	src/lib/firewall/span.c \
	src/lib/firewall/tokens.h \
	src/lib/firewall/view.c \
	src/lib/firewall/view.h \
	src/lib/firewall/view_characters.c \
	src/lib/firewall/view_ciphers.c \
	src/lib/firewall/view_codes.c \
	src/lib/firewall/view_confusables.c \
	src/lib/firewall/view_escapes.c \
	src/lib/firewall/view_language.c \
	src/lib/firewall/view_leet.c \
	src/lib/firewall/view_letterforms.c \
	src/lib/firewall/view_runs.c \
	src/lib/firewall/view_scan.c \
	src/lib/firewall/view_spacing.c \
	src/lib/firewall/view_tables.c \
	src/lib/firewall/view_tables.h \
	src/lib/firewall/view_work.h \
	src/lib/firewall/windows.c \
	src/lib/firewall/windows.h
