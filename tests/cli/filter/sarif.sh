# One SARIF document for the run, whatever the records are called and however it ends.
check() {
    ${PYTHON:-python3} "$SRCDIR/tests/cli/check-sarif"
}
printf '%s\n' fine ATTACK DOUBTFUL UNSCORABLE ATTACK > './a b:%.txt'
alkfw -o sarif './a b:%.txt' > out
echo $?
check < out
grep -c ATTACK out
echo '--- a place in a whole file, behind a byte-order mark'
printf '\357\273\277# caf\303\251\r\n\n \360\237\230\200 ATTACK\n' > page.md
alkfw -o sarif page.md "$PWD/page.md" 2>&1 | sed "s:$PWD::g" | check
echo '--- hostile names'
hostile='"},{
'"$(printf '\033\342\200\256\377')"
echo ATTACK > "$hostile"
alkfw -o sarif "$hostile" "missing$hostile" 2> messages | check
printf '%s\n' '{"id":"\"}]\u202e","content":[{"text":"ok"},{"text":"ATTACK \"}]\u0000"}]}' '{' |
    alkfw -o sarif --id=id --field=content --show-text 2>> messages | check
echo '--- nothing'
alkfw -o sarif < /dev/null | check
echo fine | alkfw -o sarif | check
echo ATTACK | alkfw -o sarif -q | check
echo '--- no model'
echo fine | alkfw -o sarif --precision=int8 2>> messages | check
echo '--- interrupted'
mkfifo in
rm out # not to be taken for the new one, which the shell makes a moment later
alkfw -o sarif < in > out &
exec 3> in
printf 'ATTACK\nUNSCORABLE\npart of the next' >&3
while ! grep -qs '"ruleId"' out; do sleep 0.01; done
kill -TERM $!
wait $! 2>> messages
echo $?
check < out
echo '--- beside the records that pass'
printf '%s\n' fine ATTACK | alkfw -o sarif --pass --verdicts=out
check < out
