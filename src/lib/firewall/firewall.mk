# Firewall: windows, features, composition, verdicts.
libalkfw_internal_la_SOURCES += \
	src/lib/firewall/extract.c \
	src/lib/firewall/extract.h \
	src/lib/firewall/firewall.c \
	src/lib/firewall/firewall.h \
	src/lib/firewall/judge.c \
	src/lib/firewall/scan.c \
	src/lib/firewall/span.c
