# Who starts the filter without an input at a terminal is told what it waits for.
TERM=xterm "$SRCDIR/tests/cli/terminal" "$(printf 'an ATTACK\n\004')" alkfw -o text | tr -d '\r'
alkfw < /dev/null
