# A file that is read and written would never end.
echo ATTACK > log
alkfw log >> log
echo $?
cat log
alkfw --pass -q log < log >> log
echo $?
alkfw log --verdicts=log
echo $?
alkfw --verdicts=log < log
echo $?
wc -l < log
echo '--- both outputs'
echo kept > out
printf '%s\n' fine ATTACK | alkfw --pass --verdicts=out >> out
echo $?
cat out
printf '%s\n' fine ATTACK | alkfw --pass --verdicts=/dev/null > /dev/null
echo $?
