# alkfw-fetch: the only program that touches the network. All but main is a library, which the
# tests link too.
if HAVE_CURL
noinst_LTLIBRARIES += libfetch.la
bin_PROGRAMS += alkfw-fetch
dist_man_MANS += man/alkfw-fetch.1
endif
libfetch_la_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS) $(NETTLE_CFLAGS)
libfetch_la_LIBADD = libhub.la libcli.la $(CURL_LIBS) $(JANSSON_LIBS) $(NETTLE_LIBS)
libfetch_la_SOURCES = \
	src/alkfw-fetch/copy.c \
	src/alkfw-fetch/copy.h \
	src/alkfw-fetch/digest.c \
	src/alkfw-fetch/digest.h \
	src/alkfw-fetch/download.c \
	src/alkfw-fetch/download.h \
	src/alkfw-fetch/failure.c \
	src/alkfw-fetch/failure.h \
	src/alkfw-fetch/http.c \
	src/alkfw-fetch/http.h \
	src/alkfw-fetch/listing.c \
	src/alkfw-fetch/listing.h \
	src/alkfw-fetch/options.c \
	src/alkfw-fetch/options.def \
	src/alkfw-fetch/options.h \
	src/alkfw-fetch/progress.c \
	src/alkfw-fetch/progress.h \
	src/alkfw-fetch/reply.c \
	src/alkfw-fetch/reply.h \
	src/alkfw-fetch/repository.c \
	src/alkfw-fetch/repository.h \
	src/alkfw-fetch/selection.c \
	src/alkfw-fetch/selection.h \
	src/alkfw-fetch/snapshot.c \
	src/alkfw-fetch/snapshot.h \
	src/alkfw-fetch/store.c \
	src/alkfw-fetch/store.h \
	src/alkfw-fetch/token.c \
	src/alkfw-fetch/token.h \
	src/alkfw-fetch/url.c \
	src/alkfw-fetch/url.h

alkfw_fetch_SOURCES = src/alkfw-fetch/main.c
# libalkfw-internal.la is linked for its errors: what else it needs is not loaded.
alkfw_fetch_LDFLAGS = -Wl,--as-needed
alkfw_fetch_LDADD = libfetch.la libalkfw-internal.la
