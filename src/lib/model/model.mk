# Model: weights, architectures, backends, kernels.
libalkfw_internal_la_SOURCES += \
	src/lib/model/model.h \
	src/lib/model/pooling.h

include src/lib/model/tokenizer/tokenizer.mk
