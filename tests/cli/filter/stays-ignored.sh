# nohup: a signal that the parent ignores stays ignored.
mkfifo in
trap '' HUP
alkfw -o text < in > out &
exec 3> in
echo one >&3
while ! [ -s out ]; do sleep 0.01; done
kill -HUP $!
echo two >&3
exec 3>&-
wait $!
echo $?
cat out
