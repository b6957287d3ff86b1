command -v mandoc > /dev/null || exit 0
# That a manual refers to is not installed yet is no fault of it.
mandoc -T lint "$SRCDIR/man/alkfw.1" "$SRCDIR/man/alkfw.yaml.5" 2> /dev/null | grep -v 'referenced manual not found'
true
