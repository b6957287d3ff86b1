# Anything at all is scored.
printf '\n   \n\377\376\n\0\0\0\n\342\200\213\n' | alkfw --only=error
[ $? -le 1 ] && echo scored
head -c 20000 /dev/urandom | alkfw -w --only=error
[ $? -le 1 ] && echo scored
