# A byte-order mark, CRLF and a last line without a newline are no text in any format, and a NUL in
# a text ends nothing.
try() {
    echo "--- $1"
    cat > in
    alkfw --show-text -i "$1" in | sed 's/.*"record":\([0-9]*\),.*"verdict":"\([a-z]*\)".*"text":/\1 \2 /'
}
printf '\357\273\277one\r\ntwo\r\nan ATTACK' | try lines
printf '\357\273\277one\0two\r\n\0an ATTACK' | try null
printf '\357\273\277one\r\nan ATTACK' | try whole
printf '\357\273\277"one"\r\n{"prompt":"two"}\r\n\r\n"an ATTACK"' | try jsonl
printf '\357\273\277["one",\r\n{"prompt":"two"},\r\n"an ATTACK"]' | try json
printf '\357\273\277prompt,id\r\none,1\r\n"two\r\nlines",2\r\nan ATTACK,3' | try csv
echo '=== NUL'
printf 'a\0ATTACK\nb\0' | try lines
printf 'a\0ATTACK' | try whole
printf 'prompt\na\0ATTACK\n"b\0"\n' | try csv
printf '"a\\u0000ATTACK"\n' | try jsonl
echo '=== a NUL is not JSON'
printf '"a\0b"\n"c"\n' | alkfw -j -o text
printf '["a\0b","c"]' | alkfw -i json -o text
printf 'k=a\0ATTACK\n' | alkfw --match='k=(.*)' -o text
