# What the programs share: messages and record reading.
noinst_LTLIBRARIES += libcli.la
libcli_la_SOURCES = \
	src/cli/message.c \
	src/cli/message.h
