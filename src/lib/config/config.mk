# Configuration: the YAML schema and its precedence.
libalkfw_internal_la_SOURCES += \
	src/lib/config/config.c \
	src/lib/config/config.h \
	src/lib/config/load.c \
	src/lib/config/rules.c \
	src/lib/config/rules.h \
	src/lib/config/schema.c \
	src/lib/config/schema.h \
	src/lib/config/yaml.c \
	src/lib/config/yaml.h
