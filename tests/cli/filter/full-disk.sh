echo one | alkfw > /dev/full
echo $?
alkfw --help > /dev/full
echo $?
echo one | alkfw --pass --verdicts=/dev/null > /dev/full
echo $?
echo one | alkfw --pass --verdicts=/dev/full
echo $?
echo one | alkfw --pass --verdicts=missing/file
echo $?
echo one | alkfw -q --summary 2> /dev/full
echo $?
