# Codebook: file format, splines, scores.
libalkfw_internal_la_SOURCES += \
	src/lib/codebook/codebook.c \
	src/lib/codebook/codebook.h \
	src/lib/codebook/format.h \
	src/lib/codebook/normal.c \
	src/lib/codebook/normal.h \
	src/lib/codebook/passage.c \
	src/lib/codebook/passage.h \
	src/lib/codebook/read.c \
	src/lib/codebook/spline.c \
	src/lib/codebook/spline.h \
	src/lib/codebook/write.c
