# A line of 100 MB is an error, is not held in memory, and the lines around it are scanned.
{ echo before; head -c 100000000 /dev/zero | tr '\0' x; echo; echo 'ATTACK after'; } | alkfw -o text
printf '123456\n12345\n' | alkfw --max-bytes=5
printf '123456' | alkfw -w --max-bytes=5 -o text
printf 'prompt\n123456789\nabc\n' | alkfw -i csv --max-bytes=6 -o text
printf 'a header that is too long\nprompt\nATTACK\n' | alkfw -i csv --max-bytes=8 -o text
printf '["123456789","abc"]' | alkfw -i json --max-bytes=6 -o text
printf '{"prompt":"123456789"}\n"abc"\n' | alkfw -j --max-bytes=6 -o text
