# Ten thousand brackets, of any kind and in any place, do not exhaust the stack; what follows is read.
deep() {
    awk -v open="$1" -v close_="$2" 'BEGIN {
        for (i = 0; i < 10000; i++) printf "%s", open
        printf "\"ATTACK\""
        for (i = 0; i < 10000; i++) printf "%s", close_
    }'
}
echo '--- in an array'
{ echo '['; deep '{"a":' '}'; echo ','; deep '[' ']'; echo ', {"prompt":'; deep '[' ']'; echo '}, "ATTACK"]'; } > in.json
alkfw -o text in.json
echo '--- an object in a line, with a path'
{ deep '{"a":' '}'; echo; echo '{"a":"ATTACK"}'; } > in.jsonl
alkfw -o text --field=a in.jsonl
echo '--- a stream that is nothing else'
deep '[' ']' | alkfw -o text -i json
echo '--- as deep as is read'
awk 'BEGIN {
    for (i = 0; i < 1000; i++) printf "{\"a\":["
    printf "\"ATTACK\""
    for (i = 0; i < 1000; i++) printf "]}"
    print ""
}' > in.jsonl
alkfw -o text in.jsonl
echo '--- the same key twice, a number for a text'
printf '[{"prompt":"x","prompt":"ATTACK"},{"a":{"b":1,"b":2},"prompt":"x"},{"prompt":1},{"prompt":"ATTACK"}]' |
    alkfw -o text -i json
printf '{"messages":[{"content":5},{"content":[{"type":"text","text":5}]},{"content":"ATTACK"}]}' |
    alkfw -o text -j
