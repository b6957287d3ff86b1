# libalkfw: the library half. Everything is compiled once into an internal convenience library;
# the shared library exports only alkfw_*, while alkfw-codebook and the tests see all of it.
# support/ is a library of its own, because the programs over the shared library need it too.
noinst_LTLIBRARIES += libsupport.la libalkfw-internal.la
libsupport_la_SOURCES = \
	src/lib/support/atomic_file.c \
	src/lib/support/atomic_file.h \
	src/lib/support/build_tree.c \
	src/lib/support/build_tree.h \
	src/lib/support/buffer.c \
	src/lib/support/buffer.h \
	src/lib/support/cache_folder.c \
	src/lib/support/cache_folder.h \
	src/lib/support/file_identity.c \
	src/lib/support/file_identity.h \
	src/lib/support/date.c \
	src/lib/support/date.h \
	src/lib/support/mapped_file.c \
	src/lib/support/mapped_file.h \
	src/lib/support/number.c \
	src/lib/support/number.h \
	src/lib/support/utf8.c \
	src/lib/support/utf8.h \
	src/lib/support/worker_pool.c \
	src/lib/support/worker_pool.h

libalkfw_internal_la_CPPFLAGS = $(AM_CPPFLAGS) -DALKFW_PKGLIBDIR='"$(pkglibdir)"'
libalkfw_internal_la_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(YAML_CFLAGS) $(UTF8PROC_CFLAGS) \
	$(NETTLE_CFLAGS) $(PCRE2_CFLAGS)
libalkfw_internal_la_LIBADD = libsupport.la $(JANSSON_LIBS) $(YAML_LIBS) $(UTF8PROC_LIBS) $(NETTLE_LIBS) \
	$(PCRE2_LIBS)
libalkfw_internal_la_SOURCES = \
	src/lib/alkfw.h \
	src/lib/support/error.c

# Each part adds its own sources to the library.
include src/lib/config/config.mk
include src/lib/codebook/codebook.mk
include src/lib/firewall/firewall.mk
include src/lib/model/model.mk

lib_LTLIBRARIES += libalkfw.la
libalkfw_la_SOURCES =
libalkfw_la_LIBADD = libalkfw-internal.la
# The build id is what a proof in the cache is of (firewall/proof.c).
libalkfw_la_LDFLAGS = -version-info $(ALKFW_LIBTOOL_VERSION) -no-undefined -Wl,--build-id \
	-export-symbols-regex '^alkfw_'

include_HEADERS += src/lib/alkfw.h
pkgconfig_DATA += src/lib/alkfw.pc
