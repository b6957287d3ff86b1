# --redact takes what alarmed out of a record and copies the rest; the framing stays as it was. What
# cannot be scored, is for review or still alarms is withheld as by --pass.
run() { alkfw --redact --verdicts=/dev/null "$@"; echo "[status $?]"; }
echo lines
printf 'one ATTACK two ATTACK three\r\nclean\nATTACK\nUNSCORABLE\nlast ATTACK' | run
echo match
printf 'user="say ATTACK" at 9\nother\n' | run --match='user="([^"]*)"'
echo whole
printf '\357\273\277first\nATTACK\nthird\n' >whole.txt
run -w whole.txt
echo null
printf 'a ATTACK\0b\0' | run -0 | tr '\0' '|'
echo jsonl
cat <<'END' >rows.jsonl
{"ATTACK":1, "text" : "say \"ATTACK\" \u00e9\n", "copy":["say \"ATTACK\" é\n"], "n":1.50}
{"text":"clean"}
{"messages":[{"role":"user","content":"ATTACK a"},{"role":"user","content":"b ATTACK c"}]}
{"text":"UNSCORABLE"}
END
run rows.jsonl
echo json
printf '[ {"text":"ATTACK x"} ,\n {"text":"y"}, {"text":"UNSCORABLE"}, "z ATTACK" ]\n' >rows.json
run rows.json
echo csv
printf 'id,text,n\r\n1,plain ATTACK,a\r\n2,"quoted ""ATTACK"", comma",b\r\n3,UNSCORABLE,c\r\n' >rows.csv
run rows.csv
echo marker
printf 'x ATTACK y\n' | run --marker='<gone "1">'
echo summary
printf 'x ATTACK y\nclean\n' | alkfw --redact -q --summary 2>&1 | sed 's/ in [0-9.]* s//'
echo usage
alkfw --marker=x </dev/null
alkfw --redact --marker='a
b' </dev/null
