# NUL-divided records hold newlines; a line may hold a NUL.
printf 'one\ntwo\0an ATTACK\0' | alkfw -0 -o text
printf 'a\0ATTACK\nb\n' | alkfw --only=alarm --show-text
