# ALKFW_TORCH: finds libtorch for the backend torch, which is optional.
#
#   --with-torch=auto   what the compiler finds by itself (Debian's libtorch-dev), else none
#   --with-torch=DIR    an unpacked libtorch, or the folder torch/ of the PyPI wheel
#   --with-torch=no
#
# Sets TORCH_CPPFLAGS, TORCH_CXXFLAGS, TORCH_LDFLAGS, TORCH_LIBS, torch_summary and HAVE_TORCH. A
# libtorch wants a certain C++ standard, and older wheels the ABI of before GCC 5: the combinations
# are tried until a program links.
AC_DEFUN([ALKFW_TORCH], [
AC_ARG_WITH([torch],
  [AS_HELP_STRING([--with-torch=DIR|auto|no],
    [build the backend torch with the libtorch in DIR (default: auto, if there is one)])],
  [], [with_torch=auto])
torch_summary=no
have_torch=no
TORCH_CPPFLAGS= TORCH_CXXFLAGS= TORCH_LDFLAGS= TORCH_LIBS=
AS_CASE([$with_torch],
  [no], [],
  [auto|yes], [
    for torch_prefix in "$prefix" /usr /usr/local; do
      AS_IF([test -f "$torch_prefix/include/ATen/ATen.h"], [
        TORCH_CPPFLAGS="-isystem $torch_prefix/include/torch/csrc/api/include"
        AS_IF([test "$torch_prefix" != /usr], [
          TORCH_CPPFLAGS="-isystem $torch_prefix/include $TORCH_CPPFLAGS"
          TORCH_LDFLAGS="-L$torch_prefix/lib -Wl,-rpath,$torch_prefix/lib"])
        have_torch=maybe
        break])
    done],
  [ AS_IF([test -f "$with_torch/include/ATen/ATen.h" && test -e "$with_torch/lib/libtorch_cpu.so"], [
      torch_prefix=$(cd "$with_torch" && pwd)
      TORCH_CPPFLAGS="-isystem $torch_prefix/include -isystem $torch_prefix/include/torch/csrc/api/include"
      TORCH_LDFLAGS="-L$torch_prefix/lib -Wl,-rpath,$torch_prefix/lib"
      have_torch=maybe],
    [AC_MSG_ERROR([there is no libtorch in $with_torch: it must have include/ATen/ATen.h and lib/libtorch_cpu.so])])])
dnl Kernels for CUDA register themselves when their library is loaded; nothing here calls them.
AS_IF([test "$have_torch" = maybe && test -e "$torch_prefix/lib/libtorch_cuda.so"],
  [TORCH_LDFLAGS="$TORCH_LDFLAGS -Wl,--no-as-needed"
   torch_cuda="-ltorch_cuda -lc10_cuda"],
  [torch_cuda=])
AS_IF([test "$have_torch" = maybe], [
  AC_LANG_PUSH([C++])
  AC_MSG_CHECKING([how $CXX builds with libtorch])
  torch_CPPFLAGS=$CPPFLAGS torch_CXXFLAGS=$CXXFLAGS torch_LDFLAGS=$LDFLAGS torch_LIBS=$LIBS
  for torch_flags in "-std=gnu++17" "-std=gnu++20" "-std=gnu++17 -D_GLIBCXX_USE_CXX11_ABI=0" \
                     "-std=gnu++14"; do
    CPPFLAGS="$torch_CPPFLAGS $TORCH_CPPFLAGS"
    CXXFLAGS="-O0 $torch_flags"
    LDFLAGS="$torch_LDFLAGS $TORCH_LDFLAGS"
    LIBS="-ltorch_cpu -lc10 $torch_cuda"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
#include <ATen/core/Tensor.h>
#include <ATen/Parallel.h>
#include <torch/version.h>
int main() {
    c10::Device device(std::string("cpu"));
    at::set_num_threads(1);
    return device.str() == TORCH_VERSION;
}]])], [
      have_torch=yes
      TORCH_CXXFLAGS=$torch_flags
      TORCH_LIBS=$LIBS
      torch_version=$(printf '#include <torch/version.h>\nversion TORCH_VERSION\n' |
        $CXX $CPPFLAGS -E -P -x c++ - | tr '\n' ' ' | sed -n 's/.*version *"\(.*\)".*/\1/p')
      break])
  done
  CPPFLAGS=$torch_CPPFLAGS CXXFLAGS=$torch_CXXFLAGS LDFLAGS=$torch_LDFLAGS LIBS=$torch_LIBS
  AS_IF([test "$have_torch" = yes],
    [torch_summary="libtorch $torch_version in $torch_prefix ($TORCH_CXXFLAGS)"
     AC_MSG_RESULT([$torch_version, $TORCH_CXXFLAGS])],
    [AC_MSG_RESULT([it does not])])
  AC_LANG_POP([C++])])
AS_IF([test "$have_torch" != yes && test "$with_torch" != no && test "$with_torch" != auto],
  [AC_MSG_ERROR([no program could be built with the libtorch that --with-torch=$with_torch names; see config.log])])
AS_IF([test "$have_torch" != yes], [have_torch=no])
AC_SUBST([TORCH_CPPFLAGS])
AC_SUBST([TORCH_CXXFLAGS])
AC_SUBST([TORCH_LDFLAGS])
AC_SUBST([TORCH_LIBS])
AC_SUBST([ALKFW_CXXFLAGS],
  ["-Wall -Wextra -fvisibility=hidden -fvisibility-inlines-hidden $(AS_CASE([$enable_werror], [yes], [echo -Werror]))"])
AS_IF([test "$have_torch" = yes],
  [AC_DEFINE([HAVE_TORCH], [1], [Whether alkfw-torch.so is built; for the tests])])
AM_CONDITIONAL([HAVE_TORCH], [test "$have_torch" = yes])
])
