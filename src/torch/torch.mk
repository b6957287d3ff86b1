# alkfw-torch.so: the only C++ here, and the only part that needs libtorch. It is a module of its
# own that libalkfw loads for --backend=torch; nothing else is linked with it.
if HAVE_TORCH
pkglib_LTLIBRARIES += alkfw-torch.la
alkfw_torch_la_CPPFLAGS = $(AM_CPPFLAGS) $(TORCH_CPPFLAGS)
alkfw_torch_la_CXXFLAGS = $(ALKFW_CXXFLAGS) $(TORCH_CXXFLAGS)
alkfw_torch_la_LDFLAGS = -module -avoid-version -shared $(TORCH_LDFLAGS)
alkfw_torch_la_LIBADD = $(TORCH_LIBS)
alkfw_torch_la_SOURCES = \
	src/torch/shim.cc \
	src/torch/shim.h
else
EXTRA_DIST += src/torch/shim.cc src/torch/shim.h
endif
