# A signal ends the run after what was read, and is what the parent sees.
mkfifo in
alkfw -o text < in > out &
exec 3> in
printf 'one\npart of the next' >&3
while ! [ -s out ]; do sleep 0.01; done
kill -TERM $!
wait $!
echo $?
cat out
