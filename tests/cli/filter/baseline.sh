# What is in the baseline does not alarm: the exit status, --pass, and all outputs say so.
printf '%s\n' fine 'an ATTACK' DOUBTFUL 'an ATTACK' > prompts.txt
echo '{"prompt":"an ATTACK"}' > "$(printf 'b\033.jsonl')"
alkfw -q --write-baseline=baseline.json prompts.txt b*.jsonl
echo "written: $?"
cat baseline.json
ls | grep -c .
echo 'new ATTACK' >> prompts.txt
alkfw -o text --summary --baseline=baseline.json prompts.txt 2> summary
echo "again: $?"
sed 's/ scored in .*//' summary
alkfw --baseline=baseline.json prompts.txt | sed -n 2,3p
alkfw -o sarif --baseline=baseline.json prompts.txt | "${PYTHON:-python3}" "$SRCDIR/tests/cli/check-sarif"
alkfw -o github --baseline=baseline.json prompts.txt
echo '--- the records that pass'
alkfw --pass --verdicts=/dev/null --baseline=baseline.json prompts.txt
echo '--- stale'
head -n 2 prompts.txt | alkfw -q --summary --baseline=baseline.json 2>&1 | head -n 1
echo '--- made anew, in any order of the inputs'
alkfw -q --baseline=baseline.json --write-baseline=baseline.json b*.jsonl prompts.txt
echo "$?"
cat baseline.json
head -n 1 prompts.txt | alkfw -q --write-baseline=baseline.json
cat baseline.json
