# One run at a time: a second ends at once, and a killed one leaves no lock.
mkfifo in
echo one > log
alkfw --lock=lock -o text < in > out &
exec 3> in
echo one >&3
until [ -s out ]; do sleep 0.01; done
alkfw --lock=lock log
echo "the second: $?"
alkfw --state=state --lock=lock log
echo "with a state: $?"
kill -KILL $!
wait $! 2> /dev/null
exec 3>&-
alkfw --lock=lock -o text log
echo "after a kill: $?"
alkfw --state=state --lock=state.lock -o text log
echo "the state's own lock: $?"
alkfw --lock=missing/lock log
echo $?
flock lock alkfw --lock=lock log
echo "flock(1) holds it: $?"
flock state.lock alkfw --state=state log
echo "and that of the state: $?"
echo 'in use' > file
alkfw --lock=file -q log
cat file
