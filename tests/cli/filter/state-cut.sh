# A log that is copied, emptied and longer again than what was read, all while it is read: every line
# of both has its verdict. Those of 20000 lines do not fit the pipe, so the filter has to wait.
mkfifo out
lines() {
    awk -v first="$1" 'BEGIN { for (i = first; i < first + 20000; i++) printf "{\"n\":%d,\"text\":\"a line of a log that is read\"}\n", i }'
}
lines 0 > log.jsonl
alkfw --state=state --id=n log.jsonl > out 2> messages &
exec 4< out
read -r line <&4
cp log.jsonl log.jsonl.1
lines 20000 > new
cat new > log.jsonl
{
    echo "$line"
    cat <&4
} > verdicts
exec 4<&-
wait $!
echo "status $?"
cat messages
sed 's/.*"id":\([0-9]*\),.*/\1/' verdicts | sort -un | awk '$1 != NR - 1 { print } END { print NR }'
alkfw --state=state -q log.jsonl && wc -l < verdicts | awk '{ print ($1 < 60000) ? "few are there twice" : $1 }'
