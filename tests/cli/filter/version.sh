# -v before or behind; nothing else is read
alkfw --version | sed 's/[0-9.]*$/N/'
alkfw --version --nonsense | sed 's/[0-9.]*$/N/'
alkfw --version -v | sed -e 's/alkfw [0-9.]*$/alkfw N/' -e 's/kernels [^;]*/kernels K/' -e 's/^torch: .*/torch: T/'
alkfw -v --version | wc -l
