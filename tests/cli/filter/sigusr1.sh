# SIGUSR1 prints progress at once, while the filter waits too, and ends nothing.
mkfifo in
alkfw -o text < in > out 2> messages &
exec 3> in
printf 'one\nan ATTACK\n' >&3
until [ "$(cat out 2> /dev/null | wc -l)" -ge 2 ]; do sleep 0.01; done
kill -USR1 $!
while ! [ -s messages ]; do sleep 0.01; done
echo three >&3
exec 3>&-
wait $!
echo $?
cat out
sed 's/[0-9.]* MB/N MB/g' messages
