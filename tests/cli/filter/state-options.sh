# What cannot be resumed is refused before anything is read.
echo 'one' > log
echo '["one"]' > log.json
mkfifo fifo
alkfw --state=state
echo $?
alkfw --state=state log -
echo $?
alkfw --state=state -o sarif log
echo $?
alkfw --state=state -i csv log
echo $?
alkfw --follow --files0-from=list
echo $?
alkfw -F < log
echo $?
alkfw --state=log log
echo $?
alkfw --state=one --lock=one log
echo $?
alkfw --state=one --verdicts=one log
echo $?
alkfw --state=two --write-baseline=one --verdicts=one log
echo $?
cat log
ls
alkfw --state=state -o text log.json fifo . log
echo $?
alkfw --state=state -o text log ./log
echo $?
alkfw --state=state -o text --verdicts=log log
echo $?
