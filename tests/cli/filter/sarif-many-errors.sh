# The tail of a SARIF document is held in memory, so it has an end.
yes UNSCORABLE | head -n 1003 | alkfw -o sarif 2> messages > out
${PYTHON:-python3} "$SRCDIR/tests/cli/check-sarif" < out | tail -n 3
${PYTHON:-python3} "$SRCDIR/tests/cli/check-sarif" < out | wc -l
