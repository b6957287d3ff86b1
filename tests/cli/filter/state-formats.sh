# Formats that are read record by record are resumed; the counts go on.
printf '\357\273\277{"prompt":"one"}\n\n{"prompt":"two"}\n' > log.jsonl
printf 'one\0two\0' > strings
printf 'user="one"\nno text here\n' > app.log
run() {
    alkfw --state=state -o text "$@"
    echo "status $?"
}
run log.jsonl
run --input=null strings
run --match='user="([^"]*)"' app.log
printf '{"prompt":"an ATTACK"}\n{"prom' >> log.jsonl
printf 'an ATTACK\0thr' >> strings
printf 'nothing\nuser="an ATTACK"\nuser=' >> app.log
run log.jsonl
run --input=null strings
run --match='user="([^"]*)"' app.log
mv log.jsonl log.jsonl.1
printf '{"prompt":"new"}\n' > log.jsonl
run log.jsonl
echo '--- a line over the ceiling'
head -c 200000 /dev/zero | tr '\0' x > long
alkfw --state=state --max-bytes=1000 -o text long
echo "status $?"
printf 'its end\nnext\n' >> long
alkfw --state=state --max-bytes=1000 -o text long
echo "status $?"
echo '--- verdicts of a run do not replace those of the run before'
echo one > other
alkfw --state=state -o text --verdicts=verdicts other
echo two >> other
alkfw --state=state -o text --verdicts=verdicts other
cat verdicts
