# Nothing is lost or added: what is all clean comes out as it went in, in every format.
same() {
    alkfw --pass -q -i "$1" < in > out && cmp in out && echo "$1 is the same"
}
i=0
while [ $i -lt 300 ]; do
    printf 'line %d \351\r\n\n' $i
    i=$((i + 1))
done > in
same lines
printf '\357\273\277a\0\0b' > in
same null
head -c 200000 /dev/urandom > in
same whole
awk 'BEGIN { for (i = 0; i < 300; i++) printf "%s{ \"prompt\" : \"row %d \\u00e9\" }\r\n", i % 7 ? "" : " \n", i }' > in
same jsonl
awk 'BEGIN { printf "\357\273\277 [\n"; for (i = 0; i < 3000; i++) printf "%s  {\"text\":\"row %d ] \\\" }\"}\n", i ? " ,\n" : "", i; printf "]\n {\"text\":\"after\"} [] " }' > in
same json
awk 'BEGIN { print "id,text"; for (i = 0; i < 300; i++) printf "%d,\"a \"\"row\"\",\n%d\"\r\n", i, i }' > in
same csv
