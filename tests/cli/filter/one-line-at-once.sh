# A lone line on a pipe is answered before the next one comes; lines that are there go together.
export FAKE_FIREWALL_TRACE=1
mkfifo in out
alkfw -o text < in > out 2> trace &
exec 3> in 4< out
echo one >&3
read -r line <&4
echo "$line"
printf 'two\nthree\nfour' >&3
read -r line <&4
echo "$line"
read -r line <&4
echo "$line"
exec 3>&-
cat <&4
wait $!
cat trace
