printf 'one\ntwo ATTACK\n' > a.txt
printf 'three\n' > b.md
: > empty.txt
alkfw -w a.txt empty.txt -o text
alkfw b.md -o text # by its suffix
