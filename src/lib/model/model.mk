# Model: weights, architectures, backends, kernels.
libalkfw_internal_la_SOURCES += \
	src/lib/model/half.h \
	src/lib/model/model.h \
	src/lib/model/pooling.h \
	src/lib/model/safetensors.c \
	src/lib/model/safetensors.h \
	src/lib/model/safetensors_writer.c

include src/lib/model/tokenizer/tokenizer.mk
