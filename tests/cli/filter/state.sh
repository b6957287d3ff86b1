# --state: each run goes on where the one before ended, wherever rotation has put the rest.
run() {
    echo "--- $*"
    alkfw --state=state -o text app.log
    echo "status $?"
}
echo 'first' > app.log
printf 'not yet whole' >> app.log
run 'a last line without its end waits'
echo ', now an ATTACK' >> app.log
run 'its end has come'
run 'nothing new'
echo 'before the rotation' >> app.log
mv app.log app.log.1
echo 'after it' > app.log
run 'renamed'
printf 'a last line of the old log' >> app.log
mv app.log.1 app.log.2
mv app.log app.log.1
: > app.log
run 'renamed again, and nothing in the new one yet'
echo ', which the writer still had open' >> app.log.1
echo 'the newest' > app.log
run 'it has begun'
mv app.log.2 app.log.3
mv app.log.1 app.log.2
echo 'rotated unseen' > app.log.1
echo 'the present one' > app.log.0
mv app.log lost-and-found
mv app.log.0 app.log
echo 'under another name' >> lost-and-found
run 'to a name that is no rotation, and one between'
echo 'copied' >> app.log
cp app.log app.log-20261124
: > app.log
echo 'after the copy' >> app.log
run 'copied and emptied'
rm app.log?*
i=0
while [ $i -lt 60 ]; do
    echo 'a longer log, so that it is longer than the print'
    i=$((i + 1))
done > app.log
alkfw --state=state -q app.log 2> /dev/null
cp app.log app.log.1
echo 'came after the copy was made' >> app.log
run 'a line between the copy and the end'
: > app.log
run 'the copy is shorter than what was read'
ls -l state | cut -c 1-10
rm app.log?* state
: > app.log
echo 'was there before the first look' > app.log.1
run 'a first look at nothing'
echo 'came after it' >> app.log
mv app.log.1 app.log.2
cp app.log app.log.1
echo 'written anew' > app.log
run 'copied and emptied before it was ever read'
