# Without a notice from the file system, here of a folder that is another one now, a look a second
# finds the new log.
answered() {
    until [ "$(cat out 2> /dev/null | wc -l)" -ge "$1" ]; do sleep 0.01; done
}
mkdir monday tuesday
ln -s monday day
echo one > monday/app.log
alkfw -F -o text day/app.log > out 2> messages &
answered 1
echo two > tuesday/app.log
ln -s tuesday new
mv -T new day
answered 2
kill -TERM $!
wait $!
echo "status $?"
cat out messages
