# A file that is cut short while it is read is an error; one that another takes the place of is
# scanned to its end. The verdicts of 20000 lines do not fit the pipe, so the filter has to wait.
mkfifo out
start() {
    awk 'BEGIN { for (i = 0; i < 20000; i++) printf "a line of some sixty bytes in all, which is number %10d\n", i }' > log
    alkfw log > out 2> messages &
    exec 4< out
    read -r line <&4
}
finish() {
    cat <&4 > verdicts
    exec 4<&-
    wait $!
    echo "status $?"
    cat messages
}
start
: > log
finish
tail -n 1 verdicts
start
echo 'another log with an ATTACK' > new
mv new log
finish
wc -l < verdicts
