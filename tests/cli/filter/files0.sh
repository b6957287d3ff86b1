echo ATTACK > 'a
b'
echo fine > c
printf 'a\nb\0c\0missing\0' > list
alkfw --files0-from=list -o text
find . -name c -print0 | alkfw --files0-from=- -o text
alkfw --files0-from=nowhere -o text
