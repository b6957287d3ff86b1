# The Hub cache on disk, shared by the programs.
noinst_LTLIBRARIES += libhub.la
libhub_la_CPPFLAGS = $(AM_CPPFLAGS) -DHUB_BINDIR='"$(bindir)"'
libhub_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
libhub_la_LIBADD = $(JANSSON_LIBS)
libhub_la_SOURCES = \
	src/hub/cache.c \
	src/hub/cache.h \
	src/hub/default_model.h \
	src/hub/environment.c \
	src/hub/environment.h \
	src/hub/fetcher.c \
	src/hub/fetcher.h \
	src/hub/hub.h \
	src/hub/reference.c \
	src/hub/reference.h \
	src/hub/resolve.c
