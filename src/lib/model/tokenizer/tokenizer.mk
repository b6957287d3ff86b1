# Tokenizer: tokenizer.json to ids with byte offsets.
libalkfw_internal_la_SOURCES += \
	src/lib/model/tokenizer/tokenizer.h
