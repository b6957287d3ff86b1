# Nothing untrusted reaches a terminal as it is.
printf 'a\033[2J \342\200\256 ATTACK\n' > 'x
y'
alkfw -o text --show-text 'x
y'
alkfw --show-text 'x
y' missing"$(printf '\033')"
