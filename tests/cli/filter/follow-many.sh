# Nothing is lost or said twice while a log is written to and rotated as fast as can be.
alkfw -F -o json --id=n app.jsonl > out 2> messages &
filter=$!
echo '{"n":0,"text":"the first"}' > app.jsonl
until [ -s out ]; do sleep 0.01; done
i=1
while [ $i -lt 2000 ]; do
    echo "{\"n\":$i,\"text\":\"line $i\"}" >> app.jsonl
    i=$((i + 1))
    if [ $((i % 250)) -eq 0 ]; then
        mv app.jsonl app.jsonl-$((20260000 + i))
    fi
done
echo '{"n":2000,"text":"the end"}' >> app.jsonl
until grep -q '"id":2000,' out; do sleep 0.01; done
kill -TERM $filter
wait $filter
echo "status $?"
sed 's/.*"id":\([0-9]*\).*/\1/' out | sort -n | uniq -c | awk '$1 != 1 || $2 != NR - 1 { print } END { print NR }'
grep -v 'is not there yet' messages
true
