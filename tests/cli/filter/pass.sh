# Records that pass go out byte for byte; alarms, errors and what is for review do not.
printf 'one\r\nATTACK\nDOUBTFUL\nUNSCORABLE\ntwo' > lines.txt
alkfw --pass --verdicts=verdicts lines.txt | od -c
wc -l < verdicts
printf '{"prompt": "a"}\n\n{"prompt": "ATTACK"}\n{bad\n{"messages":[{"content":"b"},{"content":"ATTACK"}]}\n{"prompt": "c"}' |
    alkfw -j --pass --only=none
echo
printf ' [ {"prompt":"ATTACK"} , {"prompt":"b"}\n, {"prompt":"c"} ] \n' | alkfw -i json --pass --only=none
printf 'id,prompt\r\n1,ATTACK\r\n2,"b\n"\r\n' | alkfw -i csv --pass --only=none
printf 'a\0ATTACK\0b' | alkfw -0 --pass --only=none | od -c
