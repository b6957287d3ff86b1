# --follow: what is added is answered at once, through rotation too, until a signal comes.
answered() {
    until [ "$(cat out 2> /dev/null | wc -l)" -ge "$1" ]; do sleep 0.01; done
}
echo one > app.log
alkfw --follow --state=state -o text app.log other.log > out 2> messages &
answered 1
echo two >> app.log
answered 2
printf 'an AT' >> app.log
echo 'a log that comes later' > other.log
answered 3
echo TACK >> app.log
answered 4
echo 'the last line' >> app.log
mv app.log app.log.1
echo 'of a new log' > app.log
answered 6
mv app.log app.log.2
: > app.log
echo 'the writer has the old one open still' >> app.log.2
answered 7
echo 'now the new one' >> app.log
answered 8
cp app.log app.log.3
: > app.log
echo 'written anew' >> app.log
answered 9
kill -TERM $!
wait $!
echo "status $?"
cat out messages
echo 'and more' >> app.log
alkfw --state=state -o text app.log other.log
