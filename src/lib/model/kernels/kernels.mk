# Kernels: one convenience library for each instruction set, compiled with its own flags. The
# dispatch in kernels.c looks at the CPU before it enters any of them.
libalkfw_internal_la_SOURCES += \
	src/lib/model/kernels/kernels.c \
	src/lib/model/kernels/kernels.h \
	src/lib/model/kernels/kernels_impl.h \
	src/lib/model/kernels/kernels_int8.h \
	src/lib/model/kernels/kernels_isa.h

# Without contraction the portable kernels give the same bits whatever the compiler fuses.
kernels_cflags = $(AM_CFLAGS) -O3 -ffp-contract=off

noinst_LTLIBRARIES += libalkfw-kernels-portable.la
libalkfw_kernels_portable_la_SOURCES = src/lib/model/kernels/kernels_portable.c
libalkfw_kernels_portable_la_CFLAGS = $(kernels_cflags)
libalkfw_internal_la_LIBADD += libalkfw-kernels-portable.la

if KERNELS_X86
libalkfw_internal_la_CPPFLAGS += -DALKFW_KERNELS_X86

noinst_LTLIBRARIES += libalkfw-kernels-avx2.la
libalkfw_kernels_avx2_la_SOURCES = src/lib/model/kernels/kernels_avx2.c
libalkfw_kernels_avx2_la_CPPFLAGS = $(AM_CPPFLAGS) -DALKFW_KERNELS_X86
libalkfw_kernels_avx2_la_CFLAGS = $(kernels_cflags) -mavx2 -mfma
libalkfw_internal_la_LIBADD += libalkfw-kernels-avx2.la

noinst_LTLIBRARIES += libalkfw-kernels-avx512.la
libalkfw_kernels_avx512_la_SOURCES = src/lib/model/kernels/kernels_avx512.c
libalkfw_kernels_avx512_la_CPPFLAGS = $(AM_CPPFLAGS) -DALKFW_KERNELS_X86
libalkfw_kernels_avx512_la_CFLAGS = $(kernels_cflags) -mavx2 -mfma -mavx512f -mavx512bw \
	-mavx512dq -mavx512vl
libalkfw_internal_la_LIBADD += libalkfw-kernels-avx512.la
endif

if KERNELS_NEON
libalkfw_internal_la_CPPFLAGS += -DALKFW_KERNELS_NEON

noinst_LTLIBRARIES += libalkfw-kernels-neon.la
libalkfw_kernels_neon_la_SOURCES = src/lib/model/kernels/kernels_neon.c
libalkfw_kernels_neon_la_CPPFLAGS = $(AM_CPPFLAGS) -DALKFW_KERNELS_NEON
libalkfw_kernels_neon_la_CFLAGS = $(kernels_cflags)
libalkfw_internal_la_LIBADD += libalkfw-kernels-neon.la

noinst_LTLIBRARIES += libalkfw-kernels-neon-dotprod.la
libalkfw_kernels_neon_dotprod_la_SOURCES = src/lib/model/kernels/kernels_neon.c
libalkfw_kernels_neon_dotprod_la_CPPFLAGS = $(AM_CPPFLAGS) -DALKFW_KERNELS_NEON -DNEON_DOTPROD
libalkfw_kernels_neon_dotprod_la_CFLAGS = $(kernels_cflags) -march=armv8.2-a+dotprod
libalkfw_internal_la_LIBADD += libalkfw-kernels-neon-dotprod.la
endif
