# The progress line is for a terminal: there it is renewed and wiped, and elsewhere not written.
i=0
while [ $i -lt 500 ]; do
    echo "line $i ATTACK"
    i=$((i + 1))
done > in
alkfw --progress -q in 2> messages
echo "status $?, $(wc -c < messages) bytes of messages"
"$SRCDIR/tests/cli/terminal" '' alkfw --progress -q in > screen
echo "status $?"
line='[0-9]* records, [0-9]*\.[0-9][0-9] MB, [0-9]*\.[0-9][0-9][0-9] MB/s, [0-9]* alarms, [0-9]*:[0-9][0-9] left'
tr '\r' '\n' < screen | sed "s/$(printf '\033')\[K//; s|^$line\$|PROGRESS|" | sort -u
tail -c 4 screen | od -An -c
