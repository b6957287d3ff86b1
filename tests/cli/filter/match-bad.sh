alkfw --match='(' < /dev/null
echo $?
# A hostile line cannot stall the filter: the expression gives up and the line is an error.
awk 'BEGIN { for (i = 0; i < 100; i++) printf "a"; printf "!\nb\n" }' | alkfw --match='^(a+)+$' -o text
