# A file that takes a part of what is written and then no more is an error.
trap '' XFSZ
i=0
while [ $i -lt 200 ]; do
    echo "line $i"
    i=$((i + 1))
done > in
(ulimit -f 1 && alkfw in > out)
echo $?
(ulimit -f 1 && alkfw --pass -q in > out)
echo $?
(ulimit -f 1 && alkfw --pass --verdicts=out in > /dev/null)
echo $?
(ulimit -f 1 && alkfw --verdicts=out in)
echo $?
