# What the programs share: messages and record reading.
noinst_LTLIBRARIES += libcli.la
libcli_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
libcli_la_LIBADD = libsupport.la $(JANSSON_LIBS)
libcli_la_SOURCES = \
	src/cli/byte_reader.c \
	src/cli/byte_reader.h \
	src/cli/json_memory.c \
	src/cli/json_memory.h \
	src/cli/line_reader.c \
	src/cli/line_reader.h \
	src/cli/message.c \
	src/cli/message.h \
	src/cli/option_table.c \
	src/cli/option_table.h
