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
