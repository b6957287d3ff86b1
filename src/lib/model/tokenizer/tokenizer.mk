# Tokenizer: tokenizer.json to ids with byte offsets.
libalkfw_internal_la_SOURCES += \
	src/lib/model/tokenizer/added_tokens.c \
	src/lib/model/tokenizer/added_tokens.h \
	src/lib/model/tokenizer/characters.c \
	src/lib/model/tokenizer/characters.h \
	src/lib/model/tokenizer/image.c \
	src/lib/model/tokenizer/image.h \
	src/lib/model/tokenizer/normalizer.c \
	src/lib/model/tokenizer/normalizer.h \
	src/lib/model/tokenizer/pre_tokenizer.c \
	src/lib/model/tokenizer/pre_tokenizer.h \
	src/lib/model/tokenizer/token_list.h \
	src/lib/model/tokenizer/tokenizer.c \
	src/lib/model/tokenizer/tokenizer.h \
	src/lib/model/tokenizer/tokenizer_json.c \
	src/lib/model/tokenizer/tokenizer_json.h \
	src/lib/model/tokenizer/unicode_ranges.c \
	src/lib/model/tokenizer/unicode_ranges.h \
	src/lib/model/tokenizer/vocabulary.c \
	src/lib/model/tokenizer/vocabulary.h \
	src/lib/model/tokenizer/wordpiece.c \
	src/lib/model/tokenizer/wordpiece.h
