# Codebook: file format, splines, scores.
libalkfw_internal_la_SOURCES += \
	src/lib/codebook/codebook.h
