# What the programs share: messages and record reading.
noinst_LTLIBRARIES += libcli.la
libcli_la_LIBADD = libsupport.la
libcli_la_SOURCES = \
	src/cli/byte_reader.c \
	src/cli/byte_reader.h \
	src/cli/line_reader.c \
	src/cli/line_reader.h \
	src/cli/message.c \
	src/cli/message.h
