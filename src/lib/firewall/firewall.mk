# Firewall: windows, features, composition, verdicts.
libalkfw_internal_la_SOURCES += \
	src/lib/firewall/extract.c \
	src/lib/firewall/extract.h
