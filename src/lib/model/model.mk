# Model: weights, architectures, backends, kernels.
libalkfw_internal_la_SOURCES += \
	src/lib/model/adapter.c \
	src/lib/model/adapter.h \
	src/lib/model/architecture.c \
	src/lib/model/architecture.h \
	src/lib/model/backend.h \
	src/lib/model/describe.c \
	src/lib/model/digest.c \
	src/lib/model/digest.h \
	src/lib/model/half.h \
	src/lib/model/model.c \
	src/lib/model/model.h \
	src/lib/model/model_config.c \
	src/lib/model/model_config.h \
	src/lib/model/model_config_json.c \
	src/lib/model/model_config_json.h \
	src/lib/model/model_config_positions.c \
	src/lib/model/model_files.c \
	src/lib/model/model_files.h \
	src/lib/model/model_tensors.c \
	src/lib/model/model_tensors.h \
	src/lib/model/native/attention.c \
	src/lib/model/native/attention.h \
	src/lib/model/native/forward.c \
	src/lib/model/native/forward.h \
	src/lib/model/native/layout.h \
	src/lib/model/native/native.c \
	src/lib/model/native/pack.c \
	src/lib/model/native/pack.h \
	src/lib/model/native/pack_build.c \
	src/lib/model/native/pack_internal.h \
	src/lib/model/pooling.c \
	src/lib/model/pooling.h \
	src/lib/model/rope.c \
	src/lib/model/rope.h \
	src/lib/model/safetensors.c \
	src/lib/model/safetensors.h \
	src/lib/model/safetensors_writer.c \
	src/lib/model/torch/torch.c \
	src/lib/model/torch/torch_module.c \
	src/lib/model/torch/torch_module.h \
	src/torch/shim.h

include src/lib/model/kernels/kernels.mk
include src/lib/model/tokenizer/tokenizer.mk
